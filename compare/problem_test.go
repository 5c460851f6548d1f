package compare

import (
	"fmt"
	"testing"

	"kolmo/grid"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/process"
	"kolmo/sgd"
)

// spec is a problem in words.
type spec struct {
	name        string
	parameters  []string
	variables   []string
	values      [][]float64
	law         *law.Samples // instead of values
	loss        string
	observables [][2]string
	r           float64
	etas        []int // denominators
}

// build returns the problem of a spec, with all models and accuracy 1 %.
func build(t testing.TB, s spec) *Problem {
	t.Helper()
	check := func(err error) {
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
	}
	xi := s.law
	if xi == nil {
		var err error
		xi, err = law.Discrete(s.variables, s.values, nil)
		check(err)
	}
	tree, err := expr.Parse(s.loss, expr.Scope{Parameters: s.parameters, Variables: s.variables})
	check(err)
	loss, err := objective.New(s.parameters, tree, xi)
	check(err)
	ball := grid.Ball{Center: make([]float64, len(s.parameters)), R: s.r}
	p := &Problem{Name: s.name, Dynamics: sgd.New(loss, ball, 1.5*s.r), Accuracy: 0.01, Ball: ball}
	p.Models = modelsOf(p, sgd.Names()...)
	for _, o := range s.observables {
		e, err := expr.Parse(o[1], expr.Scope{Parameters: s.parameters, Externals: []string{objective.ExpectedLoss}})
		check(err)
		phi, err := objective.NewPhi(o[0], e, loss)
		check(err)
		p.Observables = append(p.Observables, phi)
	}
	for _, k := range s.etas {
		p.Etas = append(p.Etas, Rate{Value: 1 / float64(k), Text: fmt.Sprintf("1/%d", k)})
	}
	return p
}

var (
	quad1d = spec{name: "quad1d", parameters: []string{"x"}, variables: []string{"xi"}, values: [][]float64{{1}, {-1}},
		loss: "(x - xi)^2/2", observables: [][2]string{{"square", "x^2"}, {"cosine", "cos(x)"}}, r: 2, etas: []int{4, 8, 16, 32, 64, 128}}
	quad2d = spec{name: "quad2d", parameters: []string{"x1", "x2"}, variables: []string{"a", "b"},
		values:      [][]float64{{1, .4}, {-1, -.4}, {.3, -.6}, {-.3, .6}},
		loss:        "(x1^2 + 2*0.3*x1*x2 + 2*x2^2)/2 - a*x1 - b*x2",
		observables: [][2]string{{"square", "x1^2 + x2^2"}, {"cosine", "cos(x1 + x2/2)"}}, r: 2, etas: []int{4, 8, 16, 32, 64, 128}}
)

// modelsOf returns the problem's models of the given names.
func modelsOf(p *Problem, names ...string) []*process.Diffusion {
	models, err := process.Named(p.Dynamics, names...)
	if err != nil {
		panic(err)
	}
	return models
}

// diffusion returns a model for what asks only its traits.
func diffusion(name string) *process.Diffusion {
	of := sgd.New(oneParameter{}, grid.Ball{Center: []float64{0}, R: 1}, 1.5)
	return modelsOf(&Problem{Dynamics: of}, name)[0]
}

// oneParameter is the loss of a model that nobody computes.
type oneParameter struct{ objective.Objective }

func (oneParameter) Dim() int { return 1 }

// lossOf returns the loss of a problem.
func lossOf(p *Problem) objective.Objective { return p.Dynamics.(*sgd.Dynamics).Objective() }

// setLoss gives a problem another loss of as many parameters.
func setLoss(p *Problem, o objective.Objective) { p.Dynamics = p.Dynamics.(*sgd.Dynamics).With(o) }

// lawOf returns a discrete law with probabilities.
func lawOf(t *testing.T, variables []string, values [][]float64, probabilities []float64) *law.Samples {
	t.Helper()
	s, err := law.Discrete(variables, values, probabilities)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// knownGap is a supremum with a known value, and by how much, relatively, the value
// may be wrong.
type knownGap struct {
	study, observable, model string
	inverse                  int // 1/eta
	gap, change              float64
}

// newTestSetup looks at a problem.
func newTestSetup(t *testing.T, p *Problem, cfg *Config) *setup {
	t.Helper()
	s, err := newSetup(p, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
