package kinds

import (
	"math"
	"testing"

	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/sgd"
)

// In three dimensions eigenfunctions are on 17^3 points: of a quadratic with constant noise the slowest is the
// coordinate of the least curvature, over R.
func TestEigenfunctionsInSpace(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Spec{Name: "space", Parameters: []string{"x", "y", "z"}, Variables: []string{"a"}, Values: [][]float64{{1}, {-1}},
		Loss: "(x^2 + 2*y^2 + 3*z^2)/2 - a*(x + y + z)", Observables: [][2]string{{"x", "x"}}, R: 2, Etas: []int{8}}
	p := trial.Build(t, s)
	p.Models, p.SpectrumCount = trial.ModelsOf(p, sgd.FirstOrder), 1
	r := spectrumOf(t, p, nil)
	if len(r.Eigenfunctions) != 2 {
		t.Fatalf("%d eigenfunctions, want 2", len(r.Eigenfunctions))
	}
	for _, f := range r.Eigenfunctions {
		n := len(f.X1)
		if n != 17 || len(f.X2) != n || len(f.X3) != n || len(f.Real) != n*n*n || f.Imag != nil || f.Names[2] != "x3" {
			t.Fatalf("%s: %d x %d x %d points of %q, %d values, imaginary %v: %s", f.Model, n, len(f.X2), len(f.X3), f.Names, len(f.Real), f.Imag != nil, f.Reason)
		}
		in := f.InBall(f.Real)
		for i, v := range f.Real {
			x, y, z := float64(f.X1[i%n]), float64(f.X2[i/n%n]), float64(f.X3[i/n/n])
			inside := math.Sqrt(x*x+y*y+z*z) <= 2*(1+1e-12)
			if inside != (in[i] == in[i]) || math.Abs(float64(v)-x/2) > float64(f.Error)+1e-9 {
				t.Fatalf("%s at (%g, %g, %g): %g, want %g +- %.2g", f.Model, x, y, z, v, x/2, f.Error)
			}
		}
	}
}
