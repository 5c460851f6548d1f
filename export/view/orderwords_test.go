package view

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/internal/madeup"
)

// Two learning rates have a slope and no error of an order.
func TestOrderOfTwo(t *testing.T) {
	t.Parallel()
	r := madeup.Result(1)
	o := r.Order[0]
	o.Etas, o.Slope, o.Low, o.High, o.Expected = []float64{1. / 8, 1. / 16}, 2.0620612, 2.062056, 2.062067, 2
	o.Extrapolated, o.ExtrapolatedError = compare.Number(math.NaN()), compare.Number(math.NaN())
	if got, want := OrderDigits(&o), "order 2.06 between two learning rates (theory 2)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
