package horizon

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/madeup"
)

// Orders of models whose one-step defect is not known are counted as such, and not among
// those for which no growth was seen.
func TestHorizonWithoutDefect(t *testing.T) {
	t.Parallel()
	r := madeup.Nonconvex()
	madeup.AddHorizon(r)
	for i := range r.HorizonOrder {
		if o := &r.HorizonOrder[i]; i%2 == 0 {
			o.J, o.Expected = 0, compare.Number(math.NaN())
		}
	}
	text := strings.Join(horizonSection(r).Verdicts, "\n")
	if !strings.Contains(text, "of 2 of 4 orders nothing is predicted: the leading coefficient of the one-step defect is not known") || strings.Contains(text, "no growth") {
		t.Error(text)
	}
}
