package study

import (
	"slices"
	"strings"
	"testing"

	"kolmo/process"
)

const withRange = `name: ranged
parameters: [x]
loss: (x - xi/2)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 1}
observables: {square: x^2 + m}
eta: [1/8, 1/16]
models: [second-order, gradient-flow]
algorithm:
  kind: custom
  state: {m: {range: [0, 3], start: 1}}
  update:
    x: x - eta*grad(x)/sqrt(m + 1)
    m: m + eta*(grad(x)^2 - m)
`

// Faults of a range are one sentence with line and key.
func TestRangeErrors(t *testing.T) {
	t.Parallel()
	if _, err := Parse("test.yaml", []byte(withRange), "."); err != nil {
		t.Fatal(err)
	}
	const state = "{range: [0, 3], start: 1}"
	for _, c := range []struct{ old, with, want string }{
		{state, "{range: [0, 1], start: 1}", "test.yaml:14:8: algorithm.update.m: the update of m leads out of its range [0, 1], to 1"},
		{"m: m + eta*(grad(x)^2 - m)", "m: m - eta", "algorithm.update.m: the update of m leads out of its range [0, 3], to -0.125 from x = "},
		{state, "{range: [0, 3], start: 4}", "test.yaml:11:37: algorithm.state.m.start: expected a start in the range from 0 to 3, found 4"},
		{state, "{range: [0, 3], start: [1, 4]}", "algorithm.state.m.start: expected a start in the range from 0 to 3, found [1, 4]"},
		{state, "{range: [0, 3], start: [2, 1]}", "algorithm.state.m.start: expected a number, or two of which the second is larger, found 2 and 1"},
		{state, "{range: [3, 0]}", "test.yaml:11:22: algorithm.state.m.range: expected two numbers, the second larger than the first, found 3 and 0"},
		{state, "{range: [1e9, 1000000001]}", "algorithm.state.m.range: expected a range"},
		{state, "{range: [0]}", "algorithm.state.m.range: expected 2 numbers, found 1"},
		{state, "{range: 1}", "algorithm.state.m.range: expected a list [..] of numbers"},
		{state, "{range: [0, 3], start: low}", "algorithm.state.m.start: expected a number"},
		{state, "{rnge: [0, 3]}", "algorithm.state.m.rnge: unknown key"},
		{state, "1", "algorithm.state.m: expected {}, a coordinate of the ball, or a range"},
		{"[second-order, gradient-flow]", "[gradient-flow, modified]", "test.yaml:8:25: models[2]: m has a range and moves at random, and the noise of modified does not end there"},
		{"[second-order, gradient-flow]", "[{name: own, drift: {x: -x, m: 1}}]", "models[1].drift: the drift of own leads out of the range of m at x = -1, m = 3, eta = 0.125, with the speed 1"},
		{"[second-order, gradient-flow]", "[{name: own, drift: {x: x, m: -m}}]", "models[1].drift: the drift of own leads out of the ball at x = -1, m = 0, eta = 0.125, with the speed 1"},
		{"[second-order, gradient-flow]", "[{name: own, drift: {x: -x}, diffusion: {m: {m: -eta}}}]", "models[1].diffusion: the diffusion of own has the negative eigenvalue -0.125 at "},
		// At the learning rate in the middle alone.
		{"eta: [1/8, 1/16]\n", "eta: [1/8, 1/16, 1/32]\n", ""},
		{"models:", "studies: [decay]\nmodels:", "studies[1]: the study decay does not speak of ranges: its moments, and what its derivatives are measured by, are of distances in a ball"},
		{"models:", "studies: [exit]\nexit: {interval: [-1, 1]}\nmodels:", "exit.x: the key is missing"},
		{"models:", "studies: [exit]\nexit: {interval: [-1, 1], x: 2}\nmodels:", "exit.x: expected a point inside the interval from -1 to 1, found 2"},
		{"models:", "studies: [exit]\nexit: {box: [[-1, 1], [0, 3]], x: [0, 1]}\nmodels:", "exit.box: expected the key interval"},
		{"models:", "studies: [crossing]\ncrossing: {level: 1, x: [0, 1, 2]}\nmodels:", "crossing.x: expected one number, found 3"},
		{"ball: {R: 1}", "ball: {R: 1, metric: [[2]]}", "test.yaml:5:22: ball.metric: m has a range and moves at random"},
		{"ball: {R: 1}", "ball: {R: 1, center: [0, 1]}", "ball.center: expected one number, found 2"},
	} {
		text := strings.Replace(withRange, c.old, c.with, 1)
		if c.want == "" {
			text = strings.Replace(text, "m: m + eta*(grad(x)^2 - m)", "m: m - 64*eta*(eta - 1/8)*(eta - 1/32)", 1)
			c.want = "algorithm.update.m: the update of m leads out of its range [0, 3], to 3.00781 from x = "
		}
		_, err := Parse("test.yaml", []byte(text), ".")
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", c.with, err, c.want)
		}
	}
}

