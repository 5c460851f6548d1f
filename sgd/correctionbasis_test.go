package sgd

import (
	"math"
	"testing"

	"kolmo/grid"
	"kolmo/kolmogorov"
)

// A basis of the correction gives what polynomials do to 1e-8 of the largest |e|, for
// bumps that are narrower and narrower.
func TestCorrectionBasisMeetsItsTolerance(t *testing.T) {
	t.Parallel()
	const steps, used, dt = 80, 70, 0.05
	l := lossOf(t, 1, "x1^2/2 + 0.3*cos(x1) - xi*sin(x1)/2", []float64{1, -1}, nil)
	g := box(t, grid.KindChebyshev, 1, 2, 64)
	at, err := FieldsOn(g, l, 1)
	if err != nil {
		t.Fatal(err)
	}
	df, err := named[1].newDefect(at, 1)
	if err != nil {
		t.Fatal(err)
	}
	flow := newOperator(t, g, gradientFlow.coefficients(at, 0, Cutoff{}), 0)
	for _, width := range []float64{1, 10, 30} {
		phi := sample(g, func(x []float64) float64 { return math.Exp(-width * (x[0] - 0.3) * (x[0] - 0.3)) })
		plain, basis := kolmogorov.NewCorrection(flow, df, phi), kolmogorov.NewCorrection(flow, df, phi)
		if !basis.UseBasis(dt, steps) {
			t.Fatalf("width %g: no basis serves", width)
		}
		off, largest := 0.0, 0.0
		for range used {
			if err := plain.Advance(dt); err != nil {
				t.Fatal(err)
			}
			if err := basis.Advance(dt); err != nil {
				t.Fatal(err)
			}
			for i, v := range plain.E() {
				off, largest = max(off, math.Abs(v-basis.E()[i])), max(largest, math.Abs(v))
			}
		}
		// Steps of another length leave the basis, in the middle of a block.
		other := basis.Clone()
		for _, c := range []*kolmogorov.Correction{plain, other} {
			if err := c.Advance(0.7 * dt); err != nil {
				t.Fatal(err)
			}
		}
		for i, v := range plain.E() {
			off = max(off, math.Abs(v-other.E()[i]))
		}
		if off > 1e-8*largest {
			t.Errorf("width %g: off by %.3g of the largest |e|", width, off/largest)
		}
	}
}
