package trial

import (
	"fmt"
	"testing"

	"kolmo/compare"
	"kolmo/grid"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/process"
	"kolmo/sgd"
)

// Spec is a problem in words.
type Spec struct {
	Name        string
	Parameters  []string
	Variables   []string
	Values      [][]float64
	Law         *law.Samples // instead of values
	Loss        string
	Observables [][2]string
	R, R2       float64 // R2 is 1.5 R where it is zero
	Etas        []int   // denominators
}

// Build returns the problem of a spec, with all models and accuracy 1 %.
func Build(t testing.TB, s Spec) *compare.Problem {
	t.Helper()
	check := func(err error) {
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
	}
	xi := s.Law
	if xi == nil {
		var err error
		xi, err = law.Discrete(s.Variables, s.Values, nil)
		check(err)
	}
	tree, err := expr.Parse(s.Loss, expr.Scope{Parameters: s.Parameters, Variables: s.Variables})
	check(err)
	loss, err := objective.New(s.Parameters, tree, xi)
	check(err)
	ball := grid.Ball{Center: make([]float64, len(s.Parameters)), R: s.R}
	outer := s.R2
	if outer == 0 {
		outer = 1.5 * s.R
	}
	p := &compare.Problem{Name: s.Name, Dynamics: sgd.New(loss, ball, outer), Accuracy: 0.01, Ball: ball}
	p.Models = ModelsOf(p, sgd.Names()...)
	for _, o := range s.Observables {
		e, err := expr.Parse(o[1], expr.Scope{Parameters: s.Parameters, Externals: []string{objective.ExpectedLoss}})
		check(err)
		phi, err := objective.NewPhi(o[0], e, loss)
		check(err)
		p.Observables = append(p.Observables, phi)
	}
	for _, k := range s.Etas {
		p.Etas = append(p.Etas, compare.Rate{Value: 1 / float64(k), Text: fmt.Sprintf("1/%d", k)})
	}
	return p
}

var (
	Quad1d = Spec{Name: "quad1d", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}},
		Loss: "(x - xi)^2/2", Observables: [][2]string{{"square", "x^2"}, {"cosine", "cos(x)"}}, R: 2, Etas: []int{4, 8, 16, 32, 64, 128}}
	Quad2d = Spec{Name: "quad2d", Parameters: []string{"x1", "x2"}, Variables: []string{"a", "b"},
		Values:      [][]float64{{1, .4}, {-1, -.4}, {.3, -.6}, {-.3, .6}},
		Loss:        "(x1^2 + 2*0.3*x1*x2 + 2*x2^2)/2 - a*x1 - b*x2",
		Observables: [][2]string{{"square", "x1^2 + x2^2"}, {"cosine", "cos(x1 + x2/2)"}}, R: 2, Etas: []int{4, 8, 16, 32, 64, 128}}
)

// ModelsOf returns the problem's models of the given names.
func ModelsOf(p *compare.Problem, names ...string) []*process.Diffusion {
	models, err := process.Named(p.Dynamics, names...)
	if err != nil {
		panic(err)
	}
	return models
}

// Diffusion returns a model for what asks only its traits.
func Diffusion(name string) *process.Diffusion {
	of := sgd.New(oneParameter{}, grid.Ball{Center: []float64{0}, R: 1}, 1.5)
	return ModelsOf(&compare.Problem{Dynamics: of}, name)[0]
}

// oneParameter is the loss of a model that nobody computes.
type oneParameter struct{ objective.Objective }

func (oneParameter) Dim() int { return 1 }

// LossOf returns the loss of a problem.
func LossOf(p *compare.Problem) objective.Objective { return p.Dynamics.(*sgd.Dynamics).Objective() }

// SetLoss gives a problem another loss of as many parameters.
func SetLoss(p *compare.Problem, o objective.Objective) {
	p.Dynamics = p.Dynamics.(*sgd.Dynamics).With(o)
}

// LawOf returns a discrete law with probabilities.
func LawOf(t *testing.T, variables []string, values [][]float64, probabilities []float64) *law.Samples {
	t.Helper()
	s, err := law.Discrete(variables, values, probabilities)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
