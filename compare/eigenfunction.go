package compare

import "math"

// Eigenfunction is the eigenfunction of a certified rate on the line or in the plane. It is
// scaled to a supremum of 1 over the points, positive at the last of its large values, and with
// the mean zero under the stationary law. Entry j*len(X1)+i of Real and Imag belongs to (X1[i],
// X2[j]); values at points outside the ball are those of the finest grid, without an error. X2 is
// nil on the line.
type Eigenfunction struct {
	Model   string
	Eta     float64
	EtaText string
	K       int
	Center  []float64 // of the ball
	R       float64
	X1, X2  []Number
	Real    []Number
	Imag    []Number // nil: zero
	Outside []int    // entries outside the ball, ascending
	// Error is how far the grids are apart at any point, by the quadrature too.
	Error Number
	// Reason is why there are no values, or empty: those of a multiple rate are not unique.
	Reason string
}

// InBall returns a copy of Real or Imag that is NaN outside the ball.
func (f *Eigenfunction) InBall(values []Number) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = float64(v)
	}
	for _, i := range f.Outside {
		if i < len(out) {
			out[i] = math.NaN()
		}
	}
	return out
}
