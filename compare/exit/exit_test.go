package exit

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"

	"kolmo/internal/slow"
	"kolmo/process"
)

// steps is a chain on the line by its images, each with its probability.
type steps struct {
	process.Chain
	images  []func(x float64) float64
	weights []float64
}

func (s *steps) Images() int               { return len(s.images) }
func (s *steps) NewImager() process.Imager { return s }
func (s *steps) ImagesTo(weights, images, x []float64) error {
	copy(weights, s.weights)
	for m, f := range s.images {
		images[m] = f(x[0])
	}
	return nil
}

// walk goes up by one with probability p, or else down.
func walk(p float64) *steps {
	return &steps{images: []func(x float64) float64{func(x float64) float64 { return x + 1 }, func(x float64) float64 { return x - 1 }}, weights: []float64{p, 1 - p}}
}

// ruin is the mean number of steps of a walk between absorbing states a below and b above.
func ruin(a, b, p float64) float64 {
	if p == 0.5 {
		return a * b
	}
	r := (1 - p) / p
	return ((a+b)*(1-math.Pow(r, a))/(1-math.Pow(r, a+b)) - a) / (2*p - 1)
}

// A gambler's ruin is known exactly: on cells whose ends are the walk's points to rounding, and
// within the errors on others.
func TestChainIsGamblersRuin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, p float64 }{{5, 7, 0.5}, {5, 7, 0.4}, {12, 12, 0.25}, {20, 40, 0.1}} {
		want, at := ruin(c.a, c.b, c.p), &Place{Lo: -c.a + 0.5, Hi: c.b - 0.5}
		got, _, err := OfChain(walk(c.p), at, 2*int(c.a+c.b-1))
		if err != nil || math.Abs(got/want-1) > 1e-12 {
			t.Errorf("%v: %.15g steps, want %.15g", c, got, want)
		}
		f, err := climbChain(t.Context(), lineChain, 0.01, 0, func(_ context.Context, cells int) (t float64, spent Spent, err error) {
			return OfChain(walk(c.p), at, cells)
		})
		if err != nil || math.Abs(f.t-want) > f.space || f.space > 0.01*want {
			t.Errorf("%v: %.9g +- %.2g, want %.9g", c, f.t, f.space, want)
		}
	}
}

// Where nothing leaves, the time is infinite, also from where a trap may be reached.
func TestChainThatCannotLeave(t *testing.T) {
	t.Parallel()
	half := func(to float64) func(x float64) float64 { return func(x float64) float64 { return x + (to-x)/2 } }
	trapped := &steps{images: []func(x float64) float64{half(-0.2), half(0.2)}, weights: []float64{0.5, 0.5}}
	f, err := climbChain(t.Context(), lineChain, 0.01, 0, func(_ context.Context, cells int) (t float64, spent Spent, err error) {
		return OfChain(trapped, &Place{Lo: -1, Hi: 1}, cells)
	})
	if err != nil || f.why != endless || !math.IsNaN(f.t) {
		t.Errorf("%+v, %v", f, err)
	}
	above := func(low float64) func(x float64) float64 { // to low, from above 0.5 to a trap
		return func(x float64) float64 {
			if x > 0.5 {
				return 0.75 + (x-0.75)/2
			}
			return low
		}
	}
	maybe := &steps{images: []func(x float64) float64{above(0.7), above(-3)}, weights: []float64{0.5, 0.5}}
	if got, _, err := OfChain(maybe, &Place{Lo: -1, Hi: 1}, 64); err != nil || !math.IsInf(got, 1) {
		t.Errorf("%g, %v: want an infinite time, a trap is reached with probability 1/2", got, err)
	}
	one := &steps{images: []func(x float64) float64{half(-0.2), func(x float64) float64 { return x + 3 }}, weights: []float64{0.5, 0.5}}
	if got, _, err := OfChain(one, &Place{Lo: -1, Hi: 1}, 64); err != nil || math.Abs(got-2) > 1e-12 {
		t.Errorf("%g, %v: want 2 steps", got, err)
	}
}

