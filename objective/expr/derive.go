package expr

import (
	"math"

	"kolmo/objective/expr/function"
)

// Derivative returns the derivative of e with respect to a parameter as an expression. At
// kinks it is what the derivatives of Program are there.
func (e *Expr) Derivative(parameter string) *Expr {
	d := &deriver{name: parameter, done: map[*node]*node{}}
	if n := d.of(e.root); n != nil {
		return &Expr{root: n}
	}
	return Constant(0)
}

// Constant returns the expression of a number.
func Constant(x float64) *Expr { return &Expr{root: number(x)} }

// Mean returns the mean of expressions.
func Mean(of []*Expr) *Expr {
	sum := of[0].root
	for _, e := range of[1:] {
		sum = joined(sum, e.root)
	}
	return &Expr{root: divided(sum, number(float64(len(of))))}
}

// Variable returns the expression that is a sample variable.
func Variable(name string) *Expr { return &Expr{root: &node{op: OpVar, name: name}} }

// Functions that only derivatives have.
var (
	signFunction = &function.Function{Name: "sign", Arity: 1, Unary: func(u float64) function.Jet {
		return function.Jet{V: function.Abs(u).D}
	}}
	stepFunction = &function.Function{Name: "step", Arity: 1, Unary: func(u float64) function.Jet {
		if u > 0 {
			return function.Jet{V: 1}
		}
		return function.Jet{V: 0 * u} // keeps NaN
	}}
)

func number(x float64) *node { return &node{op: OpConst, value: x} }

// is reports that n is the number x.
func (n *node) is(x float64) bool { return n.op == OpConst && n.value == x }

// The following build trees; nil stands for zero among the arguments of sums.

func joined(a, b *node) *node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return &node{op: OpAdd, args: []*node{a, b}}
}

func minus(a, b *node) *node {
	switch {
	case b == nil:
		return a
	case a == nil:
		return &node{op: OpNeg, args: []*node{b}}
	}
	return &node{op: OpSub, args: []*node{a, b}}
}

func times(a, b *node) *node {
	switch {
	case a == nil || b == nil:
		return nil
	case a.is(1):
		return b
	case b.is(1):
		return a
	}
	return &node{op: OpMul, args: []*node{a, b}}
}

func divided(a, b *node) *node {
	if a == nil || b.is(1) {
		return a
	}
	return &node{op: OpDiv, args: []*node{a, b}}
}

func raised(a *node, p float64) *node {
	switch p {
	case 0:
		return number(1)
	case 1:
		return a
	}
	return &node{op: OpPow, args: []*node{a, number(p)}}
}

func called(name string, args ...*node) *node {
	return &node{op: OpCall, name: name, fn: function.Named(name), args: args}
}

func hidden(fn *function.Function, arg *node) *node {
	return &node{op: OpCall, name: fn.Name, fn: fn, args: []*node{arg}}
}

// constant returns the value of a tree without inputs.
func (n *node) constant() (float64, bool) {
	e := &Expr{root: n}
	open := false
	e.leaves(func(n *node) { open = open || n.op != OpConst })
	if open {
		return 0, false
	}
	p, err := Compile(e, Inputs{})
	if err != nil {
		return 0, false
	}
	return p.values[p.root].c, true
}

// deriver differentiates trees, each shared one once.
type deriver struct {
	name string
	done map[*node]*node
}

// of returns the derivative, nil for zero.
func (d *deriver) of(n *node) *node {
	if v, ok := d.done[n]; ok {
		return v
	}
	v := d.make(n)
	d.done[n] = v
	return v
}

func (d *deriver) make(n *node) *node {
	switch n.op {
	case OpConst, OpVar, OpExtern:
		return nil
	case OpParam:
		if n.name == d.name {
			return number(1)
		}
		return nil
	case OpRef:
		return d.of(n.args[0])
	case OpNeg:
		return minus(nil, d.of(n.args[0]))
	}
	u := n.args[0]
	du := d.of(u)
	if len(n.args) == 1 {
		if du == nil {
			return nil
		}
		return times(slope(n, u), du)
	}
	v := n.args[1]
	dv := d.of(v)
	if du == nil && dv == nil {
		return nil
	}
	switch n.op {
	case OpAdd:
		return joined(du, dv)
	case OpSub:
		return minus(du, dv)
	case OpMul:
		return joined(times(du, v), times(u, dv))
	case OpDiv:
		return divided(minus(du, times(n, dv)), v)
	case OpPow:
		return power(n, u, v, du, dv)
	}
	a, b := slopes(n, u, v)
	return joined(times(a, du), times(b, dv))
}

// power is the derivative of u^v.
func power(n, u, v, du, dv *node) *node {
	var sum *node
	if p, ok := v.constant(); ok {
		if p != 0 {
			sum = times(times(number(p), raised(u, p-1)), du)
		}
	} else {
		sum = times(times(v, &node{op: OpPow, args: []*node{u, minus(v, number(1))}}), du)
	}
	return joined(sum, times(times(n, called("log", u)), dv))
}

// slope is the derivative of n, a function of u.
func slope(n, u *node) *node {
	one := number(1)
	inverseRoot := func(v *node) *node { return divided(one, called("sqrt", v)) }
	// 1 - u^2 and 1 + u^2
	below := times(minus(one, u), joined(one, u))
	above := joined(one, times(u, u))
	twice := times(number(2), u)
	switch n.fn.Name {
	case "abs":
		return hidden(signFunction, u)
	case "acos":
		return minus(nil, inverseRoot(below))
	case "asin":
		return inverseRoot(below)
	case "asinh":
		return inverseRoot(above)
	case "atan":
		return divided(one, above)
	case "cos":
		return minus(nil, called("sin", u))
	case "cosh":
		return called("sinh", u)
	case "erf":
		return times(number(2/math.Sqrt(math.Pi)), called("exp", minus(nil, times(u, u))))
	case "exp":
		return n
	case "expm1":
		return called("exp", u)
	case "log":
		return divided(one, u)
	case "log1p":
		return divided(one, joined(one, u))
	case "logistic":
		return times(n, called("logistic", minus(nil, u)))
	case "sin":
		return called("cos", u)
	case "sinh":
		return called("cosh", u)
	case "softplus":
		return called("logistic", u)
	case "sqrt":
		return divided(one, times(number(2), n))
	case "tan":
		return joined(one, times(n, n))
	case "tanh": // 1 - tanh^2 would cancel
		return times(number(4), times(called("logistic", twice), called("logistic", minus(nil, twice))))
	}
	return number(0) // sign and step
}

// slopes are the derivatives of n, a function of u and v.
func slopes(n, u, v *node) (a, b *node) {
	switch n.fn.Name {
	case "hypot":
		return divided(u, n), divided(v, n)
	case "huber":
		return called("max", called("min", u, v), minus(nil, v)), called("max", minus(called("abs", u), v), number(0))
	case "max":
		s := hidden(stepFunction, minus(u, v))
		return s, minus(number(1), s)
	}
	s := hidden(stepFunction, minus(v, u)) // min
	return s, minus(number(1), s)
}

// Parameter returns the expression that is a parameter.
func Parameter(name string) *Expr { return &Expr{root: &node{op: OpParam, name: name}} }
