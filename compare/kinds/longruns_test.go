package kinds

import (
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
)

// Studies of very many steps say so before they begin: with a small mu.
func TestManyStepsAreAnnounced(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		loss string
		want int // warnings
	}{{"0.0005*(x - xi)^2", 3}, {"0.002*(x - xi)^2", 1}, {"(x - xi)^2", 0}} {
		s := trial.Quad1d
		s.Loss, s.Etas = c.loss, []int{4, 8, 16, 32}
		g := newTestSetup(t, trial.Build(t, s), &compare.Config{})
		if len(g.Warnings) != c.want {
			t.Errorf("%s: warnings %q, want %d", c.loss, g.Warnings, c.want)
		}
		for _, w := range g.Warnings {
			if !strings.Contains(w, "steps") || !strings.Contains(w, "least curvature") {
				t.Errorf("%s: %q", c.loss, w)
			}
		}
	}
}
