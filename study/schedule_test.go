package study

import (
	"strings"
	"testing"

	"kolmo/process"
)

const falling = `name: falling
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2, center: [0.5]}
observables: {square: x^2, both: s*x}
eta: [1/8]
schedule: {kind: inverse, rate: 1}
models: [second-order]
`

// Faults of a schedule are one sentence with line and key.
func TestScheduleErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, with, want string }{
		{"kind: inverse", "kind: cosine", "test.yaml:8:18: schedule.kind: expected one of inverse, exponential, found cosine"},
		{"rate: 1", "rate: 0", "test.yaml:8:33: schedule.rate: expected a number greater than 0, found 0"},
		{"rate: 1", "rate: -1", "schedule.rate: expected a number greater than 0, found -1"},
		{", rate: 1", "", "test.yaml:8:11: schedule"},
		{"rate: 1", "rat: 1", "schedule.rat: unknown key; did you mean rate?"},
		{"{kind: inverse, rate: 1}", "inverse", "test.yaml:8:11: schedule: expected"},
		{"parameters: [x]", "parameters: [s]", "test.yaml:8:11: schedule: the name s"},
		{"[xi]", "[s]", "test.yaml:4:"},
		{"parameters: [x]", "parameters: [x, y, z]", "test.yaml:8:11: schedule: sgd of 3 parameters with a schedule has a state of 4 coordinates; at most 3 are possible"},
		{"center: [0.5]", "center: [0.5, 1]", "test.yaml:5:22: ball.center: expected one number, found 2"},
		{"both: s*x", "both: log(s)", "test.yaml:6:34: observables.both: the value of the observable both is not finite at x = "},
		{"models:", "studies: [exit]\nmodels:", "studies[1]: the study exit does not speak of schedules: the falling steps may come to rest inside, and then the mean time is infinite"},
		{"models:", "studies: [gap, decay]\nmodels:", "test.yaml:9:16: studies[2]: the study decay does not speak of schedules: derivatives fall ever more slowly with the steps, by no rate"},
		{"models:", "studies: [crossing]\ncrossing: {level: 1, x: [0, 1]}\nmodels:", "test.yaml:10:25: crossing.x: expected one number, found 2"},
		{"models:", "output: {fields: ['d(1,0)u']}\nmodels:", "output.fields[1]: fields of a study with a schedule or epochs have no derivatives"},
		{"[second-order]", "[{name: mine, drift: {x: -x, s: s^2}}]", "models[1].drift: the drift of mine leads out of the range of s at x = -1.5, s = 1, eta = 0.125"},
		{"[second-order]", "[third-order]", "models[1]: expected one of"},
		{"schedule: {kind: inverse, rate: 1}\n", "", "observables.both: unknown name s"},
	} {
		_, err := Parse("test.yaml", []byte(strings.Replace(falling, c.old, c.with, 1)), ".")
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", c.with, err, c.want)
		}
	}
}

// The state has s, the ball does not, paths begin at s = 1 in the whole of [0, 1], and
// fields have the axes in which they differ there.
func TestScheduleState(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		algorithm string
		state     int
	}{{"", 2}, {"algorithm: {kind: langevin, beta: 4}\n", 2}, {"algorithm: {kind: momentum, friction: 1}\n", 3}} {
		text := falling + c.algorithm
		if c.state == 3 {
			text = strings.Replace(text, "[0.5]", "[0.5, 0]", 1)
		}
		s, err := Parse("test.yaml", []byte(text), ".")
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Problem()
		if err != nil {
			t.Fatal(err)
		}
		d := p.Dynamics.(process.Charted)
		whole, last := d.Region(), c.state-1
		if len(s.State) != c.state || s.State[last] != "s" || len(s.Center) != last {
			t.Errorf("state %v, centre %v", s.State, s.Center)
		}
		if r := p.Ball.Range(last); r == nil || r.Low != 1 || r.High != 1 || p.Ball.Range(0) != nil {
			t.Errorf("starts are %v", p.Ball)
		}
		if r := whole.Range(last); r == nil || r.Low != 0 || r.High != 1 {
			t.Errorf("the region is %v", whole)
		}
		names, ball, _, _ := s.Axes()
		if len(names) != last || len(ball.Center) != last || ball.Round() != last {
			t.Errorf("axes %v, ball %v", names, ball)
		}
		q, z := make([]float64, c.state), make([]float64, c.state)
		z[0], z[last] = 1.5, 0.25
		d.FromUser(q, z)
		if got := p.Observables[1].NewFunc()(q); got-0.375 > 1e-14 || got-0.375 < -1e-14 {
			t.Errorf("s x is %v at %v", got, z)
		}
		if a := s.Chain(); a.Schedule == nil || a.Schedule.Kind != "inverse" || a.Schedule.Rate != 1 {
			t.Errorf("algorithm %v", a)
		}
	}
}
