package variation_test

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/solved"
)

// A first variation in a direction in which the loss is linear is constant, and has the rate 0 without a sign; beside it E|dX|^2
// falls as E(1 - eta (1 + xi/2))^{2n} does.
func TestConstantFirstVariation(t *testing.T) {
	t.Parallel()
	const text = `name: flat
parameters: [x, y]
loss: (1 + 0.5*xi)*x^2/2 + 0*y
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2}
observables: {x: x}
eta: [1/8]
models: [first-order]
studies: [variation]
output: {fields: []}
`
	_, res := solved.Run(t, text)
	if len(res.Variation) != 4 {
		t.Fatalf("%d rows, want 4", len(res.Variation))
	}
	want := -8 * math.Log((math.Pow(1-0.5/8, 2)+math.Pow(1-1.5/8, 2))/2)
	for _, v := range res.Variation {
		switch {
		case v.Direction == 2:
			if v.Rate != 0 || math.Signbit(float64(v.Rate)) || v.Verdict != compare.DecayFail || !strings.HasPrefix(v.Reason, "it is constant") || !(v.Low <= 0 && v.High >= 0 && v.High < 1e-10) || math.Abs(float64(v.C-1)) > 1e-9 {
				t.Errorf("%s: rate %g in [%g, %g], C %g, %s: %s", v.Model, v.Rate, v.Low, v.High, v.C, v.Verdict, v.Reason)
			}
		case v.Verdict != compare.DecayPass || v.Model == "sgd" && math.Abs(float64(v.Rate)-want) > 1e-6:
			t.Errorf("%s: rate %g, %s, want %g", v.Model, v.Rate, v.Verdict, want)
		}
	}
	// On the line steps of a linear loss leave the ball, and that is the reason.
	_, res = solved.Run(t, strings.NewReplacer("[x, y]", "[x]", "x^2/2 + 0*y", "x", "first-order", "gradient-flow").Replace(text))
	for _, v := range res.Variation[:2] {
		if v.Model != "sgd" || math.Abs(float64(v.Rate)) > 1e-12 || v.Verdict != compare.DecayNotResolved || !strings.Contains(v.Reason, "leave the ball") {
			t.Errorf("%s, p = %d: rate %g, %s: %s", v.Model, v.P, v.Rate, v.Verdict, v.Reason)
		}
	}
}
