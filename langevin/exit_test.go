//go:build !race

package langevin_test

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

// Mean exit times under Gaussian noise, also of a step by formulas that is langevin's, are those
// of the integral equation with the noise's density, within errors of which the law's is most.
func TestExitTimes(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const eta, beta, noise, lo, hi = 0.125, 4., 0.3, -0.8, 1.
	variance := 2 * eta / beta
	// T = eta + int of the step's density times T over the interval, by the midpoint rule.
	const n = 401 // the middle of the middle cell is 0.1
	h := (hi - lo) / n
	a, one := mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
	for i := range n {
		x := lo + h*(float64(i)+0.5)
		one.SetVec(i, eta)
		for j := range n {
			y, density := lo+h*(float64(j)+0.5), 0.0
			for _, xi := range []float64{-1, 1} {
				d := y - (x - eta*(x+noise*xi))
				density += math.Exp(-d*d/(2*variance)) / math.Sqrt(2*math.Pi*variance) / 2
			}
			a.Set(i, j, -h*density)
		}
		a.Set(i, i, 1+a.At(i, i))
	}
	var times mat.VecDense
	if err := times.SolveVec(a, one); err != nil {
		t.Fatal(err)
	}
	want := times.AtVec(n / 2)
	for _, algorithm := range []string{"{kind: langevin, beta: 4}", "{kind: custom, noise: {z: {law: normal}}, update: {x: x - eta*grad(x) + sqrt(2*eta/4)*z}}"} {
		text := strings.NewReplacer("eta: [1/8, 1/16, 1/32, 1/64]", "eta: [1/8]", "{kind: langevin, beta: 4}", algorithm, "(x - xi)^2/2", "x^2/2 + 0.3*xi*x",
			"[second-order, first-order, gradient-flow]", "[second-order]").Replace(linear) + "studies: [exit]\nexit: {interval: [-0.8, 1], x: 0.1}\n"
		_, res := solved.Run(t, text)
		row := res.Exit[0]
		off := math.Abs(float64(row.T) - want)
		t.Logf("%s: %.5g +- %.2g, law %.2g; the equation has %.6g", algorithm, row.T, row.Error, row.Errors.Quadrature, want)
		if !(off <= float64(row.Error)) || !(off > float64(row.Errors.Space)) || !(row.Error < 0.3*row.T) {
			t.Errorf("%s: %.5g +- %.2g, of which %.2g of the law, is off by %.2g", algorithm, row.T, row.Error, row.Errors.Quadrature, off)
		}
	}
}
