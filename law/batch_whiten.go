package law

import (
	"math"

	"kolmo/internal/jacobi"
)

// Relative sizes of variances: below the first the Cholesky factor gives way to
// eigenvectors, below the second a direction is taken to be without noise, as it
// is if the variance is within rounding of the gradients.
const (
	choleskyLimit = 1e-8
	rankLimit     = 1e-13
	roundingLimit = 1e-28
)

// whiten sets the mean and the coordinates in which the batch law has the unit
// covariance, and returns the rank. The Cholesky factor is smooth in x.
func (w *matchWork) whiten(prob, grads []float64) int {
	d := w.c.d
	w.mean = [3]float64{}
	for k, p := range prob {
		for i := range d {
			w.mean[i] += p * grads[k*d+i]
		}
	}
	var s [3][3]float64
	var rest [3]float64
	var size float64
	for k, p := range prob {
		var c [3]float64
		for i := range d {
			c[i] = grads[k*d+i] - w.mean[i]
			rest[i] += p * c[i]
			size = max(size, math.Abs(grads[k*d+i]))
		}
		for i := range d {
			for j := range i + 1 {
				s[i][j] += p * c[i] * c[j]
			}
		}
	}
	var trace float64
	for i := range d {
		for j := range i + 1 {
			s[i][j] = w.k.c[2] * (s[i][j] - rest[i]*rest[j])
			s[j][i] = s[i][j]
		}
		trace += s[i][i]
	}
	for i := range d {
		w.mean[i] += rest[i]
	}
	w.white, w.back = [3][3]float64{}, [3][3]float64{}
	floor := roundingLimit * w.k.c[2] * size * size
	if !(trace > floor) {
		return 0
	}
	if w.cholesky(&s, choleskyLimit*trace) {
		return d
	}
	values, vectors := jacobi.Eigen(s, d)
	r := 0
	for j := d - 1; j >= 0; j-- {
		if values[j] > max(rankLimit*trace, floor) {
			root := math.Sqrt(values[j])
			for i := range d {
				w.back[i][r] = vectors[i][j] * root
				w.white[r][i] = vectors[i][j] / root
			}
			r++
		}
	}
	return r
}

// cholesky sets back to the factor of s and white to its inverse; it returns
// false if a squared pivot is not larger than limit.
func (w *matchWork) cholesky(s *[3][3]float64, limit float64) bool {
	d := w.c.d
	l := &w.back
	for i := range d {
		for j := range i + 1 {
			v := s[i][j]
			for k := range j {
				v -= l[i][k] * l[j][k]
			}
			if i == j {
				if !(v > limit) {
					*l = [3][3]float64{}
					return false
				}
				l[i][i] = math.Sqrt(v)
			} else {
				l[i][j] = v / l[j][j]
			}
		}
	}
	for j := range d {
		w.white[j][j] = 1 / l[j][j]
		for i := j + 1; i < d; i++ {
			var v float64
			for k := j; k < i; k++ {
				v -= l[i][k] * w.white[k][j]
			}
			w.white[i][j] = v / l[i][i]
		}
	}
	return true
}
