package kinds

import (
	"testing"

	"kolmo/compare"
	"kolmo/compare/unit"
)

// newTestSetup looks at a problem.
func newTestSetup(t *testing.T, p *compare.Problem, cfg *compare.Config) *unit.Setup {
	t.Helper()
	s, err := unit.New(p, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
