package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// The fast kernels against sums written out; nothing is written beyond the ends.
func TestTallAgainstNaive(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(7, 7))
	for _, n := range []int{0, TallRows, 3 * TallRows} {
		for _, count := range []int{0, 1, 2, 5, 17} {
			ld := n + 3
			v, w, c := random(rnd, count*ld+n+1), random(rnd, n+1), random(rnd, count)
			want := append([]float64(nil), w...)
			for r := range count {
				for i := range n {
					want[i] -= c[r] * v[r*ld+i]
				}
			}
			SubTall(w[:n], v, ld, c)
			for i := range w {
				if math.Abs(w[i]-want[i]) > 1e-13 {
					t.Fatalf("n=%d count=%d: entry %d is %v, want %v", n, count, i, w[i], want[i])
				}
			}
			acc := make([]float64, DotLanes*count+1)
			for i := range acc {
				acc[i] = 3
			}
			AddDots(acc, v, ld, count, w[:n])
			for r := range count {
				sum := 3.0 * DotLanes
				for i := range n {
					sum += v[r*ld+i] * w[i]
				}
				if got := SumLanes(acc[r*DotLanes:]); math.Abs(got-sum) > 1e-11 {
					t.Fatalf("n=%d count=%d: product %d is %v, want %v", n, count, r, got, sum)
				}
			}
			if acc[DotLanes*count] != 3 {
				t.Fatalf("n=%d count=%d: written beyond the sums", n, count)
			}
		}
	}
}

// AVX2 and AVX-512 round alike, so that results do not tell which ran.
func TestTallSameBits(t *testing.T) {
	if !useTall512 {
		t.Log("no AVX-512: one kernel only, nothing to compare")
		return
	}
	t.Parallel()
	rnd := rand.New(rand.NewPCG(8, 8))
	const n, count = TallRows, 9
	v, c, w := random(rnd, n*count), random(rnd, count), random(rnd, n)
	x := append([]float64(nil), w...)
	subTall512(count, &v[0], n, &c[0], &w[0])
	subTallAVX2(count, &v[0], n, &c[0], &x[0])
	a, b := make([]float64, DotLanes*count), make([]float64, DotLanes*count)
	addDots512(count, &v[0], n, &w[0], &a[0])
	addDotsAVX2(count, &v[0], n, &x[0], &b[0])
	for i := range w {
		if w[i] != x[i] {
			t.Fatalf("entry %d: %v and %v", i, w[i], x[i])
		}
	}
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("partial sum %d: %v and %v", i, a[i], b[i])
		}
	}
}

func TestTallPanicsOnLengths(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(){
		"odd length": func() { SubTall(make([]float64, 63), make([]float64, 64), 64, make([]float64, 1)) },
		"few rows":   func() { SubTall(make([]float64, 64), make([]float64, 127), 64, make([]float64, 2)) },
		"few sums":   func() { AddDots(make([]float64, 15), make([]float64, 128), 64, 2, make([]float64, 64)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}

func BenchmarkTall(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for _, s := range [][2]int{{832, 34}, {1600, 34}, {1600, 68}, {8000, 60}} {
		n, count := s[0]/TallRows*TallRows, s[1]
		v, c, w := random(rnd, n*count), make([]float64, count), random(rnd, n)
		acc := make([]float64, DotLanes*count)
		b.Run(fmt.Sprintf("%dx%d", n, count), func(b *testing.B) {
			for b.Loop() {
				for i := 0; i < n; i += TallRows {
					SubTall(w[i:i+TallRows], v[i:], n, c)
					AddDots(acc, v[i:], n, count, w[i:i+TallRows])
				}
			}
			b.ReportMetric(4*float64(n*count)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFlop/s")
		})
	}
}
