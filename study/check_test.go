package study

import (
	"testing"

	"kolmo/process"
)

// TestCheckOfAnotherAlgorithm: the assumptions on the loss are about gradient descent; of
// another chain they say nothing. It adds an algorithm to the list, so that it is not parallel.
func TestCheckOfAnotherAlgorithm(t *testing.T) {
	list := algorithms
	defer func() { algorithms = list }()
	algorithms = append(list[:1:1], algorithm{kind: "other", models: list[0].models,
		new: func(s *Study) (process.Dynamics, error) { return list[0].new(s) }})
	for kind, want := range map[string]bool{"sgd": true, "other": false} {
		s, err := Parse("test.yaml", []byte("name: a\nparameters: [x]\nloss: (x - xi)^2/2\nsample: {kind: discrete, variables: [xi], values: [[-1], [1]]}\n"+
			"ball: {R: 2}\nobservables: {f: f}\neta: [1/8]\nmodels: [modified]\nalgorithm: {kind: "+kind+"}\n"), "")
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.Check(nil)
		if err != nil || (a != nil) != want {
			t.Errorf("%s: %v, %v", kind, a, err)
		}
	}
}
