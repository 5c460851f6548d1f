package kolmogorov

import (
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"

	"kolmo/fd"
	"kolmo/grid"
)

// By bases the weights and the gap are those of dense matrices, on grids of every kind,
// and their bits do not depend on the number of workers.
func TestNullVectorAgreesWithDenseMatrices(t *testing.T) {
	t.Parallel()
	for name, op := range map[string]*Operator{
		"collocation": smoothOperator(t, box(t, grid.KindChebyshev, 2, 1.8, 12), fd.FullWidth, 0.03),
		"differences": smoothOperator(t, box(t, grid.KindUniform, 2, 1.8, 15), 4, 0.03),
		"three axes":  smoothOperator(t, box(t, grid.KindChebyshev, 3, 1.8, 6), fd.FullWidth, 0.03),
		"two wells":   doubleWell(t, 0.05),
	} {
		want, err := op.Invariant(&SpectrumConfig{Dense: op.Len()})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := op.Invariant(&SpectrumConfig{Dense: -1})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		spectrum, err := op.Spectrum(&SpectrumConfig{Dense: op.Len(), Values: 2})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		gap, err := spectrum.Gap()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		phi := sample(op.Grid(), wave)
		value, _ := want.Mean(phi)
		mean, estimate := got.Mean(phi)
		t.Logf("%s: means differ by %.2g, estimate %.2g; gap %.6g, %.6g", name, mean-value, estimate, got.Gap, gap.Value)
		if off := mean - value; !(off <= estimate && -off <= estimate) || estimate > 1e-7 {
			t.Errorf("%s: pi(phi) = %.12g, want %.12g; the estimate is %.3g", name, mean, value, estimate)
		}
		if off := got.Gap/gap.Value - 1; !(off < 0.1 && off > -0.1) {
			t.Errorf("%s: the gap is %.6g, want %.6g", name, got.Gap, gap.Value)
		}
		if rest := floats.Distance(got.Weights, want.Weights, 1); !(rest < 1e-6*floats.Norm(want.Weights, 1)) {
			t.Errorf("%s: weights differ by %.3g", name, rest)
		}
		more, err := op.WithWorkers(3).Invariant(&SpectrumConfig{Dense: -1})
		if err != nil || !slices.Equal(more.Weights, got.Weights) {
			t.Errorf("%s: other bits by three workers, error %v", name, err)
		}
	}
}
