package kinds

import (
	"fmt"
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/sgd"
)

// Closures alone carry the error where the noise is strong at the faces and the grid fine.
// Here x <- (1 - a eta) x +- b eta, and the gap of phi = tanh k(x + c) is largest after one
// step at x = -r. On given grids a wider box sees them. Where the loss does not reach that
// far, a lower order does; in the last case a higher one differs by a tenth of the error.
func TestClosuresCarryTheError(t *testing.T) {
	t.Parallel()
	const eta = 1. / 8
	for _, c := range []struct {
		a, b  float64
		k, c  float64 // of phi
		r     float64
		rest  string // of the loss: nothing, or not finite beyond the box
		least float64
	}{
		{1, 1, 4, 1.5, 1.2, "", 2e-5},
		{1.3, 0.9, 4, 1.5, 1.2, " + 1e-30*sqrt(1.6 - x^2)", 5e-6},
		{1.48, 0.89, 7.1, 1.144, 1, " + 1e-30*sqrt(1.2 - x^2)", 1e-4},
	} {
		r := c.r
		phi := func(x float64) float64 { return math.Tanh(c.k * (x + c.c)) }
		s := trial.Spec{Name: "closures", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}}, R: r, Etas: []int{1 / eta},
			Loss: fmt.Sprintf("%g*x^2/2 - %g*xi*x%s", c.a, c.b, c.rest), Observables: [][2]string{{"step", fmt.Sprintf("tanh(%g*(x + %g))", c.k, c.c)}}}
		p := trial.Build(t, s)
		p.Models = trial.ModelsOf(p, sgd.FirstOrder)
		p.Solver = compare.Solver{Space: compare.SpaceUniform, Order: 6, Time: compare.TimePolynomial, Nodes: []int{128}}
		row := gapOf(t, p, nil).Gap[0]
		if row.N != 1 || float64(row.X[0]) != -r {
			t.Fatalf("%s: the largest gap is after %d steps at %v", s.Loss, row.N, row.X)
		}
		// E phi of the two points after a step, and of the Ornstein-Uhlenbeck process.
		mean := (1 - c.a*eta) * -r
		want := (phi(mean+c.b*eta) + phi(mean-c.b*eta)) / 2
		std := math.Sqrt(eta * c.b * c.b * (1 - math.Exp(-2*c.a*eta)) / (2 * c.a))
		for k := -80; k <= 80; k++ {
			z := float64(k) / 10
			want -= math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) / 10 * phi(-r*math.Exp(-c.a*eta)+std*z)
		}
		d := math.Abs(float64(row.Gap) - math.Abs(want))
		t.Logf("%s: %.4e +- %.2e, the error is %.2e", s.Loss, float64(row.Gap), float64(row.Error), d)
		if !(d <= float64(row.Error)) || d < c.least {
			t.Errorf("%s: %.8e +- %.1e misses %.8e by %.1e, want at least %.1e", s.Loss, float64(row.Gap), float64(row.Error), math.Abs(want), d, c.least)
		}
	}
}