// enclosed returns bounds of the mean number of steps of a chain with images that increase in x:
// constant on cells, with the most and the least of what the images of a cell touch. A step on functions
// that are not negative is monotone, so that from 0 and from a bound above the iterates enclose it.
func enclosed(c *steps, at *Place, cells int, most float64) (lo, hi float64) {
	h := (at.Hi - at.Lo) / float64(cells)
	cell := func(y float64) int { return int(math.Floor((y - at.Lo) / h)) }
	low, high := make([]float64, cells), make([]float64, cells)
	type reach struct{ from, to int }
	reaches := make([][]reach, cells)
	for i := range cells {
		high[i] = most
		for _, f := range c.images {
			reaches[i] = append(reaches[i], reach{cell(f(at.Lo+h*float64(i)) - 1e-12), cell(f(at.Lo+h*float64(i+1)) + 1e-12)})
		}
	}
	pass := func(u []float64, outer bool) {
		for i := range u {
			sum := 1.0
			for m, r := range reaches[i] {
				v := math.Inf(1)
				if outer {
					v = 0
				}
				for j := r.from; j <= r.to; j++ {
					w := 0.0
					if j >= 0 && j < cells {
						w = u[j]
					}
					if outer {
						v = max(v, w)
					} else {
						v = min(v, w)
					}
				}
				sum += c.weights[m] * v
			}
			u[i] = sum // iterates stay bounds where new values are used at once
		}
	}
	for range int(12 * most) {
		pass(low, false)
		pass(high, true)
	}
	return low[cell(at.X)], high[cell(at.X)]
}

// Rigorous bounds by monotone envelopes hold the times of a well and of a double well.
func TestChainLiesInItsBounds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		eta      float64
		gradient func(x float64) float64
		at       Place
		most     float64
	}{
		{0.25, func(x float64) float64 { return x }, Place{-0.7, 0.6, 0.05}, 60},
		{0.125, func(x float64) float64 { return x }, Place{-0.3, 0.5, 0}, 40},
		{0.25, func(x float64) float64 { return x*x*x - x }, Place{-1.2, 0, -0.9}, 60},
	} {
		chain := &steps{weights: []float64{0.5, 0.5}}
		for _, xi := range []float64{-1, 1} {
			chain.images = append(chain.images, func(x float64) float64 { return x - c.eta*(c.gradient(x)+xi) })
		}
		lo, hi := enclosed(chain, &c.at, 6000, c.most)
		f, err := climbChain(t.Context(), lineChain, 0.01, 0, func(_ context.Context, cells int) (t float64, spent Spent, err error) {
			return OfChain(chain, &c.at, cells)
		})
		if err != nil || f.t+f.space < lo || f.t-f.space > hi {
			t.Errorf("%.8g +- %.2g lies outside [%.8g, %.8g]", f.t, f.space, lo, hi)
		}
		t.Logf("%.8g +- %.2g, bounds %.6g, %.6g", f.t, f.space, lo, hi)
		if hi >= c.most || hi/lo > 1.1 {
			t.Errorf("bounds %g, %g say nothing", lo, hi)
		}
		// The errors hold those of coarse grids, which are not small beside the finest one's.
		for _, cells := range []int{100, 150, 400} {
			coarse, err := climbChain(t.Context(), lineChain, 0.01, cells, func(_ context.Context, cells int) (t float64, spent Spent, err error) {
				return OfChain(chain, &c.at, cells)
			})
			if err != nil || coarse.cells != cells || math.Abs(coarse.t-f.t) > coarse.space+f.space {
				t.Errorf("%d cells: %.6g +- %.2g, finest %.8g", coarse.cells, coarse.t, coarse.space, f.t)
			}
		}
	}
}

