package langevin

import (
	"math"
	"testing"

	"kolmo/derived"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
)

// lossOf returns an expected loss of two parameters, xi one of two values.
func lossOf(t *testing.T) *objective.Loss {
	t.Helper()
	names := []string{"x", "y"}
	e, err := expr.Parse("x^2/2 + y^2 + 0.3*cos(x + 2*y) + xi*x*y^2/5 + 0.1*x^3*y", expr.Scope{Parameters: names, Variables: []string{"xi"}})
	if err != nil {
		t.Fatal(err)
	}
	samples, err := law.Discrete([]string{"xi"}, [][]float64{{-1}, {2}}, []float64{0.4, 0.6})
	if err != nil {
		t.Fatal(err)
	}
	l, err := objective.New(names, e, samples)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The derived diffusion is that of Langevin dynamics: b = -g - (eta/2)(H g - T/beta),
// a = (2/beta)(I + eta H) + eta Sigma, with T = grad Lap f by hand.
func TestFormulas(t *testing.T) {
	t.Parallel()
	const beta, eta = 3.0, 0.2
	o := lossOf(t)
	moments := New([]string{"x", "y"}, o, beta, 2).NewMoments()
	var at objective.Moments
	ev := o.NewEvaluator()
	for _, z := range [][]float64{{0.4, -0.7}, {-1.3, 1.1}} {
		x, y := z[0], z[1]
		ev.MomentsTo(&at, z)
		// Lap f = 1 + 2 - 0.3*5 cos(x+2y) + 0.8*2x/5 + 0.6 x y.
		third := []float64{1.5*math.Sin(x+2*y) + 0.32 + 0.6*y, 3*math.Sin(x+2*y) + 0.6*x}
		var m derived.Moments
		moments(&m, z)
		b, a := m.Diffusion(2, 2, eta)
		for k := range 2 {
			want := -at.Grad[k] + eta/2*third[k]/beta
			for l := range 2 {
				want -= eta / 2 * at.Hess[k][l] * at.Grad[l]
				diffusion := eta*at.Sigma[k][l] + 2/beta*eta*at.Hess[k][l]
				if k == l {
					diffusion += 2 / beta
				}
				if math.Abs(a[k][l]-diffusion) > 1e-13 {
					t.Errorf("a = %v at %v, want %v in entry (%d, %d)", a, z, diffusion, k, l)
				}
			}
			if math.Abs(b[k]-want) > 1e-10 {
				t.Errorf("b = %v at %v, want %v in entry %d", b, z, want, k)
			}
		}
	}
}

// The images have the moments: what is left of E Delta and E Delta Delta^T after the
// terms of order eta^2 is rounding, the weights sum to 1, and noise ends where it should.
func TestImages(t *testing.T) {
	t.Parallel()
	const beta, eta = 3.0, 0.2
	full := New([]string{"x", "y"}, lossOf(t), beta, 2)
	for _, c := range []struct {
		alg   derived.Algorithm
		share float64
	}{{full, 1}, {full.(derived.Ending).Ends(func([]float64) float64 { return 0.5 }), 0.5}} {
		z := []float64{0.4, -0.7}
		var m derived.Moments
		c.alg.NewMoments()(&m, z)
		s := c.alg.Step(eta)
		weights, images := make([]float64, s.Images()), make([]float64, 2*s.Images())
		if err := s.NewImager().ImagesTo(weights, images, z); err != nil {
			t.Fatal(err)
		}
		total := 0.0
		for _, w := range weights {
			total += w
		}
		if math.Abs(total-1) > 1e-13 {
			t.Errorf("the weights sum to %v", total)
		}
		for k := range 2 {
			mean := 0.0
			for i, w := range weights {
				mean += w * (images[2*i+k] - z[k])
			}
			if want := eta * m.M12[k]; math.Abs(mean-want) > 1e-13 {
				t.Errorf("E Delta = %v in entry %d, want %v", mean, k, want)
			}
			for l := range 2 {
				second := 0.0
				for i, w := range weights {
					second += w * (images[2*i+k] - z[k]) * (images[2*i+l] - z[l])
				}
				if want := eta*c.share*c.share*m.M22[k][l] + eta*eta*m.M24[k][l]; math.Abs(second-want) > 1e-13 {
					t.Errorf("E Delta Delta^T = %v in entry (%d, %d), want %v", second, k, l, want)
				}
			}
		}
	}
}
