package decay

import (
	"context"

	"kolmo/compare"
)

// momentOf is the moment m+1 as a multiple of a field.
type momentOf struct {
	m, field int
	by       float64
}

// multiple returns the number c with v = c w at every node, to the last bit; zero if there is
// none.
func multiple(v, w []float64) float64 {
	c := 0.0
	for i, b := range w {
		if c == 0 && b != 0 {
			c = v[i] / b
		}
		if v[i] != c*b {
			return 0
		}
	}
	return c
}

// withMoments follows the moments that a run lacks, on its grid, and on that of its run with
// noise that ends nearer.
func (s *Kind) withMoments(ctx context.Context, run *decayRun, model int, eta compare.Rate) error {
	for m := range run.moments {
		if run.err != nil || run.moments[m] != nil {
			continue
		}
		more, err := s.decayOn(ctx, run.level, run.half, model, eta, run)
		if err != nil {
			return err
		}
		if run.err = more.err; run.err != nil {
			return nil
		}
		for k, v := range more.moments {
			if v != nil {
				run.moments[k] = v
			}
		}
	}
	return nil
}