// Errors of coarse grids hold what finer ones find, for chains drawn at random.
func TestChainErrorsHold(t *testing.T) {
	t.Parallel()
	slow.Skip(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	gradients := []func(x float64) float64{func(x float64) float64 { return x }, func(x float64) float64 { return x*x*x - x }, func(x float64) float64 { return 0.3 * math.Sin(x) }}
	held := 0
	for k := range 24 {
		eta, p := []float64{0.5, 0.25, 0.125, 0.0625}[k%4], 0.3+0.4*rnd.Float64()
		at := &Place{Lo: -1.2*rnd.Float64() - 0.2, Hi: 0.2 + rnd.Float64()}
		at.X = at.Lo + (at.Hi-at.Lo)*rnd.Float64()
		chain := &steps{weights: []float64{p, 1 - p}}
		for _, xi := range []float64{2 * (p - 1), 2 * p} {
			chain.images = append(chain.images, func(x float64) float64 { return x - eta*(gradients[k%3](x)+xi) })
		}
		on := func(_ context.Context, cells int) (t float64, spent Spent, err error) {
			return OfChain(chain, at, cells)
		}
		fine, err := climbChain(t.Context(), lineChain, 0.01, 2000, on)
		if err != nil || fine.why != "" {
			continue
		}
		held++
		for _, cells := range []int{100, 300} {
			if f, err := climbChain(t.Context(), lineChain, 0.01, cells, on); err != nil || math.Abs(f.t-fine.t) > f.space {
				t.Errorf("%d, eta = %g, %v, %d cells: %.6g +- %.2g, finest %.8g +- %.2g", k, eta, *at, cells, f.t, f.space, fine.t, fine.space)
			}
		}
	}
	if held < 20 {
		t.Errorf("%d of 24 chains have a time, want 20", held)
	}
}

// The elimination is a dense solve with what it does not touch.
func TestSolveIsDenseSolve(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(5, 1))
	const n, half = 40, 6
	b, a, rhs := newBand(n, half), mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
	for i := range n {
		b.out[i], b.wait[i] = 0.01*rnd.Float64(), rnd.Float64()
		sum := b.out[i]
		for j := max(0, i-half); j <= min(n-1, i+half); j++ {
			b.row(i)[j-i+half] = rnd.Float64()
			if j == i+1 || j == i-2 {
				b.row(i)[j-i+half] *= -0.2 // as covariances make them
			}
			sum += b.row(i)[j-i+half]
		}
		b.out[i] /= sum
		for j := max(0, i-half); j <= min(n-1, i+half); j++ {
			b.row(i)[j-i+half] /= sum
			a.Set(i, j, -b.row(i)[j-i+half])
		}
		a.Set(i, i, a.At(i, i)+1)
		rhs.SetVec(i, b.wait[i])
	}
	var want mat.VecDense
	if err := want.SolveVec(a, rhs); err != nil {
		t.Fatal(err)
	}
	b.solve()
	for i := range n {
		if math.Abs(b.mean[i]/want.AtVec(i)-1) > 1e-10 {
			t.Errorf("state %d: %.12g, want %.12g", i, b.mean[i], want.AtVec(i))
		}
	}
}

// closed is the mean exit time by the scale function and the speed measure,
//
//	T = 2 int s(y) m(z) dz dy .., s' = e^{-int 2b/a}, m = 1/(a s'),
//
// by Gauss rules on panels; phi is the integral of 2b/a.
func closed(phi, a func(x float64) float64, at *Place) float64 {
	const panels, points = 60, 8
	over := func(f func(x float64) float64, lo, hi float64) float64 {
		sum, h := 0.0, (hi-lo)/panels
		for k := range panels {
			sum += quad.Fixed(f, lo+h*float64(k), lo+h*float64(k+1), points, quad.Legendre{}, 0)
		}
		return sum
	}
	s := func(lo, hi float64) float64 {
		return over(func(y float64) float64 { return math.Exp(-phi(y)) }, lo, hi)
	}
	m := func(z float64) float64 { return math.Exp(phi(z)) / a(z) }
	all := s(at.Lo, at.Hi)
	left := over(func(z float64) float64 { return s(at.Lo, z) * m(z) }, at.Lo, at.X)
	right := over(func(z float64) float64 { return s(z, at.Hi) * m(z) }, at.X, at.Hi)
	return 2 * (s(at.X, at.Hi)*left + s(at.Lo, at.X)*right) / all
}

