package kinds

import (
	"context"
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/sgd"
)

// flat is a convex f whose curvature is zero at one point of the ball, which no raster with
// an even number of points has.
var flat = trial.Spec{Name: "flat", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}},
	Loss: "x^4/4 + 0.3*xi*x", Observables: [][2]string{{"square", "x^2"}}, R: 1.5, Etas: []int{4}}

// There is one mu: the least that is known. Where it is zero the gap is one over a horizon,
// and there is no constant over all t. A limit is one since means become constant: 0.07224812479 by straight
// lines between 50001 and 200001 points, extrapolated.
func TestCurvatureKnownToBeZero(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, flat)
	p.Models = trial.ModelsOf(p, sgd.SecondOrder)
	p.Studies = []compare.Study{compare.StudyGap, compare.StudyLocalError, compare.StudyDecay, compare.StudyStationary}
	p.Horizon = 4
	zero := 0.0
	p.Curvature = &zero
	r, err := Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if row := r.Gap[0]; row.Steps != 16 || r.Until == nil || *r.Until != 4 || !row.Certified || deref(row.ClosedBy) != march.ByHorizon {
		t.Errorf("%d steps, certified %v by %s, want the 16 to the horizon", row.Steps, row.Certified, deref(row.ClosedBy))
	}
	if row := r.Stationary[0]; row.Reason != nil || !(math.Abs(float64(row.SGD)-0.07224812479) <= float64(row.SGDError)+2e-11) || !(row.SGDError <= 1e-5) {
		t.Errorf("stationary value %.10g +- %.1e: %s", row.SGD, row.SGDError, deref(row.Reason))
	}
	for _, c := range r.Constant {
		if c.Reason == nil && (c.Horizon == nil || *c.Horizon > p.Horizon*(1+1e-12)) {
			t.Errorf("a constant over all t: %s", c.String())
		}
	}
	for _, c := range r.DecayCurves {
		if last := c.T[len(c.T)-1]; last > p.Horizon*(1+1e-12) {
			t.Errorf("J = %v is followed to t = %g", c.J, last)
		}
	}
}

// Where no curvature is known bases of U and u are not asked for later steps, which would close these rows.
func TestNoBasesWithoutACurvature(t *testing.T) {
	t.Parallel()
	p := trial.Build(t, trial.Quad1d)
	p.Models = trial.ModelsOf(p, sgd.Modified, sgd.SecondOrder)
	p.Etas, p.Horizon = p.Etas[1:2], 20
	zero := 0.0
	p.Curvature = &zero
	r, err := Run(context.Background(), p, &compare.Config{OperatorBytes: 1}) // a matrix-free S has bases
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Gap {
		if row := &r.Gap[i]; deref(row.ClosedBy) == "basis" || row.ClosedBy == nil {
			t.Errorf("%s, %s: closed by %s after %d steps", row.Observable, row.Model, deref(row.ClosedBy), row.Steps)
		}
	}
}

// The smaller mu counts, and what is rounding is zero.
func TestLeastCurvatureCounts(t *testing.T) {
	t.Parallel()
	own, err := survey.New(trial.Build(t, flat), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ known, want float64 }{{1e-5, 1e-5}, {10, own.Mu}, {-0.5, -0.5}, {1e-14, 1e-14}, {0, 0}, {-1e-14, -1e-14}, {math.NaN(), own.Mu}} {
		p := trial.Build(t, flat)
		p.Curvature = &c.known
		s, err := survey.New(p, 0)
		if err != nil {
			t.Fatal(err)
		}
		if s.Mu != c.want {
			t.Errorf("mu known to be %g: %g, want %g", c.known, s.Mu, c.want)
		}
	}
}

// What no later step can exceed, since U^n and u hardly vary any more, needs no convexity.
func TestOscillationClosesWithoutCurvature(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Quad1d
	s.Etas = []int{4}
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.Modified, sgd.FirstOrder)
	p.Horizon = 12
	want := gapOf(t, p, nil)
	zero := 0.0
	p.Curvature = &zero
	for i, row := range gapOf(t, p, nil).Gap {
		if row.Model == sgd.FirstOrder {
			if !row.Certified || deref(row.ClosedBy) != march.ByHorizon || row.Horizon == nil {
				t.Errorf("%s, %s: certified %v by %s, want it over the horizon", row.Observable, row.Model, row.Certified, deref(row.ClosedBy))
			}
			continue
		}
		if w := want.Gap[i]; !row.Certified || deref(row.ClosedBy) != march.ByOscillation || math.Abs(float64(row.Gap-w.Gap)) > float64(row.Error+w.Error) {
			t.Errorf("%s, %s: %.8e +- %.1e, certified %v by %s (%s), want %.8e", row.Observable, row.Model, row.Gap, row.Error, row.Certified, deref(row.ClosedBy), deref(row.Reason), w.Gap)
		}
	}
}
