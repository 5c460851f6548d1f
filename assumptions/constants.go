package assumptions

import (
	"math"

	"kolmo/internal/interval"
	"kolmo/objective"
)

// Tolerances of the proofs, relative. That of nu, M1 and M2 is smaller, since
// eta0's enclosure is made of theirs.
const (
	proofTolerance = 4e-7
	partTolerance  = 2e-8
)

// nextPi is a number above pi.
var nextPi = math.Nextafter(math.Pi, 4)

// shells returns the domains that make up low <= |x - center| <= high.
func (c *check) shells(low, high float64) []region {
	r := interval.Interval{Lo: low, Hi: high}
	turn := interval.Interval{Lo: -nextPi, Hi: nextPi}
	switch c.d {
	case 1:
		if low == 0 {
			return []region{{{Lo: -high, Hi: high}}}
		}
		return []region{{r}, {r.Neg()}}
	case 2:
		return []region{{r, turn}}
	}
	return []region{{r, turn, {Lo: 0, Hi: nextPi}}}
}

// polar returns the point center + u, its radius moved into [low, high].
func (c *check) polar(u []float64, low, high float64) (p region) {
	if c.d == 1 {
		p[0] = interval.Point(math.Copysign(min(max(math.Abs(u[0]), low), high), u[0]))
		return p
	}
	var norm float64
	for _, v := range u {
		norm += v * v
	}
	norm = math.Sqrt(norm)
	p[0] = interval.Point(min(max(norm, low), high))
	p[1] = interval.Point(math.Atan2(u[1], u[0]))
	if c.d == 3 && norm > 0 {
		p[2] = interval.Point(math.Acos(min(max(u[2]/norm, -1), 1)))
	}
	return p
}

// cartesian returns the middle of a region of one point.
func (c *check) cartesian(p region) []float64 {
	at := newChart(c.center, p)
	x := make([]float64, c.d)
	for i := range x {
		x[i] = at.x[i].Mid()
	}
	return x
}

// prove encloses the least value of b over a shell, beginning with what the search
// has found, to which it returns a point that is better if there is one.
func (c *check) prove(b bounder, samples int, found extreme, low, high, tolerance float64) enclosed {
	first := []piece{{at: c.polar(found.u, low, high), sample: found.sample, low: math.Inf(-1)}}
	first[0].domain = first[0].at
	return c.proof.minimise(b, c.shells(low, high), samples, first, tolerance)
}

// exact reports that the nodes are the law, so that what is proved about them is
// proved about it.
func (c *check) exact() bool { return c.l.Law().Exact }

// constant is settle for a quantity whose extreme the proof may have improved.
func (c *check) constant(found extreme, e enclosed, lo, hi, safe, value float64) Constant {
	at, sample := found.x, found.sample
	if e.high < math.Inf(1) {
		at, sample = c.cartesian(e.at), e.sample
	}
	if !c.exact() {
		lo, hi = math.NaN(), math.NaN()
	}
	return settle(value, lo, hi, safe, at, sample)
}

// rounding is how small, against its scale, a number is no longer told from zero.
const rounding = 1e-12

// squareRoot encloses sqrt(-m) for the minimum m of minusSquare.
func (e enclosed) squareRoot() interval.Interval {
	if !finite(e.low) || !finite(e.high) || e.high > 0 {
		return interval.Interval{Lo: math.NaN(), Hi: math.NaN()}
	}
	return interval.Interval{Lo: -e.high, Hi: -e.low}.Sqrt()
}

// largest finds the largest |grad f(x;xi)| over |x - center| <= radius.
func (c *check) largest(radius float64) (Constant, interval.Interval) {
	found := finder{c}.least(worstGradient, 0, radius)
	e := c.prove(goal(minusSquare), c.l.Law().Len(), found, 0, radius, partTolerance)
	m := e.squareRoot()
	value := -found.value
	if m.Lo > value {
		value = m.Lo
	}
	return c.constant(found, e, m.Lo, m.Hi, m.Hi, value), m
}

