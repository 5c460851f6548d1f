package crossing

import (
	"bytes"
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
	r := madeup.CrossingResult()
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
	for i := range r.CrossingSlope {
		r.CrossingSlope[i].Slope = compare.Number(math.NaN())
	}
	if got := crossingAnswer(r); len(got) != 1 || got[0] != "crossing times: 4 of 6 are certified, too few for a slope" {
		t.Errorf("%q", got)
	}
	why := "the mean does not cross the level up to t = 10"
	for i := range r.Crossing {
		r.Crossing[i].Certified, r.Crossing[i].Reason = false, &why
	}
	if got := crossingAnswer(r); len(got) != 1 || got[0] != "crossing times: none is certified at the level 0.25: "+why {
		t.Errorf("%q", got)
	}
}
