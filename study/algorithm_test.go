package study

import (
	"strings"
	"testing"

	"kolmo/process"
)

const heavy = `name: heavy
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2}
observables: {square: x^2 + v_x}
eta: [1/8]
algorithm: {kind: momentum, friction: 1}
models: [second-order]
`

// Faults of an algorithm are one sentence with line and key.
func TestAlgorithmErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, with, want string }{
		{"kind: momentum, friction: 1", "kind: sgd, friction: 1", "test.yaml:8:24: algorithm.friction: sgd has no friction"},
		{", friction: 1", "", "test.yaml:8:12: algorithm.friction: the key is missing; want friction: 1"},
		{"friction: 1", "friction: -1", "test.yaml:8:39: algorithm.friction: expected a number greater than 0, found -1"},
		{"friction: 1", "frction: 1", "test.yaml:8:29: algorithm.frction: unknown key; did you mean friction?"},
		{"parameters: [x]", "parameters: [x, y]", "test.yaml:8:12: algorithm: momentum of 2 parameters has a state of 4 coordinates; at most 3 are possible"},
		{"{R: 2}", "{R: 2, metric: [[1, 2], [2, 1]]}", "test.yaml:5:22: ball.metric: the metric is not positive definite: its least eigenvalue is -1"},
		{"{R: 2}", "{R: 2, metric: [[1, 0], [0, 1e40]]}", "test.yaml:5:22: ball.metric: the metric is too narrow: its eigenvalues are 1 and 1e+40, whose ratio may be 1e+10 at the most"},
		{"{R: 2}", "{R: 2, metric: [[1, 2], [0, 1]]}", "test.yaml:5:22: ball.metric: the metric is not symmetric"},
		{"{R: 2}", "{R: 2, metric: [[1, 2]]}", "test.yaml:5:22: ball.metric: expected 2 rows of 2 numbers, found 1 rows"},
		{"{R: 2}", "{R: 2, metric: flat}", "test.yaml:5:22: ball.metric: expected one of euclidean, lyapunov, found flat"},
		{"{R: 2}", "{R: 2, center: [0]}", "ball.center: expected 2 numbers, found 1"},
		{"(x - xi)^2/2", "xi*x - x^2/2", "test.yaml:5:7: ball: the expected loss has the curvature -1"},
		{"{square: x^2 + v_x}", "{square: log(x)}", "observables.square: "},
		{"models:", "studies: [gap, decay]\nmodels:", "test.yaml:9:16: studies[2]: the study decay does not speak of momentum with 2 coordinates: derivatives take too long"},
		{"models:", "studies: [exit]\nschedule: {kind: inverse, rate: 1}\nmodels:", "studies[1]: the study exit does not speak of schedules: the falling steps may come to rest inside, and then the mean time is infinite"},
		{"models:", "exit: {box: [[-1, 1], [-1, 1], [0, 1]], x: [0, 0, 0]}\nschedule: {kind: inverse, rate: 1}\nmodels:", "test.yaml:9:7: exit: the study exit does not speak of schedules: the falling steps may come to rest inside, and then the mean time is infinite"},
		{"models:", "exit: {interval: [-1, 1]}\nmodels:", "test.yaml:9:8: exit.interval: expected the key box, since the state is (x, v_x)"},
		{"models:", "exit: {box: [[-1, 1], [-1, 1]]}\nmodels:", "test.yaml:9:7: exit.x: the key is missing"},
		{"models:", "exit: {box: [[-1, 1]], x: [0, 0]}\nmodels:", "test.yaml:9:13: exit.box: expected an interval [low, high] for each of x, v_x, found [[-1, 1]]"},
		{"models:", "exit: {box: [[-1, 1], [1, 1]], x: [0, 0]}\nmodels:", "test.yaml:9:23: exit.box[2]: expected an interval [low, high] with low below high, found [1, 1]"},
		{"models:", "exit: {box: [[-1, 1], [-1, 1]], x: [0, 1]}\nmodels:", "test.yaml:9:36: exit.x: expected a point inside the box, whose v_x is from -1 to 1, found 1"},
		{"models:", "exit: {box: [[-1, 1], [-1, 1]], x: 0}\nmodels:", "test.yaml:9:36: exit.x: expected"},
		{"models:", "output: {fields: ['d(1,0)u']}\nmodels:", "output.fields: derivatives of fields would be along the coordinates of the computation"},
		{"kind: momentum, friction: 1", "kind: sgd", "observables.square: unknown name v_x"},
		{"{R: 2}", "{R: 2, taper: [3, 4]}", "ball.taper: momentum has no noise of its own"},
		{"{R: 2}", "{R: 2, taper: [1, 4]}\nalgorithm: {kind: langevin, beta: 4}\n#", "test.yaml:5:21: ball.taper: expected two radii"},
		{"{R: 2}", "{R: 2, R2: 4}\nalgorithm: {kind: langevin, beta: 4}\n#", "ball.R2: langevin has no modified model"},
		{"{R: 2}", "{R: 2}\nalgorithm: {kind: langevin, friction: 4}\n#", "algorithm.friction: langevin has no friction"},
		{"models:", "models: [modified]\nalgorithm: {kind: langevin, beta: 4}\n#", "langevin has no model modified, since the noise of its models ends beyond the ball anyway"},
	} {
		text := strings.Replace(heavy, c.old, c.with, 1)
		if strings.Contains(c.with, "algorithm:") {
			text = strings.Replace(text, "algorithm: {kind: momentum, friction: 1}\n", "", 1)
		}
		_, err := Parse("test.yaml", []byte(text), ".")
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", c.with, err, c.want)
		}
	}
}

