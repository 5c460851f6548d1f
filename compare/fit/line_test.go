package fit

import (
	"math"
	"testing"
)

// Times x/2 + 1 + eta (a x + b) with |a| <= pace/2 have the slope 1/2 within the bar, also where b hides a: where both
// slopes between neighbours are the same. The unit of eta does not matter, and without a and b the bar is that of a alone.
func TestSlopeLimitHoldsWhatThreeRatesDoNotShow(t *testing.T) {
	t.Parallel()
	for _, etas := range [][]float64{{0.25, 0.125, 0.0625}, {1. / 8, 1. / 12, 1. / 16}, {1. / 8, 1. / 24, 1. / 32, 1. / 64}} {
		for _, pace := range []float64{1, 3} {
			var x, late []float64
			for _, eta := range etas {
				x, late = append(x, -math.Log(eta)), append(late, -eta*math.Log(eta))
			}
			n := len(x)
			slope := func(y []float64, i int) float64 { return (y[i+1] - y[i]) / (x[i+1] - x[i]) }
			hiding := -(slope(late, n-2) - slope(late, n-3)) / (slope(etas, n-2) - slope(etas, n-3))
			for _, a := range []float64{0, pace / 2, -pace / 2} {
				for _, b := range []float64{0, 1, -1, a * hiding} {
					var y, moved []float64
					for i := range x {
						y, moved = append(y, x[i]/2+1+a*late[i]+b*etas[i]), append(moved, x[i]-math.Log(5))
					}
					limit, bar := SlopeLimit(x, y, make([]float64, n), pace)
					if !(math.Abs(limit-0.5) <= bar+1e-12) {
						t.Errorf("%v, a = %g, b = %g: %g +- %g, want 1/2", etas, a, b, limit, bar)
					}
					if a == 0 && b == 0 && !(bar <= 2*pace*etas[n-1]) {
						t.Errorf("%v: +- %g", etas, bar)
					}
					if l, r := SlopeLimit(moved, y, make([]float64, n), pace/5); math.Abs(l-limit)+math.Abs(r-bar) > 1e-12 {
						t.Errorf("%v, a = %g, b = %g: %g +- %g in one unit of eta and %g +- %g in another", etas, a, b, limit, bar, l, r)
					}
				}
			}
		}
	}
}
