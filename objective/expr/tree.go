package expr

import (
	"math"
	"strconv"
	"strings"

	"kolmo/objective/expr/function"
)

// Op is the kind of a node or of a tape operation.
type Op uint8

const (
	OpConst  Op = iota
	OpParam     // a parameter x_i
	OpVar       // a sample variable
	OpExtern    // an external scalar
	OpRef       // the name of a definition; args[0] is its tree
	OpNeg
	OpAdd
	OpSub
	OpMul
	OpDiv
	OpPow
	OpCall
	// The following occur on tapes only, but the last.
	OpPowInt   // u^n, n an integer
	OpPowConst // u^c
	OpSet      // x = u behind the arguments of a call, in what is shown only
)

// node is an immutable tree. A definition's tree is shared by all references to
// it, so walks over a whole tree remember where they have been.
type node struct {
	op    Op
	value float64 // OpConst
	name  string  // of a constant (pi), parameter, variable, external, definition or function
	fn    *function.Function
	args  []*node
}

// Expr is an immutable parsed expression.
type Expr struct {
	root *node
}

// Binding strengths; equal to the parser's order of operators.
const (
	strengthAdd = iota + 1
	strengthMul
	strengthNeg
	strengthPow
	strengthAtom
)

func (n *node) strength() int {
	switch n.op {
	case OpAdd, OpSub:
		return strengthAdd
	case OpMul, OpDiv:
		return strengthMul
	case OpNeg:
		return strengthNeg
	case OpPow:
		return strengthPow
	}
	return strengthAtom
}

// String returns text that parses to the same tree. Definitions appear by name.
func (e *Expr) String() string {
	var b strings.Builder
	e.root.print(&b)
	return b.String()
}

func (n *node) print(b *strings.Builder) {
	switch n.op {
	case OpConst:
		if n.name != "" {
			b.WriteString(n.name)
			return
		}
		b.WriteString(strconv.FormatFloat(n.value, 'g', -1, 64))
	case OpParam, OpVar, OpExtern, OpRef:
		b.WriteString(n.name)
	case OpNeg:
		b.WriteByte('-')
		n.args[0].printAt(b, strengthPow)
	case OpAdd:
		n.printBinary(b, " + ", strengthAdd, strengthMul)
	case OpSub:
		n.printBinary(b, " - ", strengthAdd, strengthMul)
	case OpMul:
		n.printBinary(b, "*", strengthMul, strengthNeg)
	case OpDiv:
		n.printBinary(b, "/", strengthMul, strengthNeg)
	case OpPow:
		n.printBinary(b, "^", strengthAtom, strengthPow)
	case OpCall:
		b.WriteString(n.name)
		b.WriteByte('(')
		for i, a := range n.args {
			if i > 0 {
				b.WriteString(", ")
			}
			a.print(b)
		}
		b.WriteByte(')')
	}
}

func (n *node) printBinary(b *strings.Builder, operator string, left, right int) {
	n.args[0].printAt(b, left)
	b.WriteString(operator)
	n.args[1].printAt(b, right)
}

// printAt prints n, in parentheses if it binds weaker than strength.
func (n *node) printAt(b *strings.Builder, strength int) {
	if n.strength() >= strength {
		n.print(b)
		return
	}
	b.WriteByte('(')
	n.print(b)
	b.WriteByte(')')
}

// Equal reports whether e and o are the same tree.
func (e *Expr) Equal(o *Expr) bool { return e.root.equal(o.root) }

func (n *node) equal(m *node) bool {
	if n == m {
		return true
	}
	if n.op != m.op || n.name != m.name || n.fn != m.fn || len(n.args) != len(m.args) ||
		math.Float64bits(n.value) != math.Float64bits(m.value) {
		return false
	}
	for i := range n.args {
		if !n.args[i].equal(m.args[i]) {
			return false
		}
	}
	return true
}

// Uses reports whether e depends, also through definitions, on the parameter,
// variable or external of the given name.
func (e *Expr) Uses(name string) bool {
	found := false
	e.leaves(func(n *node) { found = found || n.name == name && n.op != OpConst })
	return found
}

// Variables returns the sample variables that e depends on, also through
// definitions, in the order of their first occurrence.
func (e *Expr) Variables() []string {
	var names []string
	seen := map[string]bool{}
	e.leaves(func(n *node) {
		if n.op == OpVar && !seen[n.name] {
			seen[n.name] = true
			names = append(names, n.name)
		}
	})
	return names
}

// leaves calls visit for every leaf, once per shared subtree.
func (e *Expr) leaves(visit func(*node)) {
	seen := map[*node]bool{}
	var walk func(n *node)
	walk = func(n *node) {
		if seen[n] {
			return
		}
		seen[n] = true
		if len(n.args) == 0 {
			visit(n)
			return
		}
		for _, a := range n.args {
			walk(a)
		}
	}
	walk(e.root)
}

// Term is what stands at one place of an expression: an input, a number or an operation.
type Term struct {
	Op    Op
	Name  string  // of an input, a function or a constant such as pi
	Value float64 // of a number
	Fn    *function.Function
}

// Build makes something of e term by term, shared ones once and operands first: emit is told
// what it has made of the operands, -1 where there is none. Build returns what it made of e.
func (e *Expr) Build(emit func(t Term, a, b int) (int, error)) (int, error) {
	done := map[*node]int{}
	var visit func(n *node) (int, error)
	visit = func(n *node) (int, error) {
		if i, ok := done[n]; ok {
			return i, nil
		}
		args := [2]int{-1, -1}
		for k, a := range n.args {
			var err error
			if args[k], err = visit(a); err != nil {
				return 0, err
			}
		}
		i, err := emit(Term{n.op, n.name, n.value, n.fn}, args[0], args[1])
		done[n] = i
		return i, err
	}
	return visit(e.root)
}
