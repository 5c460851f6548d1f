package process

import (
	"math"
	"testing"

	"kolmo/grid"
)

// The gradient of the cutoff against differences of fourth order.
func TestCutoffGradient(t *testing.T) {
	t.Parallel()
	c := Cutoff{Ball: grid.Ball{Center: []float64{0.5, -1}, R: 1}, R2: 2}
	grad := make([]float64, 2)
	for _, r := range []float64{0, 0.9, 1.2, 1.5, 1.8, 2.5} {
		x := []float64{0.5 + 0.6*r, -1 + 0.8*r}
		c.GradientTo(grad, x)
		for k := range x {
			at := func(h float64) float64 {
				y := append([]float64(nil), x...)
				y[k] += h
				return c.At(y)
			}
			const h = 1e-3
			want := (8*(at(h)-at(-h)) - (at(2*h) - at(-2*h))) / (12 * h)
			if math.Abs(grad[k]-want) > 1e-8 {
				t.Errorf("r = %g: d_%d chi = %.10g, want %.10g", r, k+1, grad[k], want)
			}
		}
	}
}
