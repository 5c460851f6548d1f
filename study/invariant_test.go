package study

import (
	"math"
	"os"
	"strings"
	"testing"
)

// The learning rate up to which the region is kept is the closed form's. An epoch over -1 and 1 takes x
// to (1 - eta)^2 x +- eta^2, which keeps |x| <= R where (1 - eta)^2 + eta^2/R <= 1. Euclidean heavy
// ball keeps no ball.
func TestEtaInvariant(t *testing.T) {
	t.Parallel()
	const text = `
name: a
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]], batch: {size: 1, replacement: epoch}}
ball: {R: 2}
observables: {square: x^2}
eta: [1/8]
models: [second-order]
`
	s, err := Parse("test.yaml", []byte(text), ".")
	if err != nil {
		t.Fatal(err)
	}
	// (1 - eta)^2 + eta^2/2 = 1 at eta = 4/3.
	if least, eta, why := s.EtaInvariant(); !(math.Abs(eta-4./3) <= 2*etaDigits) || least != 0 || why != "" {
		t.Errorf("an epoch keeps the ball up to %g (%s), closed form %g", eta, why, 4./3)
	}
	if !strings.Contains(s.Speaks(), "every single step of an epoch") {
		t.Error(s.Speaks())
	}
	heavy := strings.NewReplacer(", batch: {size: 1, replacement: epoch}", "", "{R: 2}", "{R: 2, metric: euclidean}",
		"models:", "algorithm: {kind: momentum, friction: 1}\nmodels:").Replace(text)
	if s, err = Parse("test.yaml", []byte(heavy), "."); err != nil {
		t.Fatal(err)
	}
	if _, eta, why := s.EtaInvariant(); eta != 0 || !strings.Contains(why, "leaves the region") {
		t.Errorf("heavy ball keeps a Euclidean ball up to %g: %q", eta, why)
	}
}

// A region that small learning rates leave, and larger ones keep, is said to be kept between them.
func TestEtaInvariantFrom(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../studies/iris-momentum.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		r    string
		from bool
	}{{"{R: 8}", false}, {"{R: 6}", true}} {
		s, err := Parse("iris-momentum.yaml", []byte(strings.Replace(string(text), "{R: 8}", c.r, 1)), "../studies")
		if err != nil {
			t.Fatal(err)
		}
		least, most, why := s.EtaInvariant()
		if c.from != (least > 0) || why != "" {
			t.Fatalf("%s: kept from %g to %g: %s", c.r, least, most, why)
		}
		for eta, want := range map[float64]bool{1.01 * least: true, least / 1.01: false, most / 1.01: true, 1.01 * most: false} {
			if in, _ := s.Keeps(eta); eta > 0 && in != want {
				t.Errorf("%s: kept from %g to %g, and at %g: %v", c.r, least, most, eta, in)
			}
		}
	}
}
