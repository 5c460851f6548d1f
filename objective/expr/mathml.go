package expr

import (
	"strconv"
	"unicode/utf8"

	"kolmo/objective/expr/mathml"
)

// Limits of what Typeset typesets.
const (
	formulaLength = 4096
	formulaDepth  = 100
	formulaWidth  = 76 // of a summand, in characters: what fits on a printed line
)

// Typeset returns a numeric expression as MathML, whatever its names and functions are; false
// for one that is none, that is very long, or that has a summand wider than a line. Browsers do
// not break formulas into lines: every summand is one of its own, so that a line may end between
// them.
func Typeset(text string) (markup string, ok bool) {
	if len(text) > formulaLength {
		return "", false
	}
	e, err := Parse(text, Scope{Open: true})
	if err != nil || e.root.depth() > formulaDepth {
		return "", false
	}
	return e.root.summands()
}

// depth returns the number of nodes on the longest way down.
func (n *node) depth() int {
	most := 0
	for _, a := range n.args {
		most = max(most, a.depth())
	}
	return most + 1
}

// summands returns the summands of n as one formula each, with their signs; false if one
// of them is too wide.
func (n *node) summands() (string, bool) {
	if n.op == OpAdd || n.op == OpSub {
		s, ok := n.args[0].summands()
		if !ok {
			return "", false
		}
		// The blank before the formula is the space before the sign.
		last := n.args[1]
		return s + ` <math><mo form="infix" lspace="0">` + n.sign() + "</mo>" + last.markupAt(strengthMul) + "</math>", last.width() <= formulaWidth
	}
	return "<math>" + n.markup() + "</math>", n.width() <= formulaWidth
}

// sign returns the character of a sum or a difference.
func (n *node) sign() string {
	if n.op == OpSub {
		return "−"
	}
	return "+"
}

// width returns about how many characters wide n is.
func (n *node) width() int {
	most, sum := 0, 0
	for _, a := range n.args {
		w := a.width()
		most, sum = max(most, w), sum+w
	}
	switch n.op {
	case OpDiv:
		return most
	case OpMul, OpNeg, OpPow:
		return sum + 1
	case OpAdd, OpSub, OpSet:
		return sum + 3
	case OpConst:
		return utf8.RuneCountInString(n.label())
	case OpCall:
		return utf8.RuneCountInString(n.name) + sum + 2*len(n.args)
	}
	return utf8.RuneCountInString(n.name)
}

// label returns the name or the digits of a constant.
func (n *node) label() string {
	if n.name != "" {
		return n.name
	}
	return strconv.FormatFloat(n.value, 'g', -1, 64)
}

// markup returns n as MathML.
func (n *node) markup() string {
	switch n.op {
	case OpConst:
		if n.name != "" {
			return mathml.Name(n.name)
		}
		return "<mn>" + n.label() + "</mn>"
	case OpNeg:
		return "<mrow><mo>−</mo>" + n.args[0].markupAt(strengthPow) + "</mrow>"
	case OpPow:
		return "<msup><mrow>" + n.args[0].markupAt(strengthAtom) + "</mrow><mrow>" + n.args[1].markup() + "</mrow></msup>"
	case OpDiv:
		return "<mfrac><mrow>" + n.args[0].markup() + "</mrow><mrow>" + n.args[1].markup() + "</mrow></mfrac>"
	case OpMul:
		return "<mrow>" + n.args[0].markupAt(strengthMul) + timesSign(n.args[0], n.args[1]) + n.args[1].markupAt(strengthNeg) + "</mrow>"
	case OpCall:
		switch {
		case n.name == "sqrt" && len(n.args) == 1:
			return "<msqrt>" + n.args[0].markup() + "</msqrt>"
		case n.name == "abs" && len(n.args) == 1:
			return fenced("|", n.args, "|")
		}
		return "<mrow>" + mathml.Name(n.name) + fenced("(", n.args, ")") + "</mrow>"
	case OpSet:
		return "<mrow>" + n.args[0].markup() + "<mo>=</mo>" + n.args[1].markup() + "</mrow>"
	case OpAdd, OpSub:
		return "<mrow>" + n.args[0].markupAt(strengthAdd) + "<mo>" + n.sign() + "</mo>" + n.args[1].markupAt(strengthMul) + "</mrow>"
	}
	return mathml.Name(n.name)
}

// markupAt returns n as MathML, in parentheses if it binds weaker than strength. A fraction needs
// none beside a factor.
func (n *node) markupAt(strength int) string {
	if n.strength() >= strength || n.op == OpDiv && strength < strengthPow {
		return n.markup()
	}
	return fenced("(", []*node{n}, ")")
}

// timesSign returns what stands between two factors: a dot where two numbers would run together or
// a name before a parenthesis would look like a call.
func timesSign(a, b *node) string {
	last, first := a, b
	for last.op == OpMul {
		last = last.args[1]
	}
	for first.op == OpPow {
		first = first.args[0]
	}
	name := last.op == OpParam || last.op == OpVar || last.op == OpExtern || last.op == OpRef
	if first.op == OpConst && first.name == "" || first.op == OpNeg || name && (first.op == OpAdd || first.op == OpSub || first.op == OpMul) {
		return "<mo>⋅</mo>"
	}
	return `<mspace width="0.17em"/>`
}

// fenced returns nodes, separated by commas, between fences; settings stand behind a semicolon.
func fenced(left string, nodes []*node, right string) string {
	var parts []string
	for i, k := range nodes {
		if k.op == OpSet && i > 0 && nodes[i-1].op != OpSet {
			parts[i-1] += "<mo>;</mo>" + k.markup()
			continue
		}
		parts = append(parts, k.markup())
	}
	return mathml.Fenced(left, parts, right)
}
