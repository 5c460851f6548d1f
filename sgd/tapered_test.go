//go:build !race

package sgd_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
	"kolmo/sgd"
)

// Noise that ends from 2 to 2.6, of sd 1 at rest: what the ends do is most of the error.
const shortened = `
name: shortened
parameters: [x]
loss: x^2/2 - xi*x
sample: {kind: discrete, variables: [xi], values: [[-2], [2]]}
ball: {R: 2, taper: [2, 2.6]}
observables: {square: x^2}
eta: [1/2, 1/4]
models: [second-order, first-order, constant-noise, second-order-constant-noise]
accuracy: 0.5
studies: [gap, local-error, horizon, stationary, spectrum, crossing]
crossing: {level: 1.2, x: [1.9]}
spectrum: {count: 2}
`

// Gaps, one-step errors, curves, limits, rates and times of crossing of models whose noise ends for the computation's sake
// are those of models without ends, within their errors. Without errors.taper gaps and limits would be missed.
func TestEndsOfModels(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	_, res := solved.Run(t, shortened)
	const R, spread = 2.0, 4.0 // E xi^2
	missed := map[string]int{}
	within := func(what string, got, err, taper compare.Number, want float64) {
		t.Helper()
		off := math.Abs(float64(got) - want)
		if !(off <= float64(err)) {
			t.Errorf("%s: %.8g +- %.1e, closed form %.8g", what, got, err, want)
		}
		if off > float64(err-taper) {
			missed[what]++
		}
	}
	law := func(model string, eta float64) (drift, a float64) {
		if model == sgd.FirstOrder || model == sgd.ConstantNoise {
			return 1, eta * spread
		}
		return 1 + eta/2, eta * spread
	}
	// The gap after n steps, at the centre or at the end of the ball.
	gapAt := func(model string, eta float64, n int) float64 {
		drift, a := law(model, eta)
		r := 1 - eta
		m := math.Exp(-2 * drift * float64(n) * eta)
		own := math.Pow(r, 2*float64(n))
		rest := eta*eta*spread*(1-own)/(1-r*r) - a*(1-m)/(2*drift)
		return max(math.Abs(rest), math.Abs((own-m)*R*R+rest))
	}
	for _, row := range res.Gap {
		want := 0.0
		for n := range 200 {
			want = max(want, gapAt(row.Model, row.Eta, n))
		}
		within("gap", row.Gap, row.Error, row.Errors.Taper, want)
	}
	for _, row := range res.LocalError {
		if row.N == 0 {
			within("one-step error", row.Rho, row.Error, 0, gapAt(row.Model, row.Eta, 1))
		}
	}
	for _, row := range res.Horizon {
		for i, at := range row.Times {
			if n := int(math.Round(float64(at) / row.Eta)); row.Observable == "square" {
				within("curve", row.Gap[i], row.Error[i], 0, gapAt(row.Model, row.Eta, n))
			}
		}
	}
	for _, row := range res.Stationary {
		drift, a := law(row.Model, row.Eta)
		within("limit", row.Diffusion, row.DiffusionError, 0, a/(2*drift))
	}
	for _, row := range res.Spectrum {
		if drift, _ := law(row.Model, row.Eta); row.Certified && row.Model != sgd.Name {
			within("rate", row.Rate, row.Error, 0, drift*float64(row.K))
		}
	}
	for _, row := range res.Crossing {
		drift, a := law(row.Model, row.Eta)
		if rest := a / (2 * drift); row.Certified && row.Model != sgd.Name && row.T > 0 {
			within("time of crossing", row.T, row.Error, 0, math.Log((1.9*1.9-rest)/(1.2-rest))/(2*drift))
		}
	}
	if missed["gap"] == 0 {
		t.Error("no gap needs the part of the ends")
	}
}

// An observable that is steep near the face, with noise that varies: up to the faces grids of differences let u grow a
// million times, and four of eight gaps have no use. With ends all have: 0.0465759 and 0.1452868 at eta = 1/2, 0.018750731 of
// first-order at 1/16 (differences of order 6 on [-5, 5], matrix exponentials, S on 600 Chebyshev nodes).
func TestSteepObservableBesideEnds(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	_, res := solved.Run(t, `
name: steep
parameters: [x]
loss: '1.074*(x^2/2) + 0.712*xi*(x) + 0.356*xi*(softplus((-0.115)*x + (-0.037)))'
sample: {kind: discrete, variables: [xi], values: [[1], [-1]], probabilities: [0.5, 0.5]}
ball: {R: 1, R2: 1.5, taper: [1.5, 2.25]}
observables: {b: 'tanh(10.004*(x - (-0.934)))'}
eta: [1/2, 1/16]
models: [second-order, first-order]
`)
	want := map[string]float64{"second-order 1/2": 0.0465759, "first-order 1/2": 0.1452868, "first-order 1/16": 0.018750731}
	for _, row := range res.Gap {
		if !row.Certified || row.Errors.Taper == 0 {
			t.Errorf("%s at %s: %.6g +- %.1e, of the ends %.1e: %v", row.Model, row.EtaText, row.Gap, row.Error, row.Errors.Taper, row.Reason)
		}
		if v, ok := want[row.Model+" "+row.EtaText]; ok && math.Abs(float64(row.Gap)-v) > float64(row.Error) {
			t.Errorf("%s at %s: %.8g +- %.1e does not hold %.8g", row.Model, row.EtaText, row.Gap, row.Error, v)
		}
	}
}

