package assumptions

import (
	"math"
	"testing"
	"time"

	"kolmo/law"
)

// TestMaxImage compares with closed forms: for f = |x - xi|^2/2 the image is
// (1 - eta) x + eta xi.
func TestMaxImage(t *testing.T) {
	t.Parallel()
	for _, eta := range []float64{1. / 128, 0.25, 1.2, 1.5} {
		s, err := law.Discrete([]string{"xi"}, [][]float64{{-1}, {1}}, nil)
		v, at, _ := MaxImage(build(t, 1, "(x - xi)^2/2", s, err), []float64{0}, 2, eta)
		if want := math.Abs(1-eta)*2 + eta; math.Abs(v-want) > 1e-12 || math.Abs(math.Abs(at[0])-2) > 1e-12 {
			t.Errorf("d = 1, eta = %g: %.15g at %v, want %.15g", eta, v, at, want)
		}
		values := [][]float64{{0.2, 0.1, 0}, {-0.3, 0.7, 0.4}, {0.6, 0.1, 0.1}}
		s, err = law.Discrete([]string{"p", "q", "r"}, values, nil)
		for d, text := range map[int]string{2: "((x - p)^2 + (y - q)^2)/2", 3: "((x - p)^2 + (y - q)^2 + (z - r)^2)/2"} {
			// From center c the image is (1 - eta)(x - c) + eta (xi - c).
			c := []float64{0.5, -0.25, 0.125}[:d]
			far := 0.0
			for k := range 3 {
				var sum float64
				for i := range d {
					sum += math.Pow(values[k][i]-c[i], 2)
				}
				far = math.Max(far, math.Sqrt(sum))
			}
			v, _, k := MaxImage(build(t, d, text, s, err), c, 2, eta)
			if want := math.Abs(1-eta)*2 + eta*far; math.Abs(v-want) > 1e-9 || k != 1 {
				t.Errorf("d = %d, eta = %g: %.12g at sample %d, want %.12g", d, eta, v, k, want)
			}
		}
	}
	// A maximum inside the ball: image x - 2 x exp(-8 x^2) has |.| largest near 0.2.
	s, err := law.Discrete([]string{"xi"}, [][]float64{{1}}, nil)
	v, at, _ := MaxImage(build(t, 1, "-exp(-8*x^2)*xi", s, err), []float64{0}, 0.4, -0.4)
	best := 0.0
	for i := range 400001 {
		x := float64(i) * 1e-6
		best = math.Max(best, x+0.4*16*x*math.Exp(-8*x*x))
	}
	if math.Abs(v-best) > 1e-9 || math.Abs(at[0]) > 0.39 {
		t.Errorf("inside: %.12g at %v, want %.12g", v, at, best)
	}
}

func BenchmarkMaxImage(b *testing.B) {
	l := logistic(b, 100)
	for b.Loop() {
		start := time.Now()
		MaxImage(l, []float64{0, 0}, 4, 0.25)
		b.ReportMetric(time.Since(start).Seconds(), "s/search")
	}
}
