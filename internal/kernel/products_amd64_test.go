//go:build amd64 && !purego

package kernel

import (
	"math/rand/v2"
	"testing"
)

// AVX2 gives the bits of AVX-512.
func TestProductsByAVX2(t *testing.T) {
	t.Parallel()
	if !useAVX2 {
		t.Log("the processor has no AVX2")
		return
	}
	rnd := rand.New(rand.NewPCG(7, 6))
	for n := 4; n < 80; n += 4 {
		for terms := 1; terms <= MaxProducts; terms++ {
			p := &Products{Alpha: 0.7, Terms: terms}
			s := productsOf{n: n, alpha: 0.7, terms: terms}
			for i := range terms {
				p.A[i], p.X[i] = random(rnd, n), random(rnd, n)
				s.a[i], s.x[i] = &p.A[i][0], &p.X[i][0]
			}
			base, got, want := random(rnd, n), make([]float64, n+1), make([]float64, n)
			for _, from := range [][]float64{nil, base} {
				if s.dst, s.base = &got[0], nil; from != nil {
					s.base = &from[0]
				}
				productsAVX2(&s)
				p.fusedTo(want, from, 0)
				for i, v := range want {
					if got[i] != v {
						t.Fatalf("n=%d, %d terms: entry %d is %v, want %v", n, terms, i, got[i], v)
					}
				}
				if got[n] != 0 {
					t.Fatalf("n=%d: written beyond the end", n)
				}
			}
		}
	}
}
