package study

import (
	"strings"
	"testing"

	"kolmo/process"
)

const epochs = `name: epochs
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1], [1]], batch: {size: 1, replacement: epoch}}
ball: {R: 2}
observables: {square: x^2}
eta: [1/8]
models: [second-order]
`

// Faults of sampling over epochs are one sentence with line and key.
func TestEpochErrors(t *testing.T) {
	t.Parallel()
	const at = "test.yaml:4:99: sample.batch.replacement: "
	for _, c := range []struct{ old, with, want string }{
		{"size: 1", "size: 2", "sample.batch.size: an epoch goes through single samples: expected the size 1, found 2"},
		{"replacement: epoch", "replacement: epochs", "sample.batch.replacement: expected true, false or epoch, found epochs"},
		{"models:", "algorithm: {kind: langevin, beta: 4}\nmodels:", at + "langevin takes its samples with replacement; only sgd has epochs"},
		{"models:", "schedule: {kind: inverse, rate: 1}\nmodels:", at + "step sizes do not fall within epochs yet"},
		{"[second-order]", "[modified]", "has no model modified, since its models have no noise that could end"},
		{"[[-1], [1], [1]]", "[[-1], [1], [1]], probabilities: [0.2, 0.2, 0.6]", "an epoch is of equally likely samples"},
		{"[[-1], [1], [1]]", "[[1], [2], [3], [4], [5], [6], [7], [8], [9], [10], [11]]", "an epoch of 11 samples is too long; at most 10 samples are possible"},
		{"{kind: discrete, variables: [xi], values: [[-1], [1], [1]],", "{kind: independent, variables: {xi: {law: uniform, low: -1, high: 1}},", "an epoch is of rows or values"},
	} {
		_, err := Parse("test.yaml", []byte(strings.Replace(epochs, c.old, c.with, 1)), ".")
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", c.with, err, c.want)
		}
	}
}

// An epoch has an image per different order, and takes the time N eta.
func TestEpochChain(t *testing.T) {
	t.Parallel()
	s, err := Parse("test.yaml", []byte(epochs), ".")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	d, ok := p.Dynamics.(process.Paced)
	if !ok || d.Pace() != 3 || p.Dynamics.Law().Images != 3 || !s.Chain().Epoch {
		t.Errorf("%d images, %v", p.Dynamics.Law().Images, s.Chain())
	}
	if m := p.Models[0]; m.Noise != process.NoNoise || m.Tapered {
		t.Errorf("second-order has noise: %v", m.Noise)
	}
}
