package kolmogorov

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/fd"
	"kolmo/grid"
)

// An Ornstein-Uhlenbeck process has the rates sum_k n_k r_k. Only those of even degree are in the mean of an even
// field, and only those of even degree in x in that of a field even in x where the axes are apart; a field without
// parities has them all, and so it is where the drift has none.
func TestSpectrumOfParities(t *testing.T) {
	t.Parallel()
	apart := linearProblem{mat.NewDense(2, 2, []float64{1, 0, 0, 1.7}), mat.NewDense(2, 2, []float64{0.1, 0, 0, 0.05})}
	line, plane := box(t, grid.KindChebyshev, 1, 2, 24), box(t, grid.KindChebyshev, 2, 2, 12)
	slow := real(-linear2D.spectrum()[1])
	shifted := linear1D.on(line)
	for i := range shifted.B[0] {
		shifted.B[0][i] += 0.3
	}
	for _, c := range []struct {
		name string
		g    *grid.Grid
		c    *Coefficients
		u    func(x []float64) float64
		want float64
	}{
		{"even", line, linear1D.on(line), func(x []float64) float64 { return math.Cos(x[0]) }, 2.5},
		{"odd", line, linear1D.on(line), func(x []float64) float64 { return x[0] * x[0] * x[0] }, 1.25},
		{"neither", line, linear1D.on(line), func(x []float64) float64 { return x[0]*x[0] + 1e-12*x[0] }, 1.25},
		{"even, drift of no parity", line, shifted, func(x []float64) float64 { return x[0] * x[0] }, 1.25},
		{"even in the plane", plane, linear2D.on(plane), func(x []float64) float64 { return math.Cos(x[0] + x[1]/2) }, 2 * slow},
		{"odd in the plane", plane, linear2D.on(plane), func(x []float64) float64 { return x[1] }, slow},
		{"of y alone", plane, apart.on(plane), func(x []float64) float64 { return math.Exp(x[1]) }, 1.7},
		{"even in x", plane, apart.on(plane), func(x []float64) float64 { return x[0]*x[0] + x[1]*x[1] }, 2},
	} {
		op, u := newOperator(t, c.g, c.c, fd.FullWidth), sample(c.g, c.u)
		for _, dense := range []int{0, -1} {
			s, err := op.Spectrum(&SpectrumConfig{Values: 3, Dense: dense, Of: u})
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if gap, err := s.Gap(); err != nil || !(math.Abs(gap.Value-c.want) <= 1e-8) {
				t.Errorf("%s, dense %d: gap %+v, %v, want %g", c.name, dense, gap, err, c.want)
			}
		}
	}
}
