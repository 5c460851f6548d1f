package expr

import (
	"fmt"
	"math"
	"slices"

	"kolmo/objective/expr/function"
)

// MaxParameters is the largest number d of parameters.
const MaxParameters = 3

// Inputs orders the inputs of a Program: x[i] is Parameters[i], a column's index
// is that of its name in Variables, and so for Externals.
type Inputs struct {
	Parameters, Variables, Externals []string
}

// A value carries up to ten components: itself, three first and six second
// derivatives. Component 0 is the value, 1+i is d/dx_i, 4+pair(i,j) is
// d2/dx_i dx_j.
const components = 10

var pairs = [3][3]int{{0, 1, 2}, {1, 3, 4}, {2, 4, 5}}

func gradComponent(i int) int    { return 1 + i }
func hessComponent(i, j int) int { return 4 + pairs[i][j] }

// class says how often a value has to be computed.
type class uint8

const (
	classConst  class = iota // once, when the program is compiled
	classPoint               // once per point: parameters and externals only
	classColumn              // once per sample: sample variables only
	classLane                // per point and sample
)

// value is one distinct subexpression. Values are in topological order.
type value struct {
	op    Op
	fn    *function.Function
	c     float64 // OpConst; exponent of OpPowConst
	n     int     // index of an input; exponent of OpPowInt
	a, b  int     // operands, -1 where there is none
	class class
	mask  uint16 // components that are not identically zero
}

// Program is an immutable compiled expression.
type Program struct {
	d      int
	inputs Inputs
	values []value
	root   int
}

// key identifies a value for the sharing of equal subexpressions.
type key struct {
	op   Op
	fn   *function.Function
	bits uint64
	n    int
	a, b int
}

type compiler struct {
	p      *Program
	shared map[key]int
}

// Compile compiles e. Every name that e depends on must be among in; d, the
// number of parameters, is at most MaxParameters.
func Compile(e *Expr, in Inputs) (*Program, error) {
	if len(in.Parameters) > MaxParameters {
		return nil, fmt.Errorf("expr: %d parameters; at most %d are possible", len(in.Parameters), MaxParameters)
	}
	c := &compiler{
		p:      &Program{d: len(in.Parameters), inputs: in},
		shared: map[key]int{},
	}
	var err error
	if c.p.root, err = e.Build(c.emit); err != nil {
		return nil, err
	}
	return c.p, nil
}

func (c *compiler) emit(n Term, a, b int) (int, error) {
	input := func(o Op, names []string, cl class) (int, error) {
		i := slices.Index(names, n.Name)
		if i < 0 {
			return 0, fmt.Errorf("expr: %s is not an input of the program", n.Name)
		}
		v := value{op: o, n: i, a: -1, b: -1, class: cl, mask: 1}
		if o == OpParam {
			v.mask |= 1 << gradComponent(i)
		}
		return c.intern(v), nil
	}
	switch n.Op {
	case OpConst:
		return c.constant(n.Value), nil
	case OpParam:
		return input(OpParam, c.p.inputs.Parameters, classPoint)
	case OpVar:
		return input(OpVar, c.p.inputs.Variables, classColumn)
	case OpExtern:
		return input(OpExtern, c.p.inputs.Externals, classPoint)
	case OpRef:
		return a, nil
	}
	return c.operation(value{op: n.Op, fn: n.Fn, a: a, b: b}), nil
}

func (c *compiler) constant(x float64) int {
	return c.intern(value{op: OpConst, c: x, a: -1, b: -1, class: classConst, mask: 1})
}

