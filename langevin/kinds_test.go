//go:build !race

package langevin_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"

	"kolmo/compare"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

// One-step errors, curves to a horizon, limits, derivatives, rates and times of crossing are the closed forms' without
// a taper, within their errors: these have a part for the noise that ends beyond the ball.
func TestKindsAgainstClosedForms(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	allKinds(t, "", cold)
}

// Where the noise ends at twice the ball the ends are most of the errors of every kind: without
// their part all of them would be missed.
func TestKindsWithEndsThatMatter(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	allKinds(t, "", hot)
}

// Where the noise ends in a thin layer a nearer end hardly changes what the ends do: a multiple of the change that does
// not know how fast that falls would miss the closed forms.
func TestKindsWithThinEnds(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	allKinds(t, "", thin)
}

// A step by formulas that is langevin's has the same closed forms.
func TestKindsByFormulas(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	allKinds(t, "{kind: custom, noise: {z: {law: normal}}, update: {x: x - eta*grad(x) + sqrt(2*eta/8)*z}}", cold)
}

// quadratic is f = x^2/2 + noise*xi*x, xi = -1 or 1, on |x| <= 2 with the noise of langevin ending in
// a layer.
type quadratic struct {
	ball        string
	beta, noise float64
	models      string
	// most bounds the errors as a share of the values.
	most float64
}

var (
	cold = quadratic{"{R: 2}", 8, 0.3, "[second-order, first-order]", 0.05}
	hot  = quadratic{"{R: 2, taper: [2, 4]}", 2, 1, "[second-order, first-order]", 1}
	thin = quadratic{"{R: 2, taper: [2.6, 2.7]}", 2, 0.5, "[second-order, first-order]", 20}
)

