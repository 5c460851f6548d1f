package grid

import (
	"math"
	"testing"
)

// A polynomial's field, interpolated, is the polynomial.
func TestSampleAndValue(t *testing.T) {
	t.Parallel()
	g, err := Box(KindUniform, []int{5, 4, 6}, []float64{1, 0, -1}, 2)
	if err != nil {
		t.Fatal(err)
	}
	f := func(x []float64) float64 { return x[0]*x[0]*x[0] - 2*x[1]*x[2]*x[2] + x[0] }
	at := []float64{0.3, -1.7, 0.9}
	if got, want := g.Value(g.Sample(f), at), f(at); math.Abs(got-want) > 1e-12 {
		t.Errorf("%.15g, want %.15g", got, want)
	}
}
