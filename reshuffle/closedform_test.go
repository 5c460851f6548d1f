//go:build !race

package reshuffle_test

import (
	"math"
	"os"
	"testing"

	"kolmo/compare"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

const linear = `
name: linear
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]], batch: {size: 1, replacement: epoch}}
ball: {R: 2}
observables: {square: x^2, cosine: cos(x)}
eta: [1/8, 1/16, 1/32, 1/64]
models: [second-order, first-order, gradient-flow]
`

// gaps are the suprema over |x| <= R and all n for f = (x - xi)^2/2, xi = -1 and 1: an epoch is
// x -> (1 - eta)^2 x +- eta^2, and the models x' = -x or -(1 + eta/2) x over the time 2 eta.
func gaps(model string, eta, R float64) (square, cosine float64) {
	rate := 1.0
	if model == "second-order" {
		rate += eta / 2
	}
	mean, spread, fade := 1.0, 0.0, 1.0
	for n := 1; 2*float64(n)*eta <= 40; n++ {
		fade *= math.Cos(eta * eta * mean) // mean is (1 - eta)^(2 (n-1)) here
		mean *= (1 - eta) * (1 - eta)
		spread = math.Pow(1-eta, 4)*spread + math.Pow(eta, 4)
		flow := math.Exp(-2 * float64(n) * eta * rate)
		square = max(square, spread, math.Abs((mean*mean-flow*flow)*R*R+spread))
		const points = 4000
		for i := range points + 1 {
			x := R * float64(i) / points
			cosine = max(cosine, math.Abs(math.Cos(mean*x)*fade-math.Cos(flow*x)))
		}
	}
	return square, cosine
}

// solve runs a study's text, whose rows are certified and whose orders are 2 and 1.
func solve(t *testing.T, text string) *compare.Result {
	t.Helper()
	_, res := solved.Run(t, text)
	solved.Holds(t, res, "second-order")
	return res
}

// Gaps are the closed forms' within their errors, and an epoch takes the time N eta.
func TestClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, row := range solve(t, linear).Gap {
		square, cosine := gaps(row.Model, row.Eta, 2)
		want := square
		if row.Observable == "cosine" {
			want = cosine
		}
		// The closed form's maximum over x is of points.
		if off := math.Abs(float64(row.Gap) - want); !(off <= float64(row.Error)+1e-6*want) {
			t.Errorf("%s, %s, eta = %s: gap %.8g, closed form %.8g, off by %.2g and the error is %.2g", row.Observable, row.Model, row.EtaText, row.Gap, want, off, row.Error)
		}
		if want := 2 * float64(row.N) * row.Eta; math.Abs(row.T-want) > 1e-14 {
			t.Errorf("epoch %d ends at t = %g, want %g", row.N, row.T, want)
		}
	}
}

// The shipped study has its orders.
func TestShipped(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	text, err := os.ReadFile("../studies/epochs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	solve(t, string(text))
}