// confinement finds nu, L, M1, M2 and eta0.
//
// (R - L)/M1(L) falls with L and 2 nu(L) L^2/M2^2 rises, nu(L) being the least
// x.grad f(x;xi)/|x|^2 on L <= |x| <= R2; so their minimum is largest where they
// meet.
func (c *check) confinement(a *Assumptions) {
	a.Nu, a.L, a.M1, a.M2, a.Eta0 = fails(), fails(), fails(), fails(), fails()
	if c.l.Law().Unbounded {
		return
	}
	var m2 interval.Interval
	a.M2, m2 = c.largest(c.r)
	if len(c.singular) > 0 {
		a.Nu.At, a.Nu.Sample = c.singular[0].x, c.singular[0].sample
		return
	}
	outer := finder{c}.least(worstConfinement, c.r, c.r2)
	if !(outer.value > 0) || !(a.M2.Value > 0) {
		a.Nu.At, a.Nu.Sample = outer.x, outer.sample
		a.Nu.Value = outer.value
		return
	}
	l := c.meet(a.M2.Value)
	// A little more than the best L, so that it can be verified to be more; the
	// loss in eta0 is as small.
	const more = 2e-7
	l += more * min(l, c.r-l)
	nu := finder{c}.least(worstConfinement, l, c.r2)
	e := c.prove(goal(confining), c.l.Law().Len(), nu, l, c.r2, partTolerance)
	if a.Nu = c.positive(goal(confining), nu, e, l, c.r2); a.Nu.Status == Fails {
		return
	}
	var m1 interval.Interval
	a.M1, m1 = c.largest(l)

	point := interval.Point
	room := point(c.r).Sub(point(l))
	rising := func(nu, m interval.Interval) interval.Interval {
		return nu.Mul(point(l).Sqr()).Scale(2).Div(m.Sqr())
	}
	value := min((c.r-l)/a.M1.Value, 2*a.Nu.Value*l*l/(a.M2.Value*a.M2.Value))
	a.Eta0 = Constant{Value: value, Status: Found, Sample: -1}
	a.L = Constant{Value: l, Status: Found, Sample: -1}
	if a.Nu.Status != Proved || a.M1.Status != Proved || a.M2.Status != Proved {
		return
	}
	first, second := room.Div(m1), rising(interval.Interval{Lo: e.low, Hi: e.high}, m2)
	low := min(first.Lo, second.Lo)
	a.Eta0 = settle(value, low, max(first.Hi, second.Hi), low, nil, -1)
	if second.Lo >= first.Hi { // the best L is at most l, and eta0 there at least low
		least := point(low).Mul(point(m2.Lo).Sqr()).Div(point(e.high).Scale(2)).Sqrt()
		a.L = settle(l, least.Lo, l, l, nil, -1)
	}
}

// meet returns L in (0, R) where (R - L)/M1(L) = 2 nu(L) L^2/M2^2, by regula falsi
// (Illinois).
func (c *check) meet(m2 float64) float64 {
	excess := func(l float64) float64 {
		m1 := -finder{c}.least(worstGradient, 0, l).value
		nu := finder{c}.least(worstConfinement, l, c.r2).value
		return (c.r-l)/m1 - 2*nu*l*l/(m2*m2)
	}
	const closest = 1e-10
	low, high := 0.0, c.r
	fl, fh := math.NaN(), excess(high)
	side := 0
	for range 60 {
		if high-low <= closest*c.r {
			break
		}
		// Bisection until both ends are of the same size.
		l := (low + high) / 2
		if fl < 10*-fh {
			l = (low*fh - high*fl) / (fh - fl)
			l = min(max(l, low+closest/4*c.r), high-closest/4*c.r)
		}
		switch f := excess(l); {
		case f == 0:
			return l
		case f > 0:
			low, fl = l, f
			if side == 1 {
				fh /= 2
			}
			side = 1
		default:
			high, fh = l, f
			if side == -1 {
				fl /= 2
			}
			side = -1
		}
	}
	return (low + high) / 2
}

