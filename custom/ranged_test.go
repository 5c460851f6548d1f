//go:build !race

package custom_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

// rangedLinear moves z = (x, m - 1/2) by z' = z - eta A z + eta w, A = [[1, 1/4], [0, 2]], w with the variances 1/4 and 1; m
// stays in [0, 1] and begins at 3/4.
const rangedLinear = `
name: linear
parameters: [x]
loss: x^2/2 - xi*x/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 1}
observables: {square: x^2, moment: m^2}
eta: [1/16]
algorithm:
  kind: custom
  state: {m: {range: [0, 1], start: 0.75}}
  noise: {z: {law: rademacher}}
  update: {x: x - eta*(grad(x) + (m - 1/2)/4), m: m + eta*(1 + z - 2*m)}
models: [second-order, first-order]
horizon: 4
studies: [local-error, horizon, stationary, spectrum, variation]
output: {fields: []}
`

// affine is z -> M z + noise of the covariance Q.
type affine struct{ m, q *mat.Dense }

// linearSteps returns the chain's step of rangedLinear and that of a model over the same time.
func linearSteps(model string, eta float64) (chain, diffusion affine) {
	a, w := mat.NewDense(2, 2, []float64{1, 0.25, 0, 2}), mat.NewDense(2, 2, []float64{0.25, 0, 0, 1})
	b, m, q := mat.DenseCopyOf(a), mat.NewDense(2, 2, []float64{1, 0, 0, 1}), mat.NewDense(2, 2, nil)
	if model == "second-order" {
		var square mat.Dense
		square.Mul(a, a)
		square.Scale(eta/2, &square)
		b.Add(a, &square)
	}
	a.Scale(eta, a)
	m.Sub(m, a)
	q.Scale(eta*eta, w)
	// Van Loan's exponential of [[B, eta W], [0, -B^T]] over eta.
	van := mat.NewDense(4, 4, nil)
	for i := range 2 {
		for j := range 2 {
			van.Set(i, j, -eta*b.At(i, j))
			van.Set(i, 2+j, eta*eta*w.At(i, j))
			van.Set(2+i, 2+j, eta*b.At(j, i))
		}
	}
	van.Exp(van)
	flow, noise := mat.DenseCopyOf(van.Slice(0, 2, 0, 2)), new(mat.Dense)
	noise.Mul(van.Slice(0, 2, 2, 4), flow.T())
	return affine{m, q}, affine{flow, noise}
}

// mean is E (c + l.z)^2 = (c + l.z)^2 + v, seen n steps before.
type mean struct{ c, l0, l1, v float64 }

func (p mean) at(x, m float64) float64 {
	r := p.c + p.l0*x + p.l1*(m-0.5)
	return r*r + p.v
}

func (p mean) before(s affine) mean {
	v := p.l0*p.l0*s.q.At(0, 0) + 2*p.l0*p.l1*s.q.At(0, 1) + p.l1*p.l1*s.q.At(1, 1)
	return mean{p.c, p.l0*s.m.At(0, 0) + p.l1*s.m.At(1, 0), p.l0*s.m.At(0, 1) + p.l1*s.m.At(1, 1), p.v + v}
}

// apart is the largest |p - q| for |x| <= 1 and m in an interval.
func apart(p, q mean, lo, hi float64) float64 {
	const n = 1000
	most := 0.0
	for i := range n + 1 {
		x := 2*float64(i)/n - 1
		for j := range n + 1 {
			if i%n != 0 && j%n != 0 && (i%10 != 0 || j%10 != 0) {
				continue
			}
			m := lo + (hi-lo)*float64(j)/n
			most = math.Max(most, math.Abs(p.at(x, m)-q.at(x, m)))
		}
	}
	return most
}

