package main

import (
	"math"
	"testing"
)

// known are suprema that another program computed, benchmarks/reference and its kin, to seven digits or more.
func TestReferenceAgreesWithOtherPrograms(t *testing.T) {
	t.Parallel()
	fair := finite([]float64{1, -1}, []float64{0.5, 0.5})
	uniform := uniformLaw(-1, 1)
	for _, c := range []struct {
		name  string
		p     process
		phi   observable
		model string
		eta   float64
		gap   float64
	}{
		{"few nodes", process{loss{times(1.17, 0, square()), times(0.1, 0, quartic()), times(0.05, 0, cosine(2.56, -0.72)), times(0, 1.16, line())}, fair, 0, 1.5, 4.5},
			cosineOf(2.917, 0.67), "first-order", 0.125, 0.136449393},
		{"thin cutoff", process{loss{times(1, 0, square()), times(0, -1.8, line())}, fair, 0, 2, 2.1},
			cosineOf(1, 0.5), "modified", 0.5, 0.19176914},
		{"thinner cutoff", process{loss{times(1, 0, square()), times(0, -1.8, line())}, fair, 0, 2, 2.02},
			cosineOf(1, 0.5), "modified", 0.5, 0.193769},
		{"steep", process{loss{times(1.84, 0, square()), times(0.44, 0, root(-0.88)), times(0, 0.21, line())}, uniform, 0, 0.3, 0.6},
			front(21.088, 0.066), "second-order", 0.5, 0.04107081109},
		{"steep, wide", process{loss{times(1.71, 0, square()), times(0.18, 0, softplus(-0.15, 0.97)), times(0, 0.95, line())}, normalLaw(2.5), 0, 6, 6.06},
			front(2.481, -0.614), "gradient-flow", 0.5, 1.42192032},
		{"noise at the face", process{loss{times(1.72, 0, square()), times(0, -1.49, line())}, fair, 0, 1, 1.5},
			bump(37.21/2, 0.724), "first-order", 0.5, 0.4115539},
		{"noise at the face, smooth", process{loss{times(1.48, 0, square()), times(0, -0.89, line())}, fair, 0, 1, 1.5},
			front(7.1, -1.144), "first-order", 0.125, 0.01153885},
		{"wave", process{loss{times(1, 0, square()), wave(0.15, 17.8, 2)}, uniform, 0, 2, 3},
			polynomial(0, 1), "second-order", 0.25, 0.0305001},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, err := solve(&c.p, []observable{c.phi}, request{model: c.model, eta: c.eta}, 1e-9)
			if err != nil {
				t.Fatal(err)
			}
			off := math.Abs(a[0].gap-c.gap) / c.gap
			t.Logf("%.12g +- %.1e at n = %d, x = %.6g; the other program %.10g: %.1e", a[0].gap, a[0].gapError/a[0].gap, a[0].n, a[0].x, c.gap, off)
			if off > 2e-6 {
				t.Errorf("the gap is %.10g, the other program says %.10g", a[0].gap, c.gap)
			}
		})
	}
}