// collocated solves L T = -1 with absorbing rows on Chebyshev nodes.
func collocated(b, a func(x float64) float64, at *Place, n int) float64 {
	x, c := make([]float64, n+1), make([]float64, n+1)
	for i := range x {
		x[i] = math.Cos(math.Pi * float64(i) / float64(n))
		c[i] = math.Pow(-1, float64(i))
	}
	c[0], c[n] = 2*c[0], 2*c[n]
	d := mat.NewDense(n+1, n+1, nil)
	for i := range x {
		sum := 0.0
		for j := range x {
			if i != j {
				v := c[i] / c[j] / (x[i] - x[j])
				d.Set(i, j, v)
				sum += v
			}
		}
		d.Set(i, i, -sum)
	}
	half := (at.Hi - at.Lo) / 2
	d.Scale(1/half, d)
	var d2 mat.Dense
	d2.Mul(d, d)
	l, rhs := mat.NewDense(n+1, n+1, nil), mat.NewVecDense(n+1, nil)
	for i := range x {
		y := at.Lo + half*(1+x[i])
		if i == 0 || i == n {
			l.Set(i, i, 1)
			continue
		}
		rhs.SetVec(i, -1)
		for j := range x {
			l.Set(i, j, b(y)*d.At(i, j)+a(y)/2*d2.At(i, j))
		}
	}
	var u mat.VecDense
	if err := u.SolveVec(l, rhs); err != nil {
		return math.NaN()
	}
	up, down, s := 0.0, 0.0, (at.X-at.Lo)/half-1
	for i := range x {
		w := math.Pow(-1, float64(i)) / (s - x[i])
		if i == 0 || i == n {
			w /= 2
		}
		up, down = up+w*u.AtVec(i), down+w
	}
	return up / down
}

