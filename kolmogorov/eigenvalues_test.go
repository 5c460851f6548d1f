package kolmogorov

import (
	"errors"
	"fmt"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"reflect"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/slow"
)

// nearest returns the distance of every value from its nearest wanted one, each of
// which is taken once.
func nearest(got []Eigenvalue, want []complex128) []float64 {
	taken := make([]bool, len(want))
	d := make([]float64, len(got))
	for i, e := range got {
		at := -1
		for j, w := range want {
			if !taken[j] && (at < 0 || cmplx.Abs(e.Value-w) < cmplx.Abs(e.Value-want[at])) {
				at = j
			}
		}
		taken[at] = true
		d[i] = cmplx.Abs(e.Value - want[at])
	}
	return d
}

// methods are dense and by Arnoldi.
var methods = map[string]int{"dense": 1 << 20, "arnoldi": -1}

// The eigenvalues of Ornstein-Uhlenbeck processes are the sums of the rates, by both
// methods, on both kinds of axes, in one to three dimensions; and the error estimates
// are above the errors.
func TestSpectrumOfLinearDrift(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, c := range []struct {
		name         string
		p            linearProblem
		kind         grid.Kind
		n, order     int
		values       int
		tol, largest float64 // of the error, of the estimate
	}{
		{"1d chebyshev", linear1D, grid.KindChebyshev, 14, fd.FullWidth, 6, 1e-9, 1e-6},
		{"1d uniform", linear1D, grid.KindUniform, 20, 8, 6, 1e-9, 1e-6},
		{"2d chebyshev", linear2D, grid.KindChebyshev, 12, fd.FullWidth, 8, 1e-9, 1e-6},
		{"2d uniform", linear2D, grid.KindUniform, 14, 6, 8, 1e-9, 1e-6},
		{"2d turning chebyshev", turning2D, grid.KindChebyshev, 12, fd.FullWidth, 8, 1e-9, 1e-6},
		{"2d turning uniform", turning2D, grid.KindUniform, 14, 6, 8, 1e-9, 1e-6},
		{"3d chebyshev", linear3D, grid.KindChebyshev, 7, fd.FullWidth, 8, 1e-9, 1e-6},
		{"3d uniform", linear3D, grid.KindUniform, 11, 6, 6, 1e-9, 1e-6},
	} {
		for name, dense := range methods {
			if dense > 0 && c.p.dim() == 3 && c.n > 8 {
				continue // 700 nodes, 10 s
			}
			t.Run(c.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				g := box(t, c.kind, c.p.dim(), 2.5, c.n)
				s, err := newOperator(t, g, c.p.on(g), c.order).Spectrum(&SpectrumConfig{Values: c.values, Dense: dense})
				if err != nil {
					t.Fatal(err)
				}
				want := c.p.spectrum()
				if len(s.Values) < c.values || len(s.Values) > c.values+1 || (s.Tau > 0) != (dense < 0) {
					t.Fatalf("%d values, tau = %v", len(s.Values), s.Tau)
				}
				// The same leading set, and no more: the real parts agree in order.
				for i, d := range nearest(s.Values, want[:len(s.Values)+2]) {
					e := s.Values[i]
					t.Logf("%.10f off by %.2g, estimate %.2g, condition %.2g", e.Value, d, e.Algebra, e.Condition)
					if d > c.tol || math.Abs(real(e.Value)-real(want[i])) > c.tol {
						t.Errorf("eigenvalue %d is %.12f, want %.12f", i, e.Value, want[i])
					}
					if d > e.Algebra+1e-15 || e.Algebra > c.largest {
						t.Errorf("eigenvalue %d: error %.3g, estimate %.3g", i, d, e.Algebra)
					}
				}
				gap, err := s.Gap()
				if err != nil || math.Abs(gap.Value+real(want[1])) > c.tol || !math.IsNaN(gap.Grid) || gap.Error() != gap.Algebra {
					t.Errorf("gap %+v, %v; want %.9f", gap, err, -real(want[1]))
				}
			})
		}
	}
}

