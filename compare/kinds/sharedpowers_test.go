package kinds

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/gap"
	"kolmo/compare/march"
	"kolmo/compare/powers"
	"kolmo/compare/survey"
	"kolmo/compare/trial"
	"kolmo/sgd"
	"kolmo/sgdop"
)

// planarEngines returns a study of a problem in the plane, and a function that makes an
// engine with so many nodes per axis, and the study's cache if keep is set.
func planarEngines(t *testing.T) (*gap.Kind, func(nodes int, keep bool) *march.Engine) {
	t.Helper()
	p := trial.Build(t, trial.Spec{Name: "planar", Parameters: []string{"x", "y"}, Variables: []string{"p", "q"}, Values: [][]float64{{1, 0.6}, {-1, -0.6}, {0.4, -0.8}, {-0.4, 0.8}},
		Loss: "(x^2 + y^2)/2 + 0.2*cos(x - y) + p*cos(x) + q*cos(y)", Observables: [][2]string{{"bump", "exp(-(x^2 + y^2)/2)"}, {"energy", "x^2 + y^2"}}, R: 3, Etas: []int{32}})
	p.Models = trial.ModelsOf(p, sgd.SecondOrder)
	s := gap.New(newTestSetup(t, p, &compare.Config{Workers: 2}))
	return s, func(nodes int, keep bool) *march.Engine {
		cache := s.Cache
		if !keep {
			cache = survey.NewCache(p, s.Cache.Survey, 1)
		}
		l := survey.Level{Method: survey.Chebyshev(), Nodes: []int{nodes, nodes}}
		e, err := march.New(t.Context(), p, cache, march.Plan{S: l, Models: p.Models, Levels: []survey.Level{l}}, 1./32, s.Config)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
}

// An engine's gaps are the same by the powers, by the powers and then S, and by S alone, to
// far less than the errors of its rows. Powers are made once for a grid and learning rate.
func TestEngineGoesOnWhereThePowersEnd(t *testing.T) {
	t.Parallel()
	s, engineOf := planarEngines(t)
	const nodes, steps = 20, 160
	all, some, none := engineOf(nodes, true), engineOf(nodes, false), engineOf(nodes, true)
	if all.Powers == nil || none.Powers != all.Powers || some.Powers == all.Powers || engineOf(nodes-2, true).Powers == all.Powers {
		t.Fatal("want the same powers for the same grid, and others for others")
	}
	some.Powers.Reach(powers.FirstStage)
	some.Powers.Over, none.Powers = true, nil
	for _, e := range []*march.Engine{all, some, none} {
		e.EveryGap = true
		if err := e.Run(t.Context(), steps, nil); err != nil {
			t.Fatal(err)
		}
	}
	if all.Powers.Over || len(some.Powers.Stages) > 1 || len(none.UMiss) > 0 {
		t.Fatal("want powers for all, some and no steps")
	}
	for i, r := range all.Rows {
		size := s.Size[r.Observable]
		for _, q := range []*march.Row{some.Rows[i], none.Rows[i]} {
			for n, v := range r.Curve {
				if d := math.Abs(v - q.Curve[n]); d > 1e-12*size+1e-8*v {
					t.Errorf("observable %d, step %d: %g and %g", r.Observable, n, v, q.Curve[n])
				}
			}
		}
	}
}

// What the powers miss is in the error of interpolation, per |phi|, up to the row's last step.
func TestMissOfPowersIsBooked(t *testing.T) {
	t.Parallel()
	s, engineOf := planarEngines(t)
	coarse, fine := engineOf(16, true), engineOf(20, true)
	for _, e := range []*march.Engine{coarse, fine} {
		if err := e.Run(t.Context(), 64, nil); err != nil {
			t.Fatal(err)
		}
	}
	for o, size := range fine.Data.Size {
		before := s.Assess(fine, coarse, s.Problem.Etas[0], o, 0, &gap.Outcome{}).Row.Errors.Interpolation
		kept := fine.UMiss
		r := fine.RowOf(s.Problem.Models[0], o)
		fine.UMiss = append(make([]float64, len(r.Curve)-2), 0.25, 1)
		after := s.Assess(fine, coarse, s.Problem.Etas[0], o, 0, &gap.Outcome{}).Row.Errors.Interpolation
		fine.UMiss = kept
		if got := float64(after - before); math.Abs(got-size/4) > 1e-9*size {
			t.Errorf("observable %d: a miss of %g adds %g", o, size/4, got)
		}
	}
}

// What every step of S is seen to miss adds up in the gap's error.
func TestMissesOfStepsAddUp(t *testing.T) {
	t.Parallel()
	e := &march.Engine{ChainRun: march.ChainRun{SMiss: []float64{0, 1e-9}, Data: &survey.Data{Size: []float64{5, 2}}, UMiss: []float64{1e-10, 3e-10}}}
	r := &march.Row{Observable: 1, Curve: make([]float64, 11)}
	if got, want := e.MissedByPowers(r), 2*10*1e-9; math.Abs(got-want) > 1e-15 {
		t.Errorf("ten steps miss %.4g, want %.4g", got, want)
	}
	r.Curve = r.Curve[:3]
	if got, want := e.MissedByPowers(r), 2*(3e-10+2e-9); math.Abs(got-want) > 1e-15 {
		t.Errorf("two steps miss %.4g, want %.4g", got, want)
	}
}

// S of few weights is kept with its powers: a learning rate's next engine on the grid has the
// same, others have their own. Of the others the last one is kept.
func TestStepIsKept(t *testing.T) {
	t.Parallel()
	s, _ := planarEngines(t)
	stepOn := func(nodes int, eta float64) *sgdop.Operator {
		l := survey.Level{Method: survey.Chebyshev(), Nodes: []int{nodes, nodes}}
		data, err := s.Cache.Get(l, s.Problem.Reach())
		if err != nil {
			t.Fatal(err)
		}
		op, err := s.Cache.StepOn(t.Context(), eta, l, data, s.Config)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Cache.PowersOf(t.Context(), op, l, data, 1); err != nil {
			t.Fatal(err)
		}
		return op
	}
	few := stepOn(36, 1./32)
	if !few.Oversampled() || stepOn(36, 1./32) != few || stepOn(36, 1./64) == few || stepOn(32, 1./32) == few {
		t.Error("want the same S for the same grid and learning rate, and others for others")
	}
	many := stepOn(20, 1./32)
	if many.Oversampled() || stepOn(20, 1./32) != many || stepOn(20, 1./64) == many || stepOn(20, 1./32) == many {
		t.Error("want the S by whole axes that was assembled last, and no other")
	}
	last := stepOn(20, 1./32)
	if s.Cache.Forget(); stepOn(20, 1./32) == last {
		t.Error("the last S is kept after Forget")
	}
}
