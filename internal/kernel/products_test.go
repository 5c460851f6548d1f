package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The fast kernels against the plain one and, with fused additions, against themselves on
// single entries, for every number of terms and length of tail, with and without a base and
// in place; nothing is written beyond the end.
func TestProductsAgainstGo(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(6, 6))
	for n := range 80 {
		for terms := range MaxProducts + 1 {
			p := &Products{Alpha: 0.7}
			for range terms {
				p.Add(random(rnd, n), random(rnd, n))
			}
			base := random(rnd, n)
			for _, from := range [][]float64{nil, base} {
				want, fused := make([]float64, n), make([]float64, n)
				p.plainTo(want, from)
				p.fusedTo(fused, from, 0)
				got := random(rnd, n+2)
				ends := [2]float64{got[n], got[n+1]}
				if from != nil {
					copy(got, from)
					from = got[:n]
				}
				p.AddTo(got[:n], from)
				for i, v := range want {
					if math.Abs(got[i]-v) > 1e-14 {
						t.Fatalf("n=%d, %d terms: entry %d is %v, want %v", n, terms, i, got[i], v)
					}
					if useAVX2 && terms > 0 && got[i] != fused[i] {
						t.Fatalf("n=%d, %d terms: entry %d is %v, fused %v", n, terms, i, got[i], fused[i])
					}
				}
				if ends != [2]float64{got[n], got[n+1]} {
					t.Fatalf("n=%d, %d terms: written beyond the end", n, terms)
				}
			}
		}
	}
}
