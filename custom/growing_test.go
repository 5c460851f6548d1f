package custom_test

import (
	"testing"

	"kolmo/compare/unit"
	"kolmo/study"
)

// What grows beyond the ball is looked at beside a range too, along the coordinates of the ball. Ranges have no beyond:
// that s is driven away from s = 2.4 on, and s^4 with it, is nothing.
func TestObservablesThatGrowBesideARange(t *testing.T) {
	t.Parallel()
	s, err := study.Parse("grows.yaml", []byte(`name: grows
parameters: [x]
loss: x^2/2 - xi*x
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
algorithm:
  kind: custom
  state: {s: {range: [0, 1]}}
  update: {x: x - eta*grad(x), s: s - eta*((s - 1/2) - 0.2*(s - 1/2)^5)}
ball: {R: 1.25}
observables: {grows: x^2 + 1e-5*exp(20*(x^2-1.5625)), square: x^2 + s, tilted: x^2*(1 + s), beside: x^2 + s^4}
eta: [1/16]
models: [first-order]
`), ".")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	setup, err := unit.New(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	for o, phi := range p.Observables {
		if why := unit.Growing(setup, p.Models[0], o, p.Etas[0].Value); (why != "") != (phi.Name() == "grows") {
			t.Errorf("%s: %q", phi.Name(), why)
		}
	}
}
