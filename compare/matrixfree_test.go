package compare

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"kolmo/internal/slow"
)

// Where S may not keep its weights it is matrix-free: the gaps are the same to
// rounding, and a warning says so, once per learning rate and grid of S.
func TestMatrixFreeStudyWarns(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := quad1d
	s.etas = []int{4, 8}
	p := build(t, s)
	with, without := gap(t, p, nil), gap(t, p, &Config{operatorBytes: 1})
	if len(with.Gap) == 0 || len(with.Gap) != len(without.Gap) {
		t.Fatalf("%d and %d rows", len(with.Gap), len(without.Gap))
	}
	for i := range with.Gap {
		a, b := float64(with.Gap[i].Gap), float64(without.Gap[i].Gap)
		if math.Abs(a-b) > 1e-11 || with.Gap[i].Certified != without.Gap[i].Certified {
			t.Errorf("row %d: %.15g with windows, %.15g without", i, a, b)
		}
	}
	matrixFree := func(r *Result) (out []string) {
		for _, w := range r.Warnings {
			if strings.Contains(w, "matrix-free") {
				out = append(out, w)
			}
		}
		return out
	}
	if w := matrixFree(with); len(w) != 0 {
		t.Errorf("with windows: %q", w)
	}
	// The models share the grids of S: each of these has its own size.
	warnings := matrixFree(without)
	for i, w := range warnings {
		if slices.Contains(warnings[:i], w) {
			t.Errorf("twice: %s", w)
		}
	}
	for _, eta := range p.Etas {
		name := fmt.Sprintf("eta = %g ", eta.Value)
		if !slices.ContainsFunc(warnings, func(w string) bool { return strings.Contains(w, name) }) {
			t.Errorf("none about %sin %q", name, warnings)
		}
	}
}
