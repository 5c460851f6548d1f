package exit

import (
	"math"
	"strings"
	"testing"
)

// A law with negative weights is none, and what a grid takes is counted with the images.
func TestChainIsRefusedAndCounted(t *testing.T) {
	t.Parallel()
	at := &Place{Lo: -5.5, Hi: 5.5}
	signed := walk(1.25) // with the weights 1.25 and -0.25
	if got, _, err := OfChain(signed, at, 100); err == nil || got < 0 || !strings.Contains(err.Error(), "negative weights") {
		t.Errorf("%g, %v: want a refusal", got, err)
	}
	many := &steps{}
	const images, cells = 300, 200
	for range images {
		many.images, many.weights = append(many.images, func(float64) float64 { return 6 }), append(many.weights, 1./images)
	}
	got, spent, err := OfChain(many, at, cells)
	if err != nil || math.Abs(got-1) > 1e-12 || spent.Bytes < 24*images*cells || spent.Work < images*cells || spent.Bytes > 30*images*(cells+1) {
		t.Errorf("%g steps, %+v, %v", got, spent, err)
	}
}

// The climb on the way out is that of the point of rest that paths slide to, 0 where they slide out, and the
// larger of the two from a hill between wells; infinite where no noise climbs. A mean time knows of deeper wells that
// paths seldom come to.
func TestClimbOut(t *testing.T) {
	t.Parallel()
	slope := func(x float64) float64 { return 2 * x }         // V = x^2
	wells := func(x float64) float64 { return x*x*x - x }     // V = x^4/4 - x^2/2
	deep := func(x float64) float64 { return wells(x) - 0.1 } // the right well is the deeper one
	edge := func(x float64) float64 {                         // no noise climbs beyond 0.8
		if x > 0.8 {
			return math.Inf(1)
		}
		return 2 * x
	}
	height := func(x float64) float64 { return x*x*x*x/4 - x*x/2 - 0.1*x }
	const hill, bottom = -0.10103125788101081, 1.0466805318046022 // of deep
	for _, c := range []struct {
		name string
		q    func(x float64) float64
		at   Place
		want float64
	}{
		{"rest", slope, Place{-0.5, 1.2, 0}, 0.25},
		{"slope above the end that is left", slope, Place{-0.5, 1.2, 0.9}, 0.25},
		{"its mirror image", slope, Place{-1.2, 0.5, -0.9}, 0.25},
		{"slides out", slope, Place{0.5, 1.9, 1}, 0},
		{"slides out on the left", slope, Place{-1.9, -0.5, -1}, 0},
		{"well", wells, Place{-1.5, 0.5, -1.2}, 0.25},
		{"two wells from the hill", wells, Place{-1.5, 1.3, 0}, 0.25},
		{"seldom into the deeper well", deep, Place{-1.05, 1.4, -1.04}, height(1.4) - height(bottom) - (height(hill) - height(-1.05))},
		{"over the edge", edge, Place{-0.5, 1.2, 0.9}, 0.25},
		{"no way out", func(x float64) float64 { return math.Inf(int(math.Copysign(1, x))) }, Place{-1, 1, 0.5}, math.Inf(1)},
	} {
		got := climbOut(func(x []float64) []float64 {
			var q []float64
			for _, y := range x {
				q = append(q, c.q(y))
			}
			return q
		}, &c.at, barrierFine)
		if got != c.want && !(math.Abs(got-c.want) <= 1e-4*c.want) {
			t.Errorf("%s: %.6g, want %.6g", c.name, got, c.want)
		}
	}
}
