//go:build !race

package reshuffle_test

import (
	"math"
	"os"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
	"kolmo/reshuffle"
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

// ten is linear with ten different samples.
var ten = strings.NewReplacer("[[-1], [1]]", "[[-1], [1], [-0.8], [0.8], [-0.5], [0.5], [-0.3], [0.3], [-0.1], [0.1]]",
	", cosine: cos(x)", "", "eta: [1/8, 1/16, 1/32, 1/64]", "eta: [1/16, 1/32]").Replace(linear)

// Gaps with ten different samples are the closed form's within their errors.
func TestTenSamplesAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const R = 2
	_, res := solved.Run(t, ten)
	if len(res.Gap) != 6 {
		t.Fatalf("%d rows", len(res.Gap))
	}
	for _, row := range res.Gap {
		rate := 1.0
		if row.Model == "second-order" {
			rate += row.Eta / 2
		}
		keep, kick := reshuffle.LinearEpoch(row.Eta)
		want, own, spread := 0.0, 1.0, 0.0
		for n := 1; 10*float64(n)*row.Eta <= 60; n++ {
			own, spread = own*keep, keep*keep*spread+kick
			flow := math.Exp(-10 * float64(n) * row.Eta * rate)
			want = max(want, spread, math.Abs((own*own-flow*flow)*R*R+spread))
		}
		if off := math.Abs(float64(row.Gap) - want); !row.Certified || !(off <= float64(row.Error)) || !(float64(row.Error) <= 1e-6*want) || !(row.Errors.Quadrature > 0) {
			t.Errorf("%s, eta = %s: gap %.12g, closed form %.12g, off by %.2g and the error is %.2g", row.Model, row.EtaText, row.Gap, want, off, row.Error)
		}
	}
}

// Errors of gaps have what laws of few points do to them: with two points per law a gap differs
// from that with many by no more than it says, and by much more than its other parts say.
func TestErrorOfFewPoints(t *testing.T) {
	slow.Skip(t)
	text := strings.NewReplacer("(x - xi)^2/2", "x^2/2 + 0.3*cos(x) - xi*sin(x)/2", "[[-1], [1]]", "[[-1], [1], [-0.8], [0.8], [-0.5], [2]]",
		"square: x^2, ", "", "eta: [1/8, 1/16, 1/32, 1/64]", "eta: [1/8]", ", first-order, gradient-flow", "").Replace(linear)
	_, many := solved.Run(t, text)
	reshuffle.SetNodes(t, 2)
	_, few := solved.Run(t, text)
	if len(many.Gap) != 1 || len(few.Gap) != 1 {
		t.Fatalf("%d and %d rows", len(many.Gap), len(few.Gap))
	}
	row := few.Gap[0]
	off := math.Abs(float64(row.Gap - many.Gap[0].Gap))
	if !(off <= float64(row.Error+many.Gap[0].Error)) || !(off >= 100*float64(row.Error-row.Errors.Quadrature)) {
		t.Errorf("gap %.8g with few points and %.8g with many: %.2g, and the error is %.2g, of which the law's is %.2g", row.Gap, many.Gap[0].Gap, off, row.Error, row.Errors.Quadrature)
	}
}

// The shipped study has its orders, that of the diffusion that is right with replacement among them.
func TestShipped(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	text, err := os.ReadFile("../studies/epochs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, res := solved.Run(t, string(text))
	if len(res.Order) != 6 {
		t.Errorf("%d orders", len(res.Order))
	}
	solved.Holds(t, res, "second-order")
}
