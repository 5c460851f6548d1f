package kinds

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/trial"
	"kolmo/grid"
	"kolmo/internal/slow"
	"kolmo/process"
	"kolmo/sgd"
)

// narrow are losses with a feature between the nodes of the coarse grids: in the noise, for
// which the mean of the gradient does not show it, and in f.
var narrow = []struct {
	loss string
	// gap is the largest gap of x^2 at eta = 1/8 for the second-order model, by an independent
	// program: 20801 equidistant nodes on |x| <= 2.6, splines, Crank-Nicolson.
	gap, tolerance float64
}{
	{"(x - xi)^2/2 + 0.01*xi*exp(-((x - 0.3375)/0.02)^2)", 1.929659e-02, 1e-7},
	{"(x - xi)^2/2 + 1e-4*exp(-((x - 0.3875)/0.02)^2)", 7.84322e-03, 1e-7},
}

// Two grids agree on what of the loss both of them miss: it must show in the estimate, and
// no constant is predicted from such grids.
func TestFeaturesOfTheLossBetweenNodes(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, c := range narrow {
		s := trial.Quad1d
		s.Loss, s.Observables, s.Etas = c.loss, s.Observables[:1], []int{8}
		p := trial.Build(t, s)
		p.Models = trial.ModelsOf(p, sgd.SecondOrder)
		r := gapOf(t, p, nil)
		row := r.Gap[0]
		if d := math.Abs(float64(row.Gap) - c.gap); !(d <= float64(row.Error)+c.tolerance) {
			t.Errorf("%s: %.6e +- %.1e (certified %v) on %d nodes, want %.6e", c.loss, row.Gap, row.Error, row.Certified, row.Nodes, c.gap)
		}
		t.Logf("%s: %.6e +- %.1e (certified %v) on %d nodes, want %.6e; %s", c.loss, row.Gap, row.Error, row.Certified, row.Nodes, c.gap, &r.Constant[0])
		if r.Constant[0].Reason == nil {
			t.Errorf("%s: %s, want none", c.loss, &r.Constant[0])
		}
	}
}

// The survey sees what grids of twenty nodes do not, and no cutoff: on the modified model's
// box the moments of smooth losses are as well interpolated as on the ball's.
func TestLossSurvey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		loss              string
		nodes             int
		least, most, step float64 // of Sigma's miss, and the least of S phi's
	}{
		{narrow[0].loss, 20, 1, 2, 0.01},
		{"(x - xi)^2/2", 12, 0, 0, 0},
		{"x^2/2 + xi*cos(x)", 48, 0, 1e-12, 0},
	} {
		s := trial.Quad1d
		s.Loss = c.loss
		p := trial.Build(t, s)
		sv, err := survey.New(p, 2)
		if err != nil {
			t.Fatal(err)
		}
		cache := survey.NewCache(p, sv, 2)
		for _, half := range []float64{p.Ball.R, p.Outer()} {
			data, err := cache.Get(survey.Level{Method: survey.Chebyshev(), Nodes: []int{c.nodes}}, half)
			if err != nil {
				t.Fatal(err)
			}
			if miss := data.Hidden.Largest(process.Part{Role: process.InDiffusion}); miss < c.least || miss > c.most {
				t.Errorf("%s, |x| <= %g: Sigma is missed by %.3g, want %g to %g", c.loss, half, miss, c.least, c.most)
			}
		}
		pl := march.Plan{S: survey.Level{Method: survey.Chebyshev(), Nodes: []int{c.nodes}}}
		e, err := march.New(t.Context(), p, cache, pl, 0.125, &compare.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if miss := survey.LargestMiss(e.StepMiss[0]); miss < c.step || c.step == 0 && miss > 1e-12 {
			t.Errorf("%s: S phi is missed by %.3g, want %g", c.loss, miss, c.step)
		}
	}
}

// A feature in the plane and in space, of the gradient's law alone.
func TestLossSurveyInMoreDimensions(t *testing.T) {
	t.Parallel()
	for d, parameters := range map[int][]string{2: {"x", "y"}, 3: {"x", "y", "z"}} {
		s := trial.Spec{Name: "narrow", Parameters: parameters, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}},
			Loss:        map[int]string{2: "(x^2 + y^2)/2 - xi*x*(1 + exp(-60*((x - 0.3)^2 + y^2)))", 3: "(x^2 + y^2 + z^2)/2 - xi*x*(1 + exp(-20*((x - 0.3)^2 + y^2 + z^2)))"}[d],
			Observables: [][2]string{{"square", "x^2"}}, R: 3, Etas: []int{8}}
		p := trial.Build(t, s)
		sv, err := survey.New(p, 2)
		if err != nil {
			t.Fatal(err)
		}
		var nodes []int
		for range d {
			nodes = append(nodes, 12)
		}
		g, err := grid.Box(grid.KindChebyshev, nodes, p.Ball.Center, p.Ball.R)
		if err != nil {
			t.Fatal(err)
		}
		at, err := p.Dynamics.On(g, 2)
		if err != nil {
			t.Fatal(err)
		}
		if miss := sv.Loss.Miss(at, 0).Largest(process.Part{Role: process.InDiffusion}); miss < 0.1 {
			t.Errorf("d = %d: Sigma is missed by %.3g", d, miss)
		}
	}
}
