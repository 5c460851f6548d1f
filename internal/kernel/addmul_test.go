package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The fast kernel against the plain one, for every length of tail, and nothing
// written beyond the end.
func TestAddMulAgainstGo(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(5, 5))
	for n := range 40 {
		dst, a, x := random(rnd, n+2), random(rnd, n), random(rnd, n)
		want := append([]float64(nil), dst...)
		addMulGo(want[:n], 0.7, a, x)
		AddMul(dst[:n], 0.7, a, x)
		for i := range dst {
			if math.Abs(dst[i]-want[i]) > 1e-15*(1+math.Abs(want[i])) {
				t.Fatalf("n=%d: entry %d is %v, want %v", n, i, dst[i], want[i])
			}
		}
	}
}
