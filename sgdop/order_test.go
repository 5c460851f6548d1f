package sgdop

import (
	"fmt"
	"math"
	"testing"

	"kolmo/grid"
)

// Order of one application of S in h, in both regimes: where images
// are many nodes away, degree + 1; where they are much nearer than h, degree,
// with a small factor. The error is taken inside, over the images' whole range of
// positions between nodes.
func TestInterpolationOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		d, degree int
		near      bool
		nodes     []int
		tol       float64
	}{
		{1, 3, false, []int{161, 227, 321, 453, 641}, 0.15},
		{1, 5, false, []int{113, 161, 227, 321, 453}, 0.15},
		{1, 7, false, []int{61, 81, 107, 141, 187}, 0.15},
		{1, 3, true, []int{41, 57, 81, 113, 161}, 0.15},
		{1, 5, true, []int{41, 57, 81, 113, 161}, 0.15},
		{1, 7, true, []int{29, 41, 57, 73, 89}, 0.2},
		{1, 9, false, []int{41, 49, 57, 67, 81}, 0.2},
		{1, 11, false, []int{33, 37, 43, 49, 57}, 0.25},
		{1, 9, true, []int{19, 23, 27, 33, 39}, 0.3},
		{2, 3, false, []int{101, 121, 141, 171, 201}, 0.15},
		{2, 3, true, []int{31, 41, 51, 61, 81}, 0.15},
		{2, 7, true, []int{25, 31, 37, 43, 49}, 0.15},
	} {
		name := fmt.Sprintf("%dd/degree-%d/far", c.d, c.degree)
		eta, theory := 0.25, float64(c.degree+1)
		if c.near {
			name = fmt.Sprintf("%dd/degree-%d/near", c.d, c.degree)
			eta, theory = 1e-5, float64(c.degree)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const half = 2.0
			o := curved(c.d)
			phi := func(x []float64) float64 {
				s := 0.5
				for k, v := range x {
					s += 3 * v / float64(k+1)
				}
				return math.Cos(s)
			}
			var h, errs []float64
			for _, n := range c.nodes {
				g := cube(t, grid.KindUniform, c.d, half, n)
				s := assemble(t, g, o, eta, c.degree+1)
				u, v := sample(g, phi), make([]float64, g.Len())
				s.ApplyTo(v, u)
				worst, x := 0.0, make([]float64, c.d)
				for i := range v {
					g.PointTo(x, i)
					if math.Hypot(x[0], x[c.d-1]) > 1.4 {
						continue
					}
					worst = max(worst, math.Abs(v[i]-enumerate(o, eta, 1, phi, x)))
				}
				h, errs = append(h, 2*half/float64(n-1)), append(errs, worst)
			}
			p := slope(h, errs)
			t.Logf("order %.3f, errors %.3g", p, errs)
			if math.Abs(p-theory) > c.tol {
				t.Errorf("order %.3f, want %v; errors %.3g", p, theory, errs)
			}
		})
	}
}
