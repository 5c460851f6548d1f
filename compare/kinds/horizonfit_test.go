package kinds

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kolmo/compare"
	"kolmo/compare/constant"
	"kolmo/compare/fit"
	"kolmo/compare/horizon"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/trial"
	"kolmo/compare/unit"
	"kolmo/internal/slow"
	"kolmo/kolmogorov"
	"kolmo/sgd"
)

// exactInTime is a propagator without error in time that is never advanced.
type exactInTime struct{ kolmogorov.Propagator }

func (exactInTime) TimeErrorAt(int) float64 { return 0 }

func (exactInTime) KeepDifferences() *kolmogorov.Differences { return nil }

// rowsOf returns the rows of curves gapOf(t, eta) and derivatives e^{|J| t}, as the
// engines of eta = 1/16 .. 1/128 would leave them on two grids that differ by the
// share off.
func rowsOf(t testing.TB, until, off float64, gap func(t, eta float64) float64) []compare.HorizonRow {
	p := trial.Build(t, doubleWell)
	p.Horizon = until
	s := &horizon.Kind{Setup: &unit.Setup{Problem: p, Rate: 1, Inside: map[float64]bool{}}}
	var rows []compare.HorizonRow
	for k := 4; k <= 7; k++ {
		eta := compare.Rate{Value: math.Pow(2, -float64(k)), Text: fmt.Sprintf("1/%d", 1<<k)}
		var runs [2]*march.Row
		for i := range runs {
			r := &march.Row{Model: &march.Model{Model: trial.Diffusion(sgd.SecondOrder), Level: survey.Level{Method: survey.Chebyshev(), Nodes: []int{16}}}, ToHorizon: march.ToHorizon{Derivatives: &march.DerivativeSups{}}, Prop: exactInTime{}}
			for n := range int(until/eta.Value) + 1 {
				time := float64(n) * eta.Value
				r.Curve = append(r.Curve, gap(time, eta.Value)*(1-off*float64(i)))
				for m := 1; m <= kolmogorov.MaxDerivative; m++ {
					r.Derivatives.Sup[m] = append(r.Derivatives.Sup[m], math.Exp(float64(m)*time)*(1-off*float64(i)))
				}
			}
			runs[i] = r
		}
		rows = append(rows, s.HorizonRow(horizon.HorizonRuns{Fine: runs[0], Coarse: runs[1]}, eta))
	}
	return rows
}

// gap = c eta^2 e^{a t}: the orders are 2 - a beta to the error of linear
// interpolation, and there is no plateau.
func TestHorizonOrdersOfExactGrowth(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		a, c := rapid.Float64Range(0.5, 3).Draw(r, "a"), rapid.Float64Range(0.1, 10).Draw(r, "c")
		rows := rowsOf(t, 4, 1e-6, func(t, eta float64) float64 { return c * eta * eta * math.Exp(a*t) })
		for b, beta := range horizon.HorizonBetas {
			o := horizon.HorizonOrder("x", trial.Diffusion(sgd.SecondOrder), rows, b, compare.GrowthRate{J: 2, Alpha: compare.Number(a)})
			if math.Abs(float64(o.Slope)-(2-a*beta)) > 2e-3 || math.Abs(float64(o.Last-o.Slope)) > 4e-3 || math.Abs(float64(o.Expected)-(2-a*beta)) > 1e-12 || !strings.Contains(o.Verdict, "confirmed") {
				r.Fatalf("a = %g, beta = %g: order %.6f, last %.6f, expected %.6f, want %.6f: %s", a, beta, o.Slope, o.Last, o.Expected, 2-a*beta, o.Verdict)
			}
			wrong := horizon.HorizonOrder("x", trial.Diffusion(sgd.SecondOrder), rows, b, compare.GrowthRate{J: 2, Alpha: compare.Number(a - 0.12/beta)})
			if !strings.Contains(wrong.Verdict, "not seen") {
				r.Fatalf("a = %g, beta = %g: an order of %.3f where %.3f is claimed: %s", a, beta, o.Last, wrong.Expected, wrong.Verdict)
			}
		}
		for i := range rows {
			if rows[i].T == rows[i].T || rows[i].TReason == nil {
				r.Fatalf("a plateau at T = %.3f", rows[i].T)
			}
		}
	})
}