// Times of diffusions are those of the closed formula and of collocation with absorbing rows: of a
// Brownian motion with drift, of Ornstein-Uhlenbeck, of a double well, with noise that varies.
func TestModelIsClosedForm(t *testing.T) {
	t.Parallel()
	constant := func(a float64) func(x float64) float64 { return func(float64) float64 { return a } }
	for _, c := range []struct {
		name      string
		b, a, phi func(x float64) float64
		at        Place
	}{
		{"drift", constant(-0.5), constant(0.25), func(x float64) float64 { return -4 * x }, Place{-1, 1.5, 0.2}},
		{"ou", func(x float64) float64 { return -x }, constant(0.25), func(x float64) float64 { return -4 * x * x }, Place{-1.2, 1, 0.1}},
		{"wells", func(x float64) float64 { return x - x*x*x }, constant(1. / 16), func(x float64) float64 { return 32 * (x*x/2 - x*x*x*x/4) }, Place{-1.5, 0.5, -1}},
		{"varying", func(x float64) float64 { return -x * (1 + x*x) }, func(x float64) float64 { return 0.3 * (1 + x*x) }, func(x float64) float64 { return -x * x / 0.3 }, Place{-1, 1, 0.3}},
	} {
		want := closed(c.phi, c.a, &c.at)
		if other := collocated(c.b, c.a, &c.at, 120); math.Abs(other/want-1) > 1e-7 {
			t.Errorf("%s: collocation %.12g, formula %.12g", c.name, other, want)
		}
		of := func(x []float64) (b, a []float64) {
			for _, y := range x {
				b, a = append(b, c.b(y)), append(a, c.a(y))
			}
			return b, a
		}
		on := func(cells int) (t, thick float64, why string) { return OfModel(of, &c.at, cells) }
		f, err := climbModel(t.Context(), lineModel, 0, on)
		if err != nil || math.Abs(f.t-want) > f.space || f.space > 1e-5*want {
			t.Errorf("%s: %.12g +- %.2g, want %.12g", c.name, f.t, f.space, want)
		}
		for _, cells := range []int{128, 256} { // of two coarse pairs the errors are not small
			if f, err := climbModel(t.Context(), lineModel, cells, on); err != nil || math.Abs(f.t-want) > f.space || f.cells != cells {
				t.Errorf("%s, %d cells: %.12g +- %.2g, want %.12g", c.name, f.cells, f.t, f.space, want)
			}
		}
		sum := 0.0
		for k := range 4 {
			at := c.at
			at.X = at.Lo + (at.Hi-at.Lo)/4 // a node of all
			fine, _, _ := OfModel(of, &at, 128<<(k+1))
			coarse, _, _ := OfModel(of, &at, 128<<k)
			exact := closed(c.phi, c.a, &at)
			if c.name == "drift" { // b and a are constant, and differences exact
				if math.Abs(coarse/exact-1) > 1e-10 {
					t.Errorf("%s, %d cells: %.12g, want %.12g", c.name, 128<<k, coarse, exact)
				}
				sum += 0.5
				continue
			}
			order := math.Log2(math.Abs(coarse-exact) / math.Abs(fine-exact))
			sum += order / 4
		}
		if math.Abs(sum-2) > 0.15 {
			t.Errorf("%s: order %.3f, want 2", c.name, sum)
		}
	}
	drift := Place{-1, 1.5, 0.2}
	r := math.Exp(4 * (drift.X - drift.Lo)) // e^{2 c (x - lo)/a}
	all := math.Exp(4 * (drift.Hi - drift.Lo))
	byHand := ((drift.X - drift.Lo) - (drift.Hi-drift.Lo)*(r-1)/(all-1)) / 0.5
	if got := closed(func(x float64) float64 { return -4 * x }, constant(0.25), &drift); math.Abs(got/byHand-1) > 1e-10 {
		t.Errorf("the formula has %.12g, by hand %.12g", got, byHand)
	}
}

// Errors hold wherever in its cell the point lies.
func TestModelBetweenNodes(t *testing.T) {
	t.Parallel()
	b := func(x float64) float64 { return -x * (1 + x*x) }
	a := func(x float64) float64 { return 0.3 * (1 + x*x) }
	of := func(x []float64) (drift, noise []float64) {
		for _, y := range x {
			drift, noise = append(drift, b(y)), append(noise, a(y))
		}
		return drift, noise
	}
	for k := range 50 {
		at := Place{Lo: -0.54, Hi: 0.38}
		at.X = at.Lo + (at.Hi-at.Lo)*(float64(k)+0.37)/50
		want := closed(func(x float64) float64 { return -x * x / 0.3 }, a, &at)
		for _, cells := range []int{0, 64, 256} {
			f, err := climbModel(t.Context(), lineModel, cells, func(cells int) (t, thick float64, why string) { return OfModel(of, &at, cells) })
			if err != nil || !(math.Abs(f.t-want) <= f.space) || f.space > 3e-3*want {
				t.Errorf("from %g, %d cells: %.12g +- %.2g, want %.12g", at.X, f.cells, f.t, f.space, want)
			}
		}
	}
}

