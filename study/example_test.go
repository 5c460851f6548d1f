package study_test

import (
	"fmt"

	"kolmo/study"
)

func ExampleParse() {
	text := `name: quad1d
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2}
observables: {square: x^2, cosine: cos(x)}
eta: [1/4, 1/8]
models: [modified, second-order]
`
	s, err := study.Parse("quad1d.yaml", []byte(text), ".")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Name, s.R, s.R2, s.Eta, s.Objective.Law().Weights)
	_, err = study.Parse("quad1d.yaml", []byte(text+"sede: 1\n"), ".")
	fmt.Println(err)
	// Output:
	// quad1d 2 3 [{0.25 1/4} {0.125 1/8}] [0.5 0.5]
	// quad1d.yaml:9:1: sede: unknown key; did you mean seed?
}
