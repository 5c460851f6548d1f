package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestLanesAgainstGo: the assembly does what plain Go does, to the last bit, at every
// length, and writes nowhere else.
func TestLanesAgainstGo(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(7, 8))
	for _, f := range []struct {
		name        string
		fast, plain func(dst, a, b, c []float64)
	}{
		{"plus", func(dst, a, b, _ []float64) { Plus(dst, a, b) }, func(dst, a, b, _ []float64) { plusGo(dst, a, b) }},
		{"minus", func(dst, a, b, _ []float64) { Minus(dst, a, b) }, func(dst, a, b, _ []float64) { minusGo(dst, a, b) }},
		{"times", func(dst, a, b, _ []float64) { Times(dst, a, b) }, func(dst, a, b, _ []float64) { timesGo(dst, a, b) }},
		{"addTimes", func(dst, a, b, _ []float64) { AddTimes(dst, a, b) }, func(dst, a, b, _ []float64) { addTimesGo(dst, a, b) }},
		{"times3", Times3, times3Go},
		{"addTimes3", AddTimes3, addTimes3Go},
	} {
		for n := range 70 {
			a, b, c := random(rnd, n), random(rnd, n), random(rnd, n)
			got := random(rnd, n+1)
			want := append([]float64(nil), got...)
			f.fast(got[:n], a, b, c)
			f.plain(want[:n], a, b, c)
			for i := range want {
				size := 1.0
				if i < n {
					size += math.Abs(a[i]*b[i]) * (1 + math.Abs(c[i]))
				}
				agree(t, f.name, float64(i), size, got[i], want[i])
			}
		}
	}
}

// TestDotAgainstGo: likewise, the sums.
func TestDotAgainstGo(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(9, 10))
	for n := range 70 {
		w, a, b := random(rnd, n), random(rnd, n), random(rnd, n)
		size := 1.0
		for i := range w {
			size += math.Abs(w[i]) * (2 + math.Abs(a[i])) * (2 + math.Abs(b[i]))
		}
		agree(t, "dot", float64(n), size, Dot(w, a), dotGo(new([four]float64), w, a))
		agree(t, "covariance", float64(n), size, Covariance(w, a, b, 0.5, -0.25), covarianceGo(new([four]float64), w, a, b, 0.5, -0.25))
	}
}

// TestLanesPanic: slices of different lengths are refused before anything is read.
func TestLanesPanic(t *testing.T) {
	t.Parallel()
	long, short := make([]float64, 8), make([]float64, 4)
	for i, f := range []func(){
		func() { Plus(long, long, short) }, func() { Minus(long, short, long) }, func() { Times(short, long, long) },
		func() { AddTimes(long, long, short) }, func() { Times3(long, long, long, short) }, func() { AddTimes3(long, long, long, short) },
		func() { Dot(long, short) }, func() { Covariance(long, long, short, 0, 0) },
		func() { Softplus(long, short, long, long) }, func() { Softplus(short, long, long, long) }, func() { Logistic(long, long, short, long) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("call %d: no panic", i)
				}
			}()
			f()
		}()
	}
}