// One-step errors over the whole range, gaps over time from where it starts, limits, rates and first variations of a linear chain with
// a range are the closed forms'.
func TestKindsWithARangeAgainstClosedForms(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const eta, steps = 1. / 16, 64
	_, res := solved.Run(t, rangedLinear)
	within := func(what string, got, err compare.Number, want, share float64) {
		t.Helper()
		if off := math.Abs(float64(got) - want); !(off <= float64(err)+1e-6*math.Abs(want)) || !(float64(err) <= share*math.Abs(want)) {
			t.Errorf("%s: %.10g +- %.1e, closed form %.10g", what, got, err, want)
		}
	}
	if len(res.LocalError) != 4 || len(res.Horizon) != 4 || len(res.Stationary) != 4 || len(res.Spectrum) != 12 || len(res.Variation) != 6 {
		t.Fatalf("%d, %d, %d, %d and %d rows", len(res.LocalError), len(res.Horizon), len(res.Stationary), len(res.Spectrum), len(res.Variation))
	}
	for k, row := range res.LocalError {
		phi := mean{l0: 1}
		if row.Observable == "moment" {
			phi = mean{c: 0.5, l1: 1}
		}
		chain, diffusion := linearSteps(row.Model, eta)
		u, U, rho, sum := phi, phi, 0.0, 0.0
		h := res.Horizon[k]
		if h.Observable != row.Observable || h.Model != row.Model || len(h.Gap) != steps+1 {
			t.Fatalf("%v beside %v", h.Key, row.Key)
		}
		for n := 1; n <= steps; n++ {
			next := u.before(diffusion)
			one := apart(u.before(chain), next, 0, 1)
			rho, sum = math.Max(rho, one), sum+one
			u, U = next, U.before(chain)
			within(fmt.Sprintf("gap of %s, %s, step %d", row.Observable, row.Model, n), h.Gap[n], h.Error[n], apart(U, u, 0.75, 0.75), math.Inf(1))
		}
		within("one-step error of "+row.Observable+", "+row.Model, row.Rho, row.Error, rho, 0.01)
		within("sum of "+row.Observable+", "+row.Model, row.Sum, row.SumError, sum, 0.01)
		if row.Tail != 0 || row.Holds == nil || !*row.Holds {
			t.Errorf("%s, %s: the sum has the tail %g up to the horizon, and holds: %v", row.Observable, row.Model, row.Tail, row.Holds)
		}
		for range 2000 {
			u, U = u.before(diffusion), U.before(chain)
		}
		for _, s := range res.Stationary {
			if s.Observable == row.Observable && s.Model == row.Model {
				within("limit of U, "+row.Observable, s.SGD, s.SGDError, U.at(0, 0.5), 1e-6)
				within("limit of u, "+row.Observable+", "+row.Model, s.Diffusion, s.DiffusionError, u.at(0, 0.5), 1e-6)
			}
		}
	}
	rates := map[string][2]float64{
		"custom": {-math.Log1p(-eta) / eta, -math.Log1p(-2*eta) / eta}, "second-order": {1 + eta/2, 2 + 2*eta}, "first-order": {1, 2},
	}
	for _, row := range res.Spectrum {
		var all []float64
		for j := range 5 {
			for k := range 5 - j {
				all = append(all, float64(j)*rates[row.Model][0]+float64(k)*rates[row.Model][1])
			}
		}
		slices.Sort(all)
		within(fmt.Sprintf("rate %d of %s", row.K, row.Model), row.Rate, row.Error, all[row.K], 1e-6)
		if !row.Certified {
			t.Errorf("rate %d of %s is not certified: %s", row.K, row.Model, *row.Reason)
		}
	}
	for _, row := range res.Variation {
		if want := 2 * rates[row.Model][0]; !(float64(row.Low) <= want+1e-9 && want <= float64(row.High)+1e-9) || !(row.High-row.Low < 1e-3) || row.Verdict != compare.DecayPass {
			t.Errorf("E|d_%d X|^2 of %s: the rate is in [%.8g, %.8g], closed form %.8g, %s", row.Direction, row.Model, row.Low, row.High, want, row.Verdict)
		}
	}
	// Eigenfunctions are functions of x where m starts: the slowest of the chain is x + (m - 1/2)/4 up to a factor.
	for _, f := range res.Eigenfunctions {
		if f.Model != "custom" || f.K != 1 {
			continue
		}
		if len(f.Names) != 1 || len(f.Real) != 201 || f.X2 != nil {
			t.Fatalf("eigenfunction of %v at %d points", f.Names, len(f.Real))
		}
		for i, x := range f.X1 {
			if want := (float64(x) - 0.0625) / 1.0625; math.Abs(math.Abs(float64(f.Real[i]))-math.Abs(want)) > float64(f.Error)+1e-9 {
				t.Errorf("eigenfunction at %g: %.8g, want %.8g", x, f.Real[i], want)
			}
		}
	}
}

