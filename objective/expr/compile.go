package expr

import (
	"fmt"
	"math"
	"slices"
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
	op    op
	fn    *Function
	c     float64 // opConst; exponent of opPowConst
	n     int     // index of an input; exponent of opPowInt
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
	op   op
	fn   *Function
	bits uint64
	n    int
	a, b int
}

type compiler struct {
	p      *Program
	shared map[key]int
	done   map[*node]int
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
		done:   map[*node]int{},
	}
	root, err := c.visit(e.root)
	if err != nil {
		return nil, err
	}
	c.p.root = root
	return c.p, nil
}

func (c *compiler) visit(n *node) (int, error) {
	if i, ok := c.done[n]; ok {
		return i, nil
	}
	args := [2]int{-1, -1}
	for k, a := range n.args {
		i, err := c.visit(a)
		if err != nil {
			return 0, err
		}
		args[k] = i
	}
	i, err := c.emit(n, args[0], args[1])
	if err == nil {
		c.done[n] = i
	}
	return i, err
}

func (c *compiler) emit(n *node, a, b int) (int, error) {
	input := func(o op, names []string, cl class) (int, error) {
		i := slices.Index(names, n.name)
		if i < 0 {
			return 0, fmt.Errorf("expr: %s is not an input of the program", n.name)
		}
		v := value{op: o, n: i, a: -1, b: -1, class: cl, mask: 1}
		if o == opParam {
			v.mask |= 1 << gradComponent(i)
		}
		return c.intern(v), nil
	}
	switch n.op {
	case opConst:
		return c.constant(n.value), nil
	case opParam:
		return input(opParam, c.p.inputs.Parameters, classPoint)
	case opVar:
		return input(opVar, c.p.inputs.Variables, classColumn)
	case opExtern:
		return input(opExtern, c.p.inputs.Externals, classPoint)
	case opRef:
		return a, nil
	}
	return c.operation(value{op: n.op, fn: n.fn, a: a, b: b}), nil
}

func (c *compiler) constant(x float64) int {
	return c.intern(value{op: opConst, c: x, a: -1, b: -1, class: classConst, mask: 1})
}

// operation adds an operation, or returns an equal or simpler value. Only
// rewritings that hold in floating-point arithmetic are made.
func (c *compiler) operation(v value) int {
	vs := c.p.values
	isConst := func(i int, x float64) bool { return i >= 0 && vs[i].op == opConst && vs[i].c == x }
	commutes := v.op == opAdd || v.op == opMul // exactly
	switch v.op {
	case opNeg:
		if vs[v.a].op == opNeg {
			return vs[v.a].a
		}
	case opAdd, opSub, opMul, opDiv:
		neutral := 0.0
		if v.op == opMul || v.op == opDiv {
			neutral = 1
		}
		if commutes && isConst(v.a, neutral) {
			return v.b
		}
		if isConst(v.b, neutral) {
			return v.a
		}
	case opPow:
		switch {
		case isConst(v.b, 0):
			return c.constant(1)
		case isConst(v.b, 1):
			return v.a
		case vs[v.b].op == opConst && vs[v.b].c == math.Trunc(vs[v.b].c) && math.Abs(vs[v.b].c) <= math.MaxInt32:
			v.op, v.n, v.b = opPowInt, int(vs[v.b].c), -1
		case vs[v.b].op == opConst:
			v.op, v.c, v.b = opPowConst, vs[v.b].c, -1
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
	case opNeg:
		return -x
	case opAdd:
		return x + y
	case opSub:
		return x - y
	case opMul:
		return x * y
	case opDiv:
		return x / y
	}
	if u := v.unary(); u != nil {
		return u(x).v
	}
	return v.binary()(x, y).v
}

// unary returns the jet of a one-argument operation that is not linear, or nil.
func (v *value) unary() func(float64) unaryJet {
	switch v.op {
	case opPowInt:
		n := v.n
		return func(u float64) unaryJet { return powIntJet(u, n) }
	case opPowConst:
		c := v.c
		return func(u float64) unaryJet { return powConstJet(u, c) }
	case opCall:
		return v.fn.unary
	}
	return nil
}

// binary returns the jet of a two-argument operation that is not arithmetic.
func (v *value) binary() func(u, w float64) binaryJet {
	if v.op == opPow {
		return powJet
	}
	return v.fn.binary
}

// derivatives returns the components of v that do not vanish identically.
func (v *value) derivatives(vs []value) uint16 {
	a := vs[v.a].mask
	var b uint16
	if v.b >= 0 {
		b = vs[v.b].mask
	}
	mask := 1 | a | b
	if v.op == opNeg || v.op == opAdd || v.op == opSub {
		return mask
	}
	has := func(m uint16, i int) bool { return m&(1<<gradComponent(i)) != 0 }
	for i := range MaxParameters {
		for j := i; j < MaxParameters; j++ {
			crossed := has(a, i) && has(b, j) || has(a, j) && has(b, i)
			switch v.op {
			case opMul:
			case opDiv:
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
