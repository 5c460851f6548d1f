package gap

import (
	"math"
	"slices"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/export/results"
	"kolmo/export/table"
	"kolmo/internal/madeup"
)

// A gap that was not computed is at no step, time or point.
func TestRowWithoutAGap(t *testing.T) {
	t.Parallel()
	r := madeup.Result(1)
	g := results.Groups(r)[0]
	g.Rows = slices.Clone(g.Rows)
	g.Rows[0].Gap, g.Rows[0].GapPlace = compare.Number(math.NaN()), compare.GapPlace{}
	shown := Table(&g)
	for _, head := range []string{"gap", "n", "t", "x"} {
		k := slices.Index(shown.Head, head)
		if got := shown.Rows[0][k].Text; got != table.Absent {
			t.Errorf("%s is %q", head, got)
		}
		if got := shown.Rows[1][k].Text; got == table.Absent {
			t.Errorf("%s of a gap is %q", head, got)
		}
	}
}

// The answer has a gap in the digits of its error, however small, and speaks of a power of eta only where the order is known.
func TestGapAnswer(t *testing.T) {
	t.Parallel()
	r := madeup.Result(1)
	r.Models = r.Models[:1] // no control
	last := &r.Gap[5]
	last.Gap, last.Error = 4.9996e-7, 1.8e-10
	of := func() string {
		t.Helper()
		lines := gapAnswer(r)
		if len(lines) != 1 {
			t.Fatalf("%q", lines)
		}
		return lines[0]
	}
	r.Order[0].Extrapolated, r.Order[0].ExtrapolatedError = 2, 0.021
	if got := of(); !strings.Contains(got, ": gap = 0.00819 eta^2, order 2.00 +- 0.03 (theory 2), all times") {
		t.Error(got)
	}
	r.Order[0].ExtrapolatedError = 4.6
	if got := of(); !strings.Contains(got, ": gap = (4.9996 +- 0.0018)e-07 at eta = 1/128, these learning rates show no order (theory 2; more and smaller ones may), all times") {
		t.Error(got)
	}
	last.Gap, last.Error = 0.0260540, 7.5e-13
	if got := of(); !strings.Contains(got, ": gap = 0.02605400 +- 8e-13 at eta = 1/128") {
		t.Error(got)
	}
	// An equation of one's own, whose gap stays.
	r.Models = append(r.Models, compare.ModelInfo{Name: "mine"})
	r.Order = append(r.Order, compare.OrderRow{Observable: r.Gap[0].Observable, Model: "mine", Slope: -0.1, Low: -0.2, High: 0.1, Extrapolated: 0.02, ExtrapolatedError: 0.3, Etas: []float64{0.25, 0.125, 0.0625}})
	if got := gapAnswer(r); len(got) != 2 || got[1] != "against mine: no fall with eta, order 0.0 +- 0.3" {
		t.Errorf("%q", got)
	}
}
