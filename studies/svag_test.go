package studies_test

import (
	"fmt"
	"math"
	"testing"
)

// SVAG at learning rate h = eta/l and first-order there, whose noise is that of eta, for a
// quadratic loss and x^2: both in closed form. The gap is of order one in 1/l.
func TestSVAG(t *testing.T) {
	t.Parallel()
	const eta, R = 0.25, 7
	var last float64
	for _, l := range []float64{1, 2, 4, 8, 16} {
		h := eta / l
		r := own(t, fmt.Sprintf("name: svag\nparameters: [x]\nloss: (x - xi)^2/2\n"+
			"sample: {kind: discrete, variables: [xi], values: [[-0.5], [0.5], [1.5]], probabilities: [0.75, 0.1875, 0.0625], batch: {svag: %g}}\n"+
			"ball: {R: %d}\nobservables: {square: x^2}\neta: [%g]\nmodels: [first-order]\n", l, R, h))
		mean, second := -0.5*0.75+0.5*0.1875+1.5*0.0625, 0.25*0.9375+2.25*0.0625
		v := second - mean*mean
		want := 0.0
		for n := 1.0; n*h < 40; n++ {
			a, b := math.Pow(1-h, n), math.Exp(-n*h)
			chain := h * h * l * v * (1 - a*a) / (1 - (1-h)*(1-h))
			diffusion := h * l * v / 2 * (1 - b*b)
			for i := range 2001 {
				y := -R + 2*R*float64(i)/2000 - mean
				p, q := mean+a*y, mean+b*y
				want = max(want, math.Abs(p*p+chain-q*q-diffusion))
			}
		}
		got := gaps(r, "square", "first-order")[0]
		if math.Abs(float64(got.Gap)-want) > float64(got.Error)+1e-6*want {
			t.Errorf("l = %g: gap %v +- %v, want %v", l, got.Gap, got.Error, want)
		}
		if !got.Certified {
			t.Errorf("l = %g: not certified: %s", l, *got.Reason)
		}
		if last != 0 {
			if order := math.Log2(last / float64(got.Gap)); math.Abs(order-1) > 0.5/l {
				t.Errorf("l = %g: the order is %v, want 1", l, order)
			}
		}
		last = float64(got.Gap)
	}
}