// The layer at an end that paths drift away from may be thinner than the first cells: times are those of the
// flow dx = -c x dt with the first terms in the noise, and at last the layer is said not to be resolved.
func TestModelWithThinLayers(t *testing.T) {
	t.Parallel()
	well := func(eta float64) func(x []float64) (b, a []float64) { // x^2/2 + xi x, xi = -0.1 or 0.1
		return func(x []float64) (b, a []float64) {
			for _, y := range x {
				b, a = append(b, -(1+eta/2)*y), append(a, 0.01*eta)
			}
			return b, a
		}
	}
	at := &Place{Lo: 0.5, Hi: 1.9, X: 1}
	for _, inverse := range []float64{8, 16, 32, 128, 512} {
		eta := 1 / inverse
		c, a := 1+eta/2, 0.01*eta
		want := math.Ln2/c - 3*a/4/c/c + 45*a*a/16/c/c/c
		rest := 1000 * a * a * a // of the next term
		on := func(cells int) (t, thick float64, why string) { return OfModel(well(eta), at, cells) }
		f, err := climbModel(t.Context(), lineModel, 0, on)
		if err != nil || f.why != "" || !(math.Abs(f.t-want) <= f.space+rest) || !(f.space <= 1e-5*want) {
			t.Errorf("eta = 1/%g: %.9g +- %.2g, want %.9g; %s", inverse, f.t, f.space, want, f.why)
		}
		// On few cells paths are carried by the drift: the sum of h/|b| is of first order.
		coarse, thick, _ := OfModel(well(eta), at, 64)
		if !(thick > modelThick) || math.Abs(coarse-want) > 0.04*want {
			t.Errorf("eta = 1/%g: %.6g on 64 cells, of a thickness of %.3g, want %.6g", inverse, coarse, thick, want)
		}
		if f, err := climbModel(t.Context(), lineModel, 64, on); err != nil || f.t == f.t || !strings.HasPrefix(f.why, "layers not resolved") {
			t.Errorf("eta = 1/%g: %g, %q on 64 cells", inverse, f.t, f.why)
		}
	}
	f, err := climbModel(t.Context(), lineModel, 0, func(cells int) (t, thick float64, why string) { return OfModel(well(1e-6), at, cells) })
	if err != nil || f.t == f.t || !strings.HasPrefix(f.why, "layers not resolved") {
		t.Errorf("%g, %q: want no time of layers that no grid resolves", f.t, f.why)
	}
	up := &Place{Lo: -1, Hi: 1} // over 800 times the noise
	f, err = climbModel(t.Context(), lineModel, 0, func(cells int) (t, thick float64, why string) { return OfModel(well(1./8), up, cells) })
	if err != nil || f.why != endless {
		t.Errorf("%g, %q: want a time above 1e300", f.t, f.why)
	}
}

// Noise that vanishes has no formula, and the reason names where.
func TestModelWithoutNoise(t *testing.T) {
	t.Parallel()
	_, _, why := OfModel(func(x []float64) (b, a []float64) {
		for _, y := range x {
			a = append(a, y*y)
		}
		return nil, a
	}, &Place{Lo: -1, Hi: 1}, 64)
	if want := "its noise vanishes at x = 0, and with it the meaning of a face that absorbs"; why != want {
		t.Errorf("%q, want %q", why, want)
	}
}

// Times grow by e^700 and lose no digits: a walk up against a drift.
func TestTimesOfAnySize(t *testing.T) {
	t.Parallel()
	const p, n = 0.1, 150
	c := walk(p)
	c.images[1] = func(x float64) float64 { return math.Max(x-1, 0.5) } // it is turned back at 0
	want, up := 0.0, 0.0
	for range n { // up: the mean number of steps from one state to the next
		up = (1 + (1-p)*up) / p
		want += up
	}
	got, _, err := OfChain(c, &Place{Lo: 0, Hi: n, X: 0.5}, 2*n)
	if err != nil || math.Abs(got/want-1) > 1e-11 {
		t.Errorf("%s steps, want %s", fmt.Sprint(got), fmt.Sprint(want))
	}
}

// A limit is told from what a power of eta and its next term do to actions.
func TestAtZero(t *testing.T) {
	t.Parallel()
	x := []float64{0.125, 0.0625, 0.03125}
	var y []float64
	for _, v := range x {
		y = append(y, 0.5+0.5*v*math.Log(v)-1.5*v)
	}
	if v, bar := atZero(x, y, []float64{1e-3, 1e-3, 1e-3}); math.Abs(v-0.5) > 1e-12 || !(bar > 1e-3) {
		t.Errorf("%g +- %g, want 0.5", v, bar)
	}
}