// Closures at noisy faces make L so far from normal that rounding shows; the estimates
// see it, by either method, and so they do without noise.
func TestSpectrumEstimatesWhereLIsNotNormal(t *testing.T) {
	t.Parallel()
	flow := func(n int) *Operator {
		g := box(t, grid.KindChebyshev, 1, 2, n)
		c := new(Coefficients)
		c.B[0] = sample(g, func(x []float64) float64 { return -1.125 * x[0] })
		return newOperator(t, g, c, fd.FullWidth)
	}
	for _, c := range []struct {
		name string
		op   *Operator
	}{{"16 nodes", ouClosure(t, 16, 0.25)}, {"24 nodes", ouClosure(t, 24, 0.25)}, {"32 nodes", ouClosure(t, 32, 0.25)}, {"40 nodes", ouClosure(t, 40, 0.25)}, {"no noise", flow(20)}} {
		for name, dense := range methods {
			s, err := c.op.Spectrum(&SpectrumConfig{Dense: dense})
			if err != nil {
				t.Errorf("%s, %s: %v", c.name, name, err)
				continue
			}
			for i, e := range s.Values {
				off := cmplx.Abs(e.Value + complex(1.125*float64(i), 0))
				t.Logf("%s, %s: %.9f off by %.2g, estimate %.2g", c.name, name, e.Value, off, e.Algebra)
				if off > e.Algebra || i < 3 && e.Algebra > 1e-2 {
					t.Errorf("%s, %s: eigenvalue %d is off by %.3g, the estimate is %.3g", c.name, name, i, off, e.Algebra)
				}
			}
		}
	}
}

// Arnoldi's method agrees with the dense one where no closed form is known, within the
// estimates of both.
func TestArnoldiAgainstDense(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, c := range []struct {
		kind        grid.Kind
		d, n, order int
	}{{grid.KindChebyshev, 2, 12, fd.FullWidth}, {grid.KindUniform, 2, 15, 4}, {grid.KindUniform, 2, 16, 6}, {grid.KindUniform, 3, 7, 2}} {
		op := smoothOperator(t, box(t, c.kind, c.d, 1.6, c.n), c.order, 0.03)
		a, err := op.Spectrum(&SpectrumConfig{Dense: -1})
		if err != nil {
			t.Fatal(err)
		}
		b, err := op.Spectrum(&SpectrumConfig{Dense: op.Len()})
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range a.Against(b).Values {
			t.Logf("%v %dd: %.9f differ by %.2g, estimates %.2g and %.2g", c.kind, c.d, e.Value, e.Grid, e.Algebra, b.Values[i].Algebra)
			if !(e.Grid <= e.Algebra+b.Values[i].Algebra) || e.Algebra > 1e-8 {
				t.Errorf("%v %dd: eigenvalue %.9f differs by %.3g, estimates %.3g and %.3g", c.kind, c.d, e.Value, e.Grid, e.Algebra, b.Values[i].Algebra)
			}
		}
	}
}

// Random stable drifts and diffusions, real and complex rates.
func TestSpectrumOfRandomLinearDrift(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(21, 1))
	complexPairs := 0
	for i := range 12 {
		b := mat.NewDense(2, 2, []float64{1 + rnd.Float64(), 4 * (rnd.Float64() - 0.5), 4 * (rnd.Float64() - 0.5), 1 + rnd.Float64()})
		if mat.Trace(b)*mat.Trace(b) < 4*mat.Det(b) {
			complexPairs++
		}
		if mat.Det(b) < 0.2 {
			continue
		}
		s := [2]float64{rnd.NormFloat64(), rnd.NormFloat64()}
		p := linearProblem{b, mat.NewDense(2, 2, []float64{0.05 * s[0] * s[0], 0.05 * s[0] * s[1], 0.05 * s[0] * s[1], 0.05 * s[1] * s[1]})}
		g := box(t, grid.KindChebyshev, 2, 2, 10)
		got, err := newOperator(t, g, p.on(g), fd.FullWidth).Spectrum(&SpectrumConfig{Values: 5, Dense: -1})
		if err != nil {
			t.Errorf("%d: B = %v: %v", i, b.RawMatrix().Data, err)
			continue
		}
		want := p.spectrum()
		for j, e := range got.Values {
			if math.Abs(real(e.Value)-real(want[j])) > max(1e-9, e.Algebra) {
				t.Errorf("%d: B = %v: eigenvalue %d is %.9f, want %.9f", i, b.RawMatrix().Data, j, e.Value, want[j])
			}
		}
		for j, d := range nearest(got.Values, want) {
			if d > max(1e-9, got.Values[j].Algebra) {
				t.Errorf("%d: B = %v: eigenvalue %d is off by %.3g", i, b.RawMatrix().Data, j, d)
			}
		}
	}
	if complexPairs < 2 || complexPairs > 10 {
		t.Errorf("%d of 12 drifts turn", complexPairs)
	}
}

