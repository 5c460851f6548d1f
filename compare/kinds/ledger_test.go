package kinds

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/sgd"
)

// ledgerResult has one-step errors and two derivatives that fall like given exponentials, so that all
// sums of the ledger are geometric; the second falls faster.
func ledgerResult() *compare.Result {
	const eta = 0.125
	r := &compare.Result{About: compare.About{Models: []compare.ModelInfo{{Name: "m", Order: 2}, {Name: "other", Order: 1}}}}
	l := compare.LocalErrorRow{Key: compare.Key{Observable: "o", Model: "m", Eta: eta, EtaText: "1/8"}, Gap: 0.01, GapError: 1e-6, Error: 1e-6}
	curve := compare.LocalCurve{Observable: "o", Model: "m", Eta: eta}
	for j := 1; j <= 200; j++ {
		t := float64(j) * eta
		rho := 0.003 * math.Exp(-2*(t-eta))
		curve.T, curve.Rho = append(curve.T, t), append(curve.Rho, rho)
		l.Sum += compare.Number(rho)
	}
	l.SumError = 1e-5
	r.LocalError, r.LocalCurves = []compare.LocalErrorRow{l, {Key: compare.Key{Observable: "o", Model: "other", Eta: eta}}}, []compare.LocalCurve{curve}
	for k, c := range []struct{ c, gamma float64 }{{3, 2}, {5, 4}} {
		d := compare.DecayRow{Key: compare.Key{Observable: "o", Model: "m", Eta: eta}, J: []int{k + 1}, Gamma: compare.Number(c.gamma), Low: compare.Number(c.gamma - 0.1), C: compare.Number(c.c), CError: 0.01, Verdict: compare.DecayPass}
		d2 := compare.DecayCurve{Observable: "o", Model: "m", Eta: eta, J: d.J}
		for n := range 101 {
			t := 0.12 * float64(n)
			d2.T, d2.Sup, d2.Error = append(d2.T, t), append(d2.Sup, c.c*math.Exp(-c.gamma*t)), append(d2.Error, 0)
		}
		r.Decay, r.DecayCurves = append(r.Decay, d), append(r.DecayCurves, d2)
	}
	return r
}

func TestLedger(t *testing.T) {
	t.Parallel()
	const eta = 0.125
	r := ledgerResult()
	rows := ledger(r, 1)
	geometric := func(rate float64) float64 { return 1 / (1 - math.Exp(-rate*eta)) }
	sum := 0.003 * geometric(2)
	// rho_j/D_j is the largest where only the slow derivative is left in D, but one-step errors count only
	// where they stand above their error.
	j := 1
	for 0.003*math.Exp(-2*eta*float64(j)) > ledgerAbove*1e-6 {
		j++
	}
	k := 0.003 / (3 + 5*math.Exp(-2*eta*float64(j-1))) / math.Pow(eta, 3)
	scale := k * math.Pow(eta, 3)
	each := scale * (3*geometric(2) + 5*geometric(4))
	want := []struct {
		step            string
		value, constant float64
	}{{compare.LedgerGap, 0.01, math.NaN()}, {compare.LedgerTelescoped, sum, math.NaN()}, {compare.LedgerLemma, each, k}, {compare.LedgerProposition, each, 8}, {compare.LedgerOneRate, scale * 8 * geometric(2), 2}}
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d: a model without decay has no ledger", len(rows), len(want))
	}
	for i, w := range want {
		v := rows[i]
		if v.Step != w.step || math.Abs(float64(v.Value)-w.value) > 1e-9*w.value || !(v.Error > 0) || v.Error > 0.3*v.Value || v.Reason != nil ||
			math.Abs(float64(v.Scaled)*eta*eta-w.value) > 1e-9*w.value || math.Abs(float64(v.Constant)-w.constant) > 1e-9*w.constant {
			t.Errorf("%+v, want %+v", v, w)
		}
		if i > 0 && math.Abs(float64(v.Factor)-w.value/want[i-1].value) > 1e-8 {
			t.Errorf("%s: factor %g, want %g", v.Step, v.Factor, w.value/want[i-1].value)
		}
	}
	// A derivative whose decay is not known takes the last three steps with it.
	r.Decay[1].Verdict, r.Decay[1].Reason = compare.DecayNotResolved, "it hides"
	for i, v := range ledger(r, 1) {
		if got := text(v.Reason); (i < 2) != (got == "") || i >= 2 && (got != "the decay of J = [2] is not known: it hides" || v.Value == v.Value) {
			t.Errorf("%s: %g, %q", v.Step, v.Value, got)
		}
	}
}

