package momentum

import (
	"math"
	"testing"

	"kolmo/derived"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
)

// lossOf returns the expected loss of a formula in x and xi, xi one of three values.
func lossOf(t *testing.T, formula string) *objective.Loss {
	t.Helper()
	e, err := expr.Parse(formula, expr.Scope{Parameters: []string{"x"}, Variables: []string{"xi"}})
	if err != nil {
		t.Fatal(err)
	}
	samples, err := law.Discrete([]string{"xi"}, [][]float64{{-1.2}, {0.3}, {2}}, []float64{0.5, 0.2, 0.3})
	if err != nil {
		t.Fatal(err)
	}
	l, err := objective.New([]string{"x"}, e, samples)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

const formula = "x^2/2 + 0.3*cos(x - xi) + 0.2*xi*x^3 + exp(xi*x/3)"

// The derived diffusion of heavy ball is the formula of Li, Tai and E, and that of
// Nesterov's step has -eta H v more in the drift of v.
func TestFormulas(t *testing.T) {
	t.Parallel()
	o := lossOf(t, formula)
	var at objective.Moments
	ev := o.NewEvaluator()
	const friction = 1.3
	for _, kind := range []string{Name, Nesterov} {
		moments := New(kind, []string{"x"}, o, friction).NewMoments()
		for _, z := range [][]float64{{0.3, -1.1}, {-1.4, 0.2}, {0.9, 2}} {
			ev.MomentsTo(&at, z[:1])
			v, f, h, sigma := z[1], at.Grad[0], at.Hess[0][0], at.Sigma[0][0]
			var m derived.Moments
			moments(&m, z)
			for _, eta := range []float64{0.25, 0.01} {
				force := -friction*v - f
				want := [2][2]float64{
					{v, force},
					{v + eta/2*force, force + eta/2*(h*v+friction*force)},
				}
				if kind == Nesterov {
					want[1][1] -= eta * h * v
				}
				for order := 1; order <= 2; order++ {
					b, a := m.Diffusion(2, order, eta)
					for k := range 2 {
						if math.Abs(b[k]-want[order-1][k]) > 1e-13 {
							t.Errorf("%s, order %d, z = %v: b = %v, want %v", kind, order, z, b, want[order-1])
						}
					}
					if math.Abs(a[0][0])+math.Abs(a[0][1])+math.Abs(a[1][0])+math.Abs(a[1][1]-eta*sigma) > 1e-13 {
						t.Errorf("%s, order %d, z = %v: a = %v, want %v in the last entry", kind, order, z, a, eta*sigma)
					}
				}
			}
		}
	}
}

// The moments are those of the images: what is left of E Delta and E Delta Delta^T after
// the terms of order eta^2 falls like eta^3.
func TestMomentsOfImages(t *testing.T) {
	t.Parallel()
	o := lossOf(t, formula)
	for _, kind := range []string{Name, Nesterov} {
		alg := New(kind, []string{"x"}, o, 0.7)
		z := []float64{0.8, -1.3}
		var m derived.Moments
		alg.NewMoments()(&m, z)
		rest := func(eta float64) float64 {
			s := alg.Step(eta)
			weights, images := make([]float64, s.Images()), make([]float64, 2*s.Images())
			if err := s.NewImager().ImagesTo(weights, images, z); err != nil {
				t.Fatal(err)
			}
			most := 0.0
			for k := range 2 {
				mean := 0.0
				for i, w := range weights {
					mean += w * (images[2*i+k] - z[k])
				}
				most = max(most, math.Abs(mean-eta*m.M12[k]-eta*eta*m.M14[k]))
				for l := range 2 {
					second := 0.0
					for i, w := range weights {
						second += w * (images[2*i+k] - z[k]) * (images[2*i+l] - z[l])
					}
					most = max(most, math.Abs(second-eta*m.M22[k][l]-eta*eta*m.M24[k][l]))
				}
			}
			return most
		}
		if order := math.Log2(rest(1e-2) / rest(5e-3)); !(math.Abs(order-3) < 0.1) {
			t.Errorf("%s: what is left is of order %.3f, want 3", kind, order)
		}
	}
}

// The Lyapunov metric solves its equation, at the point of rest.
func TestLyapunov(t *testing.T) {
	t.Parallel()
	const friction = 0.6
	o := lossOf(t, "(1 + xi)*x^2/2 + cos(x) - x")
	p, err := Lyapunov(o, 0.1, 3, friction)
	if err != nil {
		t.Fatal(err)
	}
	// E(1 + xi) = 1.06: the rest is where 1.06 x - sin x = 1.
	x := 1.0
	for range 50 {
		x -= (1.06*x - math.Sin(x) - 1) / (1.06 - math.Cos(x))
	}
	a := [2][2]float64{{0, 1}, {-(1.06 - math.Cos(x)), -friction}}
	for k := range 2 {
		for l := range 2 {
			sum := 0.0
			for j := range 2 {
				sum += a[j][k]*p[j*2+l] + p[k*2+j]*a[j][l]
			}
			want := 0.0
			if k == l {
				want = -1
			}
			if math.Abs(sum-want) > 1e-8 {
				t.Errorf("A^T P + P A has the entry %g at (%d, %d), want %g", sum, k, l, want)
			}
		}
	}
	if _, err := Lyapunov(lossOf(t, "xi*x - x^2"), 0, 1, friction); err == nil {
		t.Error("a metric for a hill")
	}
}
