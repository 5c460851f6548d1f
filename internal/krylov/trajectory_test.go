package krylov

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/internal/kernel"
)

// most is by how much a bound may exceed the error where that is above rounding and the
// bound says something: where it is below the size of the start.
const most = 100

// looseness fails t where the bounds of a trajectory are below its errors, or far above the
// largest of them.
func looseness(t *testing.T, name string, errs, bounds []float64) {
	t.Helper()
	worst := 0.0
	for n, e := range errs {
		if !(e <= bounds[n]) {
			t.Errorf("%s: n=%d: error %.3g above the bound %.3g", name, n, e, bounds[n])
			return
		}
		worst = max(worst, e)
	}
	last := bounds[len(bounds)-1]
	if worst > 1e-12 && last < 2 && last > most*worst {
		t.Errorf("%s: bound %.3g, %.0f times the error %.3g", name, last, last/worst, worst)
	}
}

// Powers against the chain itself.
func TestPowersWithinBound(t *testing.T) {
	t.Parallel()
	for _, n := range []int{60, 150} {
		for _, noise := range []float64{0.5, 5, 40} {
			s := chain(drifting(n, 1, noise))
			steps := 3 * n
			for _, m := range []int{4, 10, 20, 35, 50} {
				for _, cfg := range []*Config{nil, modulo(n)} {
					b := newBasis(t, s, smooth(n), m, cfg)
					p := b.Powers(1)
					u := smooth(n)
					var errs, bounds []float64
					for k := range steps + 1 {
						errs = append(errs, distance(u, field(b, p.At(k))))
						bounds = append(bounds, p.Bound(k))
						v := make([]float64, n)
						applyOf(s)(v, u)
						u = v
					}
					looseness(t, fmt.Sprintf("n=%d noise=%g m=%d modulo=%v", n, noise, m, cfg != nil), errs, bounds)
				}
			}
		}
	}
}

// Exponentials against dense ones, from short steps to one long step.
func TestExponentialWithinBound(t *testing.T) {
	t.Parallel()
	const n = 80
	for _, noise := range []float64{0.5, 5, 40} {
		q := drifting(n, 1, noise)
		for _, c := range []struct {
			dt    float64
			steps int
		}{{0.004, 50}, {0.02, 20}, {0.3, 1}, {1.5, 2}} {
			e := expOf(q, c.dt)
			for _, m := range []int{2, 5, 12, 25, 40, 60} {
				for _, cfg := range []*Config{nil, modulo(n)} {
					b := newBasis(t, q, smooth(n), m, cfg)
					p := b.Exponential(c.dt, c.steps, 1)
					u := smooth(n)
					var errs, bounds []float64
					for k := range c.steps + 1 {
						errs = append(errs, distance(u, field(b, p.At(k))))
						bounds = append(bounds, p.Bound(k))
						v := make([]float64, n)
						applyOf(e)(v, u)
						u = v
					}
					looseness(t, fmt.Sprintf("noise=%g dt=%g m=%d modulo=%v", noise, c.dt, m, cfg != nil), errs, bounds)
				}
			}
		}
	}
}

// The residual's norm, its length h and the growth are all in the bound: operators for which
// one of them is large.
func TestBoundFactors(t *testing.T) {
	t.Parallel()
	const n, m, steps = 40, 6, 30
	// |A^k| <= growth with a similarity that is far from orthogonal.
	const growth = 200
	s := chain(drifting(n, 1, 3))
	scale := func(i int) float64 { return math.Pow(growth, float64(i%2)) }
	a := mat.NewDense(n, n, nil)
	phi := make([]float64, n)
	for i := range n {
		for j := range n {
			a.Set(i, j, scale(i)*s.At(i, j)/scale(j))
		}
		phi[i] = smooth(n)[i] * scale(i)
		if i < n/2 {
			phi[i] = 0
		}
	}
	for _, c := range []struct {
		name   string
		a      *mat.Dense
		growth float64
	}{{"growth", a, growth}, {"small field", s, 1}} {
		b := newBasis(t, c.a, phi, m, nil)
		p := b.Powers(c.growth)
		u, over := append([]float64(nil), phi...), 0.0
		for k := range steps {
			over = max(over, distance(u, field(b, p.At(k)))/p.Bound(k))
			v := make([]float64, n)
			applyOf(c.a)(v, u)
			u = v
		}
		if over > 1 {
			t.Errorf("%s: error %.3g times the bound", c.name, over)
		}
		if c.growth > 1 && over*c.growth < 1 {
			t.Errorf("%s: error %.3g times the bound: the growth is not needed here", c.name, over)
		}
	}
}