// gap = c eta/(1 + 1/(eta e^{a t})) levels off at c eta, is half of that at
// t = ln(1/eta)/a, and the slope of T is 1/a.
func TestHorizonTimeOfALogisticGap(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		a, c := rapid.Float64Range(1.5, 3).Draw(r, "a"), rapid.Float64Range(0.1, 10).Draw(r, "c")
		rows := rowsOf(t, 11, 1e-6, func(t, eta float64) float64 {
			if t == 0 {
				return 0
			}
			return c * eta / (1 + math.Exp(-a*t)/eta)
		})
		for i := range rows {
			h := &rows[i]
			if want := math.Log(1/h.Eta) / a; math.Abs(float64(h.T)-want) > 1e-3 || math.Abs(float64(h.Plateau)/(c*h.Eta)-1) > 1e-4 {
				r.Fatalf("eta = %s: T %.5f, want %.5f; plateau %.5g, want %.5g", h.EtaText, h.T, want, h.Plateau, c*h.Eta)
			}
			for _, g := range h.Alpha {
				// The two grids differ by a millionth.
				if math.Abs(float64(g.Alpha)-float64(g.J)) > 1e-9 || math.Abs(float64(g.High-g.Low)) > 1e-9 {
					r.Fatalf("|J| = %d: alpha %.12f [%.12f, %.12f]", g.J, g.Alpha, g.Low, g.High)
				}
			}
		}
		h := horizon.HorizonTime("x", trial.Diffusion(sgd.SecondOrder), rows, compare.GrowthRate{J: 2, Alpha: compare.Number(a)})
		if math.Abs(float64(h.Slope)-1/a) > 1e-3 || math.Abs(float64(h.PlateauOrder)-1) > 1e-3 || math.Abs(float64(h.Expected)-1/a) > 2e-3 || !strings.Contains(h.Verdict, "confirmed") {
			r.Fatalf("a = %g: slope %.5f, plateau of order %.4f, %.5f expected: %s", a, h.Slope, h.PlateauOrder, h.Expected, h.Verdict)
		}
		if other := horizon.HorizonTime("x", trial.Diffusion(sgd.SecondOrder), rows, compare.GrowthRate{J: 2, Alpha: compare.Number(1.5 * a)}); !strings.Contains(other.Verdict, "not seen") {
			r.Fatalf("a = %g: %s", a, other.Verdict)
		}
	})
}

// Errors are carried: two grids that differ by a share err by that share, and what errs by
// more than a fifth is not fitted.
func TestHorizonErrors(t *testing.T) {
	t.Parallel()
	gap := func(t, eta float64) float64 { return eta * eta * math.Exp(2*t) }
	const off = 0.11
	for _, h := range rowsOf(t, 4, off, gap) {
		for i := range h.Times {
			if math.Abs(float64(h.Error[i]/h.Gap[i])-off) > 1e-6 {
				t.Fatalf("eta = %s, t = %g: %.3e +- %.3e", h.EtaText, h.Times[i], h.Gap[i], h.Error[i])
			}
		}
		for _, s := range h.Sup {
			if math.Abs(float64(s.Error/s.Gap)-off) > 1e-6 {
				t.Fatalf("eta = %s, beta = %g: %.3e +- %.3e", h.EtaText, s.Beta, s.Gap, s.Error)
			}
		}
		for _, a := range h.Alpha {
			if a.Alpha == a.Alpha {
				t.Errorf("|J| = %d: alpha %.3f of derivatives that stand less than ten times above their error", a.J, a.Alpha)
			}
		}
	}
	rows := rowsOf(t, 4, 0.3, gap)
	if o := horizon.HorizonOrder("x", trial.Diffusion(sgd.SecondOrder), rows, 1, compare.GrowthRate{J: 2, Alpha: 2}); len(o.Etas) != 0 || o.Slope == o.Slope {
		t.Errorf("fitted over %v: %.3f", o.Etas, o.Slope)
	}
	if h := horizon.HorizonTime("x", trial.Diffusion(sgd.SecondOrder), rows, compare.GrowthRate{J: 2, Alpha: 2}); len(h.Etas) != 0 || h.Slope == h.Slope {
		t.Errorf("fitted over %v: %.3f", h.Etas, h.Slope)
	}
}

