package kolmogorov

import (
	"math"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
)

// (2.10): E|X(t;x)|^{2m}, m = 1, 2, 3, of Ornstein-Uhlenbeck processes against the
// moments of their Gaussian law, in one to three dimensions, with drifts that turn, and
// at large times against C_m (1 + |x|^{2m} e^{-gamma t}).
func TestMomentsOfLinearDrift(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		p    linearProblem
		s    space
	}{
		{"1d chebyshev", linear1D, space{kind: grid.KindChebyshev, order: fd.FullWidth, nodes: 12}},
		{"1d uniform", linear1D, space{kind: grid.KindUniform, order: 6, nodes: 20}},
		{"2d chebyshev", linear2D, space{kind: grid.KindChebyshev, order: fd.FullWidth, nodes: 11}},
		{"2d turning", turning2D, space{kind: grid.KindChebyshev, order: fd.FullWidth, nodes: 11}},
		{"2d uniform", linear2D, space{kind: grid.KindUniform, order: 6, nodes: 13}},
		{"3d chebyshev", linear3D, space{kind: grid.KindChebyshev, order: fd.FullWidth, nodes: 8}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := c.p.dim()
			g := box(t, c.s.kind, d, 2, c.s.nodes)
			var fields [][]float64
			for m := 1; m <= 3; m++ {
				fields = append(fields, sample(g, evenMoment(m)))
			}
			const eta, steps = 0.5, 20
			out := block(steps, 3, g.Len())
			if err := advance(NewPolynomial(newOperator(t, g, c.p.on(g), c.s.order), eta), out, fields); err != nil {
				t.Fatal(err)
			}
			for j := range out {
				for m := 1; m <= 3; m++ {
					want := sample(g, c.p.moment(m, eta*float64(j+1)))
					if diff := maxDiff(out[j][m-1], want); diff > 1e-10*maxAbs(fields[m-1]) {
						t.Errorf("E|X|^%d at t = %g is off by %.3g", 2*m, eta*float64(j+1), diff)
					}
				}
			}
			// At t = 10 nothing is left of x but e^{-gamma t}, gamma twice the slowest rate.
			gamma := -2 * real(c.p.spectrum()[1])
			for m := 1; m <= 3; m++ {
				limit := c.p.moment(m, 40)(make([]float64, d))
				most := 10 * maxAbs(fields[m-1]) * (math.Exp(-gamma*eta*steps) + 1e-11)
				if diff := maxDiff(out[steps-1][m-1], sample(g, func([]float64) float64 { return limit })); diff > most {
					t.Errorf("E|X|^%d at t = 10 is %.3g from its limit", 2*m, diff)
				}
			}
		})
	}
}

// evenMoment is |x|^(2m).
func evenMoment(m int) func(x []float64) float64 {
	return func(x []float64) float64 {
		square := 0.0
		for _, v := range x {
			square += v * v
		}
		return math.Pow(square, float64(m))
	}
}
