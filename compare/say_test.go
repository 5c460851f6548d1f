package compare

import (
	"math"
	"testing"
)

// Sentences have numbers as Sprintf writes them, and words for those that are not finite.
func TestSayWithoutNumbers(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"eta = 1/4: 0.25 of 3, 10 %":                      Say("eta = %s: %.3g of %d, %.0f %%", "1/4", 0.25, 3, 10.0),
		"up to an unknown number":                         Say("up to %8.2f", math.Inf(1)),
		"an unknown number of 0.5":                        Say("%.2e of %g", math.NaN(), Number(0.5)),
		"between an unknown number and an unknown number": Say("between %+g and %v", math.Inf(-1), Number(math.NaN())),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
