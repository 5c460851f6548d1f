package assumptions

import (
	"testing"
)

func TestBallPoints(t *testing.T) {
	t.Parallel()
	for d := 1; d <= 3; d++ {
		center := []float64{1, 2, 3}[:d]
		n, onSphere := 0, 0
		ballPoints(center, 2, 1000, func(x []float64) bool {
			r := distance(x, center)
			if r > 2*(1+1e-15) {
				t.Errorf("d = %d: a point outside, |x - c| = %.17g", d, r)
			}
			if r > 2-1e-12 {
				onSphere++
			}
			n++
			return true
		})
		if n < 500 || n > 3000 || onSphere < 2 {
			t.Errorf("d = %d: %d points, %d on the sphere", d, n, onSphere)
		}
	}
}
