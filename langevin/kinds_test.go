//go:build !race

package langevin_test

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

// One-step errors, curves to a horizon, limits and derivatives are the closed forms' without
// a taper, within their errors: these have a part for the noise that ends beyond the ball.
func TestKindsAgainstClosedForms(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	allKinds(t, "")
}

// A step by formulas that is langevin's has the same closed forms.
func TestKindsByFormulas(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	allKinds(t, "{kind: custom, noise: {z: {law: normal}}, update: {x: x - eta*grad(x) + sqrt(2*eta/8)*z}}")
}

// allKinds holds the kinds of study of langevin, or of an algorithm that is the same, to closed forms.
func allKinds(t *testing.T, algorithm string) {
	const eta, beta, R = 1. / 16, 8., 2.
	text := strings.NewReplacer("eta: [1/8, 1/16, 1/32, 1/64]", "eta: [1/16]", "beta: 4", "beta: 8", ", gradient-flow", "",
		"cosine: cos(x)", "cube: x^3", "(x - xi)^2/2", "x^2/2 + 0.3*xi*x").Replace(linear) + "studies: [local-error, decay, horizon, stationary]\n"
	if algorithm != "" {
		text = strings.Replace(text, "{kind: langevin, beta: 8}", algorithm, 1)
		if !strings.Contains(text, algorithm) {
			t.Fatal(text)
		}
	}
	_, res := solved.Run(t, text)
	r := 1 - eta
	step := 2*eta/beta + eta*eta*0.09 // variance of one step's noise
	of := func(model string) (drift, a float64) {
		if model == "first-order" {
			return 1, 2/beta + eta*0.09
		}
		return 1 + eta/2, 2/beta*(1+eta) + eta*0.09
	}
	within := func(what string, got, err compare.Number, want float64) {
		t.Helper()
		if off := math.Abs(float64(got) - want); !(off <= float64(err)) || !(float64(err) <= 0.05*want) {
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
	for _, row := range res.Decay {
		if row.Observable == "square" && row.J[0] > 2 && row.Verdict != compare.DecayZero {
			t.Errorf("derivative %v of the square: %s (%s)", row.J, row.Verdict, row.Reason)
		}
	}
	if len(res.Decay) == 0 || len(res.Horizon) == 0 {
		t.Error("no decay or no horizon")
	}
}
