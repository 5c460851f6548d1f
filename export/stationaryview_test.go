package export

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
)

// stationaryResult has differences eta^2/2 of one model, one row that does not count, and
// mean shifts of SGD.
func stationaryResult() *compare.Result {
	r := &compare.Result{Study: "s"}
	for _, d := range []float64{4, 8, 16} {
		eta := 1 / d
		row := compare.StationaryRow{Observable: "square", Model: "modified", Eta: eta, EtaText: "1/" + intText(int(d)), SGD: compare.Number(eta/2 + eta*eta/2),
			SGDError: 1e-9, Diffusion: compare.Number(eta / 2), DiffusionError: 1e-9, Difference: compare.Number(eta * eta / 2), Error: 2e-9, T: 24, Agree: ptr(true)}
		if d == 4 {
			row.Reason, row.Agree = ptr("the ball is not invariant"), nil
		}
		r.Stationary = append(r.Stationary, row)
		r.MeanShift = append(r.MeanShift, compare.MeanShiftRow{Process: "sgd", Eta: eta, EtaText: row.EtaText, Minimizer: []compare.Number{0.5},
			Shift: []compare.Number{compare.Number(-0.25 - eta)}, Error: 1e-9, Predicted: []compare.Number{-0.25}, PredictedError: 1e-12, Remainder: compare.Number(eta), RemainderError: 1e-9, Relative: compare.Number(4 * eta)})
	}
	r.StationaryOrder = []compare.OrderRow{{Observable: "square", Model: "modified", Slope: 2, Low: 1.9, High: 2.1, Etas: []float64{0.125, 0.0625}, Expected: 2, Verdict: "confirmed"}}
	return r
}

// The section has a row per row of the result, reasons by group, and a picture.
func TestStationarySection(t *testing.T) {
	t.Parallel()
	if stationarySection(new(compare.Result)) != nil {
		t.Error("a section without a study")
	}
	s := stationarySection(stationaryResult())
	var text bytes.Buffer
	s.write(&text)
	for _, want := range []string{"methods agree", "7.812500e-03", "does not count: modified, eta = 1/4: the ball is not invariant", "order of the difference fitted 2.000", "-0.3125", "relative difference"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if n := strings.Count(text.String(), "yes"); n != 2 {
		t.Errorf("%d rows agree, want 2", n)
	}
	if s.Figure == nil || s.Figure.cols != 2 {
		t.Error("want a figure of two panels")
	}
	// Where nothing moves, a sentence stands for the table of mean shifts.
	r := stationaryResult()
	for i := range r.MeanShift {
		m := &r.MeanShift[i]
		m.Shift[0], m.Predicted[0], m.Remainder, m.Relative = 1e-12, 0, 1e-12, compare.Number(math.NaN())
	}
	if s = stationarySection(r); len(s.Tables) != 1 || s.Figure.cols != 1 || !strings.Contains(strings.Join(s.Verdicts, "\n"), "none is seen above 1.0e-09") {
		t.Errorf("%d tables, %d panels, %q", len(s.Tables), s.Figure.cols, s.Verdicts)
	}
}
