package assumptions

import (
	"math"
	"slices"

	"kolmo/internal/interval"
	"kolmo/internal/jacobi"
)

// curvatureBound bounds the smallest eigenvalue of hess f.
//
// Over a region with middle m, hess f(x(p)) lies in H(m) + sum_k (p_k - m_k) D_k
// with interval matrices D_k of derivatives. The smallest eigenvalue is a concave
// function of the matrix, so that over matrices with D_k fixed it is least at a
// corner; what the D_k are wide is charged by Weyl's inequality. The error of the
// bound falls as the square of the region's size.
type curvatureBound struct{}

var (
	_ bounder = curvatureBound{}
	_ bounder = goal(nil)
)

// matrix is a symmetric interval matrix.
type matrix [3][3]interval.Interval

func (curvatureBound) bound(p *prover, q *piece) (high float64, at region) {
	c := newChart(p.center, q.at)
	e := p.expected(&c, 3)
	natural := matrix(e.h)
	low := natural.smallest(p.d)
	at = q.at.middle(p.d)
	mc := newChart(p.center, at)
	middle := p.expected(&mc, 2)
	high = matrix(middle.h).rayleigh(p.d)

	_, h := e.duals(&c, p.d)
	var slope [3][3][3]float64 // slope[k]: the middle of D_k
	var rest float64           // what is left of sum_k |p_k - m_k| |D_k - slope_k|
	widest := -1.0
	var half [3]float64
	for k := range p.d {
		half[k] = q.at[k].Radius(at[k].Lo)
		var norm, wide float64
		for i := range p.d {
			var row, off float64
			for j := range p.d {
				slope[k][i][j] = h[i][j].d[k].Mid()
				row += h[i][j].d[k].Mag()
				off += h[i][j].d[k].Radius(slope[k][i][j])
			}
			norm, wide = max(norm, row), max(wide, off)
		}
		if q.at[k].IsPoint() {
			half[k] = 0
			continue
		}
		rest += half[k] * wide
		s := norm * half[k]
		if !finite(s) || s == 0 {
			s = half[k] / q.domain[k].Width() * math.MaxFloat64 / 2
		}
		if s > widest {
			widest, q.axis = s, k
		}
	}
	rest *= 1 + 1e-12 // the sums above are rounded to nearest
	if finite(rest) {
		corner := math.Inf(1)
		for s := range 1 << p.d {
			m := matrix(middle.h)
			for k := range p.d {
				step := half[k]
				if s&(1<<k) != 0 {
					step = -step
				}
				for i := range p.d {
					for j := range p.d {
						m[i][j] = m[i][j].Add(interval.Point(slope[k][i][j]).Scale(step))
					}
				}
			}
			corner = min(corner, m.smallest(p.d))
		}
		low = max(low, interval.Point(corner).Sub(interval.Point(rest)).Lo)
	}
	q.low = max(q.low, low)
	return high, at
}

// smallest returns a lower bound of the smallest eigenvalue of the matrices: that of the
// middle one less the radius, or, where that is lost in the rounding of much larger
// eigenvalues, a shift that leaves them positive definite.
func (m matrix) smallest(d int) float64 {
	var mid [3][3]float64
	var radius float64
	for i := range d {
		row := interval.Interval{}
		for j := range d {
			mid[i][j] = m[min(i, j)][max(i, j)].Mid()
			if math.IsNaN(mid[i][j]) {
				return math.Inf(-1)
			}
			row = row.Add(interval.Point(m[min(i, j)][max(i, j)].Radius(mid[i][j])))
		}
		radius = max(radius, row.Hi)
	}
	if d == 1 {
		return m[0][0].Lo
	}
	value := smallestEigenvalue(mid, d)
	low := math.Inf(-1)
	if d == 2 {
		a, b, c := interval.Point(mid[0][0]), interval.Point(mid[0][1]), interval.Point(mid[1][1])
		low = a.Add(c).Scale(0.5).Sub(interval.Hypot(a.Sub(c).Scale(0.5), b)).Lo
	} else {
		var scale float64
		var points matrix
		for i := range d {
			for j := range d {
				scale = max(scale, math.Abs(mid[i][j]))
				points[i][j] = interval.Point(mid[i][j])
			}
		}
		if scale == 0 {
			low = 0
		}
		low = max(low, points.shifted(d, value, 1e-13*scale, 10*scale, 100))
	}
	low = interval.Point(low).Sub(interval.Point(radius)).Lo
	const lost = 1e-7 // of the eigenvalue, below the tolerance of its proof
	if value > 0 && low < value-lost*value {
		low = max(low, m.shifted(d, value, 1e-8*value, value, 1e4))
	}
	return low
}

// shifted returns the largest value - less for which the matrices shifted by it are verified
// to be positive definite, with less from the first to the last, each so many times the
// one before; -Inf if there is none.
func (m matrix) shifted(d int, value, first, last, times float64) float64 {
	for less := first; less <= last && less > 0; less *= times {
		if shift := value - less; m.positiveDefinite(d, shift) {
			return shift
		}
	}
	return math.Inf(-1)
}

// positiveDefinite reports that m - shift I is verified to be positive definite: it has,
// in interval arithmetic, an L D L^T decomposition with D > 0.
func (m matrix) positiveDefinite(d int, shift float64) bool {
	for i := range d {
		m[i][i] = m[i][i].Sub(interval.Point(shift))
	}
	for k := range d {
		if !(m[k][k].Lo > 0) {
			return false
		}
		for i := k + 1; i < d; i++ {
			for j := i; j < d; j++ {
				s := m[k][i].Mul(m[k][j])
				if i == j {
					s = m[k][i].Sqr()
				}
				m[i][j] = m[i][j].Sub(s.Div(m[k][k]))
			}
		}
	}
	return true
}

// rayleigh returns an upper bound of the smallest eigenvalue of a matrix that is
// known up to rounding: v.M v/v.v for an approximate eigenvector v.
func (m matrix) rayleigh(d int) float64 {
	var mid [3][3]float64
	for i := range d {
		for j := range d {
			if mid[i][j] = m[i][j].Mid(); math.IsNaN(mid[i][j]) {
				return math.Inf(1)
			}
		}
	}
	values, vectors := jacobi.Eigen(mid, d)
	least := 0
	for i := range d {
		if values[i] < values[least] {
			least = i
		}
	}
	var top, bottom interval.Interval
	for i := range d {
		v := interval.Point(vectors[i][least])
		bottom = bottom.Add(v.Sqr())
		for j := range d {
			top = top.Add(m[i][j].Mul(v).Mul(interval.Point(vectors[j][least])))
		}
	}
	return top.Div(bottom).Hi
}

// smallestEigenvalue returns the smallest eigenvalue of a symmetric matrix of
// order d.
func smallestEigenvalue(a [3][3]float64, d int) float64 {
	switch d {
	case 1:
		return a[0][0]
	case 2:
		mean, off := (a[0][0]+a[1][1])/2, math.Hypot((a[0][0]-a[1][1])/2, a[0][1])
		if mean > 0 {
			// The difference of two large numbers may be all rounding.
			return (a[0][0]*a[1][1] - a[0][1]*a[0][1]) / (mean + off)
		}
		return mean - off
	}
	values, _ := jacobi.Eigen(a, d)
	return slices.Min(values[:])
}
