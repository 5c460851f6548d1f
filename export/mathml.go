package export

import (
	"errors"
	"html"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of what is typeset; anything beyond is shown as it was typed.
const (
	mathLength = 4096
	mathDepth  = 100
	mathWidth  = 76 // of a summand, in characters: what fits on a printed line
)

// errNotFormula is why an expression is shown as typed.
var errNotFormula = errors.New("not a plain formula")

// formula returns an expression of the study file typeset as MathML, or as
// typed if it holds more than numbers, names, + - * / ^, calls and parentheses.
// Browsers do not break formulas into lines: every summand is one of its own, so that a
// line may end between them, and an expression with a summand that may be wider than a
// line is shown as typed too, since text can be broken anywhere.
func formula(expr string) template.HTML {
	p := &mathParser{src: expr}
	if len(expr) <= mathLength {
		if n, err := p.all(); err == nil {
			if s, ok := n.summands(); ok {
				return template.HTML(s)
			}
		}
	}
	return template.HTML("<code>" + html.EscapeString(expr) + "</code>")
}

// summands returns the summands of n as one formula each, with their signs; false if one
// of them is too wide.
func (n *mathNode) summands() (string, bool) {
	left := ""
	if n.op == '+' || n.op == '-' {
		s, ok := n.kids[0].summands()
		if !ok {
			return "", false
		}
		// The blank before the formula is the space before the sign.
		left = s + ` <math><mo form="infix" lspace="0">` + sign(n.op) + "</mo>"
		n = n.kids[1]
	} else {
		left = "<math>"
	}
	return left + n.markup() + "</math>", n.width() <= mathWidth
}

// sign returns the character of + or -.
func sign(op byte) string {
	if op == '-' {
		return "−"
	}
	return "+"
}

// width returns about how many characters wide n is.
func (n *mathNode) width() int {
	most, sum := 0, 0
	for _, k := range n.kids {
		w := k.width()
		most, sum = max(most, w), sum+w
	}
	switch n.op {
	case '/':
		return most
	case '*', 'u', '^':
		return sum + 1
	case '+', '-':
		return sum + 3
	}
	return utf8.RuneCountInString(n.text) + sum + 2*len(n.kids) // parentheses and commas
}

// mathNode is a node of the expression. op is one of n(umber), i(dentifier),
// c(all), p(arentheses), u(nary minus), and + - * / ^.
type mathNode struct {
	op   byte
	text string
	kids []*mathNode
}

// mathParser reads an expression by recursive descent.
type mathParser struct {
	src   string
	pos   int
	depth int
}

func (p *mathParser) all() (*mathNode, error) {
	n, err := p.sum()
	if err == nil && p.peek() != 0 {
		err = errNotFormula
	}
	return n, err
}

// peek returns the next byte that is no blank, 0 at the end.
func (p *mathParser) peek() byte {
	for p.pos < len(p.src) && strings.IndexByte(" \t\r\n", p.src[p.pos]) >= 0 {
		p.pos++
	}
	if p.pos == len(p.src) {
		return 0
	}
	return p.src[p.pos]
}

// binary reads a chain of left-associative operators.
func (p *mathParser) binary(ops string, operand func() (*mathNode, error)) (*mathNode, error) {
	n, err := operand()
	for err == nil {
		op := p.peek()
		if op == 0 || strings.IndexByte(ops, op) < 0 {
			return n, nil
		}
		p.pos++
		var m *mathNode
		m, err = operand()
		n = &mathNode{op: op, kids: []*mathNode{n, m}}
	}
	return nil, err
}

func (p *mathParser) sum() (*mathNode, error)     { return p.binary("+-", p.product) }
func (p *mathParser) product() (*mathNode, error) { return p.binary("*/", p.unary) }

// unary reads a factor with its signs; -x^2 is -(x^2).
func (p *mathParser) unary() (*mathNode, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > mathDepth {
		return nil, errNotFormula
	}
	if c := p.peek(); c == '-' || c == '+' {
		p.pos++
		n, err := p.unary()
		if err != nil || c == '+' {
			return n, err
		}
		return &mathNode{op: 'u', kids: []*mathNode{n}}, nil
	}
	n, err := p.atom()
	if err != nil || p.peek() != '^' {
		return n, err
	}
	p.pos++
	e, err := p.unary()
	if err != nil {
		return nil, err
	}
	return &mathNode{op: '^', kids: []*mathNode{n, e}}, nil
}

// atom reads a number, a name, a call or a parenthesis.
func (p *mathParser) atom() (*mathNode, error) {
	c := p.peek()
	start := p.pos
	switch {
	case c == '(':
		kids, err := p.arguments()
		if err != nil || len(kids) != 1 {
			return nil, errNotFormula
		}
		return &mathNode{op: 'p', kids: kids}, nil
	case c >= '0' && c <= '9' || c == '.':
		for p.pos < len(p.src) {
			c := p.src[p.pos]
			exponent := (c == '-' || c == '+') && (p.src[p.pos-1] == 'e' || p.src[p.pos-1] == 'E')
			if !(c >= '0' && c <= '9' || c == '.' || c == 'e' || c == 'E' || exponent && p.pos > start) {
				break
			}
			p.pos++
		}
		return &mathNode{op: 'n', text: p.src[start:p.pos]}, nil
	}
	for p.pos < len(p.src) {
		r, size := utf8.DecodeRuneInString(p.src[p.pos:])
		if !unicode.IsLetter(r) && r != '_' && (p.pos == start || !unicode.IsDigit(r)) {
			break
		}
		p.pos += size
	}
	if p.pos == start {
		return nil, errNotFormula
	}
	n := &mathNode{op: 'i', text: p.src[start:p.pos]}
	if p.peek() == '(' {
		kids, err := p.arguments()
		if err != nil {
			return nil, err
		}
		n.op, n.kids = 'c', kids
	}
	return n, nil
}

// arguments reads "(a, b, ..)".
func (p *mathParser) arguments() ([]*mathNode, error) {
	var kids []*mathNode
	for {
		p.pos++ // the parenthesis or the comma
		n, err := p.sum()
		if err != nil {
			return nil, err
		}
		kids = append(kids, n)
		switch p.peek() {
		case ')':
			p.pos++
			return kids, nil
		case ',':
		default:
			return nil, errNotFormula
		}
	}
}

// bare returns what is inside the parentheses of n, or n.
func (n *mathNode) bare() *mathNode {
	for n.op == 'p' {
		n = n.kids[0]
	}
	return n
}

// markup returns n as MathML.
func (n *mathNode) markup() string {
	switch n.op {
	case 'n':
		return "<mn>" + html.EscapeString(n.text) + "</mn>"
	case 'i':
		return identifier(n.text)
	case 'p':
		return fenced("(", n.kids, ")")
	case 'u':
		return "<mrow><mo>−</mo>" + n.kids[0].markup() + "</mrow>"
	case '^':
		return "<msup><mrow>" + n.kids[0].markup() + "</mrow><mrow>" + n.kids[1].bare().markup() + "</mrow></msup>"
	case '/':
		return "<mfrac><mrow>" + n.kids[0].bare().markup() + "</mrow><mrow>" + n.kids[1].bare().markup() + "</mrow></mfrac>"
	case '*':
		return "<mrow>" + n.kids[0].markup() + times(n.kids[0], n.kids[1]) + n.kids[1].markup() + "</mrow>"
	case 'c':
		switch {
		case n.text == "sqrt" && len(n.kids) == 1:
			return "<msqrt>" + n.kids[0].bare().markup() + "</msqrt>"
		case n.text == "abs" && len(n.kids) == 1:
			return fenced("|", n.kids, "|")
		}
		return "<mrow>" + identifier(n.text) + fenced("(", n.kids, ")") + "</mrow>"
	}
	return "<mrow>" + n.kids[0].markup() + "<mo>" + sign(n.op) + "</mo>" + n.kids[1].markup() + "</mrow>"
}

// times returns what stands between two factors: a dot where two numbers would
// run together or a name before a parenthesis would look like a call.
func times(a, b *mathNode) string {
	last, first := a, b
	for last.op == '*' {
		last = last.kids[1]
	}
	for first.op == '*' || first.op == '^' {
		first = first.kids[0]
	}
	if first.op == 'n' || first.op == 'u' || last.op == 'i' && first.op == 'p' {
		return "<mo>⋅</mo>"
	}
	return `<mspace width="0.17em"/>`
}

// fenced returns kids, separated by commas, between fences.
func fenced(left string, kids []*mathNode, right string) string {
	parts := make([]string, len(kids))
	for i, k := range kids {
		parts[i] = k.markup()
	}
	inside := strings.Join(parts, "<mo>,</mo>")
	mo := `<mo stretchy="false">` // a letter with a tail would stretch them
	if strings.Contains(inside, "<mfrac>") {
		mo = "<mo>"
	}
	return "<mrow>" + mo + left + "</mo>" + inside + mo + right + "</mo></mrow>"
}

// greek are the names that are shown as Greek letters.
var greek = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
	"kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
	"phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}

// identifier returns a name, digits at its end as an index: w1, xi_2.
func identifier(name string) string {
	stem := strings.TrimRight(name, "0123456789")
	index := name[len(stem):]
	stem = strings.TrimSuffix(stem, "_")
	if stem == "" {
		stem, index = name, ""
	}
	if g, ok := greek[stem]; ok {
		stem = g
	}
	mi := "<mi>" + html.EscapeString(stem) + "</mi>"
	if index == "" {
		return mi
	}
	return "<msub>" + mi + "<mn>" + index + "</mn></msub>"
}
