package kinds

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/sgd"
)

// tilted is a double well with a deeper well on the left: (x^2 - 1)^2/4 + x/20.
var tilted = trial.Spec{Name: "tilted", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{-1}, {1}},
	Loss: "x^4/4 - x^2/2 + x/20 + xi*x", Observables: [][2]string{{"x", "x"}}, R: 1.6, Etas: []int{4, 8, 16}}

// tiltedRates are the rates of leaving the left and the right well by another program, at eta = 1/4, 1/8,
// 1/16. Those of SGD are by local interpolation of degree 7 on 4001 nodes, of the models by collocation on
// |x| <= 2.6.
var tiltedRates = map[string][3][2]float64{
	"sgd":          {{0.019628412370, 0.042903968666}, {0.00114489514516, 0.00674932405240}, {5.60236463565e-6, 2.278399727934e-4}},
	"second-order": {{0.021245710155, 0.041835284761}, {0.00176609955494, 0.00778060412085}, {1.43382805695e-5, 3.20035193576e-4}},
	"first-order":  {{0.019860484024, 0.039866959445}, {0.00170801247763, 0.00760627716716}, {1.40966636474e-5, 3.16201432020e-4}},
}

// tiltedRounding is what the digits of tiltedRates leave open, relatively.
const tiltedRounding = 1e-7

// barrierOf is 2(f(saddle) - f(rest)) of the tilted well, the exponent of diffusions with Sigma = 1.
func barrierOf(rest, saddle float64) float64 {
	f := func(x float64) float64 { return x*x*x*x/4 - x*x/2 + x/20 }
	return 2 * (f(saddle) - f(rest))
}

// steppedBarrier is the exponent of SGD with gradient noise +-1: the integral of the root p > 0 of
// ln cosh p = p |f'| between a point of rest and the saddle, by Simpson's rule.
func steppedBarrier(rest, saddle float64) float64 {
	root := func(x float64) float64 {
		slope := math.Abs(x*x*x - x + 0.05)
		lo, hi := 0.0, 100.0
		for range 200 {
			if mid := (lo + hi) / 2; math.Log(math.Cosh(mid)) > mid*slope {
				hi = mid
			} else {
				lo = mid
			}
		}
		return lo
	}
	const n = 2000
	sum := 0.0
	for i := range n {
		a, h := rest+(saddle-rest)*float64(i)/n, (saddle-rest)/n
		sum += (root(a) + 4*root(a+h/2) + root(a+h)) * h / 6
	}
	return math.Abs(sum)
}

// The rates of leaving each of two wells agree with another program within their errors, by both
// solvers; barriers are those of closed forms, and add to the ratios of SGD to its diffusions.
func TestEscapeOfATiltedWell(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, solver := range []compare.Solver{{}, {Space: compare.SpaceUniform, Order: 8}} {
		p := trial.Build(t, tilted)
		p.Models = trial.ModelsOf(p, sgd.SecondOrder, sgd.FirstOrder)
		p.Solver, p.SpectrumCount = solver, 1
		r := spectrumOf(t, p, nil)
		if len(r.Escape) != 18 || len(r.EscapeLimit) != 6 {
			t.Fatalf("%d rows and %d limits, want 18 and 6", len(r.Escape), len(r.EscapeLimit))
		}
		own := map[string]float64{}
		for k, e := range r.Escape {
			want := tiltedRates[e.Model][k/2%3][k%2]
			off := math.Abs(float64(e.Rate) - want)
			if !e.Certified || !(off <= float64(e.Error)+tiltedRounding*want) || !(e.Error <= 0.01*e.Rate) || e.Well != []string{"left", "right"}[k%2] {
				t.Errorf("%v: %s, eta = %s, %s: %.12g +- %.2g, want %.12g; %s", solver, e.Model, e.EtaText, e.Well, e.Rate, e.Error, want, deref(e.Reason))
			}
			if slow, found := slowestOf(r, e); !found || math.Abs(float64(e.Error)/float64(slow.Error*(1-e.Weight+e.WeightError)+slow.Rate*e.WeightError)-1) > 1e-9 {
				t.Errorf("%s, eta = %s, %s: the error %g is not that of the slowest rate and of the weight", e.Model, e.EtaText, e.Well, e.Error)
			}
			if a := -e.Eta * math.Log(float64(e.Rate)); math.Abs(float64(e.Action)-a) > 1e-12 {
				t.Errorf("action %g, want %g", e.Action, a)
			}
			barrier, tol := barrierOf(float64(e.Rest[0]), float64(e.Saddle[0])), 1e-9
			if e.Model == "sgd" {
				barrier, tol = steppedBarrier(float64(e.Rest[0]), float64(e.Saddle[0])), 1e-8
				own[e.EtaText+e.Well] = float64(e.Rate)
			} else if ratio := float64(e.Rate) / own[e.EtaText+e.Well]; !(math.Abs(float64(e.Ratio)-ratio) <= 1e-12*ratio) || !(e.RatioError > 0) {
				t.Errorf("ratio %g, want %g", e.Ratio, ratio)
			}
			if !(math.Abs(float64(e.Barrier)-barrier) <= tol) {
				t.Errorf("%s, eta = %s, %s: barrier %.12g, want %.12g", e.Model, e.EtaText, e.Well, e.Barrier, barrier)
			}
		}
		for _, l := range r.EscapeLimit {
			if !(math.Abs(float64(l.Barrier-l.Theory)) <= float64(l.Error)) || !(l.Error <= 0.15*l.Barrier) || len(l.Etas) != 3 {
				t.Errorf("%s, %s: barrier %.4f +- %.2g, theory %.4f", l.Model, l.Well, l.Barrier, l.Error, l.Theory)
			}
		}
	}
}

