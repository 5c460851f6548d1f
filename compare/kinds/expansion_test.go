package kinds

import (
	"strings"
	"testing"

	"kolmo/compare/trial"
	"kolmo/compare/verify"
	"kolmo/law"
	"kolmo/sgd"
)

// Where images leave the box the grid's S may grow like 1e8 a step: no such gap is given, and
// the reason says why. A gap that phi allows stays, though it is not certified.
func TestGrowthOfSGivesNoGap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		loss  string
		grows bool
	}{{"(1 + xi)*x^2/2", true}, {"(x - xi)^2/2", false}} {
		s := trial.Quad1d
		s.Loss, s.R, s.Etas, s.Observables = c.loss, 5, []int{2}, [][2]string{{"loss", "f"}}
		s.Law = independent(t, law.Normal{Mean: 0, Std: 1}, 12)
		p := trial.Build(t, s)
		p.Models = trial.ModelsOf(p, sgd.SecondOrder)
		r := gapOf(t, p, nil)
		row := r.Gap[0]
		t.Logf("%s: %v +- %v: %s", c.loss, row.Gap, row.Error, deref(row.Reason))
		if got := strings.Contains(deref(row.Reason), "on this grid S, which is a mean, grows by "); got != c.grows || verify.Finite(row.Gap) == c.grows || row.Certified {
			t.Errorf("%s: %v +- %v (certified %v): %s", c.loss, row.Gap, row.Error, row.Certified, deref(row.Reason))
		}
		if (len(r.Curves) == 0) != c.grows {
			t.Errorf("%s: %d curves of the gap", c.loss, len(r.Curves))
		}
	}
}
