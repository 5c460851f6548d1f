package krylov

import (
	"math"
	"math/cmplx"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// Leading eigenvalues modulo constants: those of the whole matrix without the constant's.
func TestEigenvaluesAgainstDense(t *testing.T) {
	t.Parallel()
	const n, m, count = 60, 54, 3
	q := drifting(n, 0.2, 60)
	s := chain(q)
	for name, c := range map[string]struct {
		a    *mat.Dense
		size func(complex128) float64
		one  complex128
	}{"powers": {s, cmplx.Abs, 1}, "exponential": {q, func(z complex128) float64 { return real(z) }, 0}} {
		b := newBasis(t, c.a, smooth(n), m, modulo(n))
		got, err := b.Eigenvalues(count, c.size)
		if err != nil || len(got) < count || len(got) > count+1 {
			t.Fatalf("%s: %d eigenvalues, %v", name, len(got), err)
		}
		var eig mat.Eigen
		eig.Factorize(c.a, mat.EigenNone)
		all := eig.Values(nil)
		for k, e := range got {
			near := math.Inf(1)
			for _, v := range all {
				near = min(near, cmplx.Abs(v-e.Value))
			}
			if tolerance := e.Condition*e.Residual + 1e-12*mat.Norm(c.a, 1); near > tolerance {
				t.Errorf("%s: eigenvalue %d, %v, is %.3g from one of A; residual %.3g, condition %.3g", name, k, e.Value, near, e.Residual, e.Condition)
			}
			if cmplx.Abs(e.Value-c.one) < 1e-3*mat.Norm(c.a, 1)/n {
				t.Errorf("%s: eigenvalue %d, %v, is the constant's", name, k, e.Value)
			}
			if k > 0 && c.size(e.Value) > c.size(got[k-1].Value) {
				t.Errorf("%s: not in order", name)
			}
		}
		if got[0].Residual > 1e-5*mat.Norm(c.a, 1) {
			t.Errorf("%s: residual %.3g of the leading one", name, got[0].Residual)
		}
	}
}

// A complex pair is not cut.
func TestPairIsNotCut(t *testing.T) {
	t.Parallel()
	a := mat.NewDense(4, 4, []float64{0.5, -0.8, 0, 0, 0.8, 0.5, 0, 0, 0, 0, 0.3, 0, 0, 0, 1, 0.1})
	b := newBasis(t, a, []float64{1, 2, 3, 4}, 4, nil)
	got, err := b.Eigenvalues(1, cmplx.Abs)
	if err != nil || len(got) != 2 || got[0].Value != cmplx.Conj(got[1].Value) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err = b.Eigenvalues(2, cmplx.Abs); err != nil || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
}
