package stationary

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/internal/madeup"
)

// The section has a row per row of the result, reasons by group, and a picture.
func TestStationarySection(t *testing.T) {
	t.Parallel()
	if stationarySection(new(compare.Result)) != nil {
		t.Error("a section without a study")
	}
	s := stationarySection(madeup.StationaryResult())
	var text bytes.Buffer
	s.Write(&text)
	for _, want := range []string{"methods agree", "7.812500e-03", "does not count: modified, eta = 1/4: the ball is not invariant", "order of the difference fitted 2.000", "-0.3125", "relative difference"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if n := strings.Count(text.String(), "yes"); n != 2 {
		t.Errorf("%d rows agree, want 2", n)
	}
	if s.Figure == nil || s.Figure.Cols != 2 {
		t.Error("want a figure of two panels")
	}
	if !strings.Contains(s.Caption, "beside its prediction.") {
		t.Errorf("caption %q", s.Caption)
	}
	// Where nothing moves, a sentence stands for the table of mean shifts.
	r := madeup.StationaryResult()
	for i := range r.MeanShift {
		m := &r.MeanShift[i]
		m.Shift[0], m.Predicted[0], m.Remainder, m.Relative = 1e-12, 0, 1e-12, compare.Number(math.NaN())
	}
	if s = stationarySection(r); strings.Contains(s.Caption, "prediction") {
		t.Errorf("caption %q of a picture without the panel", s.Caption)
	}
	if len(s.Tables) != 1 || s.Figure.Cols != 1 || !strings.Contains(strings.Join(s.Verdicts, "\n"), "none is seen above 1.0e-09") {
		t.Errorf("%d tables, %d panels, %q", len(s.Tables), s.Figure.Cols, s.Verdicts)
	}
}

// A model looks as in every other study, by its place among the diffusions, and an observable
// without a difference has no panel.
func TestStationaryLooks(t *testing.T) {
	t.Parallel()
	r := madeup.StationaryResult()
	r.MeanShift = nil
	r.Models = []compare.ModelInfo{{Name: "modified", Place: 2}}
	for _, v := range r.Stationary {
		v.Observable, v.Difference = "x", 0
		r.Stationary = append(r.Stationary, v)
	}
	f := stationaryFigure(r)
	if f.Cols != 1 || f.Legend[len(f.Legend)-1].Text != "not drawn, zero or undefined: x" {
		t.Errorf("%d panels, %q", f.Cols, f.Legend[len(f.Legend)-1].Text)
	}
	svg := func(f *figure.Figure) string {
		var b bytes.Buffer
		if err := f.WriteSVG(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if own := figure.HexOf(figure.Styles(r, []string{"modified"})["modified"].Color); !strings.Contains(svg(f), own) {
		t.Errorf("no line of the colour %s", own)
	}
}

// A study without a limit opens with why, and one in which the first model has none with another's.
func TestAnswerWithoutALimit(t *testing.T) {
	t.Parallel()
	why := "f is not convex on the ball"
	r := &compare.Result{}
	r.Stationary = []compare.StationaryRow{{Key: compare.Key{Observable: "x", Model: "gradient-flow", Eta: 0.25, EtaText: "1/4"}, Reason: &why}}
	if got := stationaryAnswer(r); len(got) != 1 || got[0] != "no limit as t grows, in 1 rows: f is not convex on the ball" {
		t.Errorf("%q", got)
	}
	r.Stationary = append(r.Stationary, compare.StationaryRow{Key: compare.Key{Observable: "x", Model: "first-order", Eta: 0.25, EtaText: "1/4"}, Difference: 0.5, Error: 0.001})
	if got := stationaryAnswer(r); len(got) != 1 || !strings.Contains(got[0], "first-order, eta = 1/4") {
		t.Errorf("%q", got)
	}
}
