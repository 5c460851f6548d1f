package page

import (
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/madeup"
)

func chosen() *compare.Result {
	r := madeup.Result(1)
	for _, model := range []string{"modified", "second-order"} {
		for i, text := range []string{"1/4", "1/8", "1/16"} {
			c := compare.Choice{Model: model, Eta: []float64{0.25, 0.125, 0.0625}[i], EtaText: text, Space: "uniform", Order: 8, Nodes: 40, Time: "polynomial", Why: "because of " + text}
			if model == "second-order" && i == 2 {
				c.Space, c.Order = "chebyshev", 0
			}
			r.Choices = append(r.Choices, c)
		}
	}
	return r
}

// Choices are grouped over neighbouring rates, per model, in the table and in the
// report, which says why.
func TestChoicesAreShown(t *testing.T) {
	t.Parallel()
	r := chosen()
	// As a study gives them: rate by rate.
	c := r.Choices
	r.Choices = []compare.Choice{c[0], c[3], c[1], c[4], c[2], c[5]}
	var b strings.Builder
	for _, m := range MethodRuns(r) {
		b.WriteString(m.Model + ": " + m.Method + " (eta = " + m.Etas() + ")\n")
	}
	for _, want := range []string{
		"modified: uniform of order 8, polynomial (eta = 1/4 .. 1/16)",
		"second-order: uniform of order 8, polynomial (eta = 1/4 .. 1/8)",
		"second-order: chebyshev, polynomial (eta = 1/16)",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, b.String())
		}
	}
	text := report(t, r, syntheticMeta())
	for _, want := range []string{"because of 1/8", "uniform of order 8, polynomial", "1/4 … 1/8"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if text := report(t, madeup.Result(1), syntheticMeta()); strings.Contains(text, "predicted work") {
		t.Error("a report without choices speaks of them")
	}
}
