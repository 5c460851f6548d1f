package krylov

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// The small exponential against gonum's, for norms from 0 to 2000.
func TestExponentialAgainstGonum(t *testing.T) {
	t.Parallel()
	for _, n := range []int{4, 12, 40} {
		for _, scale := range []float64{0, 1e-3, 0.1, 1, 20} {
			a := mat.NewDense(n, n, nil)
			for i := range n {
				for j := range n {
					if j <= i+1 {
						a.Set(i, j, scale*math.Sin(float64(3*i+7*j)))
					}
				}
				a.Set(i, i, a.At(i, i)-2*scale*float64(n))
			}
			var want mat.Dense
			want.Exp(a)
			size := max(1, norm1(a.RawMatrix().Data, n))
			got := exponential(a.RawMatrix().Data, n, make([]float64, 5*n*n))
			for i, v := range got {
				if math.Abs(v-want.RawMatrix().Data[i]) > 1e-15*size*8 {
					t.Fatalf("n=%d scale=%g: entry %d is %v, want %v", n, scale, i, v, want.RawMatrix().Data[i])
				}
			}
		}
	}
}
