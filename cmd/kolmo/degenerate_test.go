package main

import (
	"strings"
	"testing"

	"kolmo/compare/kinds"
	"kolmo/study"
)

// What a study has nothing to compare in is said, and nothing is said of studies that have.
func TestDegenerate(t *testing.T) {
	t.Parallel()
	const plain = `name: plain
parameters: [x, y]
loss: (x - xi)^2/2 + y^2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2, center: [0, 0.25]}
observables: {square: x^2}
eta: [1/8]
models: [second-order]
`
	for _, c := range []struct{ old, with, want string }{
		{"x^2}", "x^2}", ""},
		{"x^2}", "'max(0, x)'}", ""},
		{"x^2}", "x^2, const: 3 + 0*x}", "the observable const has the value 3 at all of 32 points of the region: if it is constant, all its gaps are zero"},
		{"[[-1], [1]]", "[[1], [1]]", "every step has one outcome, at all of 32 points of the region: there is no noise, as where all samples have the same gradient"},
		{"(x - xi)^2/2", "(x - 1)^2/2 + xi", "every step has one outcome, at all of 32 points of the region: there is no noise, as where all samples have the same gradient"},
		{"(x - xi)^2/2", "(x - 1)^2/2 + 1e-9*xi*x", ""},
		{"(x - xi)^2/2 + y^2", "xi", "no step moves any of 32 points of the region, as where the loss does not depend on its parameters"},
	} {
		if got := degenerate(t, strings.Replace(plain, c.old, c.with, 1)); got != c.want {
			t.Errorf("%s: %q, want %q", c.with, got, c.want)
		}
	}
	// Observables of a state, and noise that is not the samples'.
	for algorithm, want := range map[string]string{
		"{kind: momentum, friction: 1}": "every step has one outcome, at all of 32 points of the region: there is no noise, as where all samples have the same gradient",
		"{kind: langevin, beta: 4}":     "",
	} {
		text := strings.NewReplacer("[x, y]", "[x]", " + y^2", "", "[[-1], [1]]", "[[1], [1]]", ", center: [0, 0.25]", "", "models", "algorithm: "+algorithm+"\nmodels").Replace(plain)
		if got := degenerate(t, text); got != want {
			t.Errorf("%s: %q, want %q", algorithm, got, want)
		}
	}
}

// degenerate returns the sentences of a study's text.
func degenerate(t *testing.T, text string) string {
	t.Helper()
	s, err := study.Parse("test.yaml", []byte(text), ".")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(kinds.Degenerate(p), "\n")
}