// RMSprop on a quadratic, whose numbers are those of benchmarks/reference/ranged.py.
const rangedRMSprop = `
name: rmsprop
parameters: [x]
loss: x^2/2 - xi*x/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 1}
observables: {square: x^2, moment: m}
eta: [1/8, 1/16]
algorithm:
  kind: custom
  state: {m: {range: [0, 2.25], start: 0.5}}
  update: {x: x - eta*grad(x)/sqrt(m + 0.5), m: m + eta*(grad(x)^2 - m)}
models: [second-order, first-order]
horizon: 4
studies: [local-error, horizon, stationary, spectrum, variation, exit]
exit: {interval: [-0.4, 0.4], x: 0.1}
spectrum: {count: 2}
output: {fields: []}
`

// rmsprop are the independent program's numbers of a process at a learning rate: the slowest two rates, the limits of x^2 and m, the rate
// of E|d_i X|^2, and the mean time in which |x| < 0.4 is left; and, of x^2 and m, the largest one-step error and the gap at t = 4.
type rmsprop struct {
	rates, limits  [2]float64
	variation      float64
	exit, exitOff  float64
	rho, rhoOff, d [2]float64
}

var rmspropReference = map[string]rmsprop{
	"custom 1/8":        {rates: [2]float64{1.09509954, 1.27405888}, limits: [2]float64{0.018789138, 0.268789138}, variation: 2.1900917, exit: 180.07, exitOff: 0.8},
	"custom 1/16":       {rates: [2]float64{1.04447361, 1.20812928}, limits: [2]float64{0.0091998976, 0.2591998976}, variation: 2.0889367},
	"second-order 1/8":  {[2]float64{1.08226613, 1.25285340}, [2]float64{0.016250928, 0.2684765114}, 2.1645063, 42.27248, 1e-3, [2]float64{0.0036295, 0.00608186}, [2]float64{1.5e-6, 1e-7}, [2]float64{0.00251778, 0.000153210}},
	"second-order 1/16": {[2]float64{1.04157293, 1.20355720}, [2]float64{0.0085582087, 0.2591598012}, 2.0831423, 2056.03, 0.3, [2]float64{0.0006696, 0.00085098}, [2]float64{3e-7, 2e-8}, [2]float64{0.000634459, 5.2978e-05}},
	"first-order 1/8":   {[2]float64{1.01887015, 1.17090126}, [2]float64{0.017447964, 0.2674479643}, 2.0377057, 33.81377, 1e-3, [2]float64{0.0343226, 0.0273339}, [2]float64{2e-6, 1e-7}, [2]float64{0.00134878, 0.00199025}},
	"first-order 1/16":  {[2]float64{1.01002139, 1.16218915}, [2]float64{0.0088707164, 0.2588707164}, 2.0200379, 1543.92, 0.2, [2]float64{0.0110975, 0.00734377}, [2]float64{1e-6, 1e-7}, [2]float64{0.000330922, 0.00129710}},
}