// A plateau that may be nothing but error has no T, nor has a T whose error reaches down to
// zero; both say why, and neither is fitted.
func TestHorizonTimeAboveItsError(t *testing.T) {
	t.Parallel()
	// Between its peak at t = 1 and the plateau the gap falls to 0.35 of the latter.
	dip := func(t, eta float64) float64 {
		return eta * eta * (1 + 4*math.Exp(-8*(t-1)*(t-1)) - 0.65*math.Exp(-2*(t-4)*(t-4)))
	}
	// A gap that is at its plateau from the first step on.
	level := func(t, eta float64) float64 { return min(eta, eta*eta*math.Floor(1+1e6*t)) }
	for _, c := range []struct {
		name string
		gap  func(t, eta float64) float64
		off  float64
		want string // "" if T is known
	}{
		{"dip", dip, 0.5, ""}, {"dip", dip, 1, "is not above its error"}, {"dip", dip, 3, "is not above its error"}, {"level", level, 0.01, "from the first step on"},
	} {
		rows := rowsOf(t, 10, c.off, c.gap)
		known := 0
		for _, h := range rows {
			if h.T == h.T {
				known++
			}
			if (h.T == h.T) != (c.want == "") || (h.TError == h.TError) != (h.T == h.T) || !strings.Contains(deref(h.TReason), c.want) || (h.TReason == nil) != (c.want == "") || h.Reason != nil {
				t.Errorf("%s, error %g of the plateau, eta = %s: T %.3f +- %.2g: %q", c.name, c.off, h.EtaText, h.T, h.TError, deref(h.TReason))
			}
		}
		if h := horizon.HorizonTime("x", trial.Diffusion(sgd.SecondOrder), rows, compare.GrowthRate{J: 2, Alpha: 2}); known == 0 && len(h.Etas) != 0 {
			t.Errorf("%s: fitted over %v", c.name, h.Etas)
		}
	}
	// An error of T that is not below T.
	for _, h := range []compare.HorizonRow{{Plateau: 1, PlateauError: 0.1, T: 0.5, TError: 0.5}, {Plateau: 1, PlateauError: 0.1, T: 0.5, TError: compare.Number(math.NaN())}} {
		if !strings.Contains(horizon.NoTime(&h, 0.125), "not below T") {
			t.Errorf("T %.2f +- %.2f: %q", h.T, h.TError, horizon.NoTime(&h, 0.125))
		}
	}
	if h := (compare.HorizonRow{Plateau: 1, PlateauError: 0.1, T: 0.5, TError: 0.4}); horizon.NoTime(&h, 0.125) != "" {
		t.Errorf("T 0.5 +- 0.4: %q", horizon.NoTime(&h, 0.125))
	}
	// The gap at n = 0 is zero by definition: a T before the first step is none, one at it is.
	for first, want := range map[float64]bool{0.125: true, 0.5: true, 0.6: false} {
		if h := (compare.HorizonRow{Plateau: 1, PlateauError: 0.1, T: 0.5, TError: 1e-5}); (horizon.NoTime(&h, first) == "") != want {
			t.Errorf("T 0.5, the first step at %g: %q", first, horizon.NoTime(&h, first))
		}
	}
}

// Stored curves of long runs are thinned and keep the last step.
func TestHorizonCurvesAreThinned(t *testing.T) {
	t.Parallel()
	for _, h := range rowsOf(t, 160, 0, func(t, eta float64) float64 { return eta * t / (1 + t) }) {
		n := len(h.Times)
		if n > horizon.MostHorizonPoints+2 || n < horizon.MostHorizonPoints/2 || h.Times[0] != 0 || h.Times[n-1] != 160 || len(h.Gap) != n || len(h.Error) != n {
			t.Errorf("eta = %s: %d points from t = %g to %g", h.EtaText, n, h.Times[0], h.Times[n-1])
		}
	}
}

// The slope at the last of three points of a parabola is exact.
func TestLastSlope(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		a, b := rapid.Float64Range(-3, 3).Draw(r, "a"), rapid.Float64Range(-1, 1).Draw(r, "b")
		x := [3]float64{-1.2, -2.3, -3.9}
		var y [3]float64
		for i, v := range x {
			y[i] = a*v + b*v*v
		}
		want := a + 2*b*x[2]
		if got, bound := fit.LastSlope(x, y, [3]float64{}); math.Abs(float64(got)-want) > 1e-10 || bound != 0 {
			r.Fatalf("%.12f +- %.1e, want %.12f", got, bound, want)
		}
	})
	// Halving: (3 y2 - 4 y1 + y0)/(2 ln 2).
	if _, bound := fit.LastSlope([3]float64{2 * math.Ln2, math.Ln2, 0}, [3]float64{}, [3]float64{1e-3, 1e-3, 1e-3}); math.Abs(float64(bound)-8e-3/(2*math.Ln2)) > 1e-12 {
		t.Errorf("bound %.6g", bound)
	}
}

// The order of the leading term over the times of the suprema: eta^k e^{a t} has the order
// k - a beta, and nothing is said beyond the path of the prediction.
func TestLeadingSlope(t *testing.T) {
	t.Parallel()
	var path []constant.ConstantPoint
	for i := 1; i <= 40; i++ {
		tau := 0.05 * float64(i)
		path = append(path, constant.ConstantPoint{Time: tau, Value: 3 * math.Exp(1.7*tau)})
	}
	etas := []float64{1. / 16, 1. / 32, 1. / 64}
	if got := horizon.LeadingSlope(path, etas, 0.4, trial.Diffusion(sgd.SecondOrder)); math.Abs(float64(got)-(2-1.7*0.4)) > 1e-9 {
		t.Errorf("%.6f, want %.6f", got, 2-1.7*0.4)
	}
	for _, beta := range []float64{0.01, 0.6} { // before the first point, after the last
		if got := horizon.LeadingSlope(path, etas, beta, trial.Diffusion(sgd.SecondOrder)); got == got {
			t.Errorf("beta = %g: %.6f beyond the path", beta, got)
		}
	}
}
