//go:build !race

package compare

import (
	"errors"
	"strings"
	"testing"

	"kolmo/internal/slow"
	"kolmo/sgd"
)

// quartic2d is a radial quartic at a learning rate so large that the drift at the corners
// of the box is many times that in the ball: every method is stiff or unstable there.
func quartic2d(t *testing.T) *Problem {
	t.Helper()
	p := build(t, spec{name: "quartic2d", parameters: []string{"x1", "x2"}, variables: []string{"xi"}, values: [][]float64{{-1}, {1}},
		loss: "(x1^2 + x2^2)^2/4 + (x1^2 + x2^2)/10 + 0.05*xi*x1", observables: [][2]string{{"cosine", "cos(x1 + x2)"}}, r: 1, etas: []int{1}})
	p.Models = modelsOf(p, sgd.SecondOrder)
	return p
}

// Refinement ends where the next grid is predicted to take too long, and says so; how
// many workers there are does not matter.
func TestRefinementEndsAtTheWorkItMayTake(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, workers := range []int{1, 2} {
		wantReason(t, gap(t, quartic2d(t), &Config{Workers: workers, work: 2e9}), "multiplications")
	}
}

// What the study fixes is computed however long it takes.
func TestFixedGridsAreRunWhateverTheyTake(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := quartic2d(t)
	p.Solver = Solver{Space: SpaceUniform, Nodes: []int{32}}
	for _, row := range gap(t, p, &Config{work: 1}).Gap {
		if row.Gap != row.Gap || row.Reason == nil || strings.Contains(*row.Reason, "multiplications") {
			t.Errorf("gap %v, reason %q", row.Gap, deref(row.Reason))
		}
	}
}

// A run that does not fit in memory is not begun.
func TestMemoryIsLookedAtBeforeARun(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	_, err := Gap(t.Context(), quartic2d(t), &Config{Memory: 1 << 20})
	var full *MemoryError
	if !errors.As(err, &full) || full.Bytes <= full.Most || full.Most != 1<<20 {
		t.Errorf("%v, want a *MemoryError", err)
	}
}
