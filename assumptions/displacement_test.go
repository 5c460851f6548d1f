package assumptions

import (
	"math"
	"testing"

	"kolmo/objective"
)

// The displacement by differences of moments against closed forms and against the one
// by third derivatives, in one and two dimensions, off the centre, and of batches.
func TestDisplace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		loss *objective.Loss
		r    float64
	}{
		{"exponential", discreteLoss(t, "exp(x) - x + x^2/2 - 0.5*xi*x", 1, coin...), 2},
		{"turned", discreteLoss(t, "exp(0.6*x + 0.8*y) - 0.6*x - 0.8*y + 2*((0.6*y - 0.8*x)^2 + (0.6*y - 0.8*x)^3/6) - xi*(0.6*x + 0.8*y) - zeta*(0.6*y - 0.8*x)", 2, coins...), 0.8},
		{"off the centre", discreteLoss(t, "log(1 + exp(2*x - xi)) + (x - 0.7 - xi/3)^2", 1, coin...), 2},
	} {
		want := mustCheck(t, c.loss, c.r, 1.5*c.r)
		got, ok := Displace(c.loss, make([]float64, c.loss.Dim()), c.r)
		if !ok {
			t.Fatalf("%s: no displacement", c.name)
		}
		t.Logf("%s: x* %v, per eta %v +- %.2g, exact %v", c.name, got.Minimizer, got.PerEta, got.Error, want.MeanShift)
		if distance(got.Minimizer, want.Minimizer) > 1e-7 {
			t.Errorf("%s: x* %v, want %v", c.name, got.Minimizer, want.Minimizer)
		}
		if d := distance(got.PerEta, want.MeanShift); d > got.Error+1e-8 || got.Error > 1e-4 || d > 1e-6 {
			t.Errorf("%s: %v +- %.2g, want %v", c.name, got.PerEta, got.Error, want.MeanShift)
		}
	}
	// -f''' Sigma/(4 f''^2) with f'' = 2, f''' = 1, Sigma = 1/4.
	got, ok := Displace(discreteLoss(t, "exp(x) - x + x^2/2 - 0.5*xi*x", 1, coin...), []float64{0.3}, 2)
	if !ok || math.Abs(got.Minimizer[0]) > 1e-13 || math.Abs(got.PerEta[0]+0.25/16) > 1e-9 {
		t.Errorf("%+v, want -1/64 at 0", got)
	}
	// No minimizer in the ball.
	if got, ok := Displace(discreteLoss(t, "(x - 3)^2 - 0.1*xi*x", 1, coin...), []float64{0}, 2); ok {
		t.Errorf("%+v outside the ball", got)
	}
}
