package study

import (
	"math"
	"strings"
	"testing"

	"kolmo/process"
)

const imitating = `name: svag
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]], batch: {svag: {of: 1/4}}}
ball: {R: 2, taper: [3, 4]}
observables: {square: x^2}
eta: [1/8, 1/16]
models: [first-order]
`

// Faults of a learning rate that is imitated are one sentence with line and key.
func TestImitatedFaults(t *testing.T) {
	t.Parallel()
	const only = "svag has the model first-order only: gradient-flow is the same, and no other one is of order 2"
	for _, c := range []struct{ old, with, want string }{
		{"of: 1/4", "of: 1/10", "test.yaml:4:83: sample.batch.svag.of: expected a learning rate of at least the largest eta, 1/8, found 1/10"},
		{"of: 1/4", "of: 0", "sample.batch.svag.of: expected a number or a fraction greater than 0, found 0"},
		{"of: 1/4", "of: -1", "sample.batch.svag.of: expected a number or a fraction greater than 0, found -1"},
		{"of: 1/4", "of: [1/4]", "sample.batch.svag.of: expected a number or a fraction greater than 0"},
		{"{of: 1/4}", "{}", "sample.batch.svag.of: the key is missing"},
		{"{of: 1/4}", "{of: 1/4, l: 2}", "sample.batch.svag.l: unknown key"},
		{"{svag", "{replacement: epoch, svag", "svag draws its two samples independently: expected true"},
		{"{svag", "{replacement: false, svag", "svag draws its two samples independently: expected true"},
		{"{svag", "{size: 2, svag", "svag is of pairs of single samples: expected the size 1, found 2"},
		{"models:", "schedule: {kind: inverse, rate: 1}\nmodels:", "sample.batch.svag: svag is a scaling of the noise of sgd with a constant step"},
		{"models:", "algorithm: {kind: langevin, beta: 4}\nmodels:", "sample.batch.svag: svag is a scaling of the noise of sgd with a constant step"},
		{"models:", "algorithm: {kind: custom, update: {x: x - eta*grad(x)}}\nmodels:", "sample.batch.svag: svag is a scaling of the noise of sgd with a constant step"},
		{"[first-order]", "[second-order]", "models[1]: " + only},
		{"[first-order]", "[first-order, gradient-flow]", "models[2]: " + only},
		{"[first-order]", "[modified]", only},
		{"[first-order]", "[constant-noise]", only},
		{"[first-order]", "[third-order]", "models[1]: expected one of"},
		{"[first-order]", "[{name: svag, drift: {x: -x}}]", "the name svag is taken by the algorithm"},
		{"taper: [3, 4]", "R2: 3", "ball.R2: svag has no modified model; where its noise ends is the key taper"},
		{"taper: [3, 4]", "metric: [[0]]", "ball.metric: the metric is not positive definite: its least eigenvalue is 0"},
	} {
		if !strings.Contains(imitating, c.old) {
			t.Fatal(c.old)
		}
		_, err := Parse("test.yaml", []byte(strings.Replace(imitating, c.old, c.with, 1)), ".")
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", c.with, err, c.want)
		}
	}
}

// parsed reads a study.
func parsed(t *testing.T, text string) *Study {
	t.Helper()
	s, err := Parse("test.yaml", []byte(text), ".")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A study of a learning rate that is imitated says so, and its noise ends by the taper.
func TestImitated(t *testing.T) {
	t.Parallel()
	s := parsed(t, imitating)
	if c := s.Chain(); c.Kind != "svag" || c.Title != "SVAG" || c.Imitates != 0.25 {
		t.Errorf("%+v", c)
	}
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	if m := p.Models[0]; m.Noise != process.NoiseEndsIn || !m.Tapered || m.Radius != 4 || m.Order != 1 || p.Dynamics.Law().Images != 4 {
		t.Errorf("%+v", m)
	}
	if !strings.Contains(s.Speaks(), "of order sqrt(eta)") {
		t.Error(s.Speaks())
	}
}

// The region is kept up to the learning rate that is imitated at the most, and a law that a quadrature
// stands for is looked at by its ends.
func TestImitatedKeeps(t *testing.T) {
	t.Parallel()
	if least, most, why := parsed(t, imitating).EtaInvariant(); least != 0 || most != 0.25 || why != "" {
		t.Errorf("kept from %g to %g: %s", least, most, why)
	}
	if keeps, why := parsed(t, imitating).Keeps(0.3); keeps || why == "" {
		t.Error("a learning rate beyond the one that is imitated is kept")
	}
	_, err := Assembly{parsed(t, imitating), OperatorRequest{Eta: 0.5}}.Operator(t.Context())
	if err == nil || !strings.Contains(err.Error(), "test.yaml:4:83: sample.batch.svag.of: a step at eta = 0.5 cannot imitate one at 1/4") {
		t.Errorf("S at a larger learning rate: %v", err)
	}
	narrow := strings.NewReplacer("{R: 2, taper: [3, 4]}", "{R: 1, taper: [1, 1.1]}", "1/4", "1", "1/8", "1/2").Replace(imitating)
	uniform := strings.Replace(narrow, "kind: discrete, variables: [xi], values: [[-1], [1]]", "kind: independent, variables: {xi: {law: uniform, low: -1, high: 1}}", 1)
	_, most, why := parsed(t, narrow).EtaInvariant()
	_, same, _ := parsed(t, uniform).EtaInvariant()
	if !(most > 0 && most < 1) || why != "" || math.Abs(same/most-1) > 2*etaDigits {
		t.Errorf("kept up to %g by values and to %g by a law with these ends: %s", most, same, why)
	}
}
