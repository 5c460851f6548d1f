package kinds

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/gap"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/trial"
	"kolmo/sgd"
)

// lateEngines returns a function that makes engines of a gap with two humps: an early one of the
// direction x, and a larger one of y, where all is fifty times as slow and the one-step errors are
// small. The least curvature is given as that of x, as a search says that misses y.
func lateEngines(t *testing.T, model string) func(nodes int) *march.Engine {
	t.Helper()
	p := trial.Build(t, trial.Spec{Name: "late", Parameters: []string{"x", "y"}, Variables: []string{"b"}, Values: [][]float64{{0.2}, {-0.2}},
		Loss: "5*x^2/2 + 0.1*y^2/2 - b*y", Observables: [][2]string{{"late", "0.03*x^2*exp(-x^2/8) + y^2*cos(y/4)"}}, R: 2, Etas: []int{128}})
	p.Models = trial.ModelsOf(p, model)
	s := gap.New(newTestSetup(t, p, &compare.Config{Workers: 2}))
	return func(nodes int) *march.Engine {
		cache := survey.NewCache(p, s.Cache.Survey, 1)
		cache.Survey.Mu = 5
		l := survey.Level{Method: survey.Chebyshev(), Nodes: []int{nodes, nodes}}
		e, err := march.New(t.Context(), p, cache, march.Plan{S: l, Models: p.Models, Levels: []survey.Level{l}}, 1./128, s.Config)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
}

// A gap that is largest long after it seemed to have ended: a fit of the one-step errors ends at
// the first hump, and bases know of the second. Their supremum is that of a march of ten times as
// many steps, within the tail, and later gaps are within it too.
func TestBasesKnowOfLateGaps(t *testing.T) {
	t.Parallel()
	engineOf := lateEngines(t, sgd.GradientFlow)
	run := func(e *march.Engine, steps int) *march.Row {
		if err := e.Run(t.Context(), steps, nil); err != nil {
			t.Fatal(err)
		}
		return e.Rows[0]
	}
	const most = 20_000
	e := engineOf(20)
	byBasis := run(e, most)
	e = engineOf(20)
	e.Powers = nil
	byFit := run(e, most)
	e = engineOf(20)
	e.EveryGap = true
	n := len(byBasis.Curve) - 1
	long := run(e, 10*n)
	t.Logf("basis: %g at %d of %d steps, closed by %s; fit: %g at %d of %d; march: %g at %d of %d", byBasis.Best, byBasis.BestN, n, byBasis.Tail.By, byFit.Best, byFit.BestN, len(byFit.Curve)-1, long.Best, long.BestN, len(long.Curve)-1)
	if byBasis.Tail.By != "basis" || byFit.Tail.By != "fit" {
		t.Fatalf("closed by %q and %q", byBasis.Tail.By, byFit.Tail.By)
	}
	if miss := long.Best - byFit.Best; miss < 0.3*long.Best {
		t.Errorf("the fit misses %g of %g only: nothing was tested", miss, long.Best)
	}
	later := 0.0
	for _, v := range long.Curve[n:] {
		later = max(later, v)
	}
	if tail := byBasis.Tail.Bound; math.Abs(long.Best-byBasis.Best) > tail+1e-12 || later > byBasis.Best+tail+1e-12 || tail > 1e-3*long.Best {
		t.Errorf("supremum %.10g, later gaps up to %.10g; by the basis %.10g and a tail of %.3g", long.Best, later, byBasis.Best, tail)
	}
}