// allKinds holds the kinds of study of langevin, or of an algorithm that is the same, to closed forms.
func allKinds(t *testing.T, algorithm string, q quadratic) {
	const eta, R = 1. / 16, 2.
	beta := q.beta
	text := strings.NewReplacer("eta: [1/8, 1/16, 1/32, 1/64]", "eta: [1/16]", "beta: 4", fmt.Sprint("beta: ", beta),
		"[second-order, first-order, gradient-flow]", q.models, "{R: 2}", q.ball,
		"cosine: cos(x)", "cube: x^3", "(x - xi)^2/2", fmt.Sprintf("x^2/2 + %g*xi*x", q.noise)).Replace(linear) + "studies: [local-error, decay, horizon, stationary, spectrum, crossing]\nspectrum: {count: 3}\ncrossing: {level: 2, x: [1.9]}\n"
	if algorithm != "" {
		text = strings.Replace(text, "{kind: langevin, beta: 8}", algorithm, 1)
		if !strings.Contains(text, algorithm) {
			t.Fatal(text)
		}
	}
	_, res := solved.Run(t, text)
	r := 1 - eta
	step := 2*eta/beta + eta*eta*q.noise*q.noise // variance of one step's noise
	of := func(model string) (drift, a float64) {
		if model == "first-order" {
			return 1, 2/beta + eta*q.noise*q.noise
		}
		return 1 + eta/2, 2/beta*(1+eta) + eta*q.noise*q.noise
	}
	within := func(what string, got, err compare.Number, want float64) {
		t.Helper()
		if got != got && q == thin {
			return // not resolved
		}
		if off := math.Abs(float64(got) - want); !(off <= float64(err)) || !(float64(err) <= q.most*want) {
			t.Errorf("%s: %.8g +- %.1e, closed form %.8g", what, got, err, want)
		}
	}
	for _, row := range res.LocalError {
		if row.Observable != "square" || row.Model != "first-order" {
			continue
		}
		drift, a := of(row.Model)
		m, v := math.Exp(-2*drift*eta), a*(1-math.Exp(-2*drift*eta))/(2*drift)
		within("one-step error", row.Rho, row.Error, math.Abs((r*r-m)*R*R+step-v))
	}
	for _, row := range res.Stationary {
		if row.Observable != "square" {
			continue
		}
		drift, a := of(row.Model)
		within("limit of "+row.Model, row.Diffusion, row.DiffusionError+1e-12, a/(2*drift))
		within("limit of langevin", row.SGD, row.SGDError, step/(1-r*r))
	}
	for i := range res.Horizon {
		row := &res.Horizon[i]
		if row.Observable != "square" || row.Model != "first-order" {
			continue
		}
		drift, a := of(row.Model)
		for n := 1; n < len(row.Gap); n += 7 {
			k := math.Round(float64(row.Times[n]) / eta)
			m, v := math.Exp(-2*drift*k*eta), a*(1-math.Exp(-2*drift*k*eta))/(2*drift)
			own, spread := math.Pow(r, 2*k), step*(1-math.Pow(r, 2*k))/(1-r*r)
			want := max(math.Abs(spread-v), math.Abs((own-m)*R*R+spread-v))
			if off := math.Abs(float64(row.Gap[n]) - want); !(off <= float64(row.Error[n])) {
				t.Errorf("gap at t = %.4g: %.8g +- %.1e, closed form %.8g", row.Times[n], row.Gap[n], row.Error[n], want)
			}
		}
	}
	for _, row := range res.Moments {
		drift, a := of(row.Model)
		v := a / (2 * drift) // E X^(2m) = (2m-1)!! v^m
		within(fmt.Sprintf("moment %d of %s", 2*row.M, row.Model), row.Limit, row.Error, []float64{v, 3 * v * v, 15 * v * v * v}[row.M-1])
	}
	for _, c := range res.DecayCurves {
		if c.Observable != "square" || len(c.J) != 1 || c.J[0] != 2 {
			continue
		}
		drift, _ := of(c.Model)
		floor := 0.0
		for _, row := range res.Decay {
			if row.Observable == c.Observable && row.Model == c.Model && row.J[0] == 2 {
				floor = float64(row.Floor)
			}
		}
		for i, at := range c.T {
			if want := 2 * math.Exp(-2*drift*at); !(math.Abs(c.Sup[i]-want) <= floor) {
				t.Errorf("second derivative of %s at t = %.4g: %.8g, closed form %.8g, floor %.1e", c.Model, at, c.Sup[i], want, floor)
			}
		}
	}
	for _, row := range res.Decay {
		if row.Observable == "square" && row.J[0] > 2 && row.Verdict != compare.DecayZero && (row.Verdict != compare.DecayNotResolved || q == cold) {
			t.Errorf("derivative %v of the square: %s (%s)", row.J, row.Verdict, row.Reason)
		}
	}
	for _, row := range res.Spectrum {
		drift, _ := of(row.Model)
		if row.Model == "langevin" || row.Model == "custom" {
			drift = -math.Log(r) / eta
		}
		within(fmt.Sprintf("rate %d of %s", row.K, row.Model), row.Rate, row.Error, float64(row.K)*drift)
		if certified := float64(row.Error) <= 0.01*float64(row.Rate); certified != row.Certified && q != thin {
			t.Errorf("rate %d of %s: %.8g +- %.1e, certified %v", row.K, row.Model, row.Rate, row.Error, row.Certified)
		}
	}
	for _, row := range res.Crossing {
		if row.Observable != "square" {
			continue
		}
		// The mean m is left - level decay^t above its limit.
		drift, a := of(row.Model)
		limit, decay := a/(2*drift), math.Exp(-2*drift)
		if row.Model == "langevin" || row.Model == "custom" {
			limit, decay = step/(1-r*r), math.Pow(r, 2/eta)
		}
		mean := func(t float64) float64 { return limit + (1.9*1.9-limit)*math.Pow(decay, t) }
		want := math.Log((2-limit)/(1.9*1.9-limit)) / math.Log(decay)
		if row.Model == "langevin" || row.Model == "custom" { // on the line between two steps
			n := math.Floor(want / eta)
			want = eta * (n + (mean(n*eta)-2)/(mean(n*eta)-mean((n+1)*eta)))
		}
		within("crossing of "+row.Model, row.T, row.Error, want)
	}
	if len(res.Decay) == 0 || len(res.Horizon) == 0 || len(res.Spectrum) != 9 || len(res.Crossing) != 6 {
		t.Errorf("%d, %d, %d and %d rows", len(res.Decay), len(res.Horizon), len(res.Spectrum), len(res.Crossing))
	}
}

// Noise that ends within the box makes the errors of limits rise over the first grids: the ladder goes on
// until they fall, and knows the limit to a millionth, where the best of the first three grids is off by a thousandth.
func TestLimitBeyondTheFirstGrids(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("{square: x^2, cosine: cos(x)}", "{square: x^2}", "[1/8, 1/16, 1/32, 1/64]", "[1/16]",
		"[second-order, first-order, gradient-flow]", "[second-order]").Replace(linear) + "studies: [stationary]\n"
	_, res := solved.Run(t, text)
	const eta, beta = 1. / 16, 4
	want := (2*eta/beta + eta*eta) / (1 - (1-eta)*(1-eta))
	for _, row := range res.Stationary {
		if off := math.Abs(float64(row.SGD) - want); !(off <= float64(row.SGDError)) || !(row.SGDError <= 1e-6*row.SGD) {
			t.Errorf("limit %.10g +- %.1e, closed form %.10g", row.SGD, row.SGDError, want)
		}
	}
}

