//go:build !race

package langevin_test

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
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2}
observables: {square: x^2, cosine: cos(x)}
eta: [1/8, 1/16, 1/32, 1/64]
algorithm: {kind: langevin, beta: 4}
models: [second-order, first-order, gradient-flow]
`

// gaps are the suprema over |x| <= R and n eta <= end for f = (x - xi)^2/2, xi = -1 or 1,
// without any taper: both sides are linear.
func gaps(model string, eta, beta, R, end float64) (square, cosine float64) {
	drift, a := 1.0, 2/beta
	switch model {
	case "first-order":
		a += eta
	case "second-order":
		drift, a = 1+eta/2, a*(1+eta)+eta
	}
	mean, spread, fade := 1.0, 0.0, 1.0 // of the chain: X_n = mean x + noise, fade of xi alone
	normal := 0.0                       // variance of the Gaussian part
	for n := 1; float64(n)*eta <= end; n++ {
		fade *= math.Cos(eta * mean)
		mean *= 1 - eta
		normal = (1-eta)*(1-eta)*normal + 2*eta/beta
		spread = (1-eta)*(1-eta)*spread + 2*eta/beta + eta*eta
		t := float64(n) * eta
		m := math.Exp(-drift * t)
		v := a * (1 - m*m) / (2 * drift)
		const points = 4000
		for i := range points + 1 {
			x := R * float64(i) / points
			square = max(square, math.Abs(mean*mean*x*x+spread-m*m*x*x-v))
			cosine = max(cosine, math.Abs(math.Cos(mean*x)*fade*math.Exp(-normal/2)-math.Cos(m*x)*math.Exp(-v/2)))
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

// Gaps are the closed forms' without a taper, within their errors.
func TestClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, row := range solve(t, linear).Gap {
		square, cosine := gaps(row.Model, row.Eta, 4, 2, 20)
		want := square
		if row.Observable == "cosine" {
			want = cosine
		}
		if off := math.Abs(float64(row.Gap) - want); !(off <= float64(row.Error)) {
			t.Errorf("%s, %s, eta = %s: gap %.8g, closed form %.8g, off by %.2g and the error is %.2g", row.Observable, row.Model, row.EtaText, row.Gap, want, off, row.Error)
		}
	}
}

// The shipped study has its orders.
func TestShipped(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	text, err := os.ReadFile("../studies/langevin.yaml")
	if err != nil {
		t.Fatal(err)
	}
	solve(t, string(text))
}
