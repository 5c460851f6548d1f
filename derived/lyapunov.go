package derived

import (
	"fmt"
	"math"

	"kolmo/internal/jacobi"
)

// eliminate solves a linear system whose right-hand side is the last column, by Gauss's
// elimination; false if it is singular. It overwrites a.
func eliminate(a [][]float64) ([]float64, bool) {
	n := len(a)
	for k := range n {
		p := k
		for i := k; i < n; i++ {
			if math.Abs(a[i][k]) > math.Abs(a[p][k]) {
				p = i
			}
		}
		if a[k], a[p] = a[p], a[k]; a[k][k] == 0 {
			return nil, false
		}
		for i := range n {
			if i == k || a[i][k] == 0 {
				continue
			}
			f := a[i][k] / a[k][k]
			for j := k; j <= n; j++ {
				a[i][j] -= f * a[k][j]
			}
		}
	}
	x := make([]float64, n)
	for k := range x {
		if x[k] = a[k][n] / a[k][k]; x[k]-x[k] != 0 {
			return nil, false
		}
	}
	return x, true
}

// Lyapunov returns P of A^T P + P A = -I, row by row, with the Jacobian A of m12 at its point of
// rest in |z - center| <= R. These are of the coordinates that belong to the ball; the others are
// held at the middle of where they start. The error says why there is none.
func Lyapunov(alg Algorithm, center []float64, R float64) ([]float64, error) {
	m, ok := restFrom(alg, center, R)
	if !ok {
		return nil, fmt.Errorf("no point of rest of the drift was found in the ball from its center, and there is no Lyapunov metric")
	}
	p, ok := m.lyapunov(len(center))
	if !ok {
		return nil, fmt.Errorf("the drift is not drawn to its point of rest, and there is no Lyapunov metric")
	}
	return p, nil
}

// lyapunov returns the P of Lyapunov in d coordinates; false where it is not positive definite,
// that is, where the drift is not drawn to its point of rest.
func (m *Moments) lyapunov(d int) ([]float64, bool) {
	// Unknown P_kl at place k d + l.
	a := make([][]float64, d*d)
	for k := range d {
		for l := range d {
			row := make([]float64, d*d+1)
			for j := range d {
				row[j*d+l] += m.D12[j][k]
				row[k*d+j] += m.D12[j][l]
			}
			if k == l {
				row[d*d] = -1
			}
			a[k*d+l] = row
		}
	}
	p, ok := eliminate(a)
	if ok {
		var q Matrix
		for k := range d {
			for l := range k + 1 {
				v := (p[k*d+l] + p[l*d+k]) / 2
				p[k*d+l], p[l*d+k], q[k][l], q[l][k] = v, v, v, v
			}
		}
		values, _ := jacobi.Eigen(q, d)
		for _, v := range values[:d] {
			ok = ok && v > 0
		}
	}
	return p, ok
}

// Approaches reports whether the limit's drift brings points near its point of rest together
// in the Euclidean metric; true where no such point is found in |z - center| <= R.
func Approaches(alg Algorithm, center []float64, R float64) bool {
	m, ok := restFrom(alg, center, R)
	if !ok {
		return true
	}
	d := len(center)
	var s Matrix
	size := 0.0
	for k := range d {
		for l := range d {
			s[k][l] = -(m.D12[k][l] + m.D12[l][k]) / 2
			size = max(size, math.Abs(m.D12[k][l]))
		}
	}
	values, _ := jacobi.Eigen(s, d)
	for _, v := range values[:d] {
		ok = ok && v > 1e-8*size
	}
	return ok
}