// On a tilted double well no curvature says that there is a limit, and means that become constant do: those
// of first-order are of Gibbs' density, and those of the chain of an invariant density on Gauss-Legendre nodes.
func TestLimitsOnADoubleWell(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const eta, beta, noise, end = 1. / 16, 5., 0.3, 3.
	_, res := solved.Run(t, `
name: tilted
parameters: [x]
loss: x^4/4 - x^2/2 + 0.1*x + 0.3*xi*x
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 1.8}
observables: {x: x, square: x^2}
eta: [1/16]
algorithm: {kind: langevin, beta: 5}
models: [first-order]
horizon: 40
studies: [stationary]
`)
	nodes, weights := make([]float64, 300), make([]float64, 300)
	quad.Legendre{}.FixedLocations(nodes, weights, -end, end)
	slope := func(x float64) float64 { return x*x*x - x + 0.1 }
	n, s := len(nodes), math.Sqrt(2*eta/beta)
	step := mat.NewDense(n, n, nil)
	gibbs := make([]float64, n)
	for i, x := range nodes {
		gibbs[i] = weights[i] * math.Exp(-2*(x*x*x*x/4-x*x/2+0.1*x)/(2/beta+eta*noise*noise))
		for _, xi := range []float64{-1, 1} {
			for j, y := range nodes {
				z := (y - x + eta*(slope(x)+noise*xi)) / s
				step.Set(i, j, step.At(i, j)+weights[j]*math.Exp(-z*z/2))
			}
		}
		floats.Scale(1/floats.Sum(step.RawRowView(i)), step.RawRowView(i))
	}
	for range 14 { // of many steps each row is the invariant law
		next := mat.NewDense(n, n, nil)
		next.Mul(step, step)
		step = next
	}
	floats.Scale(1/floats.Sum(gibbs), gibbs)
	for _, row := range res.Stationary {
		phi := func(x float64) float64 { return x }
		if row.Observable == "square" {
			phi = func(x float64) float64 { return x * x }
		}
		var chain, model float64
		for j, y := range nodes {
			chain, model = chain+step.At(n/2, j)*phi(y), model+gibbs[j]*phi(y)
		}
		if off := math.Abs(float64(row.SGD) - chain); row.Reason != nil || !(off <= float64(row.SGDError)) || !(row.SGDError < 1e-3) {
			t.Errorf("%s: the chain's limit is %.9g, found %.9g +- %.1e", row.Observable, chain, row.SGD, row.SGDError)
		}
		if off := math.Abs(float64(row.Diffusion) - model); !(off <= float64(row.DiffusionError)) || !(row.DiffusionError < 1e-3) {
			t.Errorf("%s: the model's limit is %.9g, found %.9g +- %.1e", row.Observable, model, row.Diffusion, row.DiffusionError)
		}
	}
}

// On 160 fixed nodes a bump of the loss that lies between them moves the limit of first-order by more than two grids differ by,
// where no curvature is known either. Gibbs' density, on 2e5 points, is within the error.
func TestLimitOfALossThatNodesMiss(t *testing.T) {
	t.Parallel()
	_, res := solved.Run(t, `
name: bump
parameters: [x]
loss: x^4/4 - x^2/2 + 0.1*x + 0.3*xi*x + 1e-4*exp(-((x - 0.552)/0.02)^2)
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 1.8}
observables: {x: x}
eta: [1/16]
algorithm: {kind: langevin, beta: 5}
models: [first-order]
solver: {nodes: [160]}
horizon: 40
studies: [stationary]
output: {fields: []}
`)
	const points, end = 200_000, 3.
	var sum, mean float64
	for i := range points {
		x := end * (2*float64(i)/points - 1)
		bump := (x - 0.552) / 0.02
		density := math.Exp(-2 * (x*x*x*x/4 - x*x/2 + 0.1*x + 1e-4*math.Exp(-bump*bump)) / (2./5 + 0.3*0.3/16))
		sum, mean = sum+density, mean+density*x
	}
	row := res.Stationary[0]
	off := math.Abs(float64(row.Diffusion) - mean/sum)
	if row.Reason != nil || !(off > 1e-4) || !(off <= float64(row.DiffusionError)) {
		t.Errorf("%.9g +- %.1e, Gibbs' density has %.9g", row.Diffusion, row.DiffusionError, mean/sum)
	}
}
