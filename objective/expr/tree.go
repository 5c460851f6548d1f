package expr

import (
	"math"
	"strconv"
	"strings"
)

// op is the kind of a node or of a tape operation.
type op uint8

const (
	opConst  op = iota
	opParam     // a parameter x_i
	opVar       // a sample variable
	opExtern    // an external scalar
	opRef       // the name of a definition; args[0] is its tree
	opNeg
	opAdd
	opSub
	opMul
	opDiv
	opPow
	opCall
	// The following occur on tapes only.
	opPowInt   // u^n, n an integer
	opPowConst // u^c
)

// node is an immutable tree. A definition's tree is shared by all references to
// it, so walks over a whole tree remember where they have been.
type node struct {
	op    op
	value float64 // opConst
	name  string  // of a constant (pi), parameter, variable, external, definition or function
	fn    *Function
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
	case opAdd, opSub:
		return strengthAdd
	case opMul, opDiv:
		return strengthMul
	case opNeg:
		return strengthNeg
	case opPow:
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
	case opConst:
		if n.name != "" {
			b.WriteString(n.name)
			return
		}
		b.WriteString(strconv.FormatFloat(n.value, 'g', -1, 64))
	case opParam, opVar, opExtern, opRef:
		b.WriteString(n.name)
	case opNeg:
		b.WriteByte('-')
		n.args[0].printAt(b, strengthPow)
	case opAdd:
		n.printBinary(b, " + ", strengthAdd, strengthMul)
	case opSub:
		n.printBinary(b, " - ", strengthAdd, strengthMul)
	case opMul:
		n.printBinary(b, "*", strengthMul, strengthNeg)
	case opDiv:
		n.printBinary(b, "/", strengthMul, strengthNeg)
	case opPow:
		n.printBinary(b, "^", strengthAtom, strengthPow)
	case opCall:
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
	e.leaves(func(n *node) { found = found || n.name == name && n.op != opConst })
	return found
}

// Variables returns the sample variables that e depends on, also through
// definitions, in the order of their first occurrence.
func (e *Expr) Variables() []string {
	var names []string
	seen := map[string]bool{}
	e.leaves(func(n *node) {
		if n.op == opVar && !seen[n.name] {
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
