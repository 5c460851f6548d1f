package page

import (
	"math"
	"testing"

	"kolmo/compare"
)

// The report has the terminal's sentences, typeset.
func TestAssumptionsInTheReport(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"mu":      "f is μ-strongly convex on |x| ≤ R (Assumption 1 ii)",
		"nu":      "x.∇f(x;ξ) ≥ ν |x|<sup>2</sup> on L ≤ |x| ≤ R₂ for every ξ (Assumption 1 i)",
		"eta0":    "min{(R − L)/M₁, 2 ν L<sup>2</sup>/M₂<sup>2</sup>}: up to it SGD stays in the ball (Lemma 1)",
		"unknown": "",
	} {
		if got := string((assumption{Name: name}).Meaning()); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	nan := compare.Number(math.NaN())
	for _, c := range []struct {
		a                    assumption
		symbol, shown, label string
	}{
		{assumption{Name: "eta1", Value: nan, Status: "proved"}, "η₁", "every", "PROVED"},
		{assumption{Name: "eta1", Value: nan, Status: "fails"}, "η₁", "none", "FAILS"},
		{assumption{Name: "eta_invariant", Value: 1.5, Status: "found"}, "η*", "1.500000", "found (not proved)"},
		{assumption{Name: "later", Value: nan, Status: "guessed"}, "later", "–", "guessed"},
	} {
		if a := c.a; a.Symbol() != c.symbol || string(a.Shown()) != c.shown || a.Label() != c.label {
			t.Errorf("%+v: %s, %s, %s", a, a.Symbol(), a.Shown(), a.Label())
		}
	}
}
