package kinds

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
)

// Where S may not keep its weights it is matrix-free: the gaps over as many steps are the same to
// rounding, and a warning says so, once per learning rate and grid of S. Powers of a matrix-free S have bases, which
// may close a row at another step than the fit: then they agree within what later steps may add.
func TestMatrixFreeStudyWarns(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Quad1d
	s.Etas = []int{4, 8}
	p := trial.Build(t, s)
	with, without := gapOf(t, p, nil), gapOf(t, p, &compare.Config{OperatorBytes: 1})
	if len(with.Gap) == 0 || len(with.Gap) != len(without.Gap) {
		t.Fatalf("%d and %d rows", len(with.Gap), len(without.Gap))
	}
	for i := range with.Gap {
		a, b := float64(with.Gap[i].Gap), float64(without.Gap[i].Gap)
		most := 1e-11
		if with.Gap[i].Steps != without.Gap[i].Steps {
			most += float64(max(with.Gap[i].Errors.Tail, without.Gap[i].Errors.Tail))
		}
		if math.Abs(a-b) > most || with.Gap[i].Certified != without.Gap[i].Certified {
			t.Errorf("row %d: %.15g with windows, %.15g without", i, a, b)
		}
	}
	matrixFree := func(r *compare.Result) (out []string) {
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
