package crossing

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/madeup"
)

// The section has times, differences, slopes, reasons and two panels; the answer is one sentence.
func TestCrossingSection(t *testing.T) {
	t.Parallel()
	if crossingSection(new(compare.Result)) != nil || crossingAnswer(new(compare.Result)) != nil {
		t.Error("a section or an answer without a study")
	}
	r := crossingResult()
	s := crossingSection(r)
	var text bytes.Buffer
	s.Write(&text)
	for _, want := range []string{"from x = (0, 0.5) reach the level 0.25", "second-order 1/8 2.164721e+00", "does not count: y2, sgd, eta = 1/4; y2, second-order, eta = 1/4: a step can leave the ball", "y2, sgd: it is so", "0.4900 0.5100 0.5000"} {
		if !strings.Contains(strings.Join(strings.Fields(text.String()), " "), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if s.Figure == nil || s.Figure.Cols != 2 {
		t.Error("want a figure of two panels")
	}
	want := "from x = (0, 0.5), y2 reaches 0.25 at a time that rises with ln(1/eta) by 0.500 (0.490 to 0.510) for SGD, 0.500 (0.490 to 0.510) for second-order; theory says 0.500"
	if got := crossingAnswer(r); len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
	nan := compare.Number(math.NaN())
	r.CrossingSlope[1].Slope = nan // of the last process: theory is said all the same
	want = "from x = (0, 0.5), y2 reaches 0.25 at a time that rises with ln(1/eta) by 0.500 (0.490 to 0.510) for SGD; theory says 0.500"
	if got := crossingAnswer(r); len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
	r.CrossingSlope[0].Slope = nan // of none: times are said
	want = "from x = (0, 0.5), y2 reaches 0.25, eta = 1/16: at t = 2.386294 +- 1.0e-06 of SGD"
	if got := crossingAnswer(r); len(got) != 1 || got[0] != want+" and 2.448794 +- 1.0e-06 of second-order" {
		t.Errorf("%q", got)
	}
	for i := range r.Crossing[3:] {
		r.Crossing[3+i].Certified = false
	}
	if got := crossingAnswer(r); len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
	why := "the mean does not cross the level up to t = 10"
	for i := range r.Crossing {
		r.Crossing[i].Certified, r.Crossing[i].Reason = false, &why
	}
	if got := crossingAnswer(r); len(got) != 1 || got[0] != "crossing times: none is certified at the level 0.25: "+why {
		t.Errorf("%q", got)
	}
	r.Crossing[0].Reason = nil
	if got := crossingAnswer(r); len(got) != 1 || got[0] != "crossing times: none of 6 is certified" {
		t.Errorf("%q", got)
	}
}

// crossingResult has the times ln(1/eta)/2 + 1 of two processes, those of the model later by eta,
// and one that is not certified.
func crossingResult() *compare.Result {
	r := &compare.Result{About: compare.About{Study: "s", Algorithm: compare.Algorithm{Kind: "sgd", Title: "SGD"}}, Run: map[string]any{"studies": []string{"crossing"}}}
	nan := compare.Number(math.NaN())
	for _, model := range []string{"sgd", "second-order"} {
		for _, d := range []float64{4, 8, 16} {
			row := compare.CrossingRow{Key: compare.Key{Observable: "y2", Model: model, Eta: 1 / d, EtaText: fmt.Sprintf("1/%g", d)}, Level: 0.25, X: []float64{0, 0.5},
				T: compare.Number(math.Log(d)/2 + 1), Error: 1e-6, Difference: nan, DifferenceError: nan, Certified: true}
			if model != "sgd" {
				row.T += compare.Number(1 / d)
				row.Difference, row.DifferenceError = compare.Number(1/d), 2e-6
			}
			if d == 4 {
				row.Certified, row.Reason = false, madeup.Ptr("a step can leave the ball")
			}
			r.Crossing = append(r.Crossing, row)
		}
		r.CrossingSlope = append(r.CrossingSlope, compare.CrossingSlope{Observable: "y2", Model: model, Slope: 0.5, Low: 0.49, High: 0.51, Theory: 0.5, Verdict: "it is so"})
	}
	return r
}
