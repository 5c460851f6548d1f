package enclose

import (
	"kolmo/internal/interval"
	"kolmo/objective/expr"
)

// Box evaluates an Enclosure over one box of parameters, the product of
// intervals: first Set, then Sample for each sample. It is a workspace; its calls
// do not allocate, and it serves one goroutine at a time.
type Box struct {
	e           *Enclosure
	table       *monomials
	order       int
	n           int // coefficients up to the order
	stride      int
	x           []interval.Interval
	coef        []interval.Interval // stride per step
	point, lane []int               // steps
	scratch     [7]polynomial
}

// polynomial holds the coefficients of a Taylor polynomial.
type polynomial []interval.Interval

// NewBox returns a workspace for e.
func (e *Enclosure) NewBox() *Box {
	b := &Box{e: e, table: monomialTable[e.d], x: make([]interval.Interval, e.d)}
	b.stride = len(b.table.exponents)
	b.coef = make([]interval.Interval, b.stride*len(e.tape))
	for i := range b.scratch {
		b.scratch[i] = make(polynomial, b.stride)
	}
	for i := range e.tape {
		s := &e.tape[i]
		switch {
		case s.op == expr.OpConst:
			b.at(i)[0] = s.c
		case !s.sampled:
			b.point = append(b.point, i)
		default:
			b.lane = append(b.lane, i)
		}
	}
	return b
}

func (b *Box) at(i int) polynomial {
	return polynomial(b.coef[i*b.stride : (i+1)*b.stride])
}

// Set moves to the box x; order is the highest derivative that Sample will
// enclose, at most 3. len(x) must be d.
func (b *Box) Set(x []interval.Interval, order int) {
	if len(x) != b.e.d || order < 0 || order > maxDegree {
		panic("enclose: wrong number of parameters, or order")
	}
	copy(b.x, x)
	b.order, b.n = order, b.table.count[order]
	for _, i := range b.point {
		b.step(i, 0)
	}
}

// Sample evaluates sample k over the current box.
func (b *Box) Sample(k int) {
	for _, i := range b.lane {
		b.step(i, k)
	}
}

// Value encloses the values of the last sample over the box.
func (b *Box) Value() interval.Interval { return b.at(b.e.root)[0] }

// Grad encloses the derivatives with respect to x_i, where the function is not
// differentiable those on either side. The order must be at least 1.
func (b *Box) Grad(i int) interval.Interval { return b.at(b.e.root)[1+i] }

// Hess encloses the second derivatives with respect to x_i and x_j. The order must
// be at least 2.
func (b *Box) Hess(i, j int) interval.Interval { return b.derivative(b.table.second[i][j]) }

// Third encloses the third derivatives with respect to x_i, x_j and x_k. The order
// must be 3. Over a single point it is the derivative up to rounding.
func (b *Box) Third(i, j, k int) interval.Interval { return b.derivative(b.table.third[i][j][k]) }

func (b *Box) derivative(k int) interval.Interval {
	return b.at(b.e.root)[k].Scale(b.table.factorial(k))
}

// step evaluates one operation.
func (b *Box) step(i, sample int) {
	s := &b.e.tape[i]
	dst := b.at(i)[:b.n]
	switch s.op {
	case expr.OpParam:
		dst[0] = b.x[s.n]
		if b.order > 0 {
			dst[1+s.n] = interval.Interval{Lo: 1, Hi: 1}
		}
		return
	case expr.OpVar:
		dst[0] = interval.Point(b.e.columns[s.n][sample])
		return
	}
	u := b.at(s.a)
	var v polynomial
	if s.b >= 0 {
		v = b.at(s.b)
	}
	switch s.op {
	case expr.OpNeg:
		for k := range dst {
			dst[k] = u[k].Neg()
		}
	case expr.OpAdd:
		for k := range dst {
			dst[k] = added(u[k], v[k])
		}
	case expr.OpSub:
		for k := range dst {
			dst[k] = added(u[k], v[k].Neg())
		}
	case expr.OpMul:
		b.multiply(dst, u, v, s.mul)
	case expr.OpDiv:
		q := b.scratch[6][:b.n]
		b.compose(q, v, s, inverse(v[0]))
		clear(dst)
		b.multiply(dst, u, q, b.table.products)
		dst[0] = u[0].Div(v[0])
	case expr.OpPowInt:
		b.compose(dst, u, s, powIntTaylor(u[0], s.n))
	case expr.OpPow:
		b.power(dst, u, v, s)
	default:
		if s.one != nil {
			b.compose(dst, u, s, s.one(u[0]))
		} else {
			b.compose2(dst, u, v, s, s.two(u[0], v[0]))
		}
	}
}