// The bound of the integral holds where |e_m.y| oscillates and where it rises and falls
// within what would be an interval.
func TestIntegralIsBounded(t *testing.T) {
	t.Parallel()
	stiff := mat.NewDense(6, 6, nil)
	for i := range 6 {
		stiff.Set(i, i, -2e3*float64(i+1))
		for j := range i {
			stiff.Set(i, j, 3e3)
		}
	}
	for name, c := range map[string]struct {
		a  *mat.Dense
		m  int
		dt float64
	}{
		"rotation": {mat.NewDense(3, 3, []float64{0, -30, 0, 30, 0, 0, 0, 1, -1}), 2, 1},
		"stiff":    {stiff, 3, 1},
	} {
		n, _ := c.a.Dims()
		phi := make([]float64, n)
		phi[0] = 1
		b := newBasis(t, c.a, phi, c.m, nil)
		tr := b.Exponential(c.dt, 1, 1)
		tr.At(1)
		h := mat.NewDense(c.m, c.m, nil)
		for j := range c.m {
			for i, v := range b.h[j][:min(j+2, c.m)] {
				h.Set(i, j, v)
			}
		}
		const fine = 1 << 15
		e := expOf(h, c.dt/fine)
		y := make([]float64, c.m)
		y[0] = b.norm
		sum := 0.0
		for range fine {
			z := make([]float64, c.m)
			applyOf(e)(z, y)
			sum += (math.Abs(y[c.m-1]) + math.Abs(z[c.m-1])) / 2 * c.dt / fine
			y = z
		}
		if got := tr.sums[1]; got < sum*(1-1e-6) || got > 2*sum {
			t.Errorf("%s: integral %v bounded by %v", name, sum, got)
		}
	}
}

// Later steps hide no more of the integral than the first: 1 - cos(omega t), which is zero with
// its slope at the end of every step, goes on for ever.
func TestIntegralOfLaterSteps(t *testing.T) {
	t.Parallel()
	const steps, whole = 64, 10
	a := 2 * math.Pi * whole / math.Sqrt2
	b := newBasis(t, mat.NewDense(4, 4, []float64{0, -a, 0, 0, a, 0, -a, 0, 0, a, 0, 0, 0, 0, 1, -1}), []float64{1, 0, 0, 0}, 3, nil)
	tr := b.Exponential(1, steps, 1)
	tr.reach(steps)
	for n, got := range tr.sums {
		// The third coefficient is (1 - cos(omega t))/2, its mean 1/2.
		if want := float64(n) / 2; got < want*(1-1e-6) || got > 2*want {
			t.Fatalf("step %d: integral %v bounded by %v", n, want, got)
		}
	}
}

// Once all vectors are there only rounding is left, which the bound covers.
func TestRoundingIsCovered(t *testing.T) {
	t.Parallel()
	const n, steps = 24, 400
	q := drifting(n, 1, 3)
	s := chain(q)
	e := expOf(q, 0.05)
	for _, cfg := range []*Config{nil, modulo(n)} {
		powers, exponential := newBasis(t, s, smooth(n), n, cfg), newBasis(t, q, smooth(n), n, cfg)
		for name, c := range map[string]struct {
			b *Basis
			p *Trajectory
			a *mat.Dense
		}{"powers": {powers, powers.Powers(1), s}, "exponential": {exponential, exponential.Exponential(0.05, steps, 1), e}} {
			if !c.b.Closed() {
				t.Fatalf("%s: %d vectors of %d and not closed", name, c.b.Dim(), n)
			}
			u := smooth(n)
			for k := range steps {
				if d, bound := distance(u, field(c.b, c.p.At(k))), c.p.Bound(k); d > bound || bound > 1e-10 {
					t.Fatalf("%s: step %d: error %.3g, bound %.3g", name, k, d, bound)
				}
				v := make([]float64, n)
				applyOf(c.a)(v, u)
				u = v
			}
		}
	}
}

