package krylov

import (
	"math"
	"testing"
)

// The sum of the powers of diag(0.9, 0.5, -0.8, 0.1) of a field is that of geometric series,
// and a basis that is too small says by how much (I - A) w misses the field.
func TestTotalIsTheSumOfPowers(t *testing.T) {
	t.Parallel()
	rates := []float64{0.9, 0.5, -0.8, 0.1}
	apply := func(dst, src []float64) {
		for i, r := range rates {
			dst[i] = r * src[i]
		}
	}
	phi := []float64{1, 2, 3, 4}
	for m := 1; m <= len(rates); m++ {
		b, err := New(apply, phi, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Extend(m); err != nil {
			t.Fatal(err)
		}
		y, residual, err := b.Powers(1).Total()
		if err != nil {
			t.Fatal(err)
		}
		w := make([]float64, len(phi))
		b.FieldTo(w, y)
		rest, off := 0.0, 0.0
		for i, r := range rates {
			rest = math.Hypot(rest, phi[i]-(1-r)*w[i])
			off = max(off, math.Abs(w[i]-phi[i]/(1-r)))
		}
		t.Logf("m = %d: off by %.2g, residual %.2g, said %.2g", m, off, rest, residual)
		if math.Abs(rest-residual) > 1e-13 {
			t.Errorf("m = %d: the residual is %.3g, not %.3g", m, rest, residual)
		}
		if m == len(rates) && off > 1e-13 {
			t.Errorf("the sum is off by %.3g", off)
		}
	}
}