// added adds two coefficients, of which one is often exactly zero.
func added(p, q interval.Interval) interval.Interval {
	switch (interval.Interval{}) {
	case p:
		return q
	case q:
		return p
	}
	return p.Add(q)
}

// multiply stores u v in dst, which must not be u or v.
func (b *Box) multiply(dst, u, v polynomial, products []product) {
	clear(dst)
	for _, p := range products {
		if p.degree > b.order {
			return
		}
		dst[p.c] = added(dst[p.c], u[p.a].Mul(v[p.b]))
	}
}

// square stores u^2 in dst.
func (b *Box) square(dst, u polynomial, products []product) {
	clear(dst)
	for _, p := range products {
		switch {
		case p.degree > b.order:
			return
		case p.a == p.b:
			dst[p.c] = added(dst[p.c], u[p.a].Sqr())
		default:
			dst[p.c] = added(dst[p.c], u[p.a].Mul(u[p.b]))
		}
	}
}

// compose stores phi(u) in dst, where p are phi's Taylor coefficients over the
// values of u.
func (b *Box) compose(dst, u polynomial, s *step, p [maxDegree + 1]interval.Interval) {
	dst[0] = p[0]
	for k := 1; k < b.n; k++ {
		dst[k] = u[k].Mul(p[1])
	}
	if b.order < 2 {
		return
	}
	w := b.scratch[0]
	b.square(w, u, s.pairs[0])
	b.accumulate(dst, w, p[2])
	if b.order < 3 {
		return
	}
	w3 := b.scratch[1]
	b.multiply(w3, w, u, s.pairs[1])
	b.accumulate(dst, w3, p[3])
}

// accumulate adds c w to dst, but for its constant.
func (b *Box) accumulate(dst, w polynomial, c interval.Interval) {
	for k := 1; k < b.n; k++ {
		dst[k] = added(dst[k], w[k].Mul(c))
	}
}

// taylor2 are the Taylor coefficients of a function of two variables:
// p[i][j] u^i v^j.
type taylor2 [maxDegree + 1][maxDegree + 1]interval.Interval

// compose2 stores phi(u, v) in dst.
func (b *Box) compose2(dst, u, v polynomial, s *step, p taylor2) {
	dst[0] = p[0][0]
	for k := 1; k < b.n; k++ {
		dst[k] = added(u[k].Mul(p[1][0]), v[k].Mul(p[0][1]))
	}
	if b.order < 2 {
		return
	}
	uu, uv, vv := b.scratch[0], b.scratch[1], b.scratch[2]
	b.square(uu, u, s.pairs[0])
	b.multiply(uv, u, v, s.pairs[0])
	b.square(vv, v, s.pairs[0])
	b.accumulate(dst, uu, p[2][0])
	b.accumulate(dst, uv, p[1][1])
	b.accumulate(dst, vv, p[0][2])
	if b.order < 3 {
		return
	}
	w := b.scratch[3]
	for _, t := range [4]struct {
		two, one polynomial
		c        interval.Interval
	}{{uu, u, p[3][0]}, {uu, v, p[2][1]}, {vv, u, p[1][2]}, {vv, v, p[0][3]}} {
		b.multiply(w, t.two, t.one, s.pairs[1])
		b.accumulate(dst, w, t.c)
	}
}

// power stores u^v in dst, v not an integer constant: exp(v log(u)) where u > 0.
func (b *Box) power(dst, u, v polynomial, s *step) {
	constant := true
	for k := 1; k < b.n; k++ {
		constant = constant && v[k] == interval.Interval{}
	}
	if constant {
		if c := v[0]; c.IsPoint() && c.Lo == float64(int32(c.Lo)) {
			b.compose(dst, u, s, powIntTaylor(u[0], int(c.Lo)))
			return
		}
		b.compose(dst, u, s, powTaylor(u[0], v[0]))
		return
	}
	l, m := b.scratch[4][:b.n], b.scratch[5][:b.n]
	b.compose(l, u, s, logTaylor(u[0]))
	b.multiply(m, v, l, b.table.products)
	b.compose(dst, m, s, expTaylor(m[0]))
	dst[0] = u[0].Pow(v[0])
}
