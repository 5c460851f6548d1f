package variation

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
)

// The section has rates, reasons, the root and two panels; the answer takes the largest learning rate
// at which both powers of both processes are known.
func TestVariationSection(t *testing.T) {
	t.Parallel()
	if variationSection(new(compare.Result)) != nil || variationAnswer(new(compare.Result)) != nil {
		t.Error("a section or an answer without a study")
	}
	r := variationResult()
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
	want := "first variation, eta = 1/8: E|dX|^2 falls at the rate 1.750 +- 0.010 for SGD and 1.750 +- 0.010 for the second-order diffusion (p mu = 2); E|dX|^4 falls at the rate 3.500 +- 0.010 for SGD and 3.500 +- 0.010 for the second-order diffusion (p mu = 4)"
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

// variationResult has the moments of two processes; the fourth of the model is known from 1/8 on.
func variationResult() *compare.Result {
	r := &compare.Result{About: compare.About{Study: "s", Algorithm: compare.Algorithm{Kind: "sgd", Title: "SGD"}}, Run: map[string]any{"studies": []string{"variation"}}}
	nan := compare.Number(math.NaN())
	for _, model := range []string{"sgd", "second-order"} {
		for _, d := range []float64{4, 8} {
			for _, p := range []int{2, 4} {
				rate := compare.Number(float64(p) * (1 - 1/d))
				row := compare.VariationRow{Model: model, Eta: 1 / d, EtaText: fmt.Sprintf("1/%g", d), Direction: 1, P: p, VariationFit: compare.VariationFit{Rate: rate, Low: rate - 0.01, High: rate + 0.01,
					C: 1.25}, PMu: compare.Number(p), Verdict: compare.DecayPass, Reason: "it decays"}
				if model != "sgd" {
					row.Root = "the root of the samples"
					if d == 4 && p == 4 {
						row.Rate, row.Low, row.High, row.C, row.Verdict, row.Reason = nan, nan, nan, nan, compare.DecayNotResolved, "it hides"
					}
				}
				r.Variation = append(r.Variation, row)
			}
		}
	}
	return r
}
