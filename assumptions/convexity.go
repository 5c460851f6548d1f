package assumptions

import (
	"math"

	"kolmo/internal/interval"
	"kolmo/objective"
)

// convexity finds mu. Its enclosure decides its sign; where that is open, so does the
// enclosure around the point that was found.
func (c *check) convexity(a *Assumptions) {
	var m objective.Moments
	found := finder{c}.search(0, c.r, func(p *gridPoint) float64 { return p.mu }, func(x, _ []float64) (float64, int) {
		c.ev.MomentsTo(&m, x)
		return smallestEigenvalue(m.Hess, c.d), -1
	})
	found.sample = 0
	e := c.prove(curvatureBound{}, 1, found, 0, c.r, proofTolerance)
	a.Mu = c.positive(curvatureBound{}, found, e, 0, c.r)
	a.Mu.Sample = -1
}

// nearby is the half-width, relative to R2, of the box within which a minimum that was found
// must be positive: what the search may be off by, and more.
const nearby = 1e-8

// positive is constant for the minimum e over a shell of what must be positive. It fails
// where its sign is verified to be another one, and, with the value 0, where it is not told
// from zero: where the sign is open and it is not verified to be positive close to the point
// where it was found, be it by rounding or since a zero is close to that.
func (c *check) positive(b bounder, found extreme, e enclosed, low, high float64) Constant {
	value := e.high // verified, whatever rounding did to the search
	if !finite(value) {
		value = found.value
	}
	k := c.constant(found, e, e.low, e.high, e.low, value)
	switch {
	case e.low > 0:
		return k
	case e.high <= 0:
	case !finite(e.high): // no enclosure, as about a kink
		if value > 0 {
			return k
		}
	case c.positiveAbout(b, k, low, high):
		return k
	default:
		k.Value = 0
	}
	k.Status, k.Enclosure = Fails, nil
	return k
}

// positiveAbout reports that what b bounds is verified to be positive close to where a
// constant was found in the shell.
func (c *check) positiveAbout(b bounder, k Constant, low, high float64) bool {
	u := make([]float64, c.d)
	for i := range u {
		u[i] = k.At[i] - c.center[i]
	}
	at := c.polar(u, low, high)
	for i, half := range [3]float64{nearby * c.r2, nearby, nearby} {
		if i < c.d {
			at[i] = interval.Interval{Lo: at[i].Lo - half, Hi: at[i].Hi + half}
		}
	}
	if c.d == 1 && u[0] < 0 {
		low, high = -high, -low
	}
	if c.d == 1 && low == 0 {
		low = -high
	} else if c.d == 1 && high == 0 {
		high = -low
	}
	at[0] = interval.Interval{Lo: max(at[0].Lo, low), Hi: min(at[0].Hi, high)}
	q := piece{at: at, domain: at, sample: k.Sample, low: math.Inf(-1)}
	b.bound(c.proof, &q)
	return q.low > 0
}
