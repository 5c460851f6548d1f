package closedform

import (
	"container/heap"
	"math"
	"testing"
)

// etas are the learning rates of the studies.
func etas() []float64 {
	return []float64{1. / 4, 1. / 8, 1. / 16, 1. / 32, 1. / 64, 1. / 128}
}

// The leading coefficients e(x,t) of quad1d, derived by hand from the one-step
// defect (doc/dev/closed-forms.md, section 6), against 2c(eta/2) - c(eta) with
// c = (U^n - u)/eta^k: what is left is O(eta^2).
func TestLeadingCoefficients(t *testing.T) {
	t.Parallel()
	refs := Quad1D()
	for _, c := range []struct {
		name  string
		ref   *Reference
		model Model
		order int
		e     func(x, t float64) float64
	}{
		{"x^2 second-order", refs[0], SecondOrder, 2, func(x, t float64) float64 {
			return -2./3*t*x*x*math.Exp(-2*t) + (1-math.Exp(-2*t))/2
		}},
		{"cos second-order", refs[1], SecondOrder, 2, func(x, t float64) float64 {
			z := x * math.Exp(-t)
			return t/3*z*math.Sin(z) - (1-math.Exp(-2*t))/4*math.Cos(z)
		}},
		{"x^2 first-order", refs[0], FirstOrder, 1, func(x, t float64) float64 {
			return -t * x * x * math.Exp(-2*t)
		}},
		{"x^2 gradient-flow", refs[0], GradientFlow, 1, func(x, t float64) float64 {
			return -t*x*x*math.Exp(-2*t) + (1-math.Exp(-2*t))/2
		}},
	} {
		const steps = 512 // per unit of time
		for _, x := range []float64{-2, 0, 0.7, 2} {
			for _, tm := range []float64{0.25, 1, 3} {
				at := func(perUnit int) float64 {
					eta := 1 / float64(perUnit)
					d := c.ref.Difference(c.model, eta, int(tm*float64(perUnit)), []float64{x})
					return d / math.Pow(eta, float64(c.order))
				}
				got := 2*at(2*steps) - at(steps)
				if want := c.e(x, tm); math.Abs(got-want) > 2e-5 {
					t.Errorf("%s: x %g, t %g: extrapolated %.8f, e = %.8f", c.name, x, tm, got, want)
				}
			}
		}
	}
}

func TestGapTendsToTheConstant(t *testing.T) {
	t.Parallel()
	refs := Quad1D()
	const eta = 1. / 512
	for _, c := range []struct {
		ref   *Reference
		model Model
		scale float64
		want  float64
	}{
		{refs[0], SecondOrder, eta * eta, 0.5},
		{refs[1], SecondOrder, eta * eta, 0.25},
		{refs[0], FirstOrder, eta, 2 / math.E},
		{refs[0], GradientFlow, eta, 0.5},
	} {
		gap, _, _, _ := c.ref.Gap(c.model, eta, Radius)
		if got := gap / c.scale; math.Abs(got-c.want) > 2*eta {
			t.Errorf("%s, %s: gap/eta^k = %.6f, want %.6f", c.ref.Name(), c.model, got, c.want)
		}
	}
}

// The stationary gaps of quad1d and x^2 by hand: eta/(2-eta) for U, and
// eta/(2+eta) for u of the second-order model, eta/2 and 0 for the others.
func TestStationaryVariance(t *testing.T) {
	t.Parallel()
	r := Quad1D()[0]
	for _, eta := range etas() {
		big := eta / (2 - eta)
		for m, small := range map[Model]float64{
			GradientFlow: 0, FirstOrder: eta / 2, SecondOrder: eta / (2 + eta), Modified: eta / (2 + eta),
		} {
			got, _ := r.GapAt(m, eta, Radius, Limit)
			if want := big - small; math.Abs(got-want) > 1e-14*big {
				t.Errorf("%s, eta %g: %.16g, want %.16g", m, eta, got, want)
			}
		}
	}
}

// box is a square of the branch-and-bound search.
type box struct {
	y     []float64
	half  float64
	bound float64
}

type boxes []box

func (b boxes) Len() int           { return len(b) }
func (b boxes) Less(i, j int) bool { return b[i].bound > b[j].bound }
func (b boxes) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
func (b *boxes) Push(v any)        { *b = append(*b, v.(box)) }
func (b *boxes) Pop() any {
	last := len(*b) - 1
	v := (*b)[last]
	*b = (*b)[:last]
	return v
}

