package jacobi

import "math"

// Eigen returns the eigenvalues in increasing order and the eigenvectors, as
// columns, of the leading d x d block of s, by Jacobi's rotations.
func Eigen(s [3][3]float64, d int) (values [3]float64, vectors [3][3]float64) {
	for i := range d {
		vectors[i][i] = 1
	}
	const sweeps = 30
	for range sweeps {
		var off float64
		for p := range d {
			for q := p + 1; q < d; q++ {
				off += math.Abs(s[p][q])
				if s[p][q] == 0 {
					continue
				}
				theta := (s[q][q] - s[p][p]) / (2 * s[p][q])
				t := math.Copysign(1, theta) / (math.Abs(theta) + math.Hypot(1, theta))
				c := 1 / math.Hypot(1, t)
				sn := t * c
				for k := range d {
					a, b := s[k][p], s[k][q]
					s[k][p], s[k][q] = c*a-sn*b, sn*a+c*b
				}
				for k := range d {
					a, b := s[p][k], s[q][k]
					s[p][k], s[q][k] = c*a-sn*b, sn*a+c*b
					a, b = vectors[k][p], vectors[k][q]
					vectors[k][p], vectors[k][q] = c*a-sn*b, sn*a+c*b
				}
			}
		}
		if off == 0 {
			break
		}
	}
	for i := range d {
		values[i] = s[i][i]
	}
	for i := range d { // selection sort of at most three
		for j := i + 1; j < d; j++ {
			if values[j] < values[i] {
				values[i], values[j] = values[j], values[i]
				for k := range d {
					vectors[k][i], vectors[k][j] = vectors[k][j], vectors[k][i]
				}
			}
		}
	}
	return values, vectors
}

// RootTo stores the symmetric root of the leading d x d block of s, positive semidefinite but for rounding, entry i of column k
// in dst[k*d+i].
func RootTo(dst []float64, s [3][3]float64, d int) {
	values, vectors := Eigen(s, d)
	clear(dst[:d*d])
	for j := range d {
		root := math.Sqrt(max(0, values[j]))
		for k := range d {
			for i := range d {
				dst[k*d+i] += root * vectors[k][j] * vectors[i][j]
			}
		}
	}
}
