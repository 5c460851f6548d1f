//go:build !purego

package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

type product func(m, p, k int, a []float64, lda int, b []float64, ldb int, c []float64, ldc int)

// products are the kernels in assembly that this processor can run.
func products() map[string]product {
	all := map[string]product{}
	if useAVX2 {
		all["AVX2"] = mulAVX2
	}
	if useAVX512 {
		all["AVX-512"] = mulAVX512
	}
	return all
}

// Every kernel in assembly is the sum of fused multiply-adds in the order of k, bit
// for bit, for all tiles and edges and for random shapes and strides; it writes
// nothing outside its block of C.
func TestMulIsFusedSumInOrder(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(2, 18))
	var shapes [][3]int
	for m := 1; m <= 18; m++ {
		for p := 1; p <= 34; p++ {
			shapes = append(shapes, [3]int{m, p, 1 + (m+p)%5})
		}
	}
	for range 100 {
		shapes = append(shapes, [3]int{1 + rnd.IntN(70), 1 + rnd.IntN(70), 1 + rnd.IntN(70)})
	}
	for _, s := range shapes {
		m, p, k := s[0], s[1], s[2]
		lda, ldb, ldc := k+rnd.IntN(5), p+rnd.IntN(5), p+rnd.IntN(5)
		a, b := random(rnd, (m-1)*lda+k), random(rnd, (k-1)*ldb+p)
		want := make([]float64, m*ldc)
		for i := range want {
			if j := i % ldc; j < p {
				for l := range k {
					want[i] = math.FMA(a[i/ldc*lda+l], b[l*ldb+j], want[i])
				}
			} else {
				want[i] = 7
			}
		}
		for name, mul := range products() {
			c := make([]float64, m*ldc)
			for i := range c {
				c[i] = 7
			}
			mul(m, p, k, a, lda, b, ldb, c, ldc)
			for i := range c {
				if math.Float64bits(c[i]) != math.Float64bits(want[i]) {
					t.Fatalf("%s, m=%d p=%d k=%d: c[%d,%d] = %v, want %v", name, m, p, k, i/ldc, i%ldc, c[i], want[i])
				}
			}
		}
	}
}
