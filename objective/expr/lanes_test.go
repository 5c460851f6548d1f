package expr

import (
	"math"
	"testing"

	"kolmo/objective/expr/function"
)

// TestLaneKernels: kernels agree with the functions of their names, for ordinary,
// extreme and not finite arguments.
func TestLaneKernels(t *testing.T) {
	t.Parallel()
	u := []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 1e-300, -1e-300, 710, -710, -745, -746, 745, 1e300, -1e300, 0.8813735870195430, 0.8813735870195431}
	for k := range 20001 {
		x := float64(k-10000) / 10000
		u = append(u, 800*x*x*x, x)
	}
	v, d, dd := make([]float64, len(u)), make([]float64, len(u)), make([]float64, len(u))
	for name, kernel := range function.Lanes {
		f := function.Named(name)
		kernel(v, d, dd, u)
		for l, x := range u {
			want := f.Unary(x)
			for i, pair := range [3][2]float64{{v[l], want.V}, {d[l], want.D}, {dd[l], want.DD}} {
				got, want := pair[0], pair[1]
				if math.IsNaN(want) && math.IsNaN(got) || got == want {
					continue
				}
				tolerance := 4e-15 * math.Abs(want)
				if i == 2 && math.Abs(x) < 1 { // 1 - q cancels
					tolerance = 4e-16
				}
				if !(math.Abs(got-want) <= tolerance+1e-320) {
					t.Fatalf("%s, derivative %d at %g: %.17g, want %.17g", name, i, x, got, want)
				}
			}
		}
	}
}
