package expr

import (
	"fmt"
	"math"
	"slices"

	"kolmo/internal/interval"
)

// Enclosure is an expression bound to n samples, to be evaluated over boxes with
// verified bounds of its value and its derivatives up to the third. It is
// immutable. The tape follows the expression as it is written: nothing is folded
// in rounded arithmetic, and pi and e stand for the numbers, not their doubles.
// Decimal numbers and sample values are the doubles nearest to them.
type Enclosure struct {
	d       int
	n       int
	tape    []step
	columns [][]float64
	root    int
}

// step is one distinct subexpression of the tape.
type step struct {
	op    op
	fn    *Function
	one   func(u interval.Interval) taylor
	two   func(u, v interval.Interval) taylor2
	c     interval.Interval // opConst
	n     int               // input; exponent of opPowInt
	a, b  int               // operands, -1 where there is none
	class class
	mask  uint32    // coefficients that may differ from zero
	mul   []product // opMul: the products that matter
	power [2]uint32 // of a composition: masks of w^2 and w^3, w = u - u(x0)
	pairs [2][]product
}

type stepKey struct {
	op   op
	fn   *Function
	c    interval.Interval
	n    int
	a, b int
}

// NewEnclosure returns e over n samples: columns[i][k] is the value of sample
// variable in.Variables[i] in sample k. Externals are not possible. It panics if a
// column is missing or has another length.
func NewEnclosure(e *Expr, in Inputs, n int, columns [][]float64) (*Enclosure, error) {
	if len(in.Parameters) > MaxParameters {
		return nil, fmt.Errorf("expr: %d parameters; at most %d are possible", len(in.Parameters), MaxParameters)
	}
	if len(columns) != len(in.Variables) {
		panic(fmt.Sprintf("expr: %d columns for %d sample variables", len(columns), len(in.Variables)))
	}
	for _, c := range columns {
		if len(c) != n {
			panic("expr: the columns differ in length")
		}
	}
	t := &taper{
		e: &Enclosure{d: len(in.Parameters), n: n, columns: columns}, in: in,
		table: monomialTable[len(in.Parameters)], shared: map[stepKey]int{}, done: map[*node]int{},
	}
	root, err := t.visit(e.root)
	if err != nil {
		return nil, err
	}
	t.e.root = root
	return t.e, nil
}

// Len returns the number of operations of the tape, which the cost of one sample
// is proportional to.
func (e *Enclosure) Len() int { return len(e.tape) }

// taper builds a tape.
type taper struct {
	e      *Enclosure
	in     Inputs
	table  *monomials
	shared map[stepKey]int
	done   map[*node]int
}

func (t *taper) visit(n *node) (int, error) {
	if i, ok := t.done[n]; ok {
		return i, nil
	}
	args := [2]int{-1, -1}
	for k, a := range n.args {
		i, err := t.visit(a)
		if err != nil {
			return 0, err
		}
		args[k] = i
	}
	i, err := t.emit(n, args[0], args[1])
	if err == nil {
		t.done[n] = i
	}
	return i, err
}

func (t *taper) emit(n *node, a, b int) (int, error) {
	s := step{op: n.op, fn: n.fn, a: a, b: b, mask: 1}
	input := func(names []string, cl class) error {
		s.n, s.class = slices.Index(names, n.name), cl
		if s.n < 0 {
			return fmt.Errorf("expr: %s is not an input of the enclosure", n.name)
		}
		return nil
	}
	switch n.op {
	case opConst:
		s.c = interval.Point(n.value)
		if n.name != "" { // pi and e are a little more than their doubles
			s.c.Hi = math.Nextafter(n.value, math.Inf(1))
		}
		return t.add(s), nil
	case opParam:
		if err := input(t.in.Parameters, classPoint); err != nil {
			return 0, err
		}
		s.mask |= 1 << (1 + s.n) // the monomials of degree 1 are in order
		return t.add(s), nil
	case opVar:
		if err := input(t.in.Variables, classColumn); err != nil {
			return 0, err
		}
		return t.add(s), nil
	case opExtern:
		return 0, fmt.Errorf("expr: %s is an external, which an enclosure cannot have", n.name)
	case opRef:
		return a, nil
	case opMul:
		if a == b {
			s.op, s.n, s.b = opPowInt, 2, -1
		}
	case opPow:
		if k, ok := t.integer(b); ok {
			s.op, s.n, s.b = opPowInt, k, -1
		}
	}
	return t.operation(s), nil
}

// integer returns the value of an operand that is exactly an integer constant.
func (t *taper) integer(i int) (int, bool) {
	s := &t.e.tape[i]
	if s.op == opNeg {
		k, ok := t.integer(s.a)
		return -k, ok
	}
	c := s.c.Lo
	if s.op != opConst || !s.c.IsPoint() || c != math.Trunc(c) || math.Abs(c) > math.MaxInt32 {
		return 0, false
	}
	return int(c), true
}

// operation completes a step whose operands are known.
func (t *taper) operation(s step) int {
	u := t.e.tape[s.a]
	s.class = u.class
	s.mask = u.mask
	var v step
	if s.b >= 0 {
		v = t.e.tape[s.b]
		s.class |= v.class
		s.mask |= v.mask
	}
	switch s.op {
	case opNeg, opAdd, opSub:
	case opMul:
		for _, p := range t.table.products {
			if u.mask&(1<<p.a) != 0 && v.mask&(1<<p.b) != 0 {
				s.mul = append(s.mul, p)
				s.mask |= 1 << p.c
			}
		}
	default: // compositions; a quotient is u times 1/v
		w := s.mask &^ 1
		if s.op == opPow { // exp(v log(u)): v log(u) has products of both
			square, _ := t.times(w, w)
			cube, _ := t.times(square, w)
			w |= square | cube
		}
		s.power[0], s.pairs[0] = t.times(w, w)
		s.power[1], s.pairs[1] = t.times(s.power[0], w)
		s.mask |= s.power[0] | s.power[1]
	}
	if s.fn != nil {
		s.one, s.two = expansions[s.fn.Name], expansions2[s.fn.Name]
	}
	return t.add(s)
}

// times returns the mask and the products of polynomials with masks p and q.
func (t *taper) times(p, q uint32) (mask uint32, list []product) {
	for _, x := range t.table.products {
		if p&(1<<x.a) != 0 && q&(1<<x.b) != 0 {
			list = append(list, x)
			mask |= 1 << x.c
		}
	}
	return mask, list
}

func (t *taper) add(s step) int {
	k := stepKey{s.op, s.fn, s.c, s.n, s.a, s.b}
	if i, ok := t.shared[k]; ok {
		return i
	}
	t.e.tape = append(t.e.tape, s)
	t.shared[k] = len(t.e.tape) - 1
	return len(t.e.tape) - 1
}
