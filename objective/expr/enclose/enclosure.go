// Package enclose bounds expressions over boxes of parameters: values and derivatives up to
// the third, by Taylor polynomials whose coefficients are intervals.
package enclose

import (
	"fmt"
	"math"
	"slices"

	"kolmo/internal/interval"
	"kolmo/objective/expr"
	"kolmo/objective/expr/function"
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
	op      expr.Op
	fn      *function.Function
	one     func(u interval.Interval) taylor
	two     func(u, v interval.Interval) taylor2
	c       interval.Interval // expr.OpConst
	n       int               // input; exponent of expr.OpPowInt
	a, b    int               // operands, -1 where there is none
	sampled bool
	mask    uint32    // coefficients that may differ from zero
	mul     []product // expr.OpMul: the products that matter
	power   [2]uint32 // of a composition: masks of w^2 and w^3, w = u - u(x0)
	pairs   [2][]product
}

type stepKey struct {
	op   expr.Op
	fn   *function.Function
	c    interval.Interval
	n    int
	a, b int
}

// New returns e over n samples: columns[i][k] is the value of sample
// variable in.Variables[i] in sample k. Externals are not possible. It panics if a
// column is missing or has another length.
func New(e *expr.Expr, in expr.Inputs, n int, columns [][]float64) (*Enclosure, error) {
	if len(in.Parameters) > expr.MaxParameters {
		return nil, fmt.Errorf("enclose: %d parameters; at most %d are possible", len(in.Parameters), expr.MaxParameters)
	}
	if len(columns) != len(in.Variables) {
		panic(fmt.Sprintf("enclose: %d columns for %d sample variables", len(columns), len(in.Variables)))
	}
	for _, c := range columns {
		if len(c) != n {
			panic("enclose: the columns differ in length")
		}
	}
	t := &taper{
		e: &Enclosure{d: len(in.Parameters), n: n, columns: columns}, in: in,
		table: monomialTable[len(in.Parameters)], shared: map[stepKey]int{},
	}
	var err error
	if t.e.root, err = e.Build(t.emit); err != nil {
		return nil, err
	}
	return t.e, nil
}

// Len returns the number of operations of the tape, which the cost of one sample
// is proportional to.
func (e *Enclosure) Len() int { return len(e.tape) }

// taper builds a tape.
type taper struct {
	e      *Enclosure
	in     expr.Inputs
	table  *monomials
	shared map[stepKey]int
}

func (t *taper) emit(n expr.Term, a, b int) (int, error) {
	s := step{op: n.Op, fn: n.Fn, a: a, b: b, mask: 1}
	input := func(names []string, sampled bool) error {
		s.n, s.sampled = slices.Index(names, n.Name), sampled
		if s.n < 0 {
			return fmt.Errorf("enclose: %s is not an input of the enclosure", n.Name)
		}
		return nil
	}
	switch n.Op {
	case expr.OpConst:
		s.c = interval.Point(n.Value)
		if n.Name != "" { // pi and e are a little more than their doubles
			s.c.Hi = math.Nextafter(n.Value, math.Inf(1))
		}
		return t.add(s), nil
	case expr.OpParam:
		if err := input(t.in.Parameters, false); err != nil {
			return 0, err
		}
		s.mask |= 1 << (1 + s.n) // the monomials of degree 1 are in order
		return t.add(s), nil
	case expr.OpVar:
		if err := input(t.in.Variables, true); err != nil {
			return 0, err
		}
		return t.add(s), nil
	case expr.OpExtern:
		return 0, fmt.Errorf("enclose: %s is an external, which an enclosure cannot have", n.Name)
	case expr.OpRef:
		return a, nil
	case expr.OpMul:
		if a == b {
			s.op, s.n, s.b = expr.OpPowInt, 2, -1
		}
	case expr.OpPow:
		if k, ok := t.integer(b); ok {
			s.op, s.n, s.b = expr.OpPowInt, k, -1
		}
	}
	return t.operation(s), nil
}

// integer returns the value of an operand that is exactly an integer constant.
func (t *taper) integer(i int) (int, bool) {
	s := &t.e.tape[i]
	if s.op == expr.OpNeg {
		k, ok := t.integer(s.a)
		return -k, ok
	}
	c := s.c.Lo
	if s.op != expr.OpConst || !s.c.IsPoint() || c != math.Trunc(c) || math.Abs(c) > math.MaxInt32 {
		return 0, false
	}
	return int(c), true
}

// operation completes a step whose operands are known.
func (t *taper) operation(s step) int {
	u := t.e.tape[s.a]
	s.sampled = u.sampled
	s.mask = u.mask
	var v step
	if s.b >= 0 {
		v = t.e.tape[s.b]
		s.sampled = s.sampled || v.sampled
		s.mask |= v.mask
	}
	switch s.op {
	case expr.OpNeg, expr.OpAdd, expr.OpSub:
	case expr.OpMul:
		for _, p := range t.table.products {
			if u.mask&(1<<p.a) != 0 && v.mask&(1<<p.b) != 0 {
				s.mul = append(s.mul, p)
				s.mask |= 1 << p.c
			}
		}
	default: // compositions; a quotient is u times 1/v
		w := s.mask &^ 1
		if s.op == expr.OpPow { // exp(v log(u)): v log(u) has products of both
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
