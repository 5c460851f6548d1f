package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// MaxAbs finds the largest size wherever it stands, infinities too, and NaN above all.
func TestMaxAbs(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for n := range 40 {
		v := make([]float64, n)
		for i := range v {
			v[i] = rnd.NormFloat64()
		}
		want := 0.0
		for _, x := range v {
			want = max(want, math.Abs(x))
		}
		if got := MaxAbs(v); got != want {
			t.Errorf("%d numbers: %v, want %v", n, got, want)
		}
		for i := range v {
			for _, x := range []float64{-50, 50, math.Inf(-1), math.Inf(1), math.NaN()} {
				was := v[i]
				v[i] = x
				if got := MaxAbs(v); got != math.Abs(x) && !(math.IsNaN(got) && math.IsNaN(x)) {
					t.Errorf("%v at %d of %d: %v", x, i, n, got)
				}
				v[i] = was
			}
		}
	}
	if got := MaxAbs([]float64{math.Inf(1), math.NaN(), 1}); !math.IsNaN(got) {
		t.Errorf("NaN beside infinity: %v", got)
	}
}

func BenchmarkMaxAbs(b *testing.B) {
	v := make([]float64, 2304)
	for i := range v {
		v[i] = float64(i % 17)
	}
	b.SetBytes(8 * int64(len(v)))
	for b.Loop() {
		MaxAbs(v)
	}
}
