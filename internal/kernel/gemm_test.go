package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

func random(rnd *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = rnd.NormFloat64()
	}
	return x
}

// The kernel in use agrees with the sum written out to k roundings of the sum of
// absolute values, for random shapes, strides and tails, and writes nothing outside
// its block of C.
func TestMulAgainstNaive(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		m, p, k := rnd.IntN(20), rnd.IntN(40), rnd.IntN(20)
		lda, ldb, ldc := k+rnd.IntN(4), p+rnd.IntN(4), p+rnd.IntN(4)
		a, b := random(rnd, m*lda), random(rnd, k*ldb)
		c := make([]float64, m*ldc+1)
		for i := range c {
			c[i] = 7
		}
		Mul(m, p, k, a, lda, b, ldb, c, ldc)
		for i := range m {
			for j := range ldc {
				want, size := 7.0, 0.0
				if j < p {
					want = 0
					for l := range k {
						want += a[i*lda+l] * b[l*ldb+j]
						size += math.Abs(a[i*lda+l] * b[l*ldb+j])
					}
				}
				if got := c[i*ldc+j]; math.Abs(got-want) > float64(k)*0x1p-52*size {
					t.Fatalf("m=%d p=%d k=%d: c[%d,%d] = %v, want %v", m, p, k, i, j, got, want)
				}
			}
		}
	}
}

func TestMulPanicsOnShortSlices(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Mul(4, 8, 4, make([]float64, 15), 4, make([]float64, 32), 8, make([]float64, 32), 8)
}