// For f = (x - xi)^2/2, xi = -1 or 1, first-order and the cube all of Lemma 3 is known: u = x^3 e^{-3t} + 3 x v e^{-t}, v =
// eta (1 - e^{-2t})/2, and S u^{j-1} - u^j is a cubic too. Derivatives are no exponentials: what their curve misses
// between its times is more than errors of grids.
func TestLedgerOfACube(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Observables, s.Etas = [][2]string{{"cube", "x^3"}}, []int{8}
	p := trial.Build(t, s)
	p.Models, p.Studies = trial.ModelsOf(p, sgd.FirstOrder), []compare.Study{compare.StudyGap, compare.StudyLocalError, compare.StudyDecay}
	r, err := Run(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	const eta, R = 0.125, 2.
	row := r.LocalError[0]
	cube := func(t float64) (third, first float64) { // u = third x^3 + first x
		return math.Exp(-3 * t), 3 * math.Exp(-t) * eta * (1 - math.Exp(-2*t)) / 2
	}
	derivatives := func(t float64) float64 {
		a, b := cube(t)
		return 3*a*R*R + b + 6*a*R + 6*a
	}
	var curve *compare.LocalCurve
	for i := range r.LocalCurves {
		curve = &r.LocalCurves[i]
	}
	constant, sum := 0.0, 0.0
	for j := 1; j <= 2000; j++ {
		t := float64(j) * eta
		d := max(derivatives(t-eta), derivatives(t))
		sum += d
		a, b := cube(t - eta)
		c, e := cube(t)
		// E (x - eta (x - xi))^3 = l^3 x^3 + 3 l eta^2 x, l = 1 - eta.
		l := 1 - eta
		third, first := a*l*l*l-c, a*3*l*eta*eta+b*l-e
		rho := math.Abs(third*R*R*R + first*R)
		if x := math.Sqrt(max(0, -first/(3*third))); x < R {
			rho = max(rho, math.Abs(third*x*x*x+first*x))
		}
		if t <= curve.T[len(curve.T)-1]+eta/2 && rho > ledgerAbove*float64(row.Error) {
			constant = max(constant, rho/(eta*eta*d))
		}
	}
	for _, v := range r.Ledger {
		if v.Step != compare.LedgerLemma {
			continue
		}
		want := constant * eta * eta * sum
		if off := math.Abs(float64(v.Value) - want); !(off <= float64(v.Error)) || v.Error > 0.05*v.Value {
			t.Errorf("Lemma 3: %.8g +- %.2g, want %.8g; K %.8g, want %.8g", float64(v.Value), float64(v.Error), want, float64(v.Constant), constant)
		}
		return
	}
	t.Fatal("no row of Lemma 3")
}

// The bounds of a model without a known order are those of one with it; only what is taken over a power of eta is left
// out, and every row says why.
func TestLedgerWithoutOrder(t *testing.T) {
	t.Parallel()
	r := ledgerResult()
	with := ledger(r, 1)
	r.Models[0].Order = 0
	without := ledger(r, 1)
	if len(without) != len(with) || len(with) != 5 {
		t.Fatalf("%d rows with an order and %d without", len(with), len(without))
	}
	for i, v := range without {
		w := with[i]
		if math.Abs(float64(v.Value-w.Value)) > 1e-12*float64(w.Value) || math.Abs(float64(v.Error-w.Error)) > 1e-12*float64(w.Error) || !(v.Error > 0) {
			t.Errorf("%s: %g +- %g, want %g +- %g", v.Step, v.Value, v.Error, w.Value, w.Error)
		}
		if i > 0 && math.Abs(float64(v.Factor-w.Factor)) > 1e-12*float64(w.Factor) {
			t.Errorf("%s: factor %g, want %g", v.Step, v.Factor, w.Factor)
		}
		if v.Scaled == v.Scaled || text(v.Reason) != "the weak order of m is not known" {
			t.Errorf("%s: %g over eta^k, %q", v.Step, v.Scaled, text(v.Reason))
		}
		if known := v.Constant == v.Constant; known != (i > 2) || known && v.Constant != w.Constant {
			t.Errorf("%s: constant %g, want %g but for K", v.Step, v.Constant, w.Constant)
		}
	}
	// A reason of there being no value goes before.
	r.Decay[1].Verdict, r.Decay[1].Reason = compare.DecayNotResolved, "it hides"
	if got := text(ledger(r, 1)[2].Reason); got != "the decay of J = [2] is not known: it hides" {
		t.Errorf("%q", got)
	}
}

// text returns a reason.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Lemma 3's constant holds the ratios of steps that were not looked at: a hump between two times of
// one-step errors lies within its error, and where every step was looked at nothing is added.
func TestLemmaScaleBetweenTimes(t *testing.T) {
	t.Parallel()
	const step = 0.125
	ratio := func(at float64) float64 { return 2 - (at-3)*(at-3)/8 } // largest at t = 3
	steps, errs := make([]float64, 60), make([]float64, 60)
	for j := range steps {
		steps[j] = 1
	}
	l := compare.LocalErrorRow{Key: compare.Key{Observable: "o", Model: "m", Eta: step}}
	scaleAt := func(times ...float64) (scale, relative float64) {
		c := compare.LocalCurve{Observable: "o", Model: "m", Eta: step, T: times}
		for _, at := range times {
			c.Rho = append(c.Rho, ratio(at))
		}
		var res compare.Result
		res.LocalCurves = []compare.LocalCurve{c}
		return lemmaScale(&res, &l, steps, errs, step)
	}
	scale, relative := scaleAt(1, 2.25, 3.75, 5)
	if scale != ratio(2.25) || !(scale*(1+relative) >= ratio(3)) || relative > 0.5 {
		t.Errorf("times about the top: %g (1 + %g), want at least %g", scale, relative, ratio(3))
	}
	var all []float64
	for j := 16; j <= 32; j++ {
		all = append(all, float64(j)*step)
	}
	if scale, relative = scaleAt(all...); scale != ratio(3) || relative > 1e-12 {
		t.Errorf("every step: %g (1 + %g), want %g alone", scale, relative, ratio(3))
	}
}