// In space an interval is refused as a box is, with the reason.
func TestExitInSpace(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"{box: [[-1, 1], [-1, 1], [-1, 1]], x: [0, 0, 0]}", "{interval: [-1, 1]}"} {
		text := strings.NewReplacer("[x]", "[x, y, z]", "(x - xi)^2/2", "(x - xi)^2/2 + y^2 + z^2", "x^2 + v_x", "x^2", "algorithm: {kind: momentum, friction: 1}", "exit: "+what).Replace(heavy)
		_, err := Parse("test.yaml", []byte(text), ".")
		if want := "test.yaml:8:7: exit: the study exit does not speak of sgd with 3 coordinates: it is about intervals and boxes of the plane"; err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %q", what, err, want)
		}
	}
}

// Derivatives of fields are refused where the computation turned to other coordinates than the parameters, and there
// alone: the drift of the correlated parabola leaves a square, and that of the other does not.
func TestDerivativesAlongOtherCoordinates(t *testing.T) {
	t.Parallel()
	const text = `name: turned
parameters: [x, y]
loss: (x^2 + 4*x*y + 10*y^2)/2 - a*x
sample: {kind: discrete, variables: [a], values: [[1], [-1]]}
ball: {R: 1}
observables: {f: x^2}
eta: [1/8]
algorithm: {kind: langevin, beta: 4}
models: [second-order]
output: {fields: [u, "d(1,0)u"]}
`
	_, err := Parse("test.yaml", []byte(text), ".")
	if err == nil || !strings.Contains(err.Error(), "test.yaml:10:18: output.fields: derivatives of fields would be along the coordinates of the computation") {
		t.Errorf("%v", err)
	}
	for _, change := range [][2]string{{"4*x*y", "x*y"}, {`, "d(1,0)u"`, ""}} {
		if _, err := Parse("test.yaml", []byte(strings.Replace(text, change[0], change[1], 1)), "."); err != nil {
			t.Errorf("%s: %v", change[1], err)
		}
	}
}

// The metric by default is the Lyapunov one, and coordinates are told.
func TestAlgorithmAxes(t *testing.T) {
	t.Parallel()
	s, err := Parse("test.yaml", []byte(heavy), ".")
	if err != nil {
		t.Fatal(err)
	}
	names, ball, r2, words := s.Axes()
	if len(names) != 2 || len(ball.Center) != 2 || !(r2 > ball.R) || !strings.Contains(words, "(x, v_x)") {
		t.Errorf("axes %v, ball %v, R2 %v, %q", names, ball, r2, words)
	}
	want := []float64{1.5, 0.5, 0.5, 1}
	for i, v := range s.Metric {
		if d := v - want[i]; d*d > 1e-20 {
			t.Errorf("metric %v, want %v", s.Metric, want)
		}
	}
	if c := s.Chain(); c.Kind != "momentum" || c.Parameters["friction"] != 1 {
		t.Errorf("algorithm %v", c)
	}
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	d, z, q := p.Dynamics.(process.Charted), []float64{0.5, -0.25}, make([]float64, 2)
	d.FromUser(q, z)
	if got := p.Observables[0].NewFunc()(q); got-0 > 1e-14 || got < -1e-14 {
		t.Errorf("x^2 + v at %v is %v, want 0", z, got)
	}
}

