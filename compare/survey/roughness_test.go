package survey

import "testing"

// Errors that fall as what grids miss of phi leave the share q/(1 - q) of a difference, twice over; ten times it where
// nothing falls, and nothing is said where phi is missed by rounding.
func TestRemainingOfMiss(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ coarse, fine, want float64 }{{4, 2, 2}, {4, 1, 2. / 3}, {4, 3, 6}, {4, 3.9, 10}, {4, 4, 10}, {1, 4, 10}, {1, 1e-13, 0}} {
		if got := RemainingOfMiss(c.fine, c.coarse, 1); got != c.want {
			t.Errorf("%g after %g: the share %g, want %g", c.fine, c.coarse, got, c.want)
		}
	}
}
