package given

import (
	"fmt"

	"kolmo/kolmogorov"
)

// faceNodes is the number of points along each edge of a face at which boxed looks.
const faceNodes = 17

// faces returns points on the faces of the box in which noise ends, in a chart.
func (d *Dynamics) faces() [][]float64 {
	n, half := len(d.region.Center), d.chart.NoiseRadius()
	points := 1
	for range n - 1 {
		points *= faceNodes
	}
	var x [][]float64
	for face := range 2 * n {
		for i := range points {
			rest, q := i, make([]float64, n)
			for l := range q {
				at := float64(2*(face%2) - 1)
				if l != face/2 {
					at = 2*float64(rest%faceNodes)/(faceNodes-1) - 1
					rest /= faceNodes
				}
				q[l] = d.region.Center[l] + half*at
			}
			x = append(x, q)
		}
	}
	return x
}

// boxed looks for a drift that points out of the faces on which the points lie, by turns.
func (f *fields) boxed() error {
	return f.each(func(m *Model, eta float64, c *kolmogorov.Coefficients) error {
		n := len(m.Parameters)
		x := make([]float64, n)
		for i := range f.Len() {
			f.PointTo(x, i)
			face := i / (f.Len() / (2 * n))
			if out := c.B[face/2][i] * float64(2*(face%2)-1); !(out <= 0) {
				return &Error{m.Name, "drift", fmt.Sprintf("leads out of the box around the ball in which it is computed, at %s, with the speed %.4g", f.d.place(m, x, eta), out), false}
			}
		}
		return nil
	})
}
