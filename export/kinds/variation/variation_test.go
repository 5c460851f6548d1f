package variation

import (
	"bytes"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/madeup"
)

// The section has rates, reasons, the root and two panels; the answer takes the largest learning rate
// at which both powers of both processes are known.
func TestVariationSection(t *testing.T) {
	t.Parallel()
	if variationSection(new(compare.Result)) != nil || variationAnswer(new(compare.Result)) != nil {
		t.Error("a section or an answer without a study")
	}
	r := madeup.VariationResult()
	s := variationSection(r)
	var text bytes.Buffer
	s.Write(&text)
	for _, want := range []string{"sgd 1/4 4 3.0000 2.9900 3.0100 1.25 4 pass", "does not count: second-order, eta = 1/4, i = 1, p = 4: it hides", "the noise of second-order is the root of the samples"} {
		if !strings.Contains(strings.Join(strings.Fields(text.String()), " "), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if s.Figure == nil || s.Figure.Cols != 2 {
		t.Error("want a figure of two panels")
	}
	want := "first variation, eta = 1/8: E|dX|^2 falls at the rate 1.75 for SGD and 1.75 for the second-order diffusion (p mu = 2); E|dX|^4 falls at the rate 3.5 for SGD and 3.5 for the second-order diffusion (p mu = 4)"
	if got := variationAnswer(r); len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
	for i := range r.Variation {
		r.Variation[i].Verdict = compare.DecayNotResolved
	}
	if got := variationAnswer(r); len(got) != 1 || got[0] != "first variations: the rates of 0 of 8 moments are known, and none of both the chain and a diffusion" {
		t.Errorf("%q", got)
	}
}
