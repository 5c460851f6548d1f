package march

import (
	"testing"

	"kolmo/compare/survey"
)

// Errors that fall as what grids miss of phi leave the share q/(1 - q) of a difference, twice over; ten times it where
// nothing falls, and nothing is said where phi is missed by rounding.
func TestRemainingOfMiss(t *testing.T) {
	t.Parallel()
	engine := func(ofS, ofL float64) (*Engine, *Row) {
		e := &Engine{ChainRun: ChainRun{Data: &survey.Data{Missed: []float64{ofS}, Size: []float64{1}}}}
		return e, &Row{Model: &Model{Data: &survey.Data{Missed: []float64{ofL}}}}
	}
	for _, c := range []struct{ coarse, fine, want float64 }{{4, 2, 2}, {4, 1, 2. / 3}, {4, 3, 6}, {4, 3.9, 10}, {4, 4, 10}, {1, 4, 10}, {1, 1e-13, 0}} {
		fine, r := engine(c.fine/4, 3*c.fine/4)
		coarse, before := engine(c.coarse/2, c.coarse/2)
		if got := RemainingOfMiss(fine, r, coarse, before); got != c.want {
			t.Errorf("%g after %g: the share %g, want %g", c.fine, c.coarse, got, c.want)
		}
	}
}
