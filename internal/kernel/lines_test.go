package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// DotLines is DotTensor to rounding, for its own windows and others, and reads nothing beyond.
func TestDotLines(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	random := func(n int) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = rnd.NormFloat64()
		}
		return v
	}
	for _, n := range [][3]int{{8, 8, 8}, {12, 12, 12}, {8, 2, 1}, {12, 4, 3}, {8, 6, 5}, {8, 3, 2}, {10, 10, 10}, {1, 2, 2}} {
		for _, gap := range []int{0, 3} {
			s2 := n[0] + gap
			s3 := s2*n[1] + gap
			u := random(n[0] + (n[1]-1)*s2 + (n[2]-1)*s3)
			w1, w2, w3 := random(n[0]), random(n[1]), random(n[2])
			got, want := DotLines(u, s2, s3, w1, w2, w3), dotTensorGo(u, s2, s3, w1, w2, w3)
			size := 0.0
			for k := range w3 {
				for j := range w2 {
					for i := range w1 {
						size += math.Abs(w1[i] * w2[j] * w3[k] * u[i+j*s2+k*s3])
					}
				}
			}
			if math.Abs(got-want) > 1e-14*size {
				t.Errorf("%v, strides %d and %d: %v, want %v", n, s2, s3, got, want)
			}
			if n[0] == 8 && len(u) > 1 {
				func() {
					defer func() {
						if recover() == nil {
							t.Errorf("%v: a field that is too short passes", n)
						}
					}()
					DotLines(u[:len(u)-1], s2, s3, w1, w2, w3)
				}()
			}
		}
	}
}

func BenchmarkDotLines(b *testing.B) {
	for _, n := range []int{8, 12} {
		const side = 60
		u, w := make([]float64, side*side*side), make([]float64, n)
		for name, dot := range map[string]func([]float64, int, int, []float64, []float64, []float64) float64{"lines": DotLines, "tensor": DotTensor} {
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) {
				at := 0
				for b.Loop() {
					at = (at + 7919) % (len(u) - n*side*side)
					dot(u[at:], side, side*side, w, w, w)
				}
			})
		}
	}
}
