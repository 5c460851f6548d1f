package compare

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"kolmo/kolmogorov"
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
		if d := lateRate(times, v, errs); !(d.low <= 1.15 && d.high >= 1) {
			t.Fatalf("rate %.4f in [%.4f, %.4f] up to t = %.3g, want 1 below %.3g, slow %.2g, floor %.2g", d.rate, d.low, d.high, d.to, multiple, slow, floor)
		}
	})
}

// A loss whose expectation is strongly convex: every derivative decays, at the spectral gap
// in the end, although at eta = 1/32 the second one of f shows twice that rate until t = 9.
// Verdicts are about decay, also where the rate is not known to 30 %.
func TestDecayWithASlowModeBelowAFastOne(t *testing.T) {
	t.Parallel()
	values := [][]float64{{-1}, {-1}, {-1}, {0.5}, {0.5}, {0.5}, {0.5}, {0.5}, {1.2}, {1.2}}
	r := decayOf(t, spec{name: "crossing", parameters: []string{"x"}, variables: []string{"xi"}, values: values,
		loss: "(x + 0.5 - xi)^2/2 + 0.15*xi^2*sin(x + 0.5)", observables: [][2]string{{"loss", "(x + 0.31)^2/2 + 0.10695*sin(x + 0.5)"}}, r: 2, etas: []int{32}}, kolmogorov.Modified)
	for _, d := range r.Decay {
		if d.Verdict != DecayPass || !(d.Low <= d.SpectralGap && d.SpectralGap <= d.High) {
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
	p := build(t, spec{name: "flat", parameters: []string{"x"}, variables: []string{"xi"}, values: [][]float64{{-1}, {1}},
		loss: "xi*x", observables: [][2]string{{"square", "x^2"}}, r: 2, etas: []int{4}})
	p.Models, p.Studies, p.Horizon = []kolmogorov.Model{kolmogorov.SecondOrder}, []Study{StudyDecay}, 1
	for _, m := range run(t, p, nil).Moments {
		if m.Error < 0.1*m.Limit || m.Verdict != DecayNotResolved {
			t.Errorf("m = %d: limit %.3g +- %.2g, %s (%s), want not-resolved", m.M, m.Limit, m.Error, m.Verdict, m.Reason)
		}
	}
}
