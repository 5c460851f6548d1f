package kernel

import (
	"fmt"
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

// The fast kernel must agree with the sum written out, for every size of edge,
// and must not write outside its block of C.
func TestMulAgainstNaive(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 1))
	for m := range 10 {
		for p := range 18 {
			for _, k := range []int{0, 1, 3, 16} {
				lda, ldb, ldc := k+2, p+1, p+3
				a, b := random(rnd, m*lda+1), random(rnd, k*ldb+1)
				c := make([]float64, m*ldc+1)
				for i := range c {
					c[i] = 7
				}
				Mul(m, p, k, a, lda, b, ldb, c, ldc)
				for i := range m {
					for j := range ldc {
						want := 7.0
						if j < p {
							want = 0
							for l := range k {
								want += a[i*lda+l] * b[l*ldb+j]
							}
						}
						if got := c[i*ldc+j]; math.Abs(got-want) > 1e-13 {
							t.Fatalf("m=%d p=%d k=%d: c[%d,%d] = %v, want %v", m, p, k, i, j, got, want)
						}
					}
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

func BenchmarkMul(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for _, s := range [][3]int{{40, 40, 40}, {1600, 8, 1600}} {
		m, p, k := s[0], s[1], s[2]
		x, y, z := random(rnd, m*k), random(rnd, k*p), make([]float64, m*p)
		for _, kern := range []struct {
			name string
			mul  func(m, p, k int, a []float64, lda int, b []float64, ldb int, c []float64, ldc int)
		}{{"dispatched", Mul}, {"go", mulGo}} {
			b.Run(fmt.Sprintf("%dx%dx%d/%s", m, p, k, kern.name), func(b *testing.B) {
				for b.Loop() {
					kern.mul(m, p, k, x, k, y, p, z, p)
				}
				b.ReportMetric(2*float64(m*p*k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFlop/s")
			})
		}
	}
}
