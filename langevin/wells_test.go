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

const coupled = `
name: coupled
parameters: [x, y]
loss: x^4/4 - x^2/2 + y^2/2 + x*y/2 + xi*x + ze*y
sample: {kind: discrete, variables: [xi, ze], values: [[-0.5, -0.5], [0.5, 0.5], [-0.5, 0.5], [0.5, -0.5]]}
ball: {R: 1.5}
accuracy: 0.05
observables: {x: x}
eta: [1/16]
algorithm: {kind: langevin, beta: 4}
models: [first-order]
studies: [spectrum]
spectrum: {count: 1}
`

// coupledRate is the slowest rate of the chain without any end of its noise, by the trapezoidal rule with the density of a step on |x|,
// |y| <= half: mirror images have the other sign in its mode, so that powers on odd fields find it.
func coupledRate(eta, beta, half float64, n int) float64 {
	h, variance := 2*half/float64(n-1), 2*eta/beta
	at := func(i int) float64 { return -half + h*float64(i) }
	var p [][]float64
	for i := range n * n {
		x, y := at(i%n), at(i/n)
		row, sum := make([]float64, n*n), 0.0
		for _, xi := range []float64{-0.5, 0.5} {
			for _, ze := range []float64{-0.5, 0.5} {
				u, v := x-eta*(x*x*x-x+y/2+xi), y-eta*(y+x/2+ze)
				for j := range row {
					row[j] += math.Exp(-(math.Pow(at(j%n)-u, 2) + math.Pow(at(j/n)-v, 2)) / (2 * variance))
				}
			}
		}
		for _, w := range row {
			sum += w
		}
		for j := range row {
			row[j] /= sum
		}
		p = append(p, row)
	}
	f, next, rate := make([]float64, n*n), make([]float64, n*n), 0.0
	for i := range f {
		f[i] = at(i % n)
	}
	for range 400 {
		size, along := 0.0, 0.0
		for i, row := range p {
			next[i] = 0
			for j, w := range row {
				next[i] += w * f[j]
			}
		}
		for i := range f {
			odd := (next[i] - next[n*n-1-i]) / 2
			along += odd * f[i]
			size += f[i] * f[i]
		}
		rate = -math.Log(along/size) / eta
		for i := range f {
			f[i] = (next[i] - next[n*n-1-i]) / 2
		}
	}
	return rate
}

// In the plane each of two coupled wells is left at half the slowest rate of the chain without a taper. Chain and model leave them at Eyring's
// and Kramers' rate but for a share of about the variance a = 2/beta + eta/4. That is sqrt(c/2) e^{-c^2/(2a)}/pi by hand, c = 1 + 1/4.
func TestRatesOfCoupledWells(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const eta, beta, c = 1. / 16, 4., 1.25
	want, coarse := coupledRate(eta, beta, 2.8, 37), coupledRate(eta, beta, 2.6, 33)
	if math.Abs(want-coarse) > 1e-5 {
		t.Fatalf("the reference is %.9g or %.9g", want, coarse)
	}
	_, res := solved.Run(t, coupled)
	a := 2/beta + eta/4
	kramers := math.Sqrt(c/2) / math.Pi * math.Exp(-c*c/(2*a))
	for _, row := range res.Escape {
		if !row.Certified || row.Action == row.Action || row.Barrier == row.Barrier || math.Abs(float64(row.Rate)/kramers-1) > a/4+float64(row.Error)/kramers {
			t.Errorf("%s, %s well: %.6g +- %.1e, Kramers %.6g; %v", row.Model, row.Well, row.Rate, row.Error, kramers, row.Reason)
		}
		switch row.Model {
		case "langevin":
			if math.Abs(float64(row.Rate)-want/2) > float64(row.Error) || row.Kramers == row.Kramers {
				t.Errorf("%s well: %.9g +- %.1e, want %.9g; Kramers %g", row.Well, row.Rate, row.Error, want/2, row.Kramers)
			}
		default:
			if math.Abs(float64(row.Kramers)/kramers-1) > 1e-8 || row.SmallNoise != row.Kramers {
				t.Errorf("%s well: Kramers' rate %.10g and %.10g, want %.10g", row.Well, row.Kramers, row.SmallNoise, kramers)
			}
		}
		t.Logf("%s, %s well: %.7g +- %.1e; %.7g, Kramers %.7g", row.Model, row.Well, row.Rate, row.Error, want/2, kramers)
	}
	if len(res.Escape) != 4 || len(res.EscapeLimit) != 0 {
		t.Errorf("%d rows of wells and %d limits", len(res.Escape), len(res.EscapeLimit))
	}
}
