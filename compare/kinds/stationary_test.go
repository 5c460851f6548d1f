package kinds

import (
	"context"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"

	"kolmo/compare"
	"kolmo/compare/stationary"
	"kolmo/compare/survey"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/law"
	"kolmo/sgd"
)

// stationaryOf runs the stationary study of a spec.
func stationaryOf(t *testing.T, s trial.Spec, models ...string) *compare.Result {
	t.Helper()
	p := trial.Build(t, s)
	p.Studies = []compare.Study{compare.StudyStationary}
	if models != nil {
		p.Models = trial.ModelsOf(p, models...)
	}
	r, err := Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// For f = (x-xi)^2/2 and phi = x^2 the invariant variances are eta/(2 - eta) of SGD,
// eta/(2 + eta) of second-order and modified, eta/2 of first-order and 0 of gradient-flow.
func TestStationaryAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Quad1d
	s.Observables = s.Observables[:1]
	r := stationaryOf(t, s)
	if len(r.Stationary) != 24 || len(r.StationaryOrder) != 4 {
		t.Fatalf("%d rows, %d orders", len(r.Stationary), len(r.StationaryOrder))
	}
	for _, row := range r.Stationary {
		sgd := row.Eta / (2 - row.Eta)
		model := map[string]float64{"modified": row.Eta / (2 + row.Eta), "second-order": row.Eta / (2 + row.Eta), "first-order": row.Eta / 2}[row.Model]
		t.Logf("%-13s %5s sgd %.3e null %.1e (%.1e) run %.1e (%.1e) model %.3e null %.1e (%.1e) run %.1e (%.1e) error/difference %.1e t %.3g", row.Model, row.EtaText,
			sgd, float64(row.SGDNull)-sgd, float64(row.SGDNullError), float64(row.SGDRun)-sgd, float64(row.SGDRunError),
			model, float64(row.DiffusionNull)-model, float64(row.DiffusionNullError), float64(row.DiffusionRun)-model, float64(row.DiffusionRunError), float64(row.Error/row.Difference), float64(row.T))
		if row.Reason != nil || row.Agree == nil || !*row.Agree {
			t.Errorf("%s, %s: reason %q", row.Model, row.EtaText, deref(row.Reason))
			continue
		}
		for _, c := range []struct {
			what            string
			got, err, truth float64
		}{
			{"sgd", float64(row.SGD), float64(row.SGDError), sgd},
			{"sgd's null vector", float64(row.SGDNull), float64(row.SGDNullError), sgd},
			{"sgd's run", float64(row.SGDRun), float64(row.SGDRunError), sgd},
			{"diffusion", float64(row.Diffusion), float64(row.DiffusionError), model},
			{"diffusion's null vector", float64(row.DiffusionNull), float64(row.DiffusionNullError), model},
			{"diffusion's run", float64(row.DiffusionRun), float64(row.DiffusionRunError), model},
			{"difference", float64(row.Difference), float64(row.Error), sgd - model},
		} {
			if d := math.Abs(c.got - c.truth); !(d <= c.err) {
				t.Errorf("%s, %s: %s %.12g +- %.2g, want %.12g", row.Model, row.EtaText, c.what, c.got, c.err, c.truth)
			}
		}
		if float64(row.Error) > 1e-2*math.Abs(sgd-model) {
			t.Errorf("%s, %s: the error is %.2g of the difference %.3g", row.Model, row.EtaText, float64(row.Error), sgd-model)
		}
	}
	for _, o := range r.StationaryOrder {
		t.Logf("%s: %.4f [%.4f, %.4f] %s", o.Model, float64(o.Slope), float64(o.Low), float64(o.High), o.Verdict)
		want := map[string]int{"modified": 2, "second-order": 2, "first-order": 2, "gradient-flow": 1}[o.Model]
		if o.Expected != want || math.Abs(float64(o.Slope)-float64(want)) > 0.05 || len(o.Etas) != 4 {
			t.Errorf("%s: order %.3f from %v, expected %d, want %d", o.Model, float64(o.Slope), o.Etas, o.Expected, want)
		}
	}
	// f has no third derivatives: nothing moves.
	for _, row := range r.MeanShift {
		if row.Reason != nil || len(row.Shift) != 1 || math.Abs(float64(row.Shift[0])) > float64(row.Error) || float64(row.Error) > 1e-6 || float64(row.Relative) == float64(row.Relative) {
			t.Errorf("%+v, %s", row, deref(row.Reason))
		}
	}
}

