package kinds

import (
	"errors"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/sgd"
)

// quartic2d is a radial quartic at a learning rate so large that the drift at the corners
// of the box is many times that in the ball: every method is stiff or unstable there.
func quartic2d(t *testing.T) *compare.Problem {
	t.Helper()
	p := trial.Build(t, trial.Spec{Name: "quartic2d", Parameters: []string{"x1", "x2"}, Variables: []string{"xi"}, Values: [][]float64{{-1}, {1}},
		Loss: "(x1^2 + x2^2)^2/4 + (x1^2 + x2^2)/10 + 0.05*xi*x1", Observables: [][2]string{{"cosine", "cos(x1 + x2)"}}, R: 1, Etas: []int{1}})
	p.Models = trial.ModelsOf(p, sgd.SecondOrder)
	return p
}

// Refinement ends where the next grid is predicted to take too long, and says so; how
// many workers there are does not matter.
func TestRefinementEndsAtTheWorkItMayTake(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, workers := range []int{1, 2} {
		wantReason(t, gapOf(t, quartic2d(t), &compare.Config{Workers: workers, Work: 2e9}), "multiplications")
	}
}

// What the study fixes is computed however long it takes.
func TestFixedGridsAreRunWhateverTheyTake(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := quartic2d(t)
	p.Solver = compare.Solver{Space: compare.SpaceUniform, Nodes: []int{32}}
	for _, row := range gapOf(t, p, &compare.Config{Work: 1}).Gap {
		if row.Gap != row.Gap || row.Reason == nil || strings.Contains(*row.Reason, "multiplications") {
			t.Errorf("gap %v, reason %q", row.Gap, deref(row.Reason))
		}
	}
}

// A run that does not fit in memory is not begun.
func TestMemoryIsLookedAtBeforeARun(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	_, err := Gap(t.Context(), quartic2d(t), &compare.Config{Memory: 1 << 20})
	var full *compare.MemoryError
	if !errors.As(err, &full) || full.Bytes <= full.Most || full.Most != 1<<20 {
		t.Errorf("%v, want a *MemoryError", err)
	}
}