// All kinds of RMSprop are the independent program's within their errors.
func TestKindsOfRMSprop(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	_, res := solved.Run(t, rangedRMSprop)
	within := func(what string, got, err compare.Number, want, off, share float64) {
		t.Helper()
		if !(math.Abs(float64(got)-want) <= float64(err)+off) || !(float64(err) <= share*want) {
			t.Errorf("%s: %.9g +- %.1e, reference %.9g", what, got, err, want)
		}
	}
	seen := map[string]int{}
	for _, r := range res.Spectrum {
		seen["spectrum"]++
		within(fmt.Sprintf("rate %d of %s, eta = %s", r.K, r.Model, r.EtaText), r.Rate, r.Error, rmspropReference[r.Model+" "+r.EtaText].rates[r.K-1], 1e-7, 1e-4)
	}
	at := map[string]int{"square": 0, "moment": 1}
	for _, r := range res.Stationary {
		seen["stationary"]++
		o, own, of := at[r.Observable], rmspropReference["custom "+r.EtaText], rmspropReference[r.Model+" "+r.EtaText]
		within("limit of U, "+r.Observable+", eta = "+r.EtaText, r.SGD, r.SGDError, own.limits[o], 2e-9, 1e-4)
		within("limit of u, "+r.Observable+", "+r.Model+", eta = "+r.EtaText, r.Diffusion, r.DiffusionError, of.limits[o], 2e-9, 0.01)
	}
	for _, r := range res.LocalError {
		seen["local-error"]++
		o, of := at[r.Observable], rmspropReference[r.Model+" "+r.EtaText]
		within("one-step error of "+r.Observable+", "+r.Model+", eta = "+r.EtaText, r.Rho, r.Error, of.rho[o], of.rhoOff[o], 0.02)
		if r.Holds == nil || !*r.Holds {
			t.Errorf("the sum of %s, %s, eta = %s: %g +- %g beside the gap %g", r.Observable, r.Model, r.EtaText, r.Sum, r.SumError, r.Gap)
		}
	}
	for _, r := range res.Horizon {
		o, of := at[r.Observable], rmspropReference[r.Model+" "+r.EtaText]
		seen["horizon"]++
		within("gap at t = 4 of "+r.Observable+", "+r.Model+", eta = "+r.EtaText, r.Plateau, r.PlateauError, of.d[o], 1e-5*of.d[o], 0.01)
	}
	for _, r := range res.Variation {
		seen["variation"]++
		if want := rmspropReference[r.Model+" "+r.EtaText].variation; !(float64(r.Low)-2e-6 <= want && want <= float64(r.High)+2e-6) || !(r.High-r.Low < 0.01) || r.Verdict != compare.DecayPass {
			t.Errorf("E|d_%d X|^2 of %s, eta = %s: the rate is in [%.8g, %.8g], reference %.8g, %s", r.Direction, r.Model, r.EtaText, r.Low, r.High, want, r.Verdict)
		}
	}
	for _, r := range res.Exit {
		of := rmspropReference[r.Model+" "+r.EtaText]
		if seen["exit"]++; of.exit > 0 {
			share := 1e-3
			if r.Model == "custom" {
				share = 0.3 // its noise acts along one direction, across which cells smear
			}
			within("exit time of "+r.Model+", eta = "+r.EtaText, r.T, r.Error, of.exit, of.exitOff, share)
		}
		if r.Interval == nil || len(r.X) != 2 || float64(r.X[1]) != 0.5 {
			t.Errorf("the interval %v is left from %v", r.Interval, r.X)
		}
	}
	for kind, want := range map[string]int{"spectrum": 12, "stationary": 8, "local-error": 8, "horizon": 8, "variation": 12, "exit": 6} {
		if seen[kind] != want {
			t.Errorf("%d rows of %s, want %d", seen[kind], kind, want)
		}
	}
}