// certified returns a proven upper bound of |f| over the ball within the
// relative tolerance of it, by branch and bound with
// |f(y)| <= |f(c)| + |grad f(c)| r + H r^2/2 on |y-c| <= r. It returns early
// once the bound is not above enough.
func certified(f *cosineField, radius, enough, tolerance float64) float64 {
	norm := func(v []float64) float64 { return math.Sqrt(dot(v, v)) }
	d := len(f.p)
	diff, m := norm(f.pDiff), norm(f.m)
	// pp^T - mm^T, A - rho and cos alpha - cos beta, each by its difference.
	hess := f.amp*diff*(norm(f.p)+m) + math.Abs(f.ampDiff)*m*m + f.rho*m*m*(diff*radius*math.Sqrt(float64(d))+math.Abs(f.theta))
	lower := 0.0
	bounded := func(y []float64, half float64) (box, bool) {
		r := half * math.Sqrt(float64(d))
		n := norm(y)
		if n-r > radius {
			return box{}, false
		}
		v := math.Abs(f.at(y))
		if n <= radius {
			lower = max(lower, v)
		}
		g, _ := f.derivatives(y)
		return box{y, half, v + math.Hypot(g[0], g[1])*r + hess*r*r/2}, true
	}
	first, _ := bounded(make([]float64, d), radius)
	queue := boxes{first}
	for {
		top := heap.Pop(&queue).(box)
		if top.bound <= enough || top.bound <= lower*(1+tolerance) {
			return top.bound
		}
		for corner := range 1 << d {
			y := append([]float64(nil), top.y...)
			for i := range y {
				y[i] += top.half / 2 * float64(1-2*(corner>>i&1))
			}
			if b, ok := bounded(y, top.half/2); ok {
				heap.Push(&queue, b)
			}
		}
	}
}

// No n and no point of the ball exceeds the gap reported for a cosine: proven
// by branch and bound at every n up to the tail (tolerance 1e-3 of the gap),
// and to 1e-7 at the n reported. For quadratics the sup over the ball is an
// eigenvalue and needs no search.
func TestSupremumIsCertified(t *testing.T) {
	t.Parallel()
	for _, r := range []*Reference{Quad1D()[1], Quad2D()[1]} {
		for _, m := range []Model{GradientFlow, FirstOrder, SecondOrder} {
			for _, eta := range []float64{1. / 4, 1. / 16} {
				gap, n, x, _ := r.Gap(m, eta, Radius)
				if norm := math.Sqrt(dot(x, x)); norm > Radius*(1+1e-14) {
					t.Errorf("%s, %s, eta %g: |x| = %.17g", r.Name(), m, eta, norm)
				}
				if at := math.Abs(r.Difference(m, eta, n, x)); math.Abs(at-gap) > 1e-12*gap {
					t.Errorf("%s, %s, eta %g: |U - u| = %.16g at the argmax, gap %.16g", r.Name(), m, eta, at, gap)
				}
				seq := r.phi.sequence(r.sys, m, eta)
				if n != Limit {
					if up := certified(seq.field(n).(*cosineField), Radius, 0, 1e-7); up > gap*(1+2e-7) {
						t.Errorf("%s, %s, eta %g, n %d: sup up to %.12g, gap %.12g", r.Name(), m, eta, n, up, gap)
					}
				}
				limit, _ := seq.field(Limit).sup(0)
				enough := gap * (1 + 1e-3)
				for k := 1; limit+seq.tail(k, Radius) > enough; k++ {
					if up := certified(seq.field(k).(*cosineField), Radius, enough, 1e-3); up > gap*(1+2e-3) {
						t.Errorf("%s, %s, eta %g, n %d: sup up to %.12g, gap %.12g", r.Name(), m, eta, k, up, gap)
					}
				}
			}
		}
	}
}

// A dense grid that shares no code with the search finds the same gap, for all
// observables and over a fixed horizon.
func TestGapAgainstDenseGrid(t *testing.T) {
	t.Parallel()
	const eta = 1. / 8
	for _, p := range problems(t) {
		if p.Dim() == 3 {
			continue
		}
		for _, m := range []Model{GradientFlow, FirstOrder, SecondOrder} {
			gap, _, _, _ := p.Gap(m, eta, Radius)
			worst := 0.0
			for n := -1; n <= 40; n++ {
				f := p.sequence(m, eta).field(n)
				for a := range 48 {
					for k := range 17 {
						s, c := math.Sincos(2 * math.Pi * float64(a) / 48)
						r := Radius * float64(k) / 16
						worst = max(worst, math.Abs(f.at([]float64{r * c, r * s}[:p.Dim()])))
					}
				}
			}
			if worst > gap*(1+1e-11) || worst < gap*(1-1e-2) {
				t.Errorf("%s, %s: dense grid %.8g, gap %.8g", p.Name(), m, worst, gap)
			}
		}
	}
}

// sequence returns the fields of a problem's reference.
func (p problem) sequence(m Model, eta float64) sequence {
	return p.Reference.phi.sequence(p.sys, m, eta)
}

// The tail bounds what it says, for all problems.
func TestTailBounds(t *testing.T) {
	t.Parallel()
	const eta = 0.25
	for i, p := range problems(t) {
		x := make([]float64, p.Dim())
		x[0] = Radius
		for _, m := range Models() {
			seq := p.sequence(m, eta)
			limit := p.Difference(m, eta, Limit, x)
			for n := range 60 {
				if d := math.Abs(p.Difference(m, eta, n, x) - limit); d > seq.tail(n, Radius)+1e-15 {
					t.Errorf("problem %d, %s, n %d: off the limit by %g, bound %g", i, m, n, d, seq.tail(n, Radius))
				}
			}
		}
	}
}
