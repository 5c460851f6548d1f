//go:build !purego

package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// AddMul rounds alpha a, then the sum: with AVX2 and with AVX-512 bit for bit, and
// nothing beyond the end.
func TestAddMulRounding(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(6, 18))
	kernels := map[string]func(dst []float64, alpha float64, a, x []float64){}
	if useAVX2 {
		kernels["AVX2"] = addMulFused
	}
	if useAVX512 {
		kernels["AVX-512"] = func(dst []float64, alpha float64, a, x []float64) {
			addMulAVX512(len(dst), &dst[0], alpha, &a[0], &x[0])
		}
	}
	for n := 1; n < 100; n++ {
		dst, a, x := random(rnd, n+2), random(rnd, n), random(rnd, n)
		want := append([]float64(nil), dst...)
		for i := range n {
			want[i] = math.FMA(0.7*a[i], x[i], dst[i])
		}
		for name, addMul := range kernels {
			got := append([]float64(nil), dst...)
			addMul(got[:n], 0.7, a, x)
			for i := range got {
				if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
					t.Fatalf("%s, n=%d: entry %d is %v, want %v", name, n, i, got[i], want[i])
				}
			}
		}
	}
}
