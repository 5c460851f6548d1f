package krylov

import (
	"math"

	"kolmo/internal/kernel"
)

// taylorRadius is the 1-norm up to which a Taylor polynomial of degree 16 is e^A to rounding.
const taylorRadius = 0.78

// exponential returns e^A of an n x n row-major matrix without entries above the diagonal next
// to the main one, as a transposed Hessenberg matrix, n a multiple of four. It scales and
// squares with the Taylor polynomial of degree 16 in A^4 (Paterson and Stockmeyer 1973): six
// products of half the cost and one per squaring. The result lies in work, of
// length 5 n^2, and A is overwritten. The error is some 1e-16 |A| where |e^{sA}| does not grow.
func exponential(a []float64, n int, work []float64) []float64 {
	squarings := 0
	for s := norm1(a, n); s > taylorRadius && squarings < maxSquarings; s /= 2 {
		squarings++
	}
	scale := math.Ldexp(1, -squarings)
	var p [5][]float64 // A, A^2, A^3, A^4
	p[1] = a
	for k := range 3 {
		p[k+2] = work[k*n*n : (k+1)*n*n]
	}
	e, f := work[3*n*n:4*n*n], work[4*n*n:5*n*n]
	for i := range a {
		a[i] *= scale
	}
	mulLower(p[2], p[1], p[1], n, 1)
	mulLower(p[3], p[1], p[2], n, 1)
	mulLower(p[4], p[2], p[2], n, 2)
	var c [17]float64
	c[0] = 1
	for k := 1; k < len(c); k++ {
		c[k] = c[k-1] / float64(k)
	}
	// e = (((c16 A^4 + q3) A^4 + q2) A^4 + q1) A^4 + q0, q_j = sum_{k<4} c[4j+k] A^k.
	for i, v := range p[4] {
		e[i] = c[16] * v
	}
	for j := 3; j >= 0; j-- {
		if j < 3 {
			mulLower(f, p[4], e, n, 4)
			e, f = f, e
		}
		q := c[4*j : 4*j+4]
		p1, p2, p3 := p[1][:len(e)], p[2][:len(e)], p[3][:len(e)]
		for i := range e {
			e[i] += q[1]*p1[i] + q[2]*p2[i] + q[3]*p3[i]
		}
		for i := range n {
			e[i*n+i] += q[0]
		}
	}
	for range squarings {
		kernel.Mul(n, n, n, e, n, e, n, f, n)
		e, f = f, e
	}
	return e
}

// mulLower stores x y in dst for an x with the given number of diagonals above the main one.
func mulLower(dst, x, y []float64, n, above int) {
	const rows = 16
	for r := 0; r < n; r += rows {
		count := min(rows, n-r)
		kernel.Mul(count, n, min(n, r+count+above), x[r*n:], n, y, n, dst[r*n:], n)
	}
}

// maxSquarings bounds the squarings where A is not finite.
const maxSquarings = 60

// norm1 returns the largest sum of sizes in a column.
func norm1(a []float64, n int) float64 {
	sums := make([]float64, n)
	for i := range n {
		for j, v := range a[i*n : (i+1)*n] {
			sums[j] += math.Abs(v)
		}
	}
	return kernel.MaxAbs(sums)
}