// invariance finds the largest eta for which the ball is invariant under SGD.
func (c *check) invariance(a *Assumptions) {
	a.EtaInvariant = fails()
	if c.l.Law().Unbounded {
		return
	}
	found := finder{c}.least(worstInvariance, 0, c.r)
	if math.IsInf(found.value, 1) { // no gradient anywhere
		a.EtaInvariant = Constant{Value: math.NaN(), Status: Found, Sample: -1}
		return
	}
	e := c.prove(minusRate(c.r), c.l.Law().Len(), found, 0, c.r, proofTolerance)
	eta := reciprocal(e)
	value := found.value
	if eta.Hi < value {
		value = eta.Hi
	}
	// A step is eta |g| long: against R is how small it may be.
	if steepest := -(finder{c}).least(worstGradient, 0, c.r).value; !(eta.Lo > 0) && value*steepest <= rounding*c.r {
		a.EtaInvariant.Value, a.EtaInvariant.At, a.EtaInvariant.Sample = max(value, 0), found.x, found.sample
		return
	}
	a.EtaInvariant = c.constant(found, e, eta.Lo, eta.Hi, eta.Lo, value)
}

// reciprocal encloses -1/m for a minimum m < 0.
func reciprocal(e enclosed) interval.Interval {
	if !finite(e.low) || !(e.high < 0) {
		return interval.Interval{Lo: math.NaN(), Hi: math.NaN()}
	}
	return interval.Interval{Lo: e.low, Hi: e.high}.Inv().Neg()
}

// inward finds eta1.
func (c *check) inward(a *Assumptions) {
	a.Eta1 = fails()
	if len(c.singular) > 0 {
		a.Eta1.At = c.singular[0].x
		return
	}
	var m objective.Moments
	parts := func(u []float64, g *[3]float64, h *[3][3]float64) (xg, xhg float64) {
		for i := range c.d {
			xg += u[i] * g[i]
			for j := range c.d {
				xhg += u[i] * h[i][j] * g[j]
			}
		}
		return xg, xhg
	}
	inside := finder{c}.search(c.r2, c.r2, func(p *gridPoint) float64 {
		xg, _ := parts(p.u, &p.grad, &p.hess)
		return xg
	}, func(x, u []float64) (float64, int) {
		c.ev.MomentsTo(&m, x)
		xg, _ := parts(u, &m.Grad, &m.Hess)
		return xg, 0
	})
	inwards := c.prove(goal(inwardness), 1, inside, c.r2, c.r2, 0.5).low > 0
	if inside.value <= 0 && !inwards {
		a.Eta1.Value, a.Eta1.At = 0, inside.x
		return
	}
	found := finder{c}.search(c.r2, c.r2, func(p *gridPoint) float64 {
		xg, xhg := parts(p.u, &p.grad, &p.hess)
		return xhg / (2 * xg)
	}, func(x, u []float64) (float64, int) {
		c.ev.MomentsTo(&m, x)
		xg, xhg := parts(u, &m.Grad, &m.Hess)
		return xhg / (2 * xg), 0
	})
	e := c.prove(goal(outward), 1, found, c.r2, c.r2, 0.5)
	if e.low >= 0 || e.high >= 0 && found.value >= -rounding*c.bend(found.x) {
		a.Eta1 = Constant{Value: math.NaN(), Status: Found, Sample: -1}
		if inwards && e.low >= 0 && c.exact() {
			a.Eta1.Status = Proved
		}
		return
	}
	e = c.prove(goal(outward), 1, found, c.r2, c.r2, proofTolerance)
	eta := reciprocal(e)
	if !inwards {
		eta.Lo, eta.Hi = math.NaN(), math.NaN()
	}
	a.Eta1 = c.constant(found, e, eta.Lo, eta.Hi, eta.Lo, -1/found.value)
	a.Eta1.Sample = -1
}

// bend is the size of hess f at x.
func (c *check) bend(x []float64) float64 {
	var m objective.Moments
	c.ev.MomentsTo(&m, x)
	var sum float64
	for i := range c.d {
		for j := range c.d {
			sum += m.Hess[i][j] * m.Hess[i][j]
		}
	}
	return math.Sqrt(sum)
}