// operation adds an operation, or returns an equal or simpler value. Only
// rewritings that hold in floating-point arithmetic are made.
func (c *compiler) operation(v value) int {
	vs := c.p.values
	isConst := func(i int, x float64) bool { return i >= 0 && vs[i].op == OpConst && vs[i].c == x }
	commutes := v.op == OpAdd || v.op == OpMul // exactly
	switch v.op {
	case OpNeg:
		if vs[v.a].op == OpNeg {
			return vs[v.a].a
		}
	case OpAdd, OpSub, OpMul, OpDiv:
		neutral := 0.0
		if v.op == OpMul || v.op == OpDiv {
			neutral = 1
		}
		if commutes && isConst(v.a, neutral) {
			return v.b
		}
		if isConst(v.b, neutral) {
			return v.a
		}
	case OpPow:
		switch {
		case isConst(v.b, 0):
			return c.constant(1)
		case isConst(v.b, 1):
			return v.a
		case vs[v.b].op == OpConst && vs[v.b].c == math.Trunc(vs[v.b].c) && math.Abs(vs[v.b].c) <= math.MaxInt32:
			v.op, v.n, v.b = OpPowInt, int(vs[v.b].c), -1
		case vs[v.b].op == OpConst:
			v.op, v.c, v.b = OpPowConst, vs[v.b].c, -1
		}
	}
	if commutes && v.a > v.b {
		v.a, v.b = v.b, v.a
	}
	ca := vs[v.a].class
	cb := classConst
	if v.b >= 0 {
		cb = vs[v.b].class
	}
	v.class = ca | cb // point | column == lane
	if v.class == classConst {
		return c.constant(fold(v, vs))
	}
	v.mask = v.derivatives(vs)
	return c.intern(v)
}

// fold computes an operation on constants.
func fold(v value, vs []value) float64 {
	x, y := vs[v.a].c, 0.0
	if v.b >= 0 {
		y = vs[v.b].c
	}
	switch v.op {
	case OpNeg:
		return -x
	case OpAdd:
		return x + y
	case OpSub:
		return x - y
	case OpMul:
		return x * y
	case OpDiv:
		return x / y
	}
	if u := v.unary(); u != nil {
		return u(x).V
	}
	return v.binary()(x, y).V
}

// unary returns the jet of a one-argument operation that is not linear, or nil.
func (v *value) unary() func(float64) function.Jet {
	switch v.op {
	case OpPowInt:
		n := v.n
		return func(u float64) function.Jet { return function.PowIntJet(u, n) }
	case OpPowConst:
		c := v.c
		return func(u float64) function.Jet { return function.PowConstJet(u, c) }
	case OpCall:
		return v.fn.Unary
	}
	return nil
}

// binary returns the jet of a two-argument operation that is not arithmetic.
func (v *value) binary() func(u, w float64) function.Jet2 {
	if v.op == OpPow {
		return function.PowJet
	}
	return v.fn.Binary
}

// derivatives returns the components of v that do not vanish identically.
func (v *value) derivatives(vs []value) uint16 {
	a := vs[v.a].mask
	var b uint16
	if v.b >= 0 {
		b = vs[v.b].mask
	}
	mask := 1 | a | b
	if v.op == OpNeg || v.op == OpAdd || v.op == OpSub {
		return mask
	}
	has := func(m uint16, i int) bool { return m&(1<<gradComponent(i)) != 0 }
	for i := range MaxParameters {
		for j := i; j < MaxParameters; j++ {
			crossed := has(a, i) && has(b, j) || has(a, j) && has(b, i)
			switch v.op {
			case OpMul:
			case OpDiv:
				crossed = crossed || has(b, i) && has(b, j)
			default:
				crossed = has(a|b, i) && has(a|b, j)
			}
			if crossed {
				mask |= 1 << hessComponent(i, j)
			}
		}
	}
	return mask
}

func (c *compiler) intern(v value) int {
	k := key{op: v.op, fn: v.fn, bits: math.Float64bits(v.c), n: v.n, a: v.a, b: v.b}
	if i, ok := c.shared[k]; ok {
		return i
	}
	c.p.values = append(c.p.values, v)
	c.shared[k] = len(c.p.values) - 1
	return len(c.p.values) - 1
}

// Len returns the number of distinct values of the program.
func (p *Program) Len() int { return len(p.values) }