// Ranges stand at their coordinates, between those of the ball, and a schedule's behind them; what is shown of
// fields has no axis for them and says where they are.
func TestRangedState(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		start, state, starting, shown string
		low, high                     float64
	}{
		{"start: 1", "{m: {range: [0, 3], start: 1}, v: {}}", ", m = 1, s = 1", "", 1, 1},
		{"start: [0, 1]", "{m: {range: [0, 3], start: [0, 1]}, v: {}}", ", m in [0, 1], s = 1", "; at m = 0.5, in the middle of where paths start", 0, 1},
		{"none", "{m: {range: [0, 3]}, v: {}}", ", m in [0, 3], s = 1", "; at m = 1.5, in the middle of where paths start", 0, 3},
	} {
		text := strings.NewReplacer("{m: {range: [0, 3], start: 1}}", strings.Replace(c.state, ", v: {}", "", 1)).Replace(withRange)
		text += "schedule: {kind: inverse, rate: 2}\nhorizon: 4\n"
		s, err := Parse("test.yaml", []byte(text), ".")
		if err != nil {
			t.Fatalf("%s: %v", c.start, err)
		}
		state := s.made.State()
		if !slices.Equal(state.Names, []string{"x", "m", "s"}) {
			t.Errorf("%s: the state is %v", c.start, state.Names)
		}
		if want := (process.Interval{Low: 0, High: 3, StartLow: c.low, StartHigh: c.high}); state.Ranges[1] == nil || *state.Ranges[1] != want || state.Ranges[0] != nil {
			t.Errorf("%s: the ranges are %v", c.start, state.Ranges)
		}
		if i := *state.Ranges[2]; i.Clock == nil || *i.Clock != (process.Clock{Bend: 8}) || i != (process.Interval{Low: 0, High: 1, StartLow: 1, StartHigh: 1, Clock: i.Clock}) {
			t.Errorf("%s: the range of s is %v, its clock %v", c.start, i, i.Clock)
		}
		names, ball, _, words := s.Axes()
		if !slices.Equal(names, []string{"x"}) || len(ball.Center) != 1 || ball.R != 1 || words != strings.TrimPrefix(c.shown, "; ") {
			t.Errorf("%s: axes %v in %v, %q", c.start, names, ball, words)
		}
		if got := s.Starting(); got != c.starting {
			t.Errorf("%s: starts are %q, want %q", c.start, got, c.starting)
		}
	}
}

// A Lyapunov metric is that of the coordinates of the ball, wherever a range stands among them.
func TestMetricBesideARange(t *testing.T) {
	t.Parallel()
	s, err := Parse("test.yaml", []byte(`name: metric
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2, metric: lyapunov}
observables: {square: x^2 + v}
eta: [1/8]
models: [second-order]
algorithm:
  kind: custom
  state: {q: {range: [1, 2], start: 1}, v: {}}
  update: {q: q + eta*(2 - q)/2, v: v - eta*(v + q*grad(x)), x: x + eta*(v - eta*(v + q*grad(x)))}
`), ".")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{1.5, 0.5, 0.5, 1} {
		if got := s.Metric[i]; got < want-1e-12 || got > want+1e-12 {
			t.Errorf("P is %v", s.Metric)
		}
	}
	if names, _, _, _ := s.Axes(); !slices.Equal(names, []string{"y1", "y2"}) {
		t.Errorf("axes %v", names)
	}
}

// Where the rest of the state turns, no metric goes with a range that noise moves: Adam is told so whatever it says of
// its ball, and what does go.
func TestRangeBesideAStateThatTurns(t *testing.T) {
	t.Parallel()
	const adam = `name: adam
parameters: [x]
loss: x^2/2 + 0.1*cos(x) - xi*x/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 0.5}
observables: {square: x^2}
eta: [1/8, 1/16]
algorithm:
  kind: custom
  state: {m: {}, v: {range: [0, 1.5], start: 0.25}}
  update: {x: x - eta*m/sqrt(v + 1), m: m + 2*eta*(grad(x) - m), v: v + eta*(grad(x)^2 - v)}
models: [second-order]
horizon: 4
`
	for _, metric := range []string{"", ", metric: lyapunov", ", metric: euclidean", ", metric: [[1, 0], [0, 1]]"} {
		_, err := Parse("test.yaml", []byte(strings.Replace(adam, "R: 0.5", "R: 0.5"+metric, 1)), ".")
		if err == nil || !strings.Contains(err.Error(), "v has a range and moves at random") || !strings.Contains(err.Error(), "as v: {}") {
			t.Errorf("%q: %v", metric, err)
		}
	}
	free := strings.Replace(adam, "R: 0.5", "R: 0.5, center: [0, 0, 0.25], metric: lyapunov", 1)
	if _, err := Parse("test.yaml", []byte(strings.Replace(free, "v: {range: [0, 1.5], start: 0.25}", "v: {}", 1)), "."); err != nil {
		t.Error(err)
	}
}
