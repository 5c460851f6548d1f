//go:build !purego

package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// SubMul by AVX2 and by AVX-512 rounds every entry once, bit for bit alike, and writes
// nothing beyond the end.
func TestSubMulRounding(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(9, 27))
	kernels := map[string]func(n int, dst, a, x *float64){}
	if useAVX2 {
		kernels["AVX2"] = subMul4
	}
	if useAVX512 {
		kernels["AVX-512"] = subMul512
	}
	for n := 4; n <= 100; n += 4 {
		dst, a, x := random(rnd, n+2), random(rnd, n), random(rnd, n)
		want := append([]float64(nil), dst...)
		for i := range n {
			want[i] = math.FMA(-a[i], x[i], dst[i])
		}
		for name, subMul := range kernels {
			got := append([]float64(nil), dst...)
			subMul(n, &got[0], &a[0], &x[0])
			for i := range got {
				if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
					t.Fatalf("%s, n=%d: entry %d is %v, want %v", name, n, i, got[i], want[i])
				}
			}
		}
	}
}
