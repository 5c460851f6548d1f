package kinds

import (
	"strings"
	"testing"

	"kolmo/compare/trial"
	"kolmo/compare/unit"
	"kolmo/sgd"
)

// A mean that grows without bound beyond the ball is none that the box holds: under Ornstein-Uhlenbeck's process
// E exp(20 X^2) is infinite after a while, and on the ball its part is 1e-5 at the most. What has a maximum beyond the ball, or grows as
// a power, and noise that ends, keep their means.
func TestObservablesThatGrowBeyondTheBall(t *testing.T) {
	t.Parallel()
	s := trial.Spec{Name: "grows", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}}, Loss: "x^2/2 - xi*x",
		Observables: [][2]string{{"grows", "x^2 + 1e-5*exp(20*(x^2-1.5625))"}, {"overflows", "x^2 + 1e-5*exp(300*(x^2-1.5625))"}, {"fourth", "x^4"}, {"bump", "exp(-25*(x-1.5)^2)"},
			{"constant", "3 + 0*x"}}, R: 1.25, Etas: []int{16}}
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.FirstOrder, sgd.SecondOrder, sgd.Modified, sgd.GradientFlow)
	setup, err := unit.New(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range p.Models {
		for o, phi := range p.Observables {
			noisy := m.Name == sgd.FirstOrder || m.Name == sgd.SecondOrder
			want := noisy && (phi.Name() == "grows" || phi.Name() == "overflows")
			if why := unit.Growing(setup, m, o, p.Etas[0].Value); want != strings.Contains(why, "L |phi| > 0") {
				t.Errorf("%s, %s: %q", m.Name, phi.Name(), why)
			}
		}
	}
}

// Rays go along diagonals too: here |x + y| alone grows.
func TestObservablesThatGrowAlongADiagonal(t *testing.T) {
	t.Parallel()
	s := trial.Quad2d
	s.Observables = [][2]string{{"diagonal", s.Parameters[0] + "^2 + 1e-9*exp(" + "9*(" + s.Parameters[0] + " + " + s.Parameters[1] + ")^2)"}, {"square", s.Parameters[0] + "^2"}}
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.FirstOrder)
	setup, err := unit.New(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	for o, want := range []bool{true, false} {
		if why := unit.Growing(setup, p.Models[0], o, 0.5); want != (why != "") {
			t.Errorf("%s: %q", p.Observables[o].Name(), why)
		}
	}
}
