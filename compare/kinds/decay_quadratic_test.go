package kinds

import (
	"context"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/sgd"
)

func decayOf(t *testing.T, s trial.Spec, models ...string) *compare.Result {
	t.Helper()
	p := trial.Build(t, s)
	p.Models, p.Studies = trial.ModelsOf(p, models...), []compare.Study{compare.StudyDecay}
	r, err := Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The spectral gap of every model is known, whatever the observable: beta with the drift of second order, else 1.
func TestSpectralGapsOfAQuadratic(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Observables, s.Etas = [][2]string{{"x", "x"}}, []int{4, 32}
	for _, m := range []string{sgd.Modified, sgd.SecondOrder, sgd.FirstOrder, sgd.GradientFlow} {
		rows := decayOf(t, s, m).Decay
		if len(rows) != 8 {
			t.Fatalf("%s: %d rows", m, len(rows))
		}
		for _, d := range rows {
			want := 1 + d.Eta/2
			if m == sgd.FirstOrder || m == sgd.GradientFlow {
				want = 1
			}
			if off := math.Abs(float64(d.SpectralGap) - want); !(off <= float64(d.SpectralGapError)) || d.SpectralGapError > 1e-9 {
				t.Errorf("%s, eta = %s, J = %v: %.12g +- %.2g, want %.12g; %s", m, d.EtaText, d.J, d.SpectralGap, d.SpectralGapError, want, d.Reason)
			}
		}
	}
}

// Where rounding does not tell the rate of leaving a well from zero, every row says so instead.
func TestSpectralGapBelowTheFloor(t *testing.T) {
	t.Parallel()
	s := escapeWell
	s.Etas = []int{64}
	p := trial.Build(t, s)
	p.Models, p.Studies, p.Horizon = trial.ModelsOf(p, sgd.SecondOrder), []compare.Study{compare.StudyDecay}, 1
	for _, d := range run(t, p, nil).Decay {
		if d.SpectralGap == d.SpectralGap || d.SpectralGapError == d.SpectralGapError || !strings.Contains(d.Reason, "the spectral gap is not known: below the floor") {
			t.Errorf("J = %v: %g +- %g; %s", d.J, d.SpectralGap, d.SpectralGapError, d.Reason)
		}
	}
}

// For f = (x-xi)^2/2 the derivatives of u are known: x^2 has d u = 2x e^{-2 beta t},
// d^2 u = 2 e^{-2 beta t}, beta = 1 + eta/2, and no others; the moments tend to those
// of a normal law of variance eta/(2 beta), and the spectral gap is beta.
func TestDecayOfAQuadratic(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Observables, s.Etas = s.Observables[:1], []int{8, 32}
	r := decayOf(t, s, sgd.SecondOrder)
	if len(r.Decay) != 8 || len(r.Moments) != 6 || len(r.DecayLimits) != 4 || len(r.DecayCurves) != 8 {
		t.Fatalf("%d rows, %d moments, %d limits, %d curves", len(r.Decay), len(r.Moments), len(r.DecayLimits), len(r.DecayCurves))
	}
	for _, d := range r.Decay {
		beta := 1 + d.Eta/2
		if !(math.Abs(float64(d.SpectralGap)-beta) <= float64(d.SpectralGapError)+1e-9) {
			t.Errorf("eta = %s: spectral gap %.12g +- %.2g, want %.12g", d.EtaText, float64(d.SpectralGap), float64(d.SpectralGapError), beta)
		}
		if d.J[0] > 2 {
			if d.Verdict != compare.DecayZero {
				t.Errorf("eta = %s, J = %v: %s (%s), want zero", d.EtaText, d.J, d.Verdict, d.Reason)
			}
			continue
		}
		c := []float64{2 * 2, 2}[d.J[0]-1]
		if d.Verdict != compare.DecayPass || math.Abs(float64(d.Gamma)-2*beta) > float64(d.High-d.Gamma)+1e-6 || math.Abs(float64(d.C)-c) > 0.03*c || float64(d.High-d.Low) > 0.1 || !(d.Low <= d.Gamma && d.Gamma <= d.High) {
			t.Errorf("eta = %s, J = %v: %s, gamma %.6g, C %.6g, want %.6g and %.6g", d.EtaText, d.J, d.Verdict, float64(d.Gamma), float64(d.C), 2*beta, c)
		}
	}
	for _, l := range r.DecayLimits {
		if l.Eta0 == nil || *l.Eta0 != 0.125 {
			t.Errorf("eta0(%v) = %v, want 1/8", l.J, l.Eta0)
		}
	}
	for _, m := range r.Moments {
		beta := 1 + m.Eta/2
		variance := m.Eta / (2 * beta)
		want := []float64{variance, 3 * variance * variance, 15 * variance * variance * variance}[m.M-1]
		if d := math.Abs(float64(m.Limit) - want); d > float64(m.Error)+1e-9 || m.Verdict != compare.DecayPass || math.Abs(float64(m.Gamma)-2*beta) > 0.02 {
			t.Errorf("m = %d, eta = %s: %s, limit %.9g +- %.2g, want %.9g; gamma %.5g, want %.5g", m.M, m.EtaText, m.Verdict, float64(m.Limit), float64(m.Error), want, float64(m.Gamma), 2*beta)
		}
		if !(m.C > 0.5 && m.C < 3) {
			t.Errorf("m = %d, eta = %s: C = %.4g", m.M, m.EtaText, float64(m.C))
		}
	}
}
