package kinds

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/sgd"
)

// A slow mode below a fast one that stands above the error late is within the interval, also
// where the errors touch the slopes of the late windows but not those of the early ones.
func TestLateRateHoldsSlowModes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		slow := math.Pow(10, rapid.Float64Range(-7, -2).Draw(t, "slow"))
		floor := math.Pow(10, rapid.Float64Range(-13, -9).Draw(t, "floor"))
		multiple := rapid.Float64Range(1.5, 4).Draw(t, "multiple")
		var times, v, errs []float64
		from, to := 0.0, 0.0 // when the slow mode is nearly all there is, above the error
		for i := range 121 {
			x := 12. / 120 * float64(i)
			fast, late := math.Exp(-multiple*x), slow*math.Exp(-x)
			off := floor * rapid.Float64Range(-1, 1).Draw(t, "off")
			times, v, errs = append(times, x), append(v, math.Abs(fast+late+off)), append(errs, floor)
			if late < 20*fast {
				from = x
			}
			if late > 6*floor {
				to = x
			}
		}
		if to-from < 2 {
			return
		}
		if d := fit.LateRate(times, v, errs); !(d.Low <= 1.15 && d.High >= 1) {
			t.Fatalf("rate %.4f in [%.4f, %.4f] up to t = %.3g, want 1 below %.3g, slow %.2g, floor %.2g", d.Rate, d.Low, d.High, d.To, multiple, slow, floor)
		}
	})
}

// A slow mode below a fast one, with errors that fall like the values and are never below the
// slow mode: the fast mode's rate is not confirmed, and the interval holds both. A floor, where
// values fall no more, says nothing against a rate.
func TestRatesAreConfirmedByLaterSlopes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		slow, share, until, floor float64
		holds                     bool // the slow rate
	}{
		{0.5, 1e-2, 24, 0, true}, {0.5, 1e-4, 24, 0, true}, {0.2, 1e-2, 40, 0, true}, {0.2, 1e-4, 40, 0, true},
		{0.5, 1e-2, 10, 0, true}, {0.7, 1e-4, 36, 0, true}, {0.5, 1e-4, 40, 1e-14, true}, {1, 0, 24, 1e-7, false}, {1, 0, 36, 1e-4, false},
	} {
		var x, v, e []float64
		for i := range 161 {
			s := c.until * float64(i) / 160
			late := c.share * math.Exp(-c.slow*s)
			x, v = append(x, s), append(v, math.Exp(-s)+late+c.floor)
			e = append(e, 1.3*late+2*c.floor+1e-4*math.Exp(-s))
		}
		d := fit.ConfirmedRate(x, v, e)
		if d.Rate == d.Rate && (!(d.Low <= 1.001 && d.High >= 1) && !(d.Low <= c.slow && d.High >= c.slow) || c.holds && !(d.Low <= 1.001*c.slow) || !c.holds && d.Low < 0.8) {
			t.Errorf("%+v: %.3f in [%.3f, %.3f], window to t = %.3g", c, d.Rate, d.Low, d.High, d.To)
		}
	}
}

// The Hessian has the eigenvalues 1 and 1.03, turned by 30 degrees: x is three quarters the slower mode, so that
// its derivative and its one-step error fall at 1 + eta/2 in the end, and at more within the window.
// The spectral gap ends the interval where it is known, and no row says that the mode is not there.
func TestRatesOfNearlyEqualEigenvalues(t *testing.T) {
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "near", Parameters: []string{"x", "y"}, Variables: []string{"xi", "zeta"}, Values: [][]float64{{-1, 1}, {1, 1}, {-1, -1}, {1, -1}},
		Loss:        "1.0075*x^2/2 + 1.0225*y^2/2 - 0.03*sqrt(3)/4*x*y - 0.3*xi*x - 0.2*zeta*y",
		Observables: [][2]string{{"x", "x"}}, R: 2, Etas: []int{8}})
	p.Models, p.Studies = trial.ModelsOf(p, sgd.SecondOrder), []compare.Study{compare.StudyDecay, compare.StudyLocalError}
	r := run(t, p, nil)
	for _, d := range r.Decay {
		if d.Verdict == compare.DecayZero {
			continue
		}
		want := compare.Number(1 + d.Eta/2)
		if d.Verdict != compare.DecayPass || !(d.Low <= want && want <= d.High) || strings.Contains(d.Reason, "faster") {
			t.Errorf("eta = %s, J = %v: %s (%s), %.6f in [%.6f, %.6f], want %.6f", d.EtaText, d.J, d.Verdict, d.Reason, d.Gamma, d.Low, d.High, want)
		}
		if d.J[0] == 1 && (d.Low < want-1e-6 || !strings.Contains(d.Reason, "not told apart from the spectral gap")) {
			t.Errorf("eta = %s, J = %v: from %.6f (%s), want from the spectral gap %.6f", d.EtaText, d.J, d.Low, d.Reason, d.SpectralGap)
		}
	}
	for _, l := range r.LocalError {
		if want := compare.Number(1 + l.Eta/2); !(l.Low <= want && want <= l.High) || l.High-l.Low > 0.1 {
			t.Errorf("eta = %s: one-step errors at %.6f in [%.6f, %.6f], want %.6f", l.EtaText, l.Rate, l.Low, l.High, want)
		}
	}
	if len(r.Decay) == 0 || len(r.LocalError) != 1 {
		t.Errorf("%d derivatives, %d one-step errors", len(r.Decay), len(r.LocalError))
	}
}

// A loss whose expectation is strongly convex: every derivative decays, at the spectral gap
// in the end, although at eta = 1/32 the second one of f shows twice that rate until t = 9.
// Verdicts are about decay, also where the rate is not known to 30 %.
func TestDecayWithASlowModeBelowAFastOne(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	values := [][]float64{{-1}, {-1}, {-1}, {0.5}, {0.5}, {0.5}, {0.5}, {0.5}, {1.2}, {1.2}}
	r := decayOf(t, trial.Spec{Name: "crossing", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: values,
		Loss: "(x + 0.5 - xi)^2/2 + 0.15*xi^2*sin(x + 0.5)", Observables: [][2]string{{"loss", "(x + 0.31)^2/2 + 0.10695*sin(x + 0.5)"}}, R: 2, Etas: []int{32}}, sgd.Modified)
	for _, d := range r.Decay {
		if d.Verdict != compare.DecayPass || !(d.Low <= d.SpectralGap && d.SpectralGap <= d.High) {
			t.Errorf("J = %v: %s (%s), %.4f in [%.4f, %.4f], want pass and %.4f", d.J, d.Verdict, d.Reason, d.Gamma, d.Low, d.High, d.SpectralGap)
		}
	}
	for _, l := range r.DecayLimits {
		if l.Eta0 == nil {
			t.Errorf("eta0(%v) is null", l.J)
		}
	}
}

// A moment whose limit is not known is not constant: without a drift the process spreads
// for ever.
func TestMomentsWithoutALimit(t *testing.T) {
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "flat", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{-1}, {1}},
		Loss: "xi*x", Observables: [][2]string{{"square", "x^2"}}, R: 2, Etas: []int{4}})
	p.Models, p.Studies, p.Horizon = trial.ModelsOf(p, sgd.SecondOrder), []compare.Study{compare.StudyDecay}, 1
	for _, m := range run(t, p, nil).Moments {
		if m.Error < 0.1*m.Limit || m.Verdict != compare.DecayNotResolved {
			t.Errorf("m = %d: limit %.3g +- %.2g, %s (%s), want not-resolved", m.M, m.Limit, m.Error, m.Verdict, m.Reason)
		}
	}
}