// Steps with Gaussian noise leave every ball: their noise ends as that of the models does. Gaps, one-step errors and limits of
// (x - xi)^2/2 are those of steps without an end, within errors of which that end is a part.
func TestGaussianStepsEnd(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	_, res := solved.Run(t, `
name: gaussian
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: independent, variables: {xi: {law: normal}}}
ball: {R: 1, taper: [1, 1.6]}
observables: {square: x^2}
eta: [1/4, 1/8]
accuracy: 0.5
models: [second-order, first-order, gradient-flow]
studies: [gap, local-error, stationary]
`)
	const R = 1.0
	law := func(model string, eta float64) (drift, a float64) {
		switch model {
		case sgd.FirstOrder:
			return 1, eta
		case sgd.GradientFlow:
			return 1, 0
		}
		return 1 + eta/2, eta
	}
	ends := 0
	for _, row := range res.Gap {
		drift, a := law(row.Model, row.Eta)
		want := 0.0
		for n := range 300 {
			m, own := math.Exp(-2*drift*float64(n)*row.Eta), math.Pow(1-row.Eta, 2*float64(n))
			rest := row.Eta*row.Eta*(1-own)/(1-(1-row.Eta)*(1-row.Eta)) - a*(1-m)/(2*drift)
			want = max(want, math.Abs(rest), math.Abs((own-m)*R*R+rest))
		}
		if !row.Certified || !(math.Abs(float64(row.Gap)-want) <= float64(row.Error)) {
			t.Errorf("%s at %s: %.8g +- %.1e, closed form %.8g, certified %t", row.Model, row.EtaText, row.Gap, row.Error, want, row.Certified)
		}
	}
	for _, row := range res.Stationary {
		drift, a := law(row.Model, row.Eta)
		own := row.Eta * row.Eta / (1 - (1-row.Eta)*(1-row.Eta))
		if row.Eta == 0.25 && math.Abs(float64(row.SGD)-own) > 1e-5 {
			ends++
		}
		if row.Reason != nil || !(math.Abs(float64(row.SGD)-own) <= float64(row.SGDError)) || !(math.Abs(float64(row.Diffusion)-a/(2*drift)) <= float64(row.DiffusionError)) {
			t.Errorf("limits of %s at %s: %.6g +- %.1e and %.6g +- %.1e, closed forms %.6g and %.6g", row.Model, row.EtaText, row.SGD, row.SGDError, row.Diffusion, row.DiffusionError, own, a/(2*drift))
		}
	}
	for _, row := range res.LocalError {
		drift, a := law(row.Model, row.Eta)
		m, own := math.Exp(-2*drift*row.Eta), (1-row.Eta)*(1-row.Eta)
		rest := row.Eta*row.Eta - a*(1-m)/(2*drift)
		if want := max(math.Abs(rest), math.Abs((own-m)*R*R+rest)); row.N == 1 && !(math.Abs(float64(row.Rho)-want) <= float64(row.Error)) {
			t.Errorf("one-step error of %s at %s: %.8g +- %.1e, closed form %.8g", row.Model, row.EtaText, row.Rho, row.Error, want)
		}
	}
	if ends == 0 {
		t.Error("the ends of the noise do nothing to limits, whose errors have no other part as large")
	}
}