// Multiple eigenvalues are found as often as they are there: one Krylov space has
// each but once.
func TestSpectrumMultipleEigenvalues(t *testing.T) {
	t.Parallel()
	p := linearProblem{mat.NewDense(2, 2, []float64{1, 0, 0, 1}), mat.NewDense(2, 2, []float64{0.1, 0, 0, 0.1})}
	g := box(t, grid.KindChebyshev, 2, 2, 10)
	op := newOperator(t, g, p.on(g), fd.FullWidth)
	for name, dense := range methods {
		s, err := op.Spectrum(&SpectrumConfig{Values: 10, Dense: dense})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, want := range []float64{0, -1, -1, -2, -2, -2, -3, -3, -3, -3} {
			if d := cmplx.Abs(s.Values[i].Value - complex(want, 0)); d > 1e-8 {
				t.Errorf("%s: eigenvalue %d is %.9f, want %g", name, i, s.Values[i].Value, want)
			}
		}
	}
}

// A defective drift: eigenvalues move as roots of perturbations, and the condition
// numbers and estimates say so.
func TestSpectrumDefective(t *testing.T) {
	t.Parallel()
	p := linearProblem{mat.NewDense(2, 2, []float64{1, 1, 0, 1}), mat.NewDense(2, 2, []float64{0.1, 0, 0, 0.1})}
	g := box(t, grid.KindChebyshev, 2, 2, 9)
	op := newOperator(t, g, p.on(g), fd.FullWidth)
	for name, dense := range methods {
		s, err := op.Spectrum(&SpectrumConfig{Values: 3, Dense: dense})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i := 1; i <= 2; i++ {
			e := s.Values[i]
			d := cmplx.Abs(e.Value + 1)
			t.Logf("%s: %.12f condition %.2g estimate %.2g", name, e.Value, e.Condition, e.Algebra)
			if d > 1e-5 || d > 10*e.Algebra || e.Condition < 1e5 {
				t.Errorf("%s: eigenvalue %.12f with condition %.3g and estimate %.3g", name, e.Value, e.Condition, e.Algebra)
			}
		}
	}
}

// A tau at which the logarithm takes the wrong branch, or at which different
// eigenvalues of L have the same mu, is noticed and halved: the rates are 1 +- 3i.
func TestSpectrumIsNotAliased(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := linearProblem{mat.NewDense(2, 2, []float64{1, -3, 3, 1}), mat.NewDense(2, 2, []float64{0.1, 0, 0, 0.1})}
	g := box(t, grid.KindChebyshev, 2, 2, 10)
	op := newOperator(t, g, p.on(g), fd.FullWidth)
	want := []complex128{0, -1 + 3i, -1 - 3i, -2, -2 + 6i, -2 - 6i}
	for _, tau := range []float64{0.1, 0.5, 0.9, math.Pi / 3, math.Pi / 6, 1.3, 2 * math.Pi / 3} {
		cfg := (&SpectrumConfig{Values: 6}).withDefaults()
		f, err := newKrylov(&counted{op: op}, tau, cfg).run()
		if err != nil {
			t.Errorf("tau = %.3g: %v", tau, err)
			continue
		}
		t.Logf("tau = %.3g: taken %.3g, %d applications", tau, f.spectrum.Tau, f.spectrum.Applications)
		if f.spectrum.Tau*6 >= math.Pi {
			t.Errorf("tau = %.3g: |Im lambda| tau = %.3g", tau, 6*f.spectrum.Tau)
		}
		for i, d := range nearest(f.spectrum.Values, want) {
			if d > 1e-8 {
				t.Errorf("tau = %.3g: eigenvalue %d is %.9f", tau, i, f.spectrum.Values[i].Value)
			}
		}
	}
}

// trigOperator is the second-order model of f(x;xi) = x^2/2 + 2 xi cos x, xi = +-1:
// b = -(1+eta/2) x, a = 4 eta sin^2 x, on [-2 pi, 2 pi].
func trigOperator(t testing.TB, kind grid.Kind, n, order int, eta float64) *Operator {
	g := box(t, kind, 1, 2*math.Pi, n)
	return newOperator(t, g, trigCoefficients(g, eta), order)
}

// trigCoefficients are b = -(1+eta/2) x and a = 4 eta sin^2 x at the nodes.
func trigCoefficients(g *grid.Grid, eta float64) *Coefficients {
	c := new(Coefficients)
	c.B[0] = sample(g, func(x []float64) float64 { return -x[0] - eta/2*x[0] })
	c.A[0][0] = sample(g, func(x []float64) float64 { s := math.Sin(x[0]); return eta * (4 * s * s) })
	return c
}

