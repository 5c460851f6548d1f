package unit

import (
	"context"
	"errors"
	"testing"
)

// A climb ends where it is enough, after idle rungs, at a rung that says so, and with an error;
// every run meets the one before it.
func TestClimbEnds(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, c := range []struct {
		name           string
		errs           []float64 // of the rungs
		last           int       // the rung that says it is the last; -1: none
		broken         int       // likewise that fails
		patience, runs int
		best           float64
		err            error
	}{
		{"enough", []float64{1, 0.1, 0.001, 1e-5}, -1, -1, 2, 3, 0.001, nil},
		{"idle", []float64{1, 0.5, 0.6, 0.7, 0.1}, -1, -1, 2, 4, 0.5, nil},
		{"idle once", []float64{1, 0.5, 0.6, 0.1, 0.1}, -1, -1, 2, 5, 0.1, nil},
		{"all", []float64{1, 0.5}, -1, -1, 2, 2, 0.5, nil},
		{"last", []float64{1, 0.5, 0.2}, 2, -1, 2, 3, 0.5, nil},
		{"broken", []float64{1, 0.5, 0.2}, -1, 1, 2, 2, 1, broken},
	} {
		runs, best := 0, c.errs[0]
		err := Climb(t.Context(), len(c.errs), c.patience, func(k int) (float64, error) {
			runs++
			switch k {
			case c.last:
				return 0, ErrLast
			case c.broken:
				return 0, broken
			}
			return c.errs[k], nil
		}, func(k int, fine, coarse float64) (better, enough bool) {
			if fine != c.errs[k] || coarse != c.errs[k-1] {
				t.Errorf("%s: rung %d meets %g and %g", c.name, k, fine, coarse)
			}
			if better = fine < best; better {
				best = fine
			}
			return better, best <= 0.001
		})
		if runs != c.runs || best != c.best || !errors.Is(err, c.err) {
			t.Errorf("%s: %d runs, best %g, error %v", c.name, runs, best, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Climb(ctx, 1, 1, func(int) (int, error) { t.Error("a rung was run"); return 0, nil }, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled climb returns %v", err)
	}
}
