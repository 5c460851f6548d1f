package survey

import (
	"math"
	"testing"
)

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

// Errors like the spacing to the power p leave q/(1-q) of a difference, q the ratio of spacings to that power, and ten times it where nothing falls. Nothing is
// said of a grid that misses nothing.
func TestRemainingOfRoughness(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fine, coarse Roughness
		gain, want   float64
	}{
		{Roughness{1, 0.1}, Roughness{1, 0.2}, 0, 1},
		{Roughness{1, 0.1}, Roughness{1, 0.2}, 1, 1. / 3},
		{Roughness{0, 0.1}, Roughness{0, 0.2}, 1, 1},
		{Roughness{0, 0.1}, Roughness{0, 0.125}, 1, 4},
		{Roughness{1, 0.1}, Roughness{1, 0.2}, -1, MostRemaining},
		{Roughness{1, 0.1}, Roughness{1, 0.2}, -2, MostRemaining},
		{Roughness{1, 0.1}, Roughness{}, 1, MostRemaining},
		{Roughness{}, Roughness{1, 0.2}, 1, 0},
	} {
		if got := c.fine.Remaining(c.coarse, c.gain); !(math.Abs(got-c.want) <= 1e-12) {
			t.Errorf("%v after %v: the share %g, want %g", c.fine, c.coarse, got, c.want)
		}
	}
}
