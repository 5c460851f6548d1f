package given_test

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/solved"
)

// The ledger of second-order written out as an SDE of one's own is second-order's own, but for the powers of eta,
// of which none is known.
func TestLedgerOfOwnSDE(t *testing.T) {
	t.Parallel()
	const text = `name: own
parameters: [x]
loss: x^2/2 + 0.5*xi*x
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2}
observables: {square: x^2}
eta: [1/4]
models: [MODEL]
studies: [gap, local-error, decay]
output: {fields: []}
`
	ledger := func(model string) []compare.LedgerRow {
		_, r := solved.Run(t, strings.ReplaceAll(text, "MODEL", model))
		return r.Ledger
	}
	own, known := ledger("{name: mine, drift: {x: -(1 + eta/2)*x}, diffusion: {x: {x: eta/4}}}"), ledger("second-order")
	if len(own) != 5 || len(known) != 5 {
		t.Fatalf("%d rows of one's own, %d of second-order, want 5", len(own), len(known))
	}
	for i, v := range own {
		w := known[i]
		if v.Step != w.Step || !(math.Abs(float64(v.Value-w.Value)) <= float64(v.Error+w.Error)) || !(v.Error > 0) {
			t.Errorf("%s: %.12g +- %.2g, want %s: %.12g +- %.2g", v.Step, v.Value, v.Error, w.Step, w.Value, w.Error)
		}
		if v.Scaled == v.Scaled || v.Reason == nil || *v.Reason != "the weak order of mine is not known" || w.Scaled != w.Scaled || w.Reason != nil {
			t.Errorf("%s: over eta^k %g and %g", v.Step, v.Scaled, w.Scaled)
		}
	}
}