// kinked returns the mean exit time for the drift -x - c |x - k| and the noise a, by the scale function
// and the speed measure, with cells of Simpson's rule on either side of k.
func kinked(c, k, a float64, at *Place) float64 {
	const cells = 4000
	phi := func(x float64) float64 { return -(x*x + c*(x-k)*math.Abs(x-k)) / a }
	s := func(x float64) float64 { return math.Exp(-phi(x)) }
	m := func(x float64) float64 { return math.Exp(phi(x)) / a }
	// The integrals of s and of S m, and their values at X.
	var S, M, SM, SX, MX, SMX float64 // S, the integral of s; of m; of S m
	marks := []float64{at.Lo, min(k, at.X), max(k, at.X), at.Hi}
	for j := range 3 {
		lo, h := marks[j], (marks[j+1]-marks[j])/cells
		if marks[j] == at.X {
			SX, MX, SMX = S, M, SM
		}
		for i := range cells {
			x := lo + h*float64(i)
			mid := S + h/24*(5*s(x)+8*s(x+h/2)-s(x+h)) // of s up to the middle
			end := S + h/6*(s(x)+4*s(x+h/2)+s(x+h))
			SM += h / 6 * (S*m(x) + 4*mid*m(x+h/2) + end*m(x+h))
			M += h / 6 * (m(x) + 4*m(x+h/2) + m(x+h))
			S = end
		}
	}
	// 2 [ (S(hi) - S(X)) int_lo^X S m + S(X) int_X^hi (S(hi) - S) m ] / S(hi)
	return 2 * ((S-SX)*SMX + SX*(S*(M-MX)-(SM-SMX))) / S
}

// Errors hold where the drift has a kink, also one so near to a node of coarse grids that they miss it alike.
func TestModelWithAKink(t *testing.T) {
	t.Parallel()
	const c, a = 0.576, 0.072
	outside, loose := 0, 0
	for i := range 60 {
		k := -0.5 + 0.9*(float64(i)+0.31)/60
		if i == 0 {
			k = -0.028 // at 0.0149 of a cell from one of 64 cells' ends
		}
		at := &Place{Lo: -0.69, Hi: 0.52, X: -0.033}
		want := kinked(c, k, a, at)
		of := func(x []float64) (drift, noise []float64) {
			for _, y := range x {
				drift, noise = append(drift, -y-c*math.Abs(y-k)), append(noise, a)
			}
			return drift, noise
		}
		f, err := climbModel(t.Context(), lineModel, 0, func(cells int) (t, thick float64, why string) { return OfModel(of, at, cells) })
		if err != nil {
			t.Fatal(err)
		}
		if !(math.Abs(f.t-want) <= f.space) {
			outside++
			t.Errorf("kink at %g: %.10g +- %.2g, want %.10g", k, f.t, f.space, want)
		}
		if !(f.space <= 1e-5*want) {
			loose++
		}
	}
	if loose > 6 {
		t.Errorf("%d of 60 errors are above 1e-5 of the time", loose)
	}
}

