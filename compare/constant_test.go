package compare

import (
	"math"
	"testing"

	"kolmo/kolmogorov"
)

// Closed forms of the suprema for f = (x-xi)^2/2 on |x| <= 2: at t = 1/2 for x^2 and
// the first-order model, as t tends to infinity for the others.
func TestPredictedConstantsOfQuad1D(t *testing.T) {
	t.Parallel()
	s := quad1d
	s.etas = []int{64, 128}
	r := gap(t, build(t, s), nil)
	want := map[string]float64{
		"square modified": 0.5, "square second-order": 0.5, "square first-order": 2 / math.E, "square gradient-flow": 0.5,
		"cosine modified": 0.25, "cosine second-order": 0.25, "cosine gradient-flow": 0.25,
	}
	seen := 0
	for _, c := range r.Constant {
		checkConstant(t, &c)
		v, ok := want[c.Observable+" "+c.Model]
		if !ok {
			continue
		}
		seen++
		if d := math.Abs(float64(c.Predicted) - v); d > 1e-8 {
			t.Errorf("%s, %s: %s, want %.8g", c.Observable, c.Model, &c, v)
		}
		finite := c.Model == kolmogorov.FirstOrder.String()
		if (c.T != nil) != finite || finite && math.Abs(*c.T-0.5) > 1e-4 {
			t.Errorf("%s, %s: %s", c.Observable, c.Model, &c)
		}
	}
	if seen != len(want) {
		t.Errorf("%d of %d constants", seen, len(want))
	}
}

// checkConstant holds a prediction to the measurement: within 2 % at the smallest
// learning rate and 0.5 % of the extrapolated value.
func checkConstant(t *testing.T, c *ConstantRow) {
	t.Helper()
	t.Log(c.Observable, c.Model, c)
	p := float64(c.Predicted)
	if c.Reason != nil || !(math.Abs(float64(c.Measured)-p) <= 0.02*p) {
		t.Errorf("%s, %s: %s; want the measured within 2 %%", c.Observable, c.Model, c)
	}
	if !(math.Abs(float64(c.Richardson)-p) <= 0.005*p) {
		t.Errorf("%s, %s: %s; want the extrapolated within 0.5 %%", c.Observable, c.Model, c)
	}
	if !(float64(c.Error) <= 1e-3*p) {
		t.Errorf("%s, %s: predicted with error %.3g", c.Observable, c.Model, float64(c.Error))
	}
}

// A loss that is not convex in every sample, with noise that depends on x: no closed
// form, the gaps are the judge.
func TestPredictedConstantsOfTrig1D(t *testing.T) {
	t.Parallel()
	p := build(t, spec{name: "trig1d", parameters: []string{"x"}, variables: []string{"xi"}, values: [][]float64{{1}, {-1}},
		loss: "x^2/2 + 2*xi*cos(x)", observables: [][2]string{{"square", "x^2/2"}, {"gauss", "exp(-x^2/2)"}}, r: 5, etas: []int{64, 128}})
	for _, c := range gap(t, p, nil).Constant {
		checkConstant(t, &c)
	}
}