// The mean's displacement tends to the prediction -(1/2) H^{-1} (T:C), with a remainder of
// order eta, for SGD and every model with noise. Where the ball is not left, the mean of
// the first-order model is that of the density (1/a) exp(int 2 b/a) of x - x*.
func TestMeanShiftOrder1(t *testing.T) {
	t.Parallel()
	r := stationaryOf(t, skewed, sgd.SecondOrder, sgd.FirstOrder, sgd.GradientFlow)
	if len(r.MeanShift) != 20 || len(r.MeanShiftOrder) != 3 {
		t.Fatalf("%d rows, %d orders", len(r.MeanShift), len(r.MeanShiftOrder))
	}
	want := -0.5 * 0.01 / 4 // -f''' Sigma/(4 f''^2)
	for _, row := range r.MeanShift {
		t.Logf("%-13s %5s shift %.6e +- %.1e predicted %.6e +- %.1e relative %.2e %s", row.Process, row.EtaText, float64(row.Shift[0]), float64(row.Error), float64(row.Predicted[0]), float64(row.PredictedError), float64(row.Relative), deref(row.Reason))
		if row.Reason != nil {
			t.Errorf("%s, %s: %s", row.Process, row.EtaText, *row.Reason)
		}
		if math.Abs(float64(row.Minimizer[0])-0.1) > 1e-13 {
			t.Errorf("x* = %.15g, want 0.1", float64(row.Minimizer[0]))
		}
		if row.Process == "gradient-flow" {
			if row.Predicted[0] != 0 || math.Abs(float64(row.Shift[0])) > float64(row.Error) || row.Error > 1e-8 {
				t.Errorf("gradient-flow, %s: shift %.3g +- %.2g", row.EtaText, float64(row.Shift[0]), float64(row.Error))
			}
			continue
		}
		if math.Abs(float64(row.Predicted[0])-want) > float64(row.PredictedError)+1e-12 {
			t.Errorf("predicted %.10g, want %.10g", float64(row.Predicted[0]), want)
		}
		if off := math.Abs(float64(row.Shift[0])/want - 1); off > 2*row.Eta || math.Abs(off-float64(row.Relative)) > 1e-9 {
			t.Errorf("%s, %s: relative difference %.3g, reported %.3g", row.Process, row.EtaText, off, float64(row.Relative))
		}
		if row.Process == "first-order" {
			mean := densityMean(row.Eta)
			if d := math.Abs(float64(row.Shift[0]) - mean/row.Eta); d > float64(row.Error)+1e-9*math.Abs(mean)/row.Eta {
				t.Errorf("first-order, %s: shift %.12g +- %.2g, by the density %.12g", row.EtaText, float64(row.Shift[0]), float64(row.Error), mean/row.Eta)
			}
		}
	}
	for _, o := range r.MeanShiftOrder {
		t.Logf("%s: %.3f [%.3f, %.3f] %s", o.Model, float64(o.Slope), float64(o.Low), float64(o.High), o.Verdict)
		if o.Expected != 1 || math.Abs(float64(o.Slope)-1) > 0.1 || len(o.Etas) < 4 {
			t.Errorf("%s: order %.3f from %v", o.Model, float64(o.Slope), o.Etas)
		}
	}
}

// densityMean is E x under the invariant density of the first-order model of skewed, by
// quadrature.
func densityMean(eta float64) float64 {
	sigma := func(x float64) float64 { g := 0.1 * (1 + 0.6*x); return eta * g * g }
	potential := func(x float64) float64 {
		return x * quad.Fixed(func(q float64) float64 { s := q * x; return -2 * (s + s*s/4) / sigma(s) }, 0, 1, 80, nil, 0)
	}
	moment := func(k float64) float64 {
		return quad.Fixed(func(x float64) float64 { return math.Pow(x, k) / sigma(x) * math.Exp(potential(x)) }, -0.5, 0.5, 600, nil, 0)
	}
	return moment(1) / moment(0)
}

