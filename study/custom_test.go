package study

import (
	"slices"
	"strings"
	"testing"

	"kolmo/process"
)

const byUpdates = `name: updates
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2, metric: lyapunov}
observables: {square: x^2 + v}
eta: [1/8, 1/16]
models: [modified, second-order]
algorithm:
  kind: custom
  state: {v: {}}
  noise: {z: {law: normal}}
  update:
    v: v - eta*(v + grad(x)) + eta*0*z
    x: x + eta*v
`

// Faults of an algorithm by formulas are one sentence with line and key.
func TestCustomErrors(t *testing.T) {
	t.Parallel()
	if _, err := Parse("test.yaml", []byte(byUpdates), "."); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, with, want string }{
		{"v - eta*(v + grad(x)) + eta*0*z", "v", "test.yaml:11:11: algorithm.state.v: the state variable v is never updated"},
		{"    v: v - eta*(v + grad(x)) + eta*0*z\n", "", "test.yaml:11:11: algorithm.state.v: the state variable v is never updated"},
		{"x: x + eta*v", "x: x + eta*w", "test.yaml:15:16: algorithm.update.x: unknown name w"},
		{"x: x + eta*v", "y: x + eta*v", "test.yaml:15:5: algorithm.update.y: unknown name; what can be updated are x, v"},
		{"grad(x)", "grad(v)", "test.yaml:14:21: algorithm.update.v: grad is the derivative of the loss with respect to a parameter, not to v"},
		{"grad(x)", "grad(x; x = x + eta*w)", "test.yaml:14:41: algorithm.update.v: unknown name w; known are x, v, xi, z, eta, pi, e"},
		{"x: x + eta*v", "x: x + eta*v/x", "test.yaml:15:8: algorithm.update.x: the update of x is not finite at x = 0"},
		{"x: x + eta*v", "x: 2*x + eta*v", "algorithm.update.x: the update of x moves it at eta = 0"},
		{"x: x + eta*v", "x: x + eta*sqrt(v)", "algorithm.update.x: the update of x has no expansion in powers of sqrt(eta) and of the state at eta = 0, x = 0, v = 0"},
		{"x: x + eta*v", "x: [1]", "test.yaml:15:8: algorithm.update.x: expected an expression"},
		{"{v: {}}", "{v: {}, w: {}, q: {}}", "test.yaml:11:10: algorithm.state: 1 parameters and 3 state variables are a state of 4 coordinates; at most 3 are possible"},
		{"{v: {}}", "{v: {start: 1}}", "algorithm.state.v: a start belongs to a range"},
		{"{v: {}}", "{v: {rnge: 1}}", "algorithm.state.v.rnge: unknown key; did you mean range?"},
		{"{v: {}}", "{v: 1}", "algorithm.state.v: expected {}, a coordinate of the ball, or a range"},
		{"{v: {}}", "{x: {}}", "algorithm.state.x: "},
		{"variables: [xi]", "variables: [v]", "sample.variables[1]: "},
		{"{z: {law: normal}}", "{z: {law: norml}}", "algorithm.noise.z.law: "},
		{"{z: {law: normal}}", "{v: {law: normal}}", "algorithm.noise.v: "},
		{", metric: lyapunov", "", "test.yaml:5:7: ball: the drift does not draw states together in the Euclidean metric, whose ball it leaves: the key metric is needed"},
		{"x: x + eta*v", "x: x + eta*(v + x^2 + 1)", "test.yaml:5:22: ball.metric: no point of rest"},
		{"metric: lyapunov", "metric: euclidean, taper: [3, 4]", "ball.taper: the update has no noise of order sqrt(eta)"},
		{"eta*0*z", "sqrt(eta)*z", "test.yaml:8:10: models[1]: an update with noise of order sqrt(eta), which ends by ball.taper, has no model modified"},
		{"xi)^2/2", "xi)^2/2 + 0*v", "loss: v cannot be used here: it is a state variable"},
		{"  kind: custom", "  kind: custom\n  friction: 1", "algorithm.friction: custom has no friction"},
		{"custom", "momentum\n  friction: 1", "algorithm.state: momentum has no state"},
		{"parameters: [x]", "parameters: [x, eta]", "eta is the learning rate in an update, and here the name of a parameter too"},
		{"values: [[-1], [1]]", "values: [[-1], [1]], batch: {size: 100}", "sample.batch.size: a step by formulas takes batches of at most 64 samples"},
		{"{kind: discrete, variables: [xi], values: [[-1], [1]]}", "{kind: independent, variables: {xi: {law: normal, truncate: [-1, 1]}}, batch: {size: 12}}", "sample.batch.size: a step by formulas needs all batches one by one, and there are more than 20000"},
		{"models:", "studies: [decay]\nmodels:", "studies[1]: the study decay does not speak of custom with 2 coordinates"},
		{"  update:\n    v: v - eta*(v + grad(x)) + eta*0*z\n    x: x + eta*v\n", "", "test.yaml:10:3: algorithm.update: the key is missing; want update: {x: x - eta*x}"},
	} {
		text := strings.Replace(byUpdates, c.old, c.with, 1)
		_, err := Parse("test.yaml", []byte(text), ".")
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", c.with, err, c.want)
		}
	}
}

