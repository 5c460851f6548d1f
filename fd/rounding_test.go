package fd_test

import (
	"math"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
)

// What rounding does to spectral derivatives of a function of size one, resolved
// to the last digit by 16 nodes: the largest row, at the ends, has the sum of sizes
// N^(2m)/(2m-1)!!, N = n-1, and errs by at most three roundings of that; on the
// inner half of the nodes the error is some roundings times N^m.
func TestCollocationRounding(t *testing.T) {
	t.Parallel()
	const unit = 0x1p-53
	odd := 1.0 // (2m-1)!!
	for m := 1; m <= fd.MaxDerivative; m++ {
		odd *= float64(2*m - 1)
		for _, n := range []int{24, 32, 48, 64, 96, 128, 192, 256} {
			f, exact := wave(1, m)
			a := newAxis(t, grid.KindChebyshev, n, -1, 1)
			ends, _ := derivativeError(t, a, m, fd.FullWidth, 0, f, exact)
			inner, _ := derivativeError(t, a, m, fd.FullWidth, n/4, f, exact)
			size := math.Pow(float64(n-1), 2*float64(m)) / odd
			t.Logf("m=%d n=%d: %.1e, %.2g roundings of the row; inner half %.1e", m, n, ends, ends/(unit*size), inner)
			if row := absSum(rowOf(derivative(t, a, m, fd.FullWidth), 0)); !(math.Abs(row/size-1) <= 0.05) {
				t.Errorf("derivative %d, %d nodes: row 0 has sizes %g, want %g", m, n, row, size)
			}
			if !(ends <= 3*unit*size) {
				t.Errorf("derivative %d, %d nodes: error %g, want %g", m, n, ends, 3*unit*size)
			}
			if want := 12 * unit * math.Pow(float64(n-1), float64(m)); !(inner <= want) {
				t.Errorf("derivative %d, %d nodes: error %g on the inner half, want %g", m, n, inner, want)
			}
		}
	}
}
