package kinds

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/trial"
	"kolmo/grid"
)

// What the derivatives of the loss say of the power of the spacing like which grids miss its moments: f' of max(x, 0)^k/k is x^(k-1), and the drift of second-order
// has f' f” too, whose jump is one power lower. Smooth losses have none, however narrow what a grid misses of them.
func TestRoughnessOfLosses(t *testing.T) {
	t.Parallel()
	const eta = 0.125
	for _, c := range []struct {
		loss        string
		nodes       int
		step, model float64
	}{
		{"0.4*x^2 + 0.5*max(x - 0.1, 0)^2 + xi*x", 64, 1, 0},
		{"0.4*x^2 + 0.5*abs(x - 0.1)^3 + xi*x", 64, 2, 1},
		{"0.4*x^2 + 0.5*max(x - 0.1, 0)^4 + xi*x", 64, 0, 2},
		{"0.4*x^2 + xi*cos(x)", 24, 0, 0},
		{"0.4*x^2 + exp(-500*(x - 0.1)^2)/100 + xi*x", 24, 0, 0},
	} {
		s := trial.Quad1d
		s.Loss = c.loss
		p := trial.Build(t, s)
		sv, err := survey.New(p, 2)
		if err != nil {
			t.Fatal(err)
		}
		cache, l := survey.NewCache(p, sv, 2), survey.Level{Method: survey.Chebyshev(), Nodes: []int{c.nodes}}
		data, err := cache.Get(l, p.Ball.R)
		if err != nil {
			t.Fatal(err)
		}
		step, model := cache.Rough(l, data, p.Dynamics.Step(), eta), cache.Rough(l, data, trial.ModelsOf(p, "second-order")[0].Weights, eta)
		rough := c.model > 0 || c.step > 0
		if (step.Spacing > 0) != (c.step > 0) || math.Abs(step.Order-c.step) > 0.3 || (model.Spacing > 0) != rough || math.Abs(model.Order-c.model) > 0.3 {
			t.Errorf("%s: S has %+v, want %g, second-order %+v, want %g", c.loss, step, c.step, model, c.model)
		}
	}
}

// S phi has the kink of f'. What a grid misses of it is its largest value between nodes, as found from many points about the kink, also for a grid
// of as many nodes as the loss is looked at.
func TestWhatGridsMissOfAStepAtAKink(t *testing.T) {
	t.Parallel()
	const eta, kink = 0.0625, -0.094
	s := trial.Quad1d
	s.Loss, s.Observables = "0.371*x^2 + 0.586*max(x + 0.094, 0)^2 + 0.5*xi*x", [][2]string{{"sine", "sin(x)"}}
	step := func(x float64) (sum float64) {
		for _, xi := range []float64{-1, 1} {
			sum += math.Sin(x-eta*(0.742*x+1.172*max(x-kink, 0)+0.5*xi)) / 2
		}
		return sum
	}
	p := trial.Build(t, s)
	sv, err := survey.New(p, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, nodes := range []int{512, 768, 1024} {
		level := survey.Level{Method: survey.Uniform(8), Nodes: []int{nodes}}
		e, err := march.New(t.Context(), p, survey.NewCache(p, sv, 2), march.Plan{S: level}, eta, &compare.Config{})
		if err != nil {
			t.Fatal(err)
		}
		in, x := grid.NewInterpolator(e.Data.Grid, level.Width), []float64{0}
		values := make([]float64, e.Data.Grid.Len())
		for i := range values {
			e.Data.Grid.PointTo(x, i)
			values[i] = step(x[0])
		}
		want := 0.0
		for i := range 20001 {
			x[0] = kink + 0.05*(float64(i)/10000-1)
			in.Locate(x)
			want = max(want, math.Abs(in.Value(values)-step(x[0])))
		}
		if miss := survey.LargestMiss(e.StepMiss[0]); !(want > 1e-5) || !(math.Abs(miss-want) <= 0.01*want) {
			t.Errorf("%d nodes: S phi is missed by %.4g, want %.4g", nodes, miss, want)
		}
	}
}