// Walks whose states are carried to the very ends: the time jumps at the point itself, and is that of the
// gambler's ruin, or of a linear system.
func TestChainOnALattice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, p float64 }{{32, 32, 0.5}, {5, 7, 0.4}, {12, 40, 0.25}, {1, 1, 0.5}} {
		at := &Place{Lo: -c.a, Hi: c.b}
		want := ruin(c.a, c.b, c.p)
		if got, ok, err := onLattice(walk(c.p), []float64{at.Lo}, []float64{at.Hi}, []float64{at.X}); err != nil || !ok || math.Abs(got/want-1) > 1e-12 {
			t.Errorf("%v: %.15g steps, %t, %v, want %.15g", c, got, ok, err, want)
		}
	}
	// Steps of a tenth are not exact in binary.
	tenth := &steps{images: []func(x float64) float64{func(x float64) float64 { return x + 0.1 }, func(x float64) float64 { return x - 0.1 }}, weights: []float64{0.5, 0.5}}
	if got, ok, err := onLattice(tenth, []float64{-0.7}, []float64{1.1}, []float64{0.2}); err != nil || !ok || math.Abs(got/81-1) > 1e-12 {
		t.Errorf("%.15g steps, %t, %v, want 81", got, ok, err)
	}
	// Steps of -2, 1 and 0 with equal probability: T solves T_i = 3/2 + (T_{i-2} + T_{i+1})/2.
	uneven := &steps{images: []func(x float64) float64{func(x float64) float64 { return x - 2 }, func(x float64) float64 { return x + 1 }, func(x float64) float64 { return x }}, weights: []float64{1. / 3, 1. / 3, 1. / 3}}
	const n = 15 // states -7 .. 7
	a, rhs := mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
	for i := range n {
		a.Set(i, i, 1)
		rhs.SetVec(i, 1.5)
		for _, j := range []int{i - 2, i + 1} {
			if j >= 0 && j < n {
				a.Set(i, j, -0.5)
			}
		}
	}
	var want mat.VecDense
	if err := want.SolveVec(a, rhs); err != nil {
		t.Fatal(err)
	}
	if got, ok, err := onLattice(uneven, []float64{-8}, []float64{8}, []float64{1}); err != nil || !ok || math.Abs(got/want.AtVec(8)-1) > 1e-12 {
		t.Errorf("%.15g steps, %t, %v, want %.15g", got, ok, err, want.AtVec(8))
	}
	// Not a lattice: too many states, or ones too near to an end.
	half := func(to float64) func(x float64) float64 { return func(x float64) float64 { return x + (to-x)/2 } }
	for name, c := range map[string]*steps{
		"contracting": {images: []func(x float64) float64{half(-1.1), half(1.1)}, weights: []float64{0.5, 0.5}},
		"near":        {images: []func(x float64) float64{func(x float64) float64 { return x + 1 - 1e-10 }, func(x float64) float64 { return x - 1 }}, weights: []float64{0.5, 0.5}},
	} {
		if got, ok, err := onLattice(c, []float64{-1}, []float64{1}, []float64{0}); ok || err != nil {
			t.Errorf("%s: %g steps of a lattice, %v", name, got, err)
		}
	}
}

// A walk in the plane from the middle of a square whose faces its states are carried to.
func TestPlaneChainOnALattice(t *testing.T) {
	t.Parallel()
	const side = 4
	var moves []func(x, y float64) (float64, float64)
	for _, d := range [][2]float64{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
		moves = append(moves, func(x, y float64) (float64, float64) { return x + d[0], y + d[1] })
	}
	c := &plane{images: moves, weights: []float64{0.25, 0.25, 0.25, 0.25}}
	const n = 2*side - 1
	a, rhs := mat.NewDense(n*n, n*n, nil), mat.NewVecDense(n*n, nil)
	for i := range n {
		for j := range n {
			a.Set(n*i+j, n*i+j, 1)
			rhs.SetVec(n*i+j, 1)
			for _, d := range [][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
				if u, v := i+d[0], j+d[1]; u >= 0 && u < n && v >= 0 && v < n {
					a.Set(n*i+j, n*u+v, -0.25)
				}
			}
		}
	}
	var want mat.VecDense
	if err := want.SolveVec(a, rhs); err != nil {
		t.Fatal(err)
	}
	got, ok, err := onLattice(c, []float64{-side, -side}, []float64{side, side}, []float64{0, 0})
	if middle := want.AtVec(n * n / 2); err != nil || !ok || math.Abs(got/middle-1) > 1e-12 {
		t.Errorf("%.15g steps, %t, %v, want %.15g", got, ok, err, middle)
	}
}
