package compare

import (
	"math"
	"testing"

	"kolmo/sgd"
)

// planarEngines returns a study of a problem in the plane, and a function that makes an
// engine with so many nodes per axis, and the study's cache if keep is set.
func planarEngines(t *testing.T) (*gapKind, func(nodes int, keep bool) *engine) {
	t.Helper()
	p := build(t, spec{name: "planar", parameters: []string{"x", "y"}, variables: []string{"p", "q"}, values: [][]float64{{1, 0.6}, {-1, -0.6}, {0.4, -0.8}, {-0.4, 0.8}},
		loss: "(x^2 + y^2)/2 + 0.2*cos(x - y) + p*cos(x) + q*cos(y)", observables: [][2]string{{"bump", "exp(-(x^2 + y^2)/2)"}, {"energy", "x^2 + y^2"}}, r: 3, etas: []int{32}})
	p.Models = modelsOf(p, sgd.SecondOrder)
	s := newGapKind(newTestSetup(t, p, &Config{Workers: 2}))
	return s, func(nodes int, keep bool) *engine {
		cache := s.cache
		if !keep {
			cache = newGridCache(p, s.cache.survey, 1)
		}
		l := level{method: chebyshev(), nodes: []int{nodes, nodes}}
		e, err := newEngine(t.Context(), p, cache, plan{l, p.Models, []level{l}}, 1./32, s.cfg)
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
	if all.powers == nil || none.powers != all.powers || some.powers == all.powers || engineOf(nodes-2, true).powers == all.powers {
		t.Fatal("want the same powers for the same grid, and others for others")
	}
	some.powers.reach(firstStage)
	some.powers.over, none.powers = true, nil
	for _, e := range []*engine{all, some, none} {
		e.everyGap = true
		if err := e.run(t.Context(), steps, nil); err != nil {
			t.Fatal(err)
		}
	}
	if all.powers.over || len(some.powers.stages) > 1 || len(none.uMiss) > 0 {
		t.Fatal("want powers for all, some and no steps")
	}
	for i, r := range all.rows {
		size := s.size[r.obs]
		for _, q := range []*rowRun{some.rows[i], none.rows[i]} {
			for n, v := range r.curve {
				if d := math.Abs(v - q.curve[n]); d > 1e-12*size+1e-8*v {
					t.Errorf("observable %d, step %d: %g and %g", r.obs, n, v, q.curve[n])
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
	for _, e := range []*engine{coarse, fine} {
		if err := e.run(t.Context(), 64, nil); err != nil {
			t.Fatal(err)
		}
	}
	for o, size := range fine.data.size {
		before := s.assess(fine, coarse, s.p.Etas[0], o, 0, &outcome{}).row.Errors.Interpolation
		kept := fine.uMiss
		r := fine.rowOf(s.p.Models[0], o)
		fine.uMiss = append(make([]float64, len(r.curve)-2), 0.25, 1)
		after := s.assess(fine, coarse, s.p.Etas[0], o, 0, &outcome{}).row.Errors.Interpolation
		fine.uMiss = kept
		if got := float64(after - before); math.Abs(got-size/4) > 1e-9*size {
			t.Errorf("observable %d: a miss of %g adds %g", o, size/4, got)
		}
	}
}

// What every step of S is seen to miss adds up in the gap's error.
func TestMissesOfStepsAddUp(t *testing.T) {
	t.Parallel()
	e := &engine{chainRun: chainRun{sMiss: []float64{0, 1e-9}, data: &gridData{size: []float64{5, 2}}, uMiss: []float64{1e-10, 3e-10}}}
	r := &rowRun{obs: 1, curve: make([]float64, 11)}
	if got, want := e.missedByPowers(r), 2*10*1e-9; math.Abs(got-want) > 1e-15 {
		t.Errorf("ten steps miss %.4g, want %.4g", got, want)
	}
	r.curve = r.curve[:3]
	if got, want := e.missedByPowers(r), 2*(3e-10+2e-9); math.Abs(got-want) > 1e-15 {
		t.Errorf("two steps miss %.4g, want %.4g", got, want)
	}
}