// Wells that the noise does not leave have no one limit.
func TestStationaryOfADoubleWell(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Spec{Name: "well", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}},
		Loss: "x^4/4 - x^2/2 - 0.2*xi*x", Observables: [][2]string{{"square", "x^2"}}, R: 1.5, Etas: []int{8}}
	r := stationaryOf(t, s, sgd.FirstOrder)
	for _, row := range r.Stationary {
		if row.Reason == nil || !strings.Contains(*row.Reason, "not convex on the ball, and means do not become independent of the point") || row.Difference == row.Difference {
			t.Errorf("%s: difference %.3g, reason %q", row.EtaText, float64(row.Difference), deref(row.Reason))
		}
	}
	for _, row := range r.MeanShift {
		if row.Reason == nil || len(row.Shift) != 0 {
			t.Errorf("%s: shift %v, reason %q", row.Process, row.Shift, deref(row.Reason))
		}
	}
	if len(r.Stationary) != 1 || len(r.MeanShift) != 2 {
		t.Errorf("%d rows, %d shifts", len(r.Stationary), len(r.MeanShift))
	}
}

// Of two wells that no step leaves each has an invariant law: a null vector is one of many, and errs by as much as means differ.
func TestNullVectorOfTwoWells(t *testing.T) {
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "wells", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}},
		Loss: "x^4/4 - x^2/2 - 0.1*xi*x", Observables: [][2]string{{"x", "x"}}, R: 1.5, Etas: []int{8}})
	s := &stationary.Kind{Setup: newTestSetup(t, p, &compare.Config{})}
	side, err := s.SgdOn(t.Context(), s.Cache, survey.Level{Method: survey.Uniform(2), Nodes: []int{61}}, 0.125, nil)
	if err != nil {
		t.Fatal(err)
	}
	if null, run := side.Null[0], side.StationarySide.Run[0]; !(run.Err >= 0.1) || !(null.Err >= run.Err) {
		t.Errorf("by a null vector %g +- %g, by a run %g +- %g", null.Value, null.Err, run.Value, run.Err)
	}
}

// Rows of a ball that SGD leaves do not count.
func TestStationaryOfABallThatIsLeft(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.R, s.Etas, s.Observables = 0.9, []int{4, 8}, s.Observables[:1]
	r := stationaryOf(t, s, sgd.SecondOrder)
	for _, row := range r.Stationary {
		if row.Reason == nil || !strings.Contains(*row.Reason, "not invariant") {
			t.Errorf("%s: reason %q", row.EtaText, deref(row.Reason))
		}
	}
	if o := r.StationaryOrder[0]; len(o.Etas) != 0 {
		t.Errorf("an order from %v", o.Etas)
	}
}

// Two dimensions with noise that turns and a continuous law: null vectors and runs agree,
// and the covariance is that of both recursions, C = C - eta (A C + C A) + eta^2 (A C A +
// Sigma) of SGD and B C + C B = eta Sigma, B = (I + (eta/2) A) A, of second-order. With
// A diagonal and noise uniform, Sigma = 1/3.
func TestStationaryIn2DOfAContinuousLaw(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Spec{Name: "uniform2d", Parameters: []string{"x", "y"}, Variables: []string{"xi"}, Law: independent(t, law.Uniform{Low: -1, High: 1}, 12),
		Loss: "x^2/2 + y^2 - xi*(x + y)", Observables: [][2]string{{"product", "x*y"}}, R: 2, Etas: []int{4, 8, 16}}
	r := stationaryOf(t, s, sgd.SecondOrder)
	for _, row := range r.Stationary {
		sgd := row.Eta * row.Eta / 3 / (1 - (1-row.Eta)*(1-2*row.Eta))
		model := row.Eta / 3 / (1 + row.Eta/2 + 2*(1+row.Eta))
		t.Logf("%s: %.9e +- %.1e, %.9e +- %.1e, want %.9e, %.9e", row.EtaText, float64(row.SGD), float64(row.SGDError), float64(row.Diffusion), float64(row.DiffusionError), sgd, model)
		if row.Reason != nil || row.Agree == nil || !*row.Agree || math.Abs(float64(row.SGD)-sgd) > float64(row.SGDError) || math.Abs(float64(row.Diffusion)-model) > float64(row.DiffusionError) || float64(row.Error) > 1e-6 {
			t.Errorf("%s: %.12g +- %.2g and %.12g +- %.2g, want %.12g and %.12g; %s", row.EtaText, float64(row.SGD), float64(row.SGDError), float64(row.Diffusion), float64(row.DiffusionError), sgd, model, deref(row.Reason))
		}
	}
}