// slowestOf returns the row of the slowest rate of an escape's process.
func slowestOf(r *compare.Result, e compare.EscapeRow) (compare.SpectrumRow, bool) {
	for _, s := range r.Spectrum {
		if s.Model == e.Model && s.Eta == e.Eta && s.K == 1 {
			return s, true
		}
	}
	return compare.SpectrumRow{}, false
}

// Kramers' limit: with constant noise rate/(Kramers' rate) is 1 + O(eta), and the actions of a
// symmetric well tend to 2(f(0) - f(1)) = 1/2 for diffusions and to the stepped barrier for SGD.
func TestEscapeTendsToKramers(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := escapeWell
	s.Etas = []int{8, 16, 24, 32}
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.FirstOrder)
	p.SpectrumCount = 1
	r := spectrumOf(t, p, nil)
	seen := 0
	for _, e := range r.Escape {
		if e.Model != "first-order" || !e.Certified {
			continue
		}
		seen++
		kramers := math.Sqrt2 / (2 * math.Pi) * math.Exp(-0.5/e.Eta)
		if !(math.Abs(float64(e.Kramers)/kramers-1) <= 1e-8) || !(math.Abs(float64(e.SmallNoise)/kramers-1) <= 1e-8) {
			t.Errorf("eta = %s: Kramers' rate %.10g, small noise %.10g, want %.10g", e.EtaText, e.Kramers, e.SmallNoise, kramers)
		}
		// To first order in eta the rate is smaller by 3/4 eta: by Laplace's method to the next order, from
		// quartic wells, f''' and f'''' at the well and the saddle.
		if off := 1 - float64(e.Rate)/kramers; !(math.Abs(off-0.75*e.Eta) <= 2.5*e.Eta*e.Eta) {
			t.Errorf("eta = %s: the rate is %.5f below Kramers', want %.5f + O(eta^2)", e.EtaText, off, 0.75*e.Eta)
		}
		if math.Abs(float64(e.Weight)-0.5) > float64(e.WeightError) {
			t.Errorf("weight %g +- %g, want 1/2", e.Weight, e.WeightError)
		}
	}
	if seen < 6 {
		t.Errorf("%d certified rows, want 6 or more", seen)
	}
	for _, l := range r.EscapeLimit {
		want := 0.5
		if l.Model == "sgd" {
			if want = 0.5371; !(math.Abs(float64(l.Theory)-want) < 5e-4) {
				t.Errorf("SGD's barrier %.5f, want %.4f", l.Theory, want)
			}
			want = float64(l.Theory)
		}
		if !(math.Abs(float64(l.Barrier)-want) <= float64(l.Error)) || !(l.Error < 0.02) || math.Abs(float64(l.Theory)-want) > 1e-9 {
			t.Errorf("%s, %s: %.5f +- %.2g, theory %.6f, want %.6f", l.Model, l.Well, l.Barrier, l.Error, l.Theory, want)
		}
	}
}

// Small rates are 1 over the mean times of passage between the points of rest, which are double integrals,
// but for the mass near the saddle: here by Gauss' and the trapezoidal rule in another program.
func TestEscapeIsPassage(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := tilted
	s.Etas = []int{16, 24, 32}
	p := trial.Build(t, s)
	p.Models, p.SpectrumCount = trial.ModelsOf(p, sgd.FirstOrder), 1
	passage := [][2]float64{{1.4071123e-5, 3.1563821e-4}, {1.14630385e-7, 1.28034355e-5}, {9.2377902e-10, 5.1193794e-7}}
	off := []float64{2.5e-3, 1.2e-4, 8e-6}
	seen := 0
	for _, e := range spectrumOf(t, p, nil).Escape {
		if e.Model == "first-order" {
			want := passage[seen/2][seen%2]
			if d := float64(e.Rate)/want - 1; !e.Certified || math.Abs(d) > off[seen/2]+float64(e.Error)/want {
				t.Errorf("eta = %s, %s: %.9g +- %.2g, 1 over the passage %.9g, off by %.2g", e.EtaText, e.Well, e.Rate, e.Error, want, d)
			}
			seen++
		}
	}
	if seen != 6 {
		t.Errorf("%d rows, want 6", seen)
	}
}

