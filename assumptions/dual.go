package assumptions

import "kolmo/internal/interval"

// dual is an enclosure of a function over a region together with enclosures of
// its derivatives with respect to the region's coordinates.
type dual struct {
	v interval.Interval
	d [3]interval.Interval
}

func (a dual) neg() dual {
	for k := range a.d {
		a.d[k] = a.d[k].Neg()
	}
	a.v = a.v.Neg()
	return a
}

func (a dual) add(b dual) dual {
	for k := range a.d {
		a.d[k] = a.d[k].Add(b.d[k])
	}
	a.v = a.v.Add(b.v)
	return a
}

func (a dual) sub(b dual) dual { return a.add(b.neg()) }

func (a dual) mul(b dual) (c dual) {
	for k := range c.d {
		c.d[k] = a.d[k].Mul(b.v).Add(a.v.Mul(b.d[k]))
	}
	c.v = a.v.Mul(b.v)
	return c
}

func (a dual) sqr() (c dual) {
	for k := range c.d {
		c.d[k] = a.v.Mul(a.d[k]).Scale(2)
	}
	c.v = a.v.Sqr()
	return c
}

func (a dual) div(b dual) (c dual) {
	inv := b.v.Inv()
	c.v = a.v.Mul(inv)
	for k := range c.d {
		c.d[k] = a.d[k].Sub(c.v.Mul(b.d[k])).Mul(inv)
	}
	return c
}

// sqrt is the root of a number that is known not to be negative.
func (a dual) sqrt() (c dual) {
	a.v.Lo = max(a.v.Lo, 0)
	c.v = a.v.Sqrt()
	inv := c.v.Scale(2).Inv()
	for k := range c.d {
		c.d[k] = a.d[k].Mul(inv)
	}
	return c
}

func (a dual) scale(s float64) dual {
	for k := range a.d {
		a.d[k] = a.d[k].Scale(s)
	}
	a.v = a.v.Scale(s)
	return a
}

// region is a box of polar coordinates around the center: for d = 1 the signed
// distance; for d = 2 the radius and the angle; for d = 3 the radius, the azimuth
// and the polar angle. In these, balls, shells and spheres are boxes, so that no
// box of a search lies across a boundary.
type region [3]interval.Interval

// chart is what a region is in Cartesian coordinates: x = center + r u.
type chart struct {
	r dual
	u [3]dual
	x [3]interval.Interval
	j [3][3]interval.Interval // j[i][k] = d x_i / d p_k
}

func newChart(center []float64, p region) (c chart) {
	d := len(center)
	unit := interval.Point(1)
	c.r = dual{v: p[0]}
	c.r.d[0] = unit
	switch d {
	case 1:
		c.u[0].v = unit
	case 2:
		s, t := p[1].Sin(), p[1].Cos()
		c.u[0], c.u[1] = dual{v: t}, dual{v: s}
		c.u[0].d[1], c.u[1].d[1] = s.Neg(), t
	default:
		s, t := dual{v: p[1].Sin()}, dual{v: p[1].Cos()}
		s.d[1], t.d[1] = t.v, s.v.Neg()
		sp, tp := dual{v: p[2].Sin()}, dual{v: p[2].Cos()}
		sp.d[2], tp.d[2] = tp.v, sp.v.Neg()
		c.u[0], c.u[1], c.u[2] = sp.mul(t), sp.mul(s), tp
	}
	for i := range d {
		x := c.r.mul(c.u[i])
		c.x[i] = x.v.Add(interval.Point(center[i]))
		c.j[i] = x.d
	}
	return c
}

// middle returns the region of one point in the middle of p.
func (p region) middle(d int) (m region) {
	for k := range d {
		m[k] = interval.Point(p[k].Mid())
	}
	return m
}
