package gap

import (
	"math"
	"testing"

	"kolmo/compare"
)

// An error is no more than what the ranges of U and u leave of the gap, and its parts shrink with it. Those within
// stay, as do all where nothing is known of the ranges, and what is not known.
func TestRangesHoldErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ gap, error, widest, wantGap, want float64 }{
		{582, 7400, 2, 2, 2},
		{0.5, 3, 2, 0.5, 1.5},
		{1.5, 3, 2, 1.5, 1.5},
		{0.5, 1.25, 2, 0.5, 1.25},
		{582, 7400, math.Inf(1), 582, 7400},
		{1, math.Inf(1), 2, 1, math.Inf(1)},
	} {
		out := Outcome{widest: c.widest, curve: compare.Curve{Gap: []float64{c.gap / 1000, c.gap}}}
		half := compare.Number(c.error / 2)
		out.Row = compare.GapRow{Gap: compare.Number(c.gap), Error: compare.Number(c.error), Errors: compare.Errors{Space: half, Taper: half}}
		out.hold()
		row := &out.Row
		if float64(row.Gap) != c.wantGap || float64(row.Error) != c.want || math.Abs(float64(row.Errors.Total(true)-row.Error)) > 1e-12 || out.curve.Gap[1] != c.wantGap {
			t.Errorf("%g +- %g, at most %g: %g +- %g, parts %g, curve %g", c.gap, c.error, c.widest, row.Gap, row.Error, row.Errors.Total(true), out.curve.Gap)
		}
	}
}
