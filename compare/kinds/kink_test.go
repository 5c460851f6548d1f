package kinds

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/survey"
	"kolmo/compare/trial"
	"kolmo/grid"
	"kolmo/sgd"
)

// For x <- (1 - eta) x + eta xi, xi = +-1, and phi = |x| against the gradient flow all suprema are at
// x = 0, where u = 0: gaps and one-step errors are means of |x| that a sum over signs gives. Grids miss the kink
// alike.
func TestKinksBetweenTheNodes(t *testing.T) {
	t.Parallel()
	for name, space := range map[string]compare.Space{"auto": compare.SpaceAuto, "uniform": compare.SpaceUniform} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testKinkBetweenTheNodes(t, space)
		})
	}
}

// testKinkBetweenTheNodes holds the gaps and the one-step error of a discretisation against those sums.
func testKinkBetweenTheNodes(t *testing.T, space compare.Space) {
	const eta = 1. / 4
	spec := trial.Quad1d
	spec.Etas, spec.Observables = []int{1 / eta}, [][2]string{{"size", "abs(x)"}}
	p := trial.Build(t, spec)
	p.Models, p.Accuracy, p.Horizon = trial.ModelsOf(p, sgd.GradientFlow), 0.05, 2
	p.Solver.Space = space
	p.Studies = []compare.Study{compare.StudyHorizon, compare.StudyLocalError}
	r, err := Run(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	images := []float64{0}
	var mean []float64
	for range 1 + int(p.Horizon/eta) {
		sum := 0.0
		var next []float64
		for _, y := range images {
			sum += math.Abs(y) / float64(len(images))
			next = append(next, (1-eta)*y+eta, (1-eta)*y-eta)
		}
		mean, images = append(mean, sum), next
	}
	held := 0
	hold := func(what string, value, bar compare.Number, want float64) {
		if held++; !(math.Abs(float64(value)-want) <= float64(bar)) || !(float64(bar) <= 0.1*want) {
			t.Errorf("%s: %.6g +- %.2g, want %.6g", what, float64(value), float64(bar), want)
		}
	}
	for _, h := range r.Horizon {
		for k, at := range h.Times {
			if n := int(math.Round(float64(at) / eta)); n > 0 {
				hold("gap", h.Gap[k], h.Error[k], mean[n])
			}
		}
	}
	for _, l := range r.LocalError {
		hold("one-step error", l.Rho, l.Error, eta) // of the first step
	}
	if held != len(mean) {
		t.Errorf("%d numbers, want %d", held, len(mean))
	}
}

// What grids miss of a kink is its largest value between their nodes: as found from many points about it, wherever it is
// between the nodes, on one of them, or so that all points of the survey are nodes (512 on |x| <= 2).
func TestWhatGridsMissOfAKink(t *testing.T) {
	t.Parallel()
	for text, kink := range map[string]float64{"abs(x)": 0, "abs(x - 0.3)": 0.3} {
		s := trial.Quad1d
		s.Observables = [][2]string{{"size", text}}
		p := trial.Build(t, s)
		sv, err := survey.New(p, 2)
		if err != nil {
			t.Fatal(err)
		}
		cache := survey.NewCache(p, sv, 2)
		for _, nodes := range []int{256, 320, 512, 640} {
			level := survey.Level{Method: survey.Uniform(10), Nodes: []int{nodes}}
			data, err := cache.Get(level, p.Ball.R)
			if err != nil {
				t.Fatal(err)
			}
			in := grid.NewInterpolator(data.Grid, level.Width)
			want := 0.0
			for i := range 20001 {
				x := kink + 0.1*(float64(i)/10000-1)
				in.Locate([]float64{x})
				want = max(want, math.Abs(in.Value(data.Phi[0])-(math.Abs(x-kink)-sv.Offset[0])))
			}
			if miss := data.Missed[0]; !(math.Abs(miss-want) <= 0.02*want) {
				t.Errorf("%s on %d nodes: %.4g is missed, want %.4g", text, nodes, miss, want)
			}
		}
	}
}

// In the plane the tip of a cone is one point, in the middle of a cell of an even number of nodes.
func TestWhatGridsMissOfACone(t *testing.T) {
	t.Parallel()
	s := trial.Spec{Name: "cone", Parameters: []string{"x", "y"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}},
		Loss: "(x^2 + y^2)/2 + xi*x", Observables: [][2]string{{"cone", "hypot(x, y)"}}, R: 1.5, Etas: []int{8}}
	p := trial.Build(t, s)
	sv, err := survey.New(p, 2)
	if err != nil {
		t.Fatal(err)
	}
	level := survey.Level{Method: survey.Uniform(8), Nodes: []int{96, 96}}
	data, err := survey.NewCache(p, sv, 2).Get(level, p.Ball.R)
	if err != nil {
		t.Fatal(err)
	}
	in := grid.NewInterpolator(data.Grid, level.Width)
	in.Locate([]float64{0, 0})
	want := math.Abs(in.Value(data.Phi[0]) + sv.Offset[0])
	if miss := data.Missed[0]; !(want > 0.001) || !(miss >= 0.999*want) || !(miss <= 1.1*want) {
		t.Errorf("%.4g is missed, want %.4g", miss, want)
	}
}
