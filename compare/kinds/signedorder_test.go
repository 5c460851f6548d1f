package kinds

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare/trial"
	"kolmo/sgd"
)

// Stationary differences of x^2 - 2.96 x^4 are -0.00603, 0.00260 and 0.00127 at 1/4, 1/8 and
// 1/16: no order is seen of them.
func TestStationaryDifferencesThatCrossZeroHaveNoOrder(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Observables, s.Etas = [][2]string{{"a", "x^2 - 2.9606126914660775*x^4"}}, []int{4, 8, 16}
	r := stationaryOf(t, s, sgd.SecondOrder)
	for i, want := range []float64{-0.006028, 0.002595, 0.001266} {
		if d := float64(r.Stationary[i].Difference); math.Abs(d-want) > 1e-6 {
			t.Errorf("difference %.6f, want %.6f", d, want)
		}
	}
	o := r.StationaryOrder[0]
	if o.Slope == o.Slope || o.Extrapolated == o.Extrapolated || !strings.HasPrefix(o.Verdict, "no order: the sign changes between eta = 0.25 and 0.125") {
		t.Errorf("order %.3f, extrapolated %.3f +- %.3f: %s", o.Slope, o.Extrapolated, o.ExtrapolatedError, o.Verdict)
	}
}
