package horizon

import (
	"testing"

	"kolmo/compare/fit"
	"kolmo/compare/march"
)

// The share that remains of a difference is irregularSafety where differences fall well from
// plan to plan, more where they hardly fall, and the most where they do not.
func TestSharesOfAHorizon(t *testing.T) {
	t.Parallel()
	runs := &HorizonRuns{near: map[int]float64{}, before: map[int]float64{}}
	for n, d := range map[int]float64{1: 0.1, 10: 0.75, 20: 0.8, 30: 1.5} {
		runs.near[n], runs.before[n] = d, 1
	}
	shares := runs.sharesOf(40, 2)
	for n, want := range map[int]float64{0: fit.IrregularSafety, 1: fit.IrregularSafety, 5: fit.IrregularSafety, 10: 6, 15: 6, 20: 8, 30: march.MostRemaining, 40: march.MostRemaining} {
		if got := shares[n]; got < want-1e-12 || got > want+1e-12 {
			t.Errorf("step %d: %g, want %g", n, got, want)
		}
	}
	runs.before = nil // the coarser plan failed
	for n, got := range runs.sharesOf(40, 2) {
		if got != fit.IrregularSafety {
			t.Errorf("step %d without a third plan: %g, want %v", n, got, fit.IrregularSafety)
		}
	}
}
