package page

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/export/kinds"
	"kolmo/export/kinds/gap"
	"kolmo/internal/madeup"
)

// Suprema over t <= horizon by definition answer what was asked: their rows are counted as certified,
// and nothing is said of later times.
func TestHorizonByDefinition(t *testing.T) {
	t.Parallel()
	r := madeup.Result(1)
	r.Until = madeup.Ptr(5.0000001234)
	for i := range r.Gap {
		r.Gap[i].Horizon, r.Gap[i].ClosedBy = madeup.Ptr(5.), madeup.Ptr("horizon")
		r.Gap[i].Certified, r.Gap[i].Reason = true, nil
	}
	text := report(t, r, syntheticMeta())
	for _, no := range []string{"no row is certified", "Hollow markers", "nothing is claimed"} {
		if strings.Contains(text, no) {
			t.Errorf("the report says %q", no)
		}
	}
	for _, want := range []string{"by definition, and nothing is said of later times", "gaps are certified, over t ≤ 5", "Suprema are over t ≤ 5."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in the report", want)
		}
	}
	if line := kinds.Answer(r, compare.StudyGap)[0]; !strings.Contains(line, "t <= 5") || !strings.HasSuffix(line, "rows certified") {
		t.Errorf("the answer is %q", line)
	}
	r.Gap[0].Horizon, r.Gap[0].Certified = nil, false
	if text := report(t, r, syntheticMeta()); !strings.Contains(text, "Hollow markers: not certified.") || strings.Contains(text, "all times,") {
		t.Error("a row that is not certified is not told, or all times are spoken of")
	}
}

// A report without gaps defines none.
func TestReportWithoutGaps(t *testing.T) {
	t.Parallel()
	const defined = "The number reported is the largest difference over all steps"
	if text := report(t, madeup.SpectrumResult(), Meta{}); strings.Contains(text, defined) {
		t.Error("a report of rates says that the number reported is a gap")
	}
	if text := report(t, madeup.Result(1), Meta{}); !strings.Contains(text, defined) {
		t.Error("a report of gaps does not define them")
	}
}

// The state has the study's names, also where axes have others.
func TestReportNamesTheState(t *testing.T) {
	t.Parallel()
	meta := syntheticMeta()
	meta.Parameters, meta.State = []string{"y1", "y2"}, []string{"w", "v_w"}
	text := report(t, madeup.Result(2), meta)
	i, j := strings.Index(text, "<dt>state</dt>"), strings.Index(text, "<dt>parameter")
	if i < 0 || j >= 0 || !strings.Contains(text[i:i+200], "<mi>w</mi>") {
		t.Errorf("state at %d, parameters at %d", i, j)
	}
	meta.Parameters, meta.State = []string{"y1"}, []string{"w"}
	text = report(t, madeup.Result(1), meta)
	if i := strings.Index(text, "<dt>parameter</dt>"); i < 0 || !strings.Contains(text[i:i+100], "<mi>w</mi>") {
		t.Error("the parameter is not w")
	}
}

func TestOrdersThatAreNotFitted(t *testing.T) {
	t.Parallel()
	r := madeup.Result(1)
	nan := compare.Number(math.NaN())
	o := &r.Order[0]
	o.Slope, o.Low, o.High, o.Extrapolated, o.ExtrapolatedError = nan, nan, nan, nan, nan
	if text := report(t, r, syntheticMeta()); strings.Contains(text, "[–") || strings.Contains(text, "– ±") {
		t.Error("an order that was not fitted has an interval or an error")
	}
	summary := gap.Summary(r)
	if got := summary.Rows[1][2].Text + " " + summary.Rows[1][4].Text; got != "2.0002 +- 0.0003 [1.990, 2.018]" {
		t.Errorf("the order is shown as %s", got)
	}
}

// The report of a convex f states the theorem.
func TestReportOfAllTimes(t *testing.T) {
	t.Parallel()
	if text := report(t, madeup.Result(1), syntheticMeta()); !strings.Contains(text, "2, uniformly in time") || strings.Contains(text, "no theorem covers all times") {
		t.Error("the report of a convex f does not state Theorem 1")
	}
}
