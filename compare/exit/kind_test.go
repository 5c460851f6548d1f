package exit

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/fit"
)

// A time is certified if it is above zero and its error is known and small; what is missing is
// told by its name.
func TestUncertified(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, c := range []struct {
		t, space, law float64
		want          string
	}{
		{2, 0.01, 0.01, ""},
		{2, 0.01, 0.011, "the error is above 0.01 of the time"},
		{2, nan, nan, "times on the last grids are not finite"},
		{2, 0.01, nan, fit.NoRule},
		{0, 0, 0, "the time is not above zero"},
		{-1, 0, 0, "the time is not above zero"},
		{nan, 0, 0, "the time is not above zero"},
	} {
		row := compare.ExitRow{T: compare.Number(c.t), Error: compare.Number(c.space + c.law), Errors: compare.ExitErrors{Space: compare.Number(c.space), Quadrature: compare.Number(c.law)}}
		if got := uncertified(&row, 0.01); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
