package langevin_test

import (
	"math"
	"sort"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"

	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

const wells = `
name: wells
parameters: [x]
loss: x^4/4 - x^2/2 + xi*x
sample: {kind: discrete, variables: [xi], values: [[-0.5], [0.5]]}
ball: {R: 1.5}
observables: {x: x}
eta: [1/8]
algorithm: {kind: langevin, beta: 4}
models: [first-order]
studies: [spectrum]
`

// rates returns the slowest of the chain without any end of its noise, by a Gauss rule on |x| <= 3.2, with the density
// of a step: no field is interpolated.
func rates(eta, beta float64, n int) []float64 {
	const half = 3.2
	x, w := make([]float64, n), make([]float64, n)
	quad.Legendre{}.FixedLocations(x, w, -half, half)
	variance := 2 * eta / beta
	p := mat.NewDense(n, n, nil)
	for i, from := range x {
		sum := 0.0
		for j, to := range x {
			v := 0.0
			for _, xi := range []float64{-0.5, 0.5} {
				off := to - (from - eta*(from*from*from-from+xi))
				v += w[j] * math.Exp(-off*off/(2*variance))
			}
			p.Set(i, j, v)
			sum += v
		}
		for j := range x {
			p.Set(i, j, p.At(i, j)/sum)
		}
	}
	var e mat.Eigen
	e.Factorize(p, mat.EigenNone)
	var out []float64
	for _, v := range e.Values(nil) {
		if real(v) > 0 {
			out = append(out, -math.Log(real(v))/eta)
		}
	}
	sort.Float64s(out)
	return out
}

// The slowest rates on a double well are those of the chain without a taper, and each well is left at half the slowest.
func TestRatesOfTwoWells(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	_, res := solved.Run(t, wells)
	want, coarse := rates(0.125, 4, 160), rates(0.125, 4, 130)
	seen := 0
	for _, row := range res.Spectrum {
		if row.Model != "langevin" {
			continue
		}
		seen++
		k := row.K
		if math.Abs(want[k]-coarse[k]) > 1e-9 {
			t.Fatalf("the reference is off by %.1e", want[k]-coarse[k])
		}
		if off := math.Abs(float64(row.Rate) - want[k]); !(off <= float64(row.Error)) || !row.Certified || !(float64(row.Error) < 1e-3) {
			t.Errorf("rate %d: %.10g +- %.1e, want %.10g", k, row.Rate, row.Error, want[k])
		}
	}
	for _, row := range res.Escape {
		if row.Model == "langevin" && (!row.Certified || math.Abs(float64(row.Rate)-want[1]/2) > float64(row.Error) || row.Action == row.Action) {
			t.Errorf("%s well: %.10g +- %.1e, want %.10g; action %g", row.Well, row.Rate, row.Error, want[1]/2, row.Action)
		}
	}
	if seen != 4 || len(res.Escape) != 4 || len(res.EscapeLimit) != 0 {
		t.Errorf("%d rates, %d rows of wells and %d limits", seen, len(res.Escape), len(res.EscapeLimit))
	}
}
