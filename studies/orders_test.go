package studies_test

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/internal/slow"
)

// Orders of two trigonometric studies over the last four of eta = 1/8 .. 1/256, all
// rows certified at 1 %: within 0.03 of theory, extrapolated within 0.01.
func TestTrigonometricOrders(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, path := range []string{"trig1d.yaml", "trig2d.yaml"} {
		r := run(t, path, compare.SpaceAuto, compare.TimeAuto)
		if len(r.Order) != 8 {
			t.Errorf("%s: %d orders, want 8", path, len(r.Order))
		}
		for _, o := range r.Order {
			want := float64(o.Expected)
			t.Logf("%s, %s, %s: %.4f [%.4f, %.4f], extrapolated %.5f +- %.1e", path, o.Observable, o.Model, float64(o.Slope), float64(o.Low), float64(o.High), float64(o.Extrapolated), float64(o.ExtrapolatedError))
			if len(o.Etas) != 4 || o.Etas[3] != 1./256 {
				t.Errorf("%s, %s, %s: fitted to %v, want the last four up to 1/256", path, o.Observable, o.Model, o.Etas)
			}
			if d := math.Abs(float64(o.Slope) - want); !(d <= 0.03) {
				t.Errorf("%s, %s, %s: order %.4f, want %.0f within 0.03", path, o.Observable, o.Model, float64(o.Slope), want)
			}
			if d := math.Abs(float64(o.Extrapolated) - want); !(d <= 0.01) {
				t.Errorf("%s, %s, %s: extrapolated order %.5f, want %.0f within 0.01", path, o.Observable, o.Model, float64(o.Extrapolated), want)
			}
		}
	}
}