// The defaults of state and noise may be written out.
func TestCustomDefaults(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("metric: lyapunov", "metric: euclidean", "x^2 + v", "x^2", "{v: {}}", "{}", "{z: {law: normal}}", "{}",
		"    v: v - eta*(v + grad(x)) + eta*0*z\n    x: x + eta*v\n", "    x: x - eta*grad(x)\n").Replace(byUpdates)
	for _, text := range []string{text, strings.NewReplacer("  state: {}\n", "", "  noise: {}\n", "").Replace(text)} {
		s, err := Parse("test.yaml", []byte(text), ".")
		if err != nil || !slices.Equal(s.State, []string{"x"}) || len(s.noise) != 0 {
			t.Errorf("%v of\n%s", err, text)
		}
	}
	if _, err := Parse("test.yaml", []byte(strings.Replace(text, "  update:\n    x: x - eta*grad(x)\n", "  update: {}\n", 1)), "."); err == nil || !strings.Contains(err.Error(), "algorithm.update: expected a mapping of the next values") {
		t.Errorf("an update of nothing: %v", err)
	}
}

// The Lyapunov metric of any state is that of the built-in kinds where these are meant.
func TestCustomMetric(t *testing.T) {
	t.Parallel()
	s, err := Parse("test.yaml", []byte(byUpdates), ".")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{1.5, 0.5, 0.5, 1} {
		if d := s.Metric[i] - want; d*d > 1e-20 {
			t.Errorf("metric %v, want entry %d to be %v", s.Metric, i, want)
		}
	}
}

// Whether a ball is kept is judged at the ends of continuous laws, of the sample and of the
// noise: their quadratures stay inside.
func TestKeptAtTheEnds(t *testing.T) {
	t.Parallel()
	const uniform = "{law: uniform, low: -1, high: 1}"
	for _, c := range []struct{ sample, noise, update string }{
		{uniform, "", "x - eta*grad(x)"},
		{"{law: rademacher}", "noise: {z: " + uniform + "}, ", "x - eta*x + eta*z"},
	} {
		for R, want := range map[string]bool{"0.99": false, "1.01": true} {
			text := "name: ends\nparameters: [x]\nloss: (x - xi)^2/2\nsample: {kind: independent, variables: {xi: " + c.sample + "}}\nball: {R: " + R + "}\n" +
				"observables: {n: x^2}\neta: [1/4]\nmodels: [second-order]\nalgorithm: {kind: custom, " + c.noise + "update: {x: " + c.update + "}}\n"
			s, err := Parse("test.yaml", []byte(text), ".")
			if err != nil {
				t.Fatal(err)
			}
			p, err := s.Problem()
			if err != nil {
				t.Fatal(err)
			}
			region := process.Region{State: p.Dynamics.State(), R: p.Ball.R}
			if keeps, why := p.Dynamics.Chain(0.25).Keeps(region); keeps != want {
				t.Errorf("%s, R = %s: kept is %v, want %v (%s)", c.update, R, keeps, want, why)
			}
		}
	}
}

// A step with a kink or a jump in the region is told, with its place; a smooth one, and one whose kink is outside, is not.
func TestKinksOfUpdatesAreTold(t *testing.T) {
	t.Parallel()
	const text = `name: kinks
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2}
observables: {square: x^2}
eta: [1/8]
models: [first-order]
algorithm:
  kind: custom
  update: {x: 'UPDATE'}
`
	for update, want := range map[string]string{
		"x - eta*grad(x; x = x + 0.1*grad(x)/abs(grad(x) + 0.013))": "test.yaml:11:15: algorithm.update.x: the update of x has abs(grad(x) + 0.013)",
		"x - eta*min(grad(x), 1)":                                   "min(grad(x), 1), which is not smooth near x = ",
		"x - eta*max(grad(x), -9)":                                  "",
		"x - eta*grad(x)/sqrt(grad(x)^2 + 0.1)":                     "",
	} {
		s, err := Parse("test.yaml", []byte(strings.Replace(text, "UPDATE", update, 1)), ".")
		if err != nil {
			t.Errorf("%s: %v", update, err)
			continue
		}
		if notes := strings.Join(Notes(s), "\n"); !strings.Contains(notes, want) || want == "" && notes != "" {
			t.Errorf("%s: %q, want %q", update, notes, want)
		}
	}
}

// A level beyond an observable's values is told before any work, of that observable alone.
func TestLevelsBeyondReachAreTold(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{"", "algorithm: {kind: momentum, friction: 1}\n"} {
		s, err := Parse("test.yaml", []byte("name: far\nparameters: [x]\nloss: (x - xi)^2/2\nsample: {kind: discrete, variables: [xi], values: [[-1], [1]]}\nball: {R: 2}\nobservables: {square: x^2, steep: x^6}\neta: [1/8]\nmodels: [first-order]\nstudies: [crossing]\ncrossing: {level: 30}\n"+algorithm), ".")
		if err != nil {
			t.Fatal(err)
		}
		notes := Notes(s)
		if len(notes) != 1 || !strings.HasPrefix(notes[0], "test.yaml:10:") || !strings.Contains(notes[0], "square is from 0 to ") {
			t.Errorf("%q: %q", algorithm, notes)
		}
	}
}

// One number of nodes is that of all axes, bare or in a list.
func TestNodesOfAllAxes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]int{"40": {40, 40}, "[40]": {40, 40}, "[40, 20]": {40, 20}} {
		s, err := Parse("test.yaml", []byte("name: n\nparameters: [x, y]\nloss: (x - xi)^2/2 + y^2\nsample: {kind: discrete, variables: [xi], values: [[-1], [1]]}\nball: {R: 2}\nobservables: {square: x^2}\neta: [1/8]\nmodels: [first-order]\nsolver: {nodes: "+text+"}\n"), ".")
		if err != nil || !slices.Equal(s.Solver.Nodes, want) {
			t.Errorf("%s: %v, want %v; %v", text, s, want, err)
		}
	}
}