// The same for a loss that is not quadratic, with noise that varies. The values are by collocation of 200 nodes on [-10, 10], 70
// Gauss-Hermite points and matrix exponentials, which agree with 160 nodes on [-9, 9] and 60 points to 1e-6.
func TestGaussianStepsOfALossThatIsNotQuadratic(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	_, res := solved.Run(t, `
name: wavy
parameters: [x]
loss: x^2/2 - 0.5*cos(x) + xi*(x + 0.3*sin(x))
sample: {kind: independent, variables: {xi: {law: normal}}}
ball: {R: 2, taper: [3, 4.5]}
observables: {a: cos(1.3*x + 0.2), b: tanh(3*(x - 1))}
eta: [1/4, 1/8]
models: [second-order, first-order]
`)
	want := map[compare.Key]float64{
		{Observable: "a", Model: "second-order", Eta: 0.25}: 0.0394371726, {Observable: "b", Model: "second-order", Eta: 0.25}: 0.0350326,
		{Observable: "a", Model: "first-order", Eta: 0.25}: 0.131455, {Observable: "b", Model: "first-order", Eta: 0.25}: 0.2143937,
		{Observable: "a", Model: "second-order", Eta: 0.125}: 0.0104509798, {Observable: "b", Model: "second-order", Eta: 0.125}: 0.0108221,
		{Observable: "a", Model: "first-order", Eta: 0.125}: 0.06663651, {Observable: "b", Model: "first-order", Eta: 0.125}: 0.1176308,
	}
	for _, row := range res.Gap {
		v := want[compare.Key{Observable: row.Observable, Model: row.Model, Eta: row.Eta}]
		if !row.Certified || !(math.Abs(float64(row.Gap)-v) <= float64(row.Error)+2e-6) {
			t.Errorf("%s, %s at %s: %.8g +- %.1e, want %.8g, certified %t", row.Observable, row.Model, row.EtaText, row.Gap, row.Error, v, row.Certified)
		}
	}
}

// Ends that matter, and steps that diverge: numbers hold x^2's closed forms without ends, or there are none. First the ends of the
// chain's noise are in the gap of a model without noise. Then U takes values of phi beyond the ball. The step without noise leaves
// every ball in the third, and in the last two one step of a law with heavy tails leads to the ends.
func TestEndsOfStepsThatMatter(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, c := range []struct {
		name, law, ball, eta string
		gap, limit           float64 // of SGD and of gradient-flow; 0: not known
	}{
		{"wide", "{law: normal, std: 1.2}, quadrature: {points: 80}", "{R: 1, taper: [1.2, 1.7]}", "1/2", 0.48, 0.48},
		{"beyond", "{law: normal}", "{R: 1/4, taper: [0.6, 1.1]}", "1/4", 1. / 7, 1. / 7},
		{"diverging", "{law: normal, std: 1/4}", "{R: 1, taper: [1.5, 2.25]}", "5/2", 0, 0},
		{"tails", "{law: laplace, mean: 0, scale: 1}, quadrature: {points: 120}", "{R: 2, taper: [2.5, 2.55]}", "1", 0, 2},
		{"far tails", "{law: laplace, mean: 0, scale: 1}, quadrature: {points: 120}", "{R: 2, taper: [4, 4.1]}", "7/8", 0, 14. / 9},
	} {
		law, rule, _ := strings.Cut(c.law, "}, ")
		if rule != "" {
			law, rule = law+"}", ", "+rule
		}
		_, res := solved.Run(t, fmt.Sprintf("name: ends\nparameters: [x]\nloss: (x - xi)^2/2\nsample: {kind: independent, variables: {xi: %s}%s}\nball: %s\nobservables: {square: x^2}\n"+
			"eta: [%s]\nmodels: [gradient-flow]\naccuracy: 0.5\nstudies: [gap, stationary]\n", law, rule, c.ball, c.eta))
		row, limit := res.Gap[0], res.Stationary[0]
		if c.gap > 0 && !(math.Abs(float64(row.Gap)-c.gap) <= float64(row.Error)) && (row.Certified || row.Error == row.Error) {
			t.Errorf("%s: gap %.6g +- %.2g, closed form %.6g", c.name, row.Gap, row.Error, c.gap)
		}
		if c.limit > 0 && limit.Reason == nil && !(math.Abs(float64(limit.SGD)-c.limit) <= float64(limit.SGDError)) {
			t.Errorf("%s: limit %.6g +- %.2g, closed form %.6g", c.name, limit.SGD, limit.SGDError, c.limit)
		}
		if c.name == "diverging" && (row.Certified || row.Invariant || limit.Reason == nil) {
			t.Errorf("%s: certified %t, invariant %t, limits without a reason", c.name, row.Certified, row.Invariant)
		}
		if c.name == "beyond" && !(row.Error < 1) {
			t.Errorf("%s: gap +- %.2g says nothing", c.name, row.Error)
		}
	}
}

// An end of the models' noise takes no box from the spectra of the chain, which has none.
func TestSpectraBesideEnds(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	_, res := solved.Run(t, `
name: spectra
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1.04], [1.04]]}
ball: {R: 1, taper: [1.5, 2.25]}
observables: {square: x^2}
eta: [1/8]
models: [second-order]
studies: [spectrum]
spectrum: {count: 1}
`)
	if row := res.Spectrum[0]; !row.Certified || math.Abs(float64(row.Rate)+8*math.Log(1-1./8)) > float64(row.Error) {
		t.Errorf("rate of SGD %.8g +- %.1e, certified %t", row.Rate, row.Error, row.Certified)
	}
}
