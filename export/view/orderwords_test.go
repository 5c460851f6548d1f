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

// What is said of an order is what its interval says: nothing where that is wide, and no fall where theory claims none.
func TestOrdersThatSayNothing(t *testing.T) {
	t.Parallel()
	nan := compare.Number(math.NaN())
	etas := []float64{1. / 4, 1. / 8, 1. / 16}
	for _, c := range []struct {
		o           compare.OrderRow
		want, words string
	}{
		{compare.OrderRow{Etas: etas, Slope: 1.992, Low: 1.984, High: 2, Expected: 2, Extrapolated: 2.0003, ExtrapolatedError: 0.021},
			"order 2.00 +- 0.03 (theory 2)", "the gap falls with the order 2.00 +- 0.03 (fitted 1.992, scatter 1.984 to 2.000)"},
		{compare.OrderRow{Etas: etas, Slope: 1.5, Low: 1.2, High: 1.8, Expected: 2, Extrapolated: 0.1, ExtrapolatedError: 4.6},
			"these learning rates show no order (theory 2; more and smaller ones may)", "of the gap these learning rates show no order, more and smaller ones may (fitted 1.500, scatter 1.200 to 1.800)"},
		{compare.OrderRow{Etas: etas, Slope: 0.9, Low: -0.1, High: 1.9, Extrapolated: nan, ExtrapolatedError: nan},
			"these learning rates show no order (more and smaller ones may)", "the gap falls like eta^0.900 (scatter -0.100 to 1.900)"},
		{compare.OrderRow{Etas: etas, Slope: -0.096, Low: -0.2, High: 0.1, Extrapolated: 0.02, ExtrapolatedError: 0.3},
			"no fall with eta, order 0.0 +- 0.3", "the gap falls with the order 0.0 +- 0.3 (fitted -0.096, scatter -0.200 to 0.100)"},
		{compare.OrderRow{Etas: etas, Slope: 1.01, Low: 1, High: 1.02, Extrapolated: 1, ExtrapolatedError: 0.04},
			"order 1.00 +- 0.04", "the gap falls with the order 1.00 +- 0.04 (fitted 1.010, scatter 1.000 to 1.020)"},
	} {
		if got := OrderDigits(&c.o); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		if got := OrderWords("the gap", &c.o); got != c.words {
			t.Errorf("%q, want %q", got, c.words)
		}
	}
}