// Rows of all fields by one product are the fields.
func TestRowsOfCoefficients(t *testing.T) {
	t.Parallel()
	const n, steps = 70, 9
	b := newBasis(t, drifting(n, 1, 5), smooth(n), 20, modulo(n))
	p := b.Exponential(0.01, steps, 1)
	rows := []int{0, 13, 69}
	v, u := make([]float64, b.Columns()*len(rows)), make([]float64, (steps+1)*len(rows))
	b.RowsTo(v, rows)
	kernel.Mul(steps+1, len(rows), b.Columns(), p.Coefficients(steps), b.Columns(), v, len(rows), u, len(rows))
	for k := range steps + 1 {
		want := field(b, p.At(k))
		for i, row := range rows {
			if got := u[k*len(rows)+i]; math.Abs(got-want[row]) > 1e-13 {
				t.Errorf("step %d, row %d: %v, want %v", k, row, got, want[row])
			}
		}
	}
}

// Two stacked fields, u' = L u and e' = D u + L e, modulo the constant of each.
func TestStackedPair(t *testing.T) {
	t.Parallel()
	const n, dt, steps = 50, 0.01, 40
	l, d := drifting(n, 1, 5), drifting(n, 0.2, 1)
	pair := mat.NewDense(2*n, 2*n, nil)
	for i := range n {
		for j := range n {
			pair.Set(i, j, l.At(i, j))
			pair.Set(n+i, n+j, l.At(i, j))
			pair.Set(n+i, j, d.At(i, j))
		}
	}
	phi := append(smooth(n), make([]float64, n)...)
	b, err := New(applyOf(pair), phi, &Config{Modulo: []Constant{Part(2*n, 0, n, 7), Part(2*n, n, 2*n, n+7)}})
	if err != nil {
		t.Fatal(err)
	}
	// The growth of the pair: int |e^{(t-s)L} D e^{sL}| over the decay of what D leaves.
	const growth = 40
	var p *Trajectory
	if met, err := b.Until(80, func() float64 { p = b.Exponential(dt, steps, growth); return p.BoundAlways() / 1e-7 }); err != nil || !met {
		t.Fatalf("met %v with %d vectors, %v", met, b.Dim(), err)
	}
	e := expOf(pair, dt)
	u := phi
	for k := range steps {
		if err := distance(u, field(b, p.At(k))); err > p.Bound(k) {
			t.Fatalf("step %d: error %.3g, bound %.3g", k, err, p.Bound(k))
		}
		v := make([]float64, 2*n)
		applyOf(e)(v, u)
		u = v
	}
	limit := limitOf(t, b, p, 11)
	var far mat.VecDense
	far.MulVec(expOf(pair, 100), mat.NewVecDense(2*n, phi))
	for i, c := range limit {
		if got := far.AtVec(i); math.Abs(got-c) > p.BoundAlways()+1e-9 {
			t.Errorf("entry %d: limit %v, want %v within %.3g", i, c, got, p.BoundAlways())
		}
	}
}

// The bound is in the norm that is given.
func TestSupIsUsed(t *testing.T) {
	t.Parallel()
	const n = 50
	s := chain(drifting(n, 1, 5))
	half := func(v []float64) float64 { return kernel.MaxAbs(v) / 2 }
	whole := newBasis(t, s, smooth(n), 5, nil).Powers(1).Bound(9)
	if got := newBasis(t, s, smooth(n), 5, &Config{Sup: half}).Powers(1).Bound(9); math.Abs(got-whole/2) > 1e-12*whole {
		t.Errorf("%v in half the norm, %v in the whole", got, whole)
	}
}