// An SDE by formulas of a state with a range is the derived one's where it says the same: second-order of RMSprop, whose noise moves m too.
func TestGivenDiffusionWithARange(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	own := `{name: own,
    drift: {x: "-mean(grad(x))*(1/sqrt(m + 0.5) + eta/2*(1/(m + 0.5) + (x^2 + 0.25 - m)/2/(m + 0.5)^1.5))", m: "x^2 + 0.25 - m + eta*(x^2/sqrt(m + 0.5) + (x^2 + 0.25 - m)/2)"},
    diffusion: {x: {x: "eta*cov(grad(x), grad(x))/(m + 0.5)", m: "-eta*x/2/sqrt(m + 0.5)"}, m: {m: "eta*x^2"}}}`
	text := strings.NewReplacer("models: [second-order, first-order]", "models: [second-order, "+own+"]",
		"studies: [local-error, horizon, stationary, spectrum, variation, exit]\nexit: {interval: [-0.4, 0.4], x: 0.1}\nspectrum: {count: 2}", "studies: [gap, spectrum]\nspectrum: {count: 2}", "eta: [1/8, 1/16]", "eta: [1/8]").Replace(rangedRMSprop)
	_, res := solved.Run(t, text)
	if len(res.Gap) != 4 || len(res.Spectrum) != 6 {
		t.Fatalf("%d gaps and %d rates", len(res.Gap), len(res.Spectrum))
	}
	for i := range 2 {
		row, other := res.Gap[2*i], res.Gap[2*i+1]
		if row.Observable != other.Observable || other.Model != "own" || !row.Certified || !other.Certified || !(math.Abs(float64(row.Gap-other.Gap)) <= float64(row.Error+other.Error)) {
			t.Errorf("%s: %.9g +- %.1e of %s, %.9g +- %.1e of %s", row.Observable, row.Gap, row.Error, row.Model, other.Gap, other.Error, other.Model)
		}
	}
	for i, row := range res.Spectrum[2:4] {
		if other := res.Spectrum[4+i]; other.Model != "own" || !other.Certified || !(math.Abs(float64(row.Rate-other.Rate)) <= float64(row.Error+other.Error)) {
			t.Errorf("rate %d: %.9g +- %.1e of %s, %.9g +- %.1e of %s", row.K, row.Rate, row.Error, row.Model, other.Rate, other.Error, other.Model)
		}
	}
}

// Grids that do not resolve how an interval is left have negative times: they are passed over, and the time is a finer grid's. Here s stays at
// 1/2, so that x is the Ornstein-Uhlenbeck process dx = -3/2 x dt + sqrt(a) dW of the line, a = eta (3/2)^2/4. Its time is as follows.
//
//	T(x) = (2/a) integral from x to c of e^{k y^2} sqrt(pi/k)/2 erf(sqrt(k) y) dy,   k = 3/2/a.
func TestGridsOfNegativeExitTimesArePassedOver(t *testing.T) {
	slow.Skip(t)
	const at, c, eta = 0.1, 0.4, 1. / 32
	_, res := solved.Run(t, `name: ranged
parameters: [x]
loss: x^2/2 + xi*x
sample: {kind: discrete, variables: [xi], values: [[-0.5], [0.5]]}
ball: {R: 1}
observables: {x: x}
eta: [1/32]
algorithm:
  kind: custom
  state: {s: {range: [0, 1], start: 0.5}}
  update: {x: x - eta*(1 + s)*grad(x), s: s + eta*(0.5 - s)}
models: [first-order]
studies: [exit]
exit: {interval: [-0.4, 0.4], x: 0.1}
output: {fields: []}
`)
	const a, panels = eta * 2.25 / 4, 2000
	k, want := 1.5/a, 0.0
	for i := range panels + 1 {
		y, weight := at+(c-at)*float64(i)/panels, float64(2+2*(i%2))
		if i == 0 || i == panels {
			weight = 1
		}
		want += weight * (c - at) / panels / 3 * 2 / a * math.Exp(k*y*y) * math.Sqrt(math.Pi/k) / 2 * math.Erf(math.Sqrt(k)*y)
	}
	seen := 0
	for _, r := range res.Exit {
		if r.Model != "first-order" {
			continue
		}
		if seen++; !r.Certified || !(math.Abs(float64(r.T)-want) <= float64(r.Error)) {
			t.Errorf("T = %.8g +- %.1e, closed form %.8g", r.T, r.Error, want)
		}
	}
	if seen != 1 {
		t.Errorf("%d times", seen)
	}
}