// Where a metric is the identity and nothing is bent, the axes are the study's own, also about another
// center, and coordinates of the dynamics are states.
func TestStraightAxes(t *testing.T) {
	t.Parallel()
	const head = `name: straight
parameters: [x, y]
loss: (x - xi)^2/2 + y^2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2, center: [0.25, -0.5]}
observables: {square: x^2 + y}
eta: [1/8]
`
	for _, c := range []struct {
		tail, axes string
		reach      float64
	}{
		{"algorithm: {kind: langevin, beta: 4}\nmodels: [second-order]\n", "x y", 4.5},
		{"algorithm: {kind: custom, update: {x: x - eta*grad(x), y: y - eta*grad(y; x = x + 0.1*grad(x))}}\nmodels: [second-order]\n", "x y", 3},
		{"algorithm: {kind: custom, update: {x: x - eta*grad(x)}}\nmodels: [second-order]\n", "x y", 3},
		{"schedule: {kind: inverse, rate: 1}\nmodels: [second-order]\n", "x y", 0},
		{"algorithm: {kind: custom, update: {x: x - eta*(grad(x) + 8*y), y: y - eta*(grad(y) - 8*x)}}\nmodels: [second-order]\n", "y1 y2", 0},
	} {
		s, err := Parse("test.yaml", []byte(head+c.tail), ".")
		if err != nil {
			t.Fatal(err)
		}
		names, ball, r2, words := s.Axes()
		if got := strings.Join(names, " "); got != c.axes || (words == "") != (c.axes == "x y") {
			t.Errorf("%s: axes %s, %q; want %s", c.tail, got, words, c.axes)
		}
		if c.axes != "x y" {
			continue
		}
		if ball.R != 2 || ball.Center[0] != 0.25 || ball.Center[1] != -0.5 || c.reach > 0 && r2 != c.reach {
			t.Errorf("%s: the ball is %v, and noise ends at %v", c.tail, ball, r2)
		}
		p, err := s.Problem()
		if err != nil {
			t.Fatal(err)
		}
		q := []float64{0.7, -1.1, 1}[:len(p.Ball.Center)]
		for k, v := range p.ToUser(q) {
			if float64(v) != q[k] {
				t.Errorf("%s: the state of %v is %v", c.tail, q, p.ToUser(q))
			}
		}
	}
}

// The metric of a ball that has no other may be written out.
func TestEuclideanMetric(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{"{kind: sgd}", "{kind: langevin, beta: 4}", "{kind: custom, update: {x: x - eta*grad(x)}}"} {
		s, err := Parse("s.yaml", []byte("name: plain\nparameters: [x]\nloss: (x - xi)^2/2\nsample: {kind: discrete, variables: [xi], values: [[-1], [1]]}\n"+
			"ball: {R: 2, metric: euclidean}\nobservables: {n: x^2}\neta: [1/4]\nmodels: [first-order]\nalgorithm: "+algorithm+"\n"), "")
		if err != nil || s.Metric != nil || s.R != 2 {
			t.Errorf("%s: %v", algorithm, err)
		}
	}
}

// Noise that no update has takes nothing away: neither its law nor its nodes are the chain's.
func TestNoiseOfNoUpdate(t *testing.T) {
	t.Parallel()
	const text = "name: plain\nparameters: [x]\nloss: (x - xi)^2/2\nsample: {kind: discrete, variables: [xi], values: [[-1], [1]]}\nball: {R: 2}\nobservables: {n: x^2}\neta: [1/4]\nmodels: [first-order]\n"
	images := map[string]int{}
	for name, algorithm := range map[string]string{
		"without": "kind: custom, update: {x: x - eta*grad(x)}", "unused": "kind: custom, noise: {z: {law: normal}}, update: {x: x - eta*grad(x)}",
		"used": "kind: custom, noise: {z: {law: normal}}, update: {x: x - eta*grad(x; x = x + eta*z)}",
	} {
		s, err := Parse("s.yaml", []byte(text+"algorithm: {"+algorithm+"}\n"), "")
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Problem()
		if err != nil {
			t.Fatal(err)
		}
		if told := strings.Join(Notes(s), ""); (told != "") != (name == "unused") || told != "" && !strings.HasSuffix(told, "algorithm.noise.z: no update has z, which plays no part") {
			t.Errorf("%s: %q", name, told)
		}
		l := p.Dynamics.Law()
		if images[name] = l.Images; l.Unbounded != (name == "used") {
			t.Errorf("%s: unbounded is %v", name, l.Unbounded)
		}
	}
	if images["unused"] != images["without"] || images["used"] <= images["without"] {
		t.Errorf("images: %v", images)
	}
}