// With multiplicative noise that vanishes at the minimiser: the derivatives at 0 are
// left eigenvectors up to lower ones, so that -(k (1+eta/2) - 2 eta k (k-1)) are
// eigenvalues. The right ones behave like |x|^s at 0 with s = 9.25 - k besides x^k
// (the other exponent of Euler's equation), so that they converge with an order only,
// the lower the higher k. Against these and a dense computation on a finer grid, by both methods
// and both kinds of axes; and the error of the grid from a coarser one is above the
// error.
func TestSpectrumOfTrigonometricNoise(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const eta = 1.0 / 16
	tolerance := []float64{1e-9, 1e-5, 2e-4}
	exact := func(k float64) float64 { return -(k*(1+eta/2) - 2*eta*k*(k-1)) }
	fine, err := trigOperator(t, grid.KindChebyshev, 121, fd.FullWidth, eta).Spectrum(&SpectrumConfig{Values: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind      grid.Kind
		n, coarse int
		order     int
	}{
		{grid.KindChebyshev, 81, 61, fd.FullWidth},
		{grid.KindUniform, 121, 91, 8},
	} {
		for name, dense := range methods {
			s, err := trigOperator(t, c.kind, c.n, c.order, eta).Spectrum(&SpectrumConfig{Values: 3, Dense: dense})
			if err != nil {
				t.Fatalf("%v %s: %v", c.kind, name, err)
			}
			other, err := trigOperator(t, c.kind, c.coarse, c.order, eta).Spectrum(&SpectrumConfig{Values: 3, Dense: dense})
			if err != nil {
				t.Fatalf("%v %s: %v", c.kind, name, err)
			}
			s = s.Against(other)
			for k := range 3 {
				e := s.Values[k]
				off := math.Abs(real(e.Value) - exact(float64(k)))
				t.Logf("%v %s: %.10f off by %.2g, grid %.2g, algebra %.2g; finer %.10f", c.kind, name, e.Value, off, e.Grid, e.Algebra, fine.Values[k].Value)
				if off > tolerance[k] || off > e.Grid+e.Algebra {
					t.Errorf("%v %s: eigenvalue %d is %.9f, want %.9f; estimates %.3g and %.3g", c.kind, name, k, e.Value, exact(float64(k)), e.Grid, e.Algebra)
				}
				if d := cmplx.Abs(e.Value - fine.Values[k].Value); d > tolerance[k] {
					t.Errorf("%v %s: eigenvalue %d differs from the finer grid's by %.3g", c.kind, name, k, d)
				}
			}
			gap, err := s.Gap()
			if err != nil || math.Abs(gap.Value-1-eta/2) > gap.Error() || gap.Error() != gap.Grid+gap.Algebra {
				t.Errorf("%v %s: gap %+v, %v", c.kind, name, gap, err)
			}
		}
	}
}

// No config is the zero config, which is this one; and too few restarts are an error.
func TestSpectrumConfigDefaults(t *testing.T) {
	t.Parallel()
	want := SpectrumConfig{Values: 6, Dense: 256, Tolerance: 1e-11, Restarts: 60}
	if got := (*SpectrumConfig)(nil).withDefaults(); !reflect.DeepEqual(got, want) {
		t.Errorf("nil is %+v", got)
	}
	if got := new(SpectrumConfig).withDefaults(); !reflect.DeepEqual(got, want) {
		t.Errorf("zero is %+v", got)
	}
	g := box(t, grid.KindUniform, 2, 2, 17)
	op := newOperator(t, g, linear2D.on(g), 4)
	if _, err := op.Spectrum(&SpectrumConfig{Dense: -1, Restarts: 1}); !errors.Is(err, ErrNotConverged) {
		t.Errorf("one restart: %v", err)
	}
	a, err := op.Spectrum(nil) // 289 nodes: by Arnoldi
	if err != nil || a.Tau == 0 {
		t.Fatalf("%v", err)
	}
	b, err := op.WithWorkers(3).Spectrum(&SpectrumConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(a.Values) != fmt.Sprint(b.Values) {
		t.Error("the result depends on the number of workers")
	}
	zero, err := newOperator(t, g, new(Coefficients), 4).Spectrum(nil)
	if err != nil || len(zero.Values) != 6 || zero.Values[5].Value != 0 {
		t.Errorf("L = 0: %+v, %v", zero, err)
	}
}
