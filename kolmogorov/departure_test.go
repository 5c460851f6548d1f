package kolmogorov

import (
	"math"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
)

// How far u is from its limit, by the basis, is what later steps add to it: for fields with and
// without mirror symmetries, to the bound for all steps.
func TestDepartureOfU(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindChebyshev, 2, 1.5, 14)
	op := smoothOperator(t, g, fd.FullWidth, 0.05)
	const eta, from, to, tolerance = 0.1, 4, 60, 1e-8
	for name, phi := range map[string][]float64{"wave": sample(g, wave), "odd": sample(g, func(x []float64) float64 { return math.Sin(x[0]) }), "even": sample(g, func(x []float64) float64 { return math.Exp(-x[0] * x[0]) })} {
		want := reference(t, op, eta, to, [][]float64{phi})
		p := NewBasisThenPolynomial(op, eta, &BasisConfig{Tolerance: 1e-12, Growth: 1}).(*basisThenPolynomial)
		p.Start([][]float64{phi})
		if d := p.Departure(from, 0, tolerance); d != nil {
			t.Fatal("a basis before the first step")
		}
		if err := p.Advance(block(from, 1, g.Len())); err != nil {
			t.Fatal(err)
		}
		d := p.Departure(from, 0, tolerance)
		if d == nil || !(d.BoundAlways() <= tolerance) {
			t.Fatalf("%s: not met", name)
		}
		sum, field := make([]float64, g.Len()), make([]float64, g.Len())
		a, b := d.Start(from), d.Start(to)
		for j := range d.Dim() {
			d.FieldTo(field, j)
			for i, v := range field {
				sum[i] += (b[j] - a[j]) * v
			}
		}
		for i := range sum {
			sum[i] -= want[to-1][0][i] - want[from-1][0][i]
		}
		if off := maxAbs(sum); off > 2*d.BoundAlways()+1e-11 {
			t.Errorf("%s: off by %.3g, want at most %.3g", name, off, 2*d.BoundAlways())
		}
		// A basis that began later knows nothing of the start.
		p.Set([][]float64{phi})
		if d := p.Departure(from, 0, tolerance); d != nil {
			t.Errorf("%s: a basis of what was set", name)
		}
	}
}
