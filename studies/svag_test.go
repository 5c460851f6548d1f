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

// Where a learning rate is imitated at all of them, rows are those of steps scaled one by one, whose noise
// does not end: two mechanisms, one number. Their order is 1.
func TestSVAGOfALearningRate(t *testing.T) {
	t.Parallel()
	const text = "name: svag\nparameters: [x]\nloss: x^2/2 + 0.3*cos(x) - xi*sin(x)/2\n" +
		"sample: {kind: discrete, variables: [xi], values: [[-1], [0.5], [2]], probabilities: [0.5, 0.25, 0.25], batch: {svag: %s}}\n" +
		"ball: {R: 3}\nobservables: {square: x^2, wave: sin(x)}\neta: [%s]\nmodels: [first-order]\noutput: {fields: []}\n"
	all := own(t, fmt.Sprintf(text, "{of: 1/4}", "1/4, 1/8, 1/16, 1/32, 1/64"))
	for _, o := range all.Order {
		if math.Abs(float64(o.Extrapolated)-1) > float64(o.ExtrapolatedError) || o.ExtrapolatedError > 0.1 || o.Expected != 1 {
			t.Errorf("%s: order %v +- %v, want 1", o.Observable, o.Extrapolated, o.ExtrapolatedError)
		}
	}
	if len(all.Order) != 2 {
		t.Errorf("%d orders", len(all.Order))
	}
	for i, l := range []string{"1", "2", "4", "8", "16"} {
		one := own(t, fmt.Sprintf(text, l, "1/"+fmt.Sprint(4<<i)))
		for _, observable := range []string{"square", "wave"} {
			a, b := gaps(all, observable, "first-order")[i], gaps(one, observable, "first-order")[0]
			t.Logf("%s, l = %s: %.8g +- %.1g and %.8g +- %.1g", observable, l, a.Gap, a.Error, b.Gap, b.Error)
			if !a.Certified || math.Abs(float64(a.Gap-b.Gap)) > float64(a.Error+b.Error) || float64(a.Error+b.Error) > 0.03*float64(b.Gap) {
				t.Errorf("%s, l = %s: %v +- %v and %v +- %v", observable, l, a.Gap, a.Error, b.Gap, b.Error)
			}
		}
	}
}
