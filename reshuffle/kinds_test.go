//go:build !race

package reshuffle_test

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

// One-step errors, curves, limits, derivatives, rates and times of crossing are the closed forms' in the time n N eta.
func TestKindsAgainstClosedForms(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const eta, R, horizon = 1. / 16, 2., 4.
	text := strings.NewReplacer("eta: [1/8, 1/16, 1/32, 1/64]", "eta: [1/16]", ", cosine: cos(x)", "", ", first-order", "").Replace(linear) +
		"studies: [local-error, decay, horizon, stationary, spectrum, crossing]\nhorizon: 4\nspectrum: {count: 2}\ncrossing: {level: 1, x: [1.9]}\n"
	_, res := solved.Run(t, text)
	// An epoch is x -> keep x +- eta^2, and takes the time step.
	keep, step, kick := (1-eta)*(1-eta), 2*eta, math.Pow(eta, 4)
	rate := func(model string) float64 {
		if model == "second-order" {
			return 1 + eta/2
		}
		return 1
	}
	within := func(what string, got, err compare.Number, want, share float64) {
		t.Helper()
		if off := math.Abs(float64(got) - want); !(off <= float64(err)) || !(float64(err) <= share*want) {
			t.Errorf("%s: %.10g +- %.1e, closed form %.10g", what, got, err, want)
		}
	}
	if len(res.LocalError) != 2 || len(res.Stationary) != 2 || len(res.Horizon) != 2 || len(res.Decay) == 0 || len(res.Spectrum) != 6 || len(res.Crossing) != 3 {
		t.Fatalf("%d, %d, %d, %d, %d and %d rows", len(res.LocalError), len(res.Stationary), len(res.Horizon), len(res.Decay), len(res.Spectrum), len(res.Crossing))
	}
	for _, row := range res.LocalError {
		flow := math.Exp(-2 * rate(row.Model) * step)
		within("one-step error of "+row.Model, row.Rho, row.Error, max(kick, math.Abs((keep*keep-flow)*R*R+kick)), 1e-3)
		if row.Model == "gradient-flow" && !(row.Low <= 2 && 2 <= row.High) {
			t.Errorf("one-step errors fall at the rate %.4f in [%.4f, %.4f], closed form 2", row.Rate, row.Low, row.High)
		}
	}
	for _, c := range res.LocalCurves {
		if math.Abs(c.T[0]-step) > 1e-14 {
			t.Errorf("the first epoch ends at t = %g, want %g", c.T[0], step)
		}
	}
	for _, row := range res.Crossing {
		limit, decay := 0.0, math.Exp(-2*rate(row.Model))
		if row.Model == "sgd" {
			limit, decay = kick/(1-keep*keep), math.Pow(keep, 2/step)
		}
		want := math.Log((1-limit)/(1.9*1.9-limit)) / math.Log(decay)
		if row.Model == "sgd" { // on the line between two epochs
			n := math.Floor(want / step)
			mean := func(n float64) float64 { return limit + (1.9*1.9-limit)*math.Pow(decay, n*step) }
			want = step * (n + (mean(n)-1)/(mean(n)-mean(n+1)))
		}
		within("crossing of "+row.Model, row.T, row.Error, want, 1e-3)
	}
	for _, row := range res.Stationary {
		within("limit of the chain", row.SGD, row.SGDError, kick/(1-keep*keep), 1e-3)
		if off := math.Abs(float64(row.Diffusion)); !(off <= float64(row.DiffusionError)) || !(off <= 1e-9) {
			t.Errorf("limit of %s: %.3g +- %.1e, closed form 0", row.Model, row.Diffusion, row.DiffusionError)
		}
	}
	for i := range res.Horizon {
		row := &res.Horizon[i]
		if n, want := len(row.Gap)-1, int(horizon/step); n != want {
			t.Fatalf("%d epochs to t = %g, want %d", n, horizon, want)
		}
		for n := range row.Gap {
			at := float64(n) * step
			if math.Abs(float64(row.Times[n])-at) > 1e-12 {
				t.Errorf("epoch %d at t = %g, want %g", n, row.Times[n], at)
			}
			own, flow := math.Pow(keep, 2*float64(n)), math.Exp(-2*rate(row.Model)*at)
			spread := kick * (1 - own) / (1 - keep*keep)
			want := max(spread, math.Abs((own-flow)*R*R+spread))
			if off := math.Abs(float64(row.Gap[n]) - want); !(off <= float64(row.Error[n])+1e-15) {
				t.Errorf("gap of %s at t = %.4g: %.8g +- %.1e, closed form %.8g", row.Model, at, row.Gap[n], row.Error[n], want)
			}
		}
	}
	for _, row := range res.Decay {
		own := rate(row.Model)
		within("spectral gap of "+row.Model, row.SpectralGap, row.SpectralGapError+1e-9, own, 1e-3)
		switch {
		case row.J[0] > 2 && row.Verdict != compare.DecayZero:
			t.Errorf("derivative %v of the square: %s (%s)", row.J, row.Verdict, row.Reason)
		case row.J[0] == 2 && !(math.Abs(float64(row.Gamma)-2*own) <= 1e-3):
			t.Errorf("the second derivative falls at the rate %.5f, closed form %.5f", row.Gamma, 2*own)
		}
	}
	// Both derivatives of the square fall at one rate, and so do the one-step errors.
	ledger := 0
	for _, row := range res.Ledger {
		if row.Step == compare.LedgerOneRate {
			fall := math.Exp(-2 * rate(row.Model) * step)
			want := math.Abs((keep*keep-fall)*R*R+kick) / (1 - fall)
			if ledger++; !(math.Abs(float64(row.Value)-want) <= 1e-3*want) {
				t.Errorf("the bound by one rate of %s is %.8g, closed form %.8g", row.Model, row.Value, want)
			}
		}
	}
	if ledger == 0 {
		t.Error("no ledger")
	}
	for _, row := range res.Spectrum {
		want := float64(row.K) * rate(row.Model)
		if row.Model == "sgd" {
			want = -float64(row.K) * math.Log(1-eta) / eta
		}
		within("rate of "+row.Model, row.Rate, row.Error+1e-9, want, 1e-2)
	}
}

