package compare

import "math"

// Eigenfunction is the eigenfunction of a certified rate on evenly spaced points of the box around the ball, in the
// users' coordinates. It is scaled to a supremum of 1 over the points, positive at the last of its large values, and
// with the mean zero under the stationary law. Entry (k*len(X2)+j)*len(X1)+i of Real and Imag belongs to (X1[i], X2[j],
// X3[k]); values at points outside the ball are those of the finest grid, without an error, and NaN where users have
// other coordinates than the grid. X3 is nil in the plane, X2 on the line.
type Eigenfunction struct {
	Model   string
	Eta     float64
	EtaText string
	K       int
	Within

	X1, X2, X3 []Number

	Real    []Number
	Imag    []Number // nil: zero
	Outside []int    // entries outside the ball, ascending
	// Error is how far the grids are apart at any point, by the quadrature too.
	Error Number
	// Reason is why there are no values, or empty: those of a multiple rate are not unique.
	Reason string
}

// Within is the ball |z - Center|_P <= R of users' coordinates.
type Within struct {
	Names  []string // of the coordinates
	Center []float64
	R      float64
	Metric []float64 // P, row by row; nil: the identity
}

// Axes returns the points along the axes, as many as there are.
func (f *Eigenfunction) Axes() [][]float64 {
	var axes [][]float64
	for _, line := range [][]Number{f.X1, f.X2, f.X3} {
		if line != nil {
			axes = append(axes, Floats(line))
		}
	}
	return axes
}

// Floats returns numbers as they are computed with.
func Floats(v []Number) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}

// InBall returns a copy of Real or Imag that is NaN outside the ball.
func (f *Eigenfunction) InBall(values []Number) []float64 {
	out := Floats(values)
	for _, i := range f.Outside {
		if i < len(out) {
			out[i] = math.NaN()
		}
	}
	return out
}
