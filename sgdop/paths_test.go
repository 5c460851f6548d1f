package sgdop

import (
	"math"
	"testing"

	"kolmo/grid"
)

// enumerate returns E phi(X_n) from X_0 = x over all M^n paths.
func enumerate(o *gradients, eta float64, n int, phi func(x []float64) float64, x []float64) float64 {
	if n == 0 {
		return phi(x)
	}
	grads := make([]float64, len(o.weights)*o.d)
	o.GradsTo(grads, x)
	sum, y := 0.0, make([]float64, o.d)
	for k, w := range o.weights {
		for i := range y {
			y[i] = x[i] - eta*grads[k*o.d+i]
		}
		sum += w * enumerate(o, eta, n-1, phi, y)
	}
	return sum
}

// All M^n sample paths of non-linear losses, n = 3, M = 3, at every node:
// collocation agrees to nearly rounding, local windows to their error.
func TestAgainstAllSamplePaths(t *testing.T) {
	t.Parallel()
	phi := func(x []float64) float64 {
		s := 0.2
		for k, v := range x {
			s += v / float64(k+1)
		}
		return math.Cos(s)
	}
	for _, c := range []struct {
		kind     grid.Kind
		d        int
		n, width int
		eta      float64
		tol      float64
	}{
		{grid.KindChebyshev, 1, 32, 0, 0.3, 1e-12}, {grid.KindChebyshev, 1, 32, 0, 1.0 / 64, 1e-12},
		{grid.KindChebyshev, 2, 24, 0, 0.3, 1e-11}, {grid.KindChebyshev, 2, 24, 0, 1.0 / 64, 1e-11},
		{grid.KindUniform, 1, 60, 8, 0.3, 1e-9}, {grid.KindUniform, 2, 40, 8, 0.3, 1e-7},
		{grid.KindUniform, 2, 40, 10, 1.0 / 64, 1e-9}, {grid.KindChebyshev, 3, 12, 0, 0.2, 1e-5},
	} {
		o := curved(c.d)
		g := cube(t, c.kind, c.d, 2, c.n)
		s := assemble(t, g, o, c.eta, c.width)
		u, v := sample(g, phi), make([]float64, g.Len())
		const steps = 3
		for range steps {
			s.ApplyTo(v, u)
			u, v = v, u
		}
		diff := maxDiff(u, sample(g, func(x []float64) float64 { return enumerate(o, c.eta, steps, phi, x) }))
		t.Logf("%v d=%d N=%d width %d eta=%.3g: %.3g (leakage %.3g)", c.kind, c.d, c.n, c.width, c.eta, diff, s.Leakage().Distance)
		if diff > c.tol {
			t.Errorf("%v d=%d N=%d width %d eta=%.3g: off by %.3g, want at most %.3g", c.kind, c.d, c.n, c.width, c.eta, diff, c.tol)
		}
	}
}

// Local windows agree with whole axes: to rounding on polynomials of the local
// degree, and to the local error, which falls with the width, otherwise.
func TestLocalAgainstFullWindows(t *testing.T) {
	t.Parallel()
	for _, kind := range []grid.Kind{grid.KindUniform, grid.KindChebyshev} {
		g := cube(t, kind, 2, 1.5, 16, 15)
		o := curved(2)
		const eta = 0.2
		full := assemble(t, g, o, eta, 0)
		cubic := sample(g, func(x []float64) float64 { return x[0]*x[0]*x[0] - x[0]*x[1]*x[1] + 0.5*x[1]*x[1]*x[1] + 1 })
		smooth := sample(g, func(x []float64) float64 { return math.Exp(x[0]/2) * math.Cos(x[1]) })
		want, wantSmooth := make([]float64, g.Len()), make([]float64, g.Len())
		full.ApplyTo(want, cubic)
		full.ApplyTo(wantSmooth, smooth)
		last := math.Inf(1)
		got := make([]float64, g.Len())
		for _, width := range []int{4, 6, 8, 10, 15} {
			s := assemble(t, g, o, eta, width)
			if s.full {
				t.Fatalf("width %d is the whole grid", width)
			}
			s.ApplyTo(got, cubic)
			if diff := maxDiff(got, want); diff > 1e-12 {
				t.Errorf("%v width %d: a cubic differs by %.3g", kind, width, diff)
			}
			s.ApplyTo(got, smooth)
			diff := maxDiff(got, wantSmooth)
			t.Logf("%v width %d: %.3g", kind, width, diff)
			if diff > last/4+1e-12 {
				t.Errorf("%v width %d: differs by %.3g after %.3g", kind, width, diff, last)
			}
			last = diff
		}
		if last > 1e-11 {
			t.Errorf("%v: windows of nearly the whole axis differ by %.3g", kind, last)
		}
	}
}
