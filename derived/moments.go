package derived

import (
	"kolmo/grid"
	"kolmo/process"
)

// Vector and Matrix are of the state; only the leading entries are used.
type (
	Vector = [grid.MaxDim]float64
	Matrix = [grid.MaxDim][grid.MaxDim]float64
)

// Moments are those of a step at a point, in powers of eta; see the package. M12, M14 and
// so on are named by half the power's numerator: Mij is the coefficient of the i-th moment
// at eta^(j/2).
type Moments struct {
	M12, M14 Vector
	M22, M24 Matrix
	// D12 is the Jacobian of M12: D12[k][l] = d_l M12_k.
	D12 Matrix
	// L12 is (1/2) M22:hess M12 by components, and L22 is L0 M22; zero where M22 is
	// zero, or constant in the case of L22.
	L12 Vector
	L22 Matrix
}

// terms are the coefficients of b = B0 + eta B1 and of a = A0 + eta A1.
type terms struct {
	B0, B1 Vector
	A0, A1 Matrix
}

// terms returns those of weak order one or two in a state of d coordinates.
func (m *Moments) terms(d, order int) terms {
	t := terms{B0: m.M12, A0: m.M22}
	for k := range d {
		for l := range d {
			t.A1[k][l] = m.M24[k][l] - m.M12[k]*m.M12[l]
		}
	}
	if order < 2 {
		return t
	}
	for k := range d {
		t.B1[k] = m.M14[k] - m.L12[k]/2
		for l := range d {
			t.B1[k] -= m.D12[k][l] * m.M12[l] / 2
			t.A1[k][l] -= m.L22[k][l] / 2
			for j := range d {
				t.A1[k][l] -= (m.D12[k][j]*m.M22[j][l] + m.M22[k][j]*m.D12[l][j]) / 2
			}
		}
	}
	return t
}

// Diffusion returns drift and diffusion of weak order one or two at eta, in a state of d
// coordinates.
func (m *Moments) Diffusion(d, order int, eta float64) (b Vector, a Matrix) {
	t := m.terms(d, order)
	for k := range d {
		b[k] = t.B0[k] + eta*t.B1[k]
		for l := range d {
			a[k][l] = t.A0[k][l] + eta*t.A1[k][l]
		}
	}
	return b, a
}

// Algorithm returns what the dynamics is of.
func (d *Dynamics) Algorithm() Algorithm { return d.alg }

// Push takes drift and diffusion of the state at q to the chart, with noise that ends as
// that of the dynamics' own diffusions.
func (d *Dynamics) Push(b *Vector, a *Matrix, q []float64) {
	z := make([]float64, len(q))
	d.chart.toState(z, q)
	j := d.chart.jetAt(z)
	left := d.NoiseLeft(q)
	share := left * left
	drift := d.chart.pushDrift(j, b)
	noise, ito := d.chart.pushDiffusion(j, a)
	for k := range drift {
		drift[k] += share * ito[k]
		for l := range drift {
			noise[k][l] *= share
		}
	}
	*b, *a = drift, noise
}

// ToRanges reports that the noise of a dynamics' diffusions acts up to the faces of ball and ranges.
func ToRanges(d *Dynamics) bool { return d.faces && d.state.Ranges != nil }

// NoiseLeft returns by what columns of the noise of diffusions end at q, 1 in the region.
func (d *Dynamics) NoiseLeft(q []float64) float64 {
	if ToRanges(d) {
		return 1
	}
	return cutoff(d.ends).At([]float64{d.chart.radius(q)})
}

// NoiseRadius is the half-width of the box in which the noise of diffusions ends, or up to which it acts.
func (d *Dynamics) NoiseRadius() float64 {
	if ToRanges(d) {
		return d.chart.far(d.chart.r)
	}
	return d.chart.far(d.ends[1])
}

// thirdEta is the eta at which a step's third moments are looked at; they are those of
// the limit up to its order.
const thirdEta = 1e-3

// ThirdMoments implements process.Dynamics, by the images of a step at a small eta.
func (d *Dynamics) ThirdMoments(x [][]float64, workers int) [][]float64 {
	c := d.Chain(thirdEta)
	fields := process.ThirdMoments(x, d.chart.d, c.Images(), workers, func() func(weights, images, x []float64) bool {
		im := c.NewImager()
		return func(weights, images, x []float64) bool {
			return im.ImagesTo(weights, images, x) == nil // the grid's own nodes are checked
		}
	})
	for _, field := range fields {
		for i := range field {
			field[i] /= thirdEta * thirdEta * thirdEta
		}
	}
	return fields
}