// Limits hold their barriers where the parabola and the line agree by chance.
func TestEscapeLimitOfAgreeingLines(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, c := range []struct {
		loss string
		etas []int
	}{{"x^6/6 - x^2/2 + 0.9*xi*x", []int{4, 6, 8}}, {"x^4/4 - x^2/2 + x/10 + xi*x", []int{16, 20, 24}}} {
		s := tilted
		s.Loss, s.Etas, s.R = c.loss, c.etas, 1.7
		p := trial.Build(t, s)
		p.Models, p.SpectrumCount = trial.ModelsOf(p, sgd.SecondOrder, sgd.FirstOrder), 1
		for _, l := range spectrumOf(t, p, nil).EscapeLimit {
			if l.Model != "sgd" && !(math.Abs(float64(l.Barrier-l.Theory)) <= float64(l.Error)) {
				t.Errorf("%s: %s, %s: barrier %.4f +- %.2g, theory %.4f", c.loss, l.Model, l.Well, l.Barrier, l.Error, l.Theory)
			}
		}
	}
}

// Noise of 0.46 crosses the barrier of slope 0.285 out of one well and not that of 0.485 out of the
// other: the rate of leaving that one is zero, and the other's is the slowest rate.
func TestEscapeOneWay(t *testing.T) {
	t.Parallel()
	for i, loss := range []string{"x^4/4 - x^2/2 + x/10 + xi*x", "x^4/4 - x^2/2 - x/10 + xi*x"} {
		s := tilted
		s.Loss, s.Values, s.Etas = loss, [][]float64{{-0.46}, {0.46}}, []int{4}
		p := trial.Build(t, s)
		p.Models, p.SpectrumCount = trial.ModelsOf(p, sgd.GradientFlow), 1
		r := spectrumOf(t, p, nil)
		if len(r.Escape) != 4 {
			t.Fatalf("%d rows, want 4", len(r.Escape))
		}
		closed, open := r.Escape[i], r.Escape[1-i]
		if closed.Rate != 0 || closed.Error != 0 || !closed.Certified || !strings.Contains(deref(closed.Reason), "cannot leave") || closed.Barrier-closed.Barrier == 0 {
			t.Errorf("%s: the closed well's rate is %g, barrier %g: %s", loss, closed.Rate, closed.Barrier, deref(closed.Reason))
		}
		if slowest := r.Spectrum[0]; !open.Certified || !(math.Abs(float64(open.Rate-slowest.Rate)) <= float64(open.Error)) || !(open.Barrier > 0) {
			t.Errorf("%s: the open well's rate is %g +- %g, the slowest %g: %s", loss, open.Rate, open.Error, slowest.Rate, deref(open.Reason))
		}
		for _, e := range r.Escape[2:] {
			if e.Rate != 0 || !strings.Contains(deref(e.Reason), "no noise") {
				t.Errorf("without noise the rate is %g: %s", e.Rate, deref(e.Reason))
			}
		}
	}
}

// One well has no rates of leaving; rates below the floor are no numbers; and rows survive JSON.
func TestEscapeWithoutNumbers(t *testing.T) {
	t.Parallel()
	one := trial.Quad1d
	one.Etas = []int{8}
	p := trial.Build(t, one)
	p.Models, p.SpectrumCount = trial.ModelsOf(p, sgd.FirstOrder), 1
	if r := spectrumOf(t, p, nil); len(r.Escape) != 0 || len(r.EscapeLimit) != 0 {
		t.Errorf("%d rows and %d limits of one well", len(r.Escape), len(r.EscapeLimit))
	}
	s := escapeWell
	s.Etas = []int{64}
	p = trial.Build(t, s)
	p.Models, p.SpectrumCount = trial.ModelsOf(p, sgd.FirstOrder), 1
	r := spectrumOf(t, p, nil)
	for _, e := range r.Escape {
		if e.Rate == e.Rate || e.Certified || !strings.Contains(deref(e.Reason), "below the floor") || !(e.Error > 0) || !(e.Barrier > 0.49) {
			t.Errorf("%s, %s: %g +- %g, barrier %g: %s", e.Model, e.Well, e.Rate, e.Error, e.Barrier, deref(e.Reason))
		}
	}
	for _, l := range r.EscapeLimit {
		if l.Barrier == l.Barrier || l.Reason == nil {
			t.Errorf("a limit of no rows: %+v", l)
		}
	}
	text, err := json.Marshal(r.Escape)
	if err != nil || !strings.Contains(string(text), `"rate":null`) {
		t.Errorf("%s, %v", text, err)
	}
}
