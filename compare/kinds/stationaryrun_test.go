package kinds

import (
	"context"
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/stationary"
	"kolmo/compare/survey"
	"kolmo/compare/trial"
	"kolmo/sgd"
	"kolmo/sgdop"
)

// What against says of two grids is never less than their limits differ by, also where
// these agree by chance, falls with the nodes, and is rounding for a grid beside itself.
func TestAgainstBoundsWhatGridsDifferBy(t *testing.T) {
	t.Parallel()
	s := &stationary.Kind{Setup: newTestSetup(t, rootCase(t).problem, &compare.Config{})}
	ctx, eta := context.Background(), s.Problem.Etas[1].Value
	sides := make(map[string]func(l survey.Level, from *stationary.LongRun) (*stationary.StationarySide, *stationary.LongRun, []float64))
	sides["sgd"] = func(l survey.Level, from *stationary.LongRun) (*stationary.StationarySide, *stationary.LongRun, []float64) {
		v, err := s.SgdOn(ctx, s.Cache, l, eta, from)
		if err != nil {
			t.Fatal(err)
		}
		return v.StationarySide, v.Run, v.Off
	}
	for m, model := range s.Problem.Models {
		if model.Name == sgd.Modified {
			continue // collocation does not resolve its cutoff on these grids
		}
		sides[model.Name] = func(l survey.Level, from *stationary.LongRun) (*stationary.StationarySide, *stationary.LongRun, []float64) {
			v, err := s.ModelOn(ctx, s.Cache, l, m, eta, from)
			if err != nil || v.Err != nil {
				t.Fatal(err, v.Err)
			}
			return v.StationarySide, v.Run, v.Off
		}
	}
	for name, on := range sides {
		var before *stationary.StationarySide
		var from *stationary.LongRun
		var first, last []float64
		for _, n := range []int{16, 20, 24, 28, 28} {
			v, run, off := on(survey.Level{Method: survey.Chebyshev(), Nodes: []int{n}}, from)
			if before != nil {
				for f, d := range off {
					apart := math.Abs(v.Null[f].Value - before.Null[f].Value)
					if !(apart <= d+v.Null[f].Err+before.Null[f].Err+1e-13) {
						t.Errorf("%s, %d nodes, field %d: the limits are %.3g apart, the bound is %.3g", name, n, f, apart, d)
					}
				}
				if last = off; first == nil {
					first = off
				}
			}
			before, from = v, run
		}
		for f := range last {
			if !(last[f] < 1e-12) || !(first[f] > 1e-6) {
				t.Errorf("%s, field %d: %.3g between 16 and 20 nodes, %.3g between 28 and 28", name, f, first[f], last[f])
			}
		}
	}
}

// The values at the minimiser: x* = 0.1 of skewed.
func TestAtRest(t *testing.T) {
	t.Parallel()
	q := skewed
	q.Observables = [][2]string{{"square", "x^2"}, {"wave", "sin(3*x)"}}
	s := &stationary.Kind{Setup: newTestSetup(t, trial.Build(t, q), &compare.Config{})}
	if s.AtRest() != nil {
		t.Error("values at rest before the minimiser is known")
	}
	s.Target = s.Displacement()
	for f, want := range []float64{0.01, math.Sin(0.3), 0.1} {
		if e := s.AtRest()[f]; !(math.Abs(e.Value-want) <= e.Err) || e.Err > 1e-12 {
			t.Errorf("field %d: %.15g +- %.2g, want %.15g", f, e.Value, e.Err, want)
		}
	}
}

// skewed has f”' > 0 at its minimiser and noise that depends on x there.
var skewed = trial.Spec{Name: "skewed", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}},
	Loss: "(x - 0.1)^2/2 + (x - 0.1)^3/12 + 0.1*xi*(x - 0.1)*(1 + 0.3*(x - 0.1))", Observables: [][2]string{{"square", "x^2"}}, R: 0.8, Etas: []int{4, 8, 16, 32, 64}}

// Limits where S is computed through finer fields have in their errors what its steps miss, and
// agree with those where it is not: as mu says where it is known, and else as the run's own sum does.
func TestLimitsThroughFinerFields(t *testing.T) {
	t.Parallel()
	for _, known := range []bool{true, false} {
		testLimitsThroughFinerFields(t, known)
	}
}

func testLimitsThroughFinerFields(t *testing.T, muKnown bool) {
	s, _ := planarEngines(t)
	setup := *s.Setup
	if !muKnown {
		problem := *setup.Problem
		problem.Horizon = 20
		setup.Mu, setup.Problem = 0, &problem
	}
	k := &stationary.Kind{Setup: &setup}
	const eta = 1. / 32
	l := survey.Level{Method: survey.Chebyshev(), Nodes: []int{36, 36}}
	data, err := s.Cache.Get(l, s.Problem.Reach())
	if err != nil {
		t.Fatal(err)
	}
	side, err := k.SgdOn(t.Context(), s.Cache, l, eta, nil)
	if err != nil {
		t.Fatal(err)
	}
	fields := k.StationaryFields(data)
	op, err := sgdop.Assemble(t.Context(), data.Grid, s.Problem.Dynamics.Chain(eta), &sgdop.Config{Smooth: fields})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := sgdop.Assemble(t.Context(), data.Grid, s.Problem.Dynamics.Chain(eta), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !op.Oversampled() || whole.Oversampled() {
		t.Fatal("want S through finer fields and by whole axes")
	}
	law, err := whole.Invariant(t.Context(), &sgdop.InvariantConfig{Tolerance: 1e-14})
	if err != nil {
		t.Fatal(err)
	}
	for f, u := range fields {
		want, off := law.Mean(u)
		for _, e := range []stationary.Estimate{side.Null[f], side.StationarySide.Run[f]} {
			if f < len(data.Phi) {
				e.Value -= s.Cache.Survey.Offset[f]
			}
			missed := 2 * op.Miss(f) * fit.MaxOf(u) / (s.Mu * eta)
			if !muKnown {
				missed = 2 * op.Miss(f) * fit.MaxOf(side.Run.Sum[f])
			}
			if !(op.Miss(f) > 0) || !(e.Err >= missed) || !(e.Err < 1e-10*k.FieldSize(f)) {
				t.Errorf("field %d: an error of %.3g, where steps miss %.3g", f, e.Err, missed)
			}
			if d := math.Abs(e.Value - want); !(d <= e.Err+off) {
				t.Errorf("field %d: %.15g +- %.2g, by whole axes %.15g", f, e.Value, e.Err, want)
			}
		}
	}
}
