package exit_test

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare/spectrum"
	"kolmo/internal/solved"
)

// Where noise does not vanish with eta there is no barrier to extrapolate to, of a step of order sqrt(eta) for all
// processes, and of an SDE of one's own for this one.
func TestLimitsUnderNoiseThatLasts(t *testing.T) {
	t.Parallel()
	const text = `name: wells
parameters: [x]
loss: x^4/4 - x^2/2 + xi*x
sample: {kind: discrete, variables: [xi], values: [[-0.5], [0.5]]}
ball: {R: 1.5}
observables: {x: x}
eta: [1/4, 1/8, 1/16]
ALGORITHM
studies: [exit]
exit: {interval: [-1.4, 0.2], x: -1}
accuracy: 0.2
output: {fields: []}
`
	for _, c := range []struct {
		algorithm string
		limits    map[string]bool // of the processes that have times
	}{
		{"algorithm: {kind: custom, noise: {z: {law: rademacher}}, update: {x: x - eta*grad(x) + sqrt(eta)*z/2}}\nmodels: [first-order]", map[string]bool{"custom": false, "first-order": false}},
		{"models: [first-order, {name: lasts, drift: {x: -mean(grad(x))}, diffusion: {x: {x: 0.2 + eta}}}]", map[string]bool{"sgd": true, "first-order": true, "lasts": false}},
	} {
		_, r := solved.Run(t, strings.ReplaceAll(text, "ALGORITHM", c.algorithm))
		if len(r.ExitLimit) != len(c.limits) {
			t.Errorf("%d limits, want %d", len(r.ExitLimit), len(c.limits))
		}
		for _, l := range r.ExitLimit {
			want, known := c.limits[l.Model]
			if has := l.Barrier == l.Barrier && l.Theory > 0.1; !known || has != want {
				t.Errorf("%s: limit %g, small noise %g", l.Model, l.Barrier, l.Theory)
			}
			if !want && (l.Theory == l.Theory || l.Barrier == l.Barrier || l.Reason == nil || *l.Reason != spectrum.Lasting) {
				t.Errorf("%s: %g, small noise %g, %v", l.Model, l.Barrier, l.Theory, l.Reason)
			}
		}
		for _, row := range r.Exit {
			if !row.Certified {
				t.Errorf("%s, eta = %s: %s", row.Model, row.EtaText, *row.Reason)
			}
			own := c.limits["sgd"] // the chain's noise vanishes
			if (row.Action == row.Action) != own || (row.Barrier == row.Barrier) != own {
				t.Errorf("%s, eta = %s: action %g, barrier %g", row.Model, row.EtaText, row.Action, row.Barrier)
			}
			if a := row.Eta * math.Log(float64(row.T)); own && math.Abs(float64(row.Action)-a) > 1e-12*math.Abs(a) {
				t.Errorf("%s, eta = %s: action %g, want %g", row.Model, row.EtaText, row.Action, a)
			}
		}
	}
}
