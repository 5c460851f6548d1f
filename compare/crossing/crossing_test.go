package crossing

import (
	"math"
	"testing"
)

// The crossing of e^{2t} - 1 is log(1 + level)/2; a cubic misses it by the fourth power of its
// length.
func TestCubicIsOfFourthOrder(t *testing.T) {
	t.Parallel()
	node := func(t float64) Node { return Node{t, math.Expm1(2 * t), 2 * math.Exp(2*t)} }
	const level = 0.7
	want := math.Log1p(level) / 2
	var errs []float64
	for _, h := range []float64{0.2, 0.1, 0.05, 0.025} {
		a := want - 0.3*h
		got, slope := Cubic(node(a), node(a+h), level)
		errs = append(errs, math.Abs(got-want))
		if math.Abs(slope-2*(1+level)) > 3*h*h*h {
			t.Errorf("h = %g: slope %g, want %g", h, slope, 2*(1+level))
		}
	}
	for i := 1; i < len(errs); i++ {
		if order := math.Log2(errs[i-1] / errs[i]); math.Abs(order-4) > 0.15 {
			t.Errorf("errors %g have the order %.2f, want 4", errs, order)
		}
	}
}

func TestLinear(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b, level float64
		between     bool
		at          float64
	}{{0, 1, 0.25, true, 0.25}, {3, 1, 1.5, true, 0.75}, {0, 1, 1, true, 1}, {1, 2, 1, false, 0}, {0, 1, 2, false, 0}, {0, math.NaN(), 2, false, 0}} {
		if got := Between(c.a, c.b, c.level); got != c.between {
			t.Errorf("%v: between is %v", c, got)
		}
		if c.between && math.Abs(Linear(c.a, c.b, c.level)-c.at) > 1e-15 {
			t.Errorf("%v: %g", c, Linear(c.a, c.b, c.level))
		}
	}
}
