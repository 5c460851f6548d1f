package objective

import (
	"math"
	"testing"

	"kolmo/objective/expr"
)

// The derivatives of samples against central differences of the gradients and against their means.
func TestDerivatives(t *testing.T) {
	t.Parallel()
	l := logistic(t, 2*expr.Lanes+3)
	d, m := l.Dim(), l.Law().Len()
	x := make([]float64, d)
	for k := range x {
		x[k] = 0.3 - 0.2*float64(k)
	}
	e := l.NewDerivatives()
	grads, hess := make([]float64, m*d), make([]float64, m*d*d)
	e.DerivativesTo(grads, hess, x)
	ev := l.NewEvaluator()
	want := make([]float64, m*d)
	ev.GradsTo(want, x)
	for i, g := range want {
		if grads[i] != g {
			t.Errorf("gradient %d is %g, want %g", i, grads[i], g)
		}
	}
	const h = 1e-5
	up, down := make([]float64, m*d), make([]float64, m*d)
	for j := range d {
		x[j] += h
		ev.GradsTo(up, x)
		x[j] -= 2 * h
		ev.GradsTo(down, x)
		x[j] += h
		for i := range m * d {
			if v := (up[i] - down[i]) / (2 * h); math.Abs(hess[i*d+j]-v) > 1e-6*(1+math.Abs(v)) {
				t.Errorf("sample %d: d_%d of entry %d is %g, want %g", i/d, j, i%d, hess[i*d+j], v)
			}
		}
	}
}
