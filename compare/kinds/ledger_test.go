package kinds

import (
	"math"
	"testing"

	"kolmo/compare"
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
			d2.T, d2.Sup = append(d2.T, t), append(d2.Sup, c.c*math.Exp(-c.gamma*t))
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

// text returns a reason.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
