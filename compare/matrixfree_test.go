package compare

import (
	"math"
	"strings"
	"testing"
)

// Where S may not keep its weights it is matrix-free: the gaps are the same to
// rounding, and a warning says so, once per learning rate.
func TestMatrixFreeStudyWarns(t *testing.T) {
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
	count := func(r *Result) (n int) {
		for _, w := range r.Warnings {
			if strings.Contains(w, "matrix-free") {
				n++
			}
		}
		return n
	}
	if count(with) != 0 || count(without) < len(p.Etas) {
		t.Errorf("warnings with windows %q, without %q", with.Warnings, without.Warnings)
	}
}
