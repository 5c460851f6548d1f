package kinds

import (
	"encoding/json"
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/sgd"
)

// Eigenfunctions of a parabola with constant noise are Hermite polynomials for the diffusion and
// for SGD: x, and x^2 less its stationary mean, which is eta/(2 - eta) for SGD and
// eta/2, or eta/(2 + eta), for the models.
func TestEigenfunctionsOfAParabola(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Etas = []int{8}
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.SecondOrder, sgd.FirstOrder)
	p.SpectrumCount = 2
	r := spectrumOf(t, p, nil)
	if len(r.Eigenfunctions) != 6 {
		t.Fatalf("%d eigenfunctions, want 6", len(r.Eigenfunctions))
	}
	const eta = 1. / 8
	mean := map[string]float64{"sgd": eta / (2 - eta), "first-order": eta / 2, "second-order": eta / (2 + eta)}
	for _, f := range r.Eigenfunctions {
		of := func(x float64) float64 { return x / 2 }
		if f.K == 2 {
			of = func(x float64) float64 { return (x*x - mean[f.Model]) / (4 - mean[f.Model]) }
		}
		if len(f.X1) != 201 || len(f.Real) != 201 || f.Imag != nil || f.X2 != nil || !(f.Error < 1e-6) || f.Reason != "" {
			t.Fatalf("%s, k = %d: %d points, error %g, %s", f.Model, f.K, len(f.Real), f.Error, f.Reason)
		}
		for i, x := range f.X1 {
			if off := math.Abs(float64(f.Real[i]) - of(float64(x))); !(off <= float64(f.Error)+1e-10) {
				t.Errorf("%s, k = %d, x = %g: %.10g, want %.10g +- %.2g", f.Model, f.K, x, f.Real[i], of(float64(x)), f.Error)
				break
			}
		}
	}
}

// In the plane they are products, known outside the ball too; those of a double rate are not unique and are left
// out with the reason.
func TestEigenfunctionsInThePlane(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Spec{Name: "plane", Parameters: []string{"x", "y"}, Variables: []string{"a", "b"}, Values: [][]float64{{1, 1}, {-1, -1}, {1, -1}, {-1, 1}},
		Loss: "(x^2 + 2*y^2)/2 - a*x - b*y", Observables: [][2]string{{"x", "x"}}, R: 2, Etas: []int{8}}
	p := trial.Build(t, s)
	p.Models, p.SpectrumCount = trial.ModelsOf(p, sgd.FirstOrder), 1
	r := spectrumOf(t, p, nil)
	if len(r.Eigenfunctions) != 2 {
		t.Fatalf("%d eigenfunctions, want 2", len(r.Eigenfunctions))
	}
	for _, f := range r.Eigenfunctions {
		n := len(f.X1)
		if n != 41 || len(f.X2) != n || len(f.Real) != n*n {
			t.Fatalf("%d x %d points, %d values", n, len(f.X2), len(f.Real))
		}
		in := f.InBall(f.Real)
		for i, v := range f.Real {
			x, y := float64(f.X1[i%n]), float64(f.X2[i/n])
			// Here the plane is one beyond the ball too.
			if inside := math.Hypot(x, y) <= 2*(1+1e-12); inside != (in[i] == in[i]) || math.Abs(float64(v)-x/2) > float64(f.Error)+1e-9 {
				t.Fatalf("%s at (%g, %g): %g, want %g +- %.2g", f.Model, x, y, v, x/2, f.Error)
			}
		}
	}
	s.Loss, s.R = "(x^2 + y^2)/2 - a*x - b*y", 2.5
	p = trial.Build(t, s)
	p.Models, p.SpectrumCount = trial.ModelsOf(p, sgd.FirstOrder), 1
	for _, f := range spectrumOf(t, p, nil).Eigenfunctions {
		// Two grids may find the same vector of the plane of eigenvectors; then it is one.
		n := len(f.X1)
		if f.Reason != "" {
			if n != 0 {
				t.Errorf("%d values with the reason %s", n, f.Reason)
			}
			continue
		}
		a, b := f.Real[n/2*n+n-1], f.Real[(n-1)*n+n/2]
		if math.Abs(math.Hypot(float64(a), float64(b))-1) > 0.05 {
			t.Errorf("%s: %g x + %g y is no eigenfunction of supremum 1", f.Model, a, b)
		}
	}
}

// The second eigenfunction of a double well turns sign once and is odd.
func TestEigenfunctionOfADoubleWell(t *testing.T) {
	t.Parallel()
	s := escapeWell
	s.Etas = []int{8}
	p := trial.Build(t, s)
	p.Models, p.SpectrumCount = trial.ModelsOf(p, sgd.FirstOrder), 1
	r := spectrumOf(t, p, nil)
	if len(r.Eigenfunctions) != 2 {
		t.Fatalf("%d eigenfunctions, want 2", len(r.Eigenfunctions))
	}
	for _, f := range r.Eigenfunctions {
		turns := 0
		for i, v := range f.Real {
			if i > 0 && v*f.Real[i-1] < 0 {
				turns++
			}
			if math.Abs(float64(v+f.Real[len(f.Real)-1-i])) > 2*float64(f.Error) {
				t.Fatalf("%s: %g and %g at mirrored points", f.Model, v, f.Real[len(f.Real)-1-i])
			}
		}
		if turns > 1 || math.Abs(float64(f.Real[200]-1)) > 1e-9 || !(f.Real[110] > 0) {
			t.Errorf("%s: %d turns, %g at the end", f.Model, turns, f.Real[200])
		}
	}
	var back compare.Eigenfunction
	text, err := json.Marshal(r.Eigenfunctions[0])
	if err == nil {
		err = json.Unmarshal(text, &back)
	}
	if err != nil || len(back.Real) != 201 || back.Real[7] != r.Eigenfunctions[0].Real[7] {
		t.Errorf("%v", err)
	}
}