// The stationary mean of second-order is off by the order 2, and that of the flow by 1.
func TestStationaryOrders(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	text := strings.NewReplacer("(x - xi)^2/2", "x^2/2 + x^3/12 + 0.3*cos(x) - xi*sin(x)/2 + xi*x/4", "[[-1], [1]]", "[[-1], [0], [2]]", "R: 2", "R: 1",
		"{square: x^2, cosine: cos(x)}", "{x: x}", ", first-order", "").Replace(linear) + "studies: [stationary]\n"
	_, res := solved.Run(t, text)
	if len(res.StationaryOrder) != 2 {
		t.Fatalf("%d orders", len(res.StationaryOrder))
	}
	for _, o := range res.StationaryOrder {
		want := map[string]int{"second-order": 2, "gradient-flow": 1}[o.Model]
		if o.Expected != want || !(math.Abs(float64(o.Extrapolated)-float64(want)) <= 0.03) {
			t.Errorf("%s: order %.4f, expected %d, want %d", o.Model, o.Extrapolated, o.Expected, want)
		}
	}
}

// Models by formulas are over the users' time: f's flow by its formula is gradient-flow, and the
// diffusion of draws with replacement has order 1 in means of waves, since it has noise of order
// eta.
func TestFormulasOverEpochs(t *testing.T) {
	t.Parallel()
	_, res := solved.Run(t, `
name: a
parameters: [x]
loss: x^2/2 + 0.3*cos(x) - xi*sin(x)/2
sample: {kind: discrete, variables: [xi], values: [[-1], [0], [1]], batch: {size: 1, replacement: epoch}}
ball: {R: 2}
observables: {cosine: cos(2*x)}
eta: [1/8, 1/16]
models:
  - gradient-flow
  - {name: flow, drift: {x: -(x - 0.3*sin(x))}}
  - {name: moments, drift: {x: -mean(grad(x))}}
  - name: replacement
    drift: {x: -(x - 0.3*sin(x))*(1 + eta*(1 - 0.3*cos(x))/2)}
    diffusion: {x: {x: eta*cos(x)^2/6}}
`)
	gaps := map[string]float64{}
	for i := range res.Gap {
		g := &res.Gap[i]
		gaps[g.Model+g.EtaText] = float64(g.Gap)
		if !g.Certified {
			t.Errorf("%s, eta = %s is not certified", g.Model, g.EtaText)
		}
	}
	for _, eta := range []string{"1/8", "1/16"} {
		for _, same := range []string{"flow", "moments"} {
			if a, b := gaps["gradient-flow"+eta], gaps[same+eta]; !(math.Abs(a-b) <= 1e-9*a) {
				t.Errorf("eta = %s: gaps %g of %s and %g of gradient-flow", eta, b, same, a)
			}
		}
	}
	if ratio := gaps["replacement1/8"] / gaps["replacement1/16"]; !(ratio > 1.8 && ratio < 2.2) {
		t.Errorf("gaps of draws with replacement fall %g times", ratio)
	}
}

// Exit times under a law with negative weights are none, of 720 orders; those of 6 orders are there. Models have theirs.
func TestExitOfManyOrders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values string
		has    bool
	}{{"[[-1.2], [0.1], [1.1]]", true}, {"[[-1], [-0.6], [-0.2], [0.3], [0.6], [0.9]]", false}} {
		text := strings.NewReplacer("eta: [1/8, 1/16, 1/32, 1/64]", "eta: [1/4]", "loss: (x - xi)^2/2", "loss: x^4/4 + x^2/2 - xi*x", "[[-1], [1]]", c.values, "first-order, ", "").Replace(linear) +
			"studies: [exit]\nexit: {interval: [-0.1, 0.09], x: 0}\nsolver: {nodes: [201]}\n"
		_, res := solved.Run(t, text)
		for _, row := range res.Exit[:1] {
			if row.Model != "sgd" || c.has != (row.T > 0) || !c.has && (row.T == row.T || row.Certified || !strings.Contains(*row.Reason, "negative weights")) {
				t.Errorf("%s: %+v", c.values, row)
			}
		}
	}
}
