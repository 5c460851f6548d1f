package exit

import (
	"math"

	"kolmo/compare"
	"kolmo/process"
)

// OfModel returns the mean time in which a diffusion on the line leaves an interval: L T = -1,
// T = 0 at both ends. Its equation is that of a flux,
//
//	(psi T')' = -2 psi/a,   (ln psi)' = 2 b/a.
//
// Scharfetter and Gummel's differences for it on equal cells are exact on a cell where b and a
// are constant, and of second order where they vary. Where layers are thinner than cells they are
// of first order, as for the flow alone. thick is the largest |2 b/a| h: layers have cells where it is small. why says that there is no
// time where the noise vanishes.
func OfModel(coefficients func(x []float64) (b, a []float64), at *Place, cells int) (t, thick float64, why string) {
	h := (at.Hi - at.Lo) / float64(cells)
	x := make([]float64, 2*cells+1) // nodes and the middles between them
	for i := range x {
		x[i] = at.Lo + h/2*float64(i)
	}
	b, a := coefficients(x)
	for i := range x {
		if a == nil || !(a[i] > 0) {
			return math.NaN(), math.Inf(1), compare.Say("its noise vanishes at x = %.4g, and with it the meaning of a face that absorbs", x[i])
		}
	}
	slope := func(i int) float64 {
		if b == nil {
			return 0
		}
		return 2 * b[i] / a[i]
	}
	n := cells - 1
	c := newBand(n, 1)
	for k := range n {
		i := 2 * (k + 1)
		up, down := bernoulli(-h*slope(i+1)), bernoulli(h*slope(i-1))
		row, sum := c.row(k), up+down
		c.wait[k] = 2 * h * h / a[i] / sum
		if k > 0 {
			row[0] = down / sum
		} else {
			c.out[k] += down / sum
		}
		if k < n-1 {
			row[2] = up / sum
		} else {
			c.out[k] += up / sum
		}
	}
	c.solve()
	mean := make([]float64, cells+1)
	copy(mean[1:], c.mean)
	for i := range x {
		thick = math.Max(thick, h*math.Abs(slope(i)))
	}
	return at.smooth(mean), thick, ""
}

// smooth returns the value at the point of a smooth field on the ends of equal cells, by the cubic through four of them:
// the error of a straight line would depend on where in its cell the point lies, and not fall regularly.
func (at *Place) smooth(mean []float64) float64 {
	first, w := cubic((at.X-at.Lo)/(at.Hi-at.Lo)*float64(len(mean)-1), len(mean))
	sum := 0.0
	for i, w := range w {
		if w != 0 { // 0 times infinity is none
			sum += w * mean[first+i]
		}
	}
	return sum
}

// cubic returns the first of four of n nodes 0, 1, .. about s, and the weights of the cubic through them.
func cubic(s float64, n int) (first int, w [4]float64) {
	first = min(max(int(s)-1, 0), n-4)
	for i := range w {
		w[i] = 1
		for j := range w {
			if j != i {
				w[i] *= (s - float64(first+j)) / float64(i-j)
			}
		}
	}
	return first, w
}

// bernoulli returns z/(e^z - 1).
func bernoulli(z float64) float64 {
	if z == 0 {
		return 1
	}
	return z / math.Expm1(z)
}

// coefficients returns b and a of a model on the line.
func coefficients(d process.Dynamics, m *process.Diffusion, eta float64, workers int) func(x []float64) (b, a []float64) {
	return func(x []float64) (b, a []float64) {
		points := make([][]float64, len(x))
		for i := range x {
			points[i] = x[i : i+1]
		}
		c := m.Coefficients(d.At(points, workers), eta)
		return c.B[0], c.A[0][0]
	}
}
