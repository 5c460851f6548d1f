package schedule

import (
	"kolmo/derived"
	"kolmo/objective"
	"kolmo/process"
	"kolmo/sgd"
)

// Descent is the kind of x' = x - eta grad f(x;xi), whose step size is to fall.
const Descent = "sgd"

// descent is that chain for a loss, in terms of its moments
//
//	m12 = -grad f,   m14 = 0,   m22 = 0,   m24 = grad f grad f^T + Sigma.
type descent struct {
	names []string
	o     objective.Objective
}

var (
	_ derived.Closed = (*descent)(nil)
	_ derived.Varied = (*descent)(nil)
)

// NewDescent returns gradient descent for an expected loss; names are those of the parameters.
func NewDescent(names []string, o objective.Objective) derived.Algorithm { return &descent{names, o} }

func (a *descent) Name() string { return Descent }

// Objective is the loss of a sample, of which models by formulas speak.
func (a *descent) Objective() objective.Objective { return a.o }

func (a *descent) Names() []string { return a.names }

// Noisy implements derived.Algorithm: the limit has no noise.
func (a *descent) Noisy() bool { return false }

func (a *descent) Law() process.Law {
	l := a.o.Law()
	return process.Law{Images: l.Len(), Draws: l.Draws, Exact: l.Exact, Unbounded: l.Unbounded, Moving: l.Moving, Note: l.Note}
}

func (a *descent) Refine() (derived.Algorithm, bool) {
	fine, ok := a.o.Refine()
	if !ok {
		return nil, false
	}
	return &descent{a.names, fine}, true
}

// Thinned implements derived.Algorithm. Batches are left as they are.
func (a *descent) Thinned(n int) (derived.Algorithm, bool) {
	l, ok := a.o.(*objective.Loss)
	if !ok || l.Law().Len() <= n {
		return nil, false
	}
	return &descent{a.names, l.Thinned(n)}, true
}

func (a *descent) NewMoments() func(m *derived.Moments, x []float64) {
	ev, d := a.o.NewEvaluator(), a.o.Dim()
	var at objective.Moments
	return func(m *derived.Moments, x []float64) {
		ev.MomentsTo(&at, x)
		*m = derived.Moments{}
		for k := range d {
			m.M12[k] = -at.Grad[k]
			for l := range d {
				m.D12[k][l] = -at.Hess[k][l]
				m.M24[k][l] = at.Grad[k]*at.Grad[l] + at.Sigma[k][l]
			}
		}
	}
}

func (a *descent) Step(eta float64) derived.Step { return descentStep{sgd.NewChain(a.o, eta), a.o} }

// descentStep is one step.
type descentStep struct {
	process.Chain
	o objective.Objective
}

var _ derived.Reaching = descentStep{}

func (s descentStep) Reach() (derived.Step, bool) {
	if s.o.Law().Exact {
		return nil, false
	}
	return s.Support()
}

// Formulas implements derived.Closed.
func (a *descent) Formulas() derived.Formulas {
	return derived.Formulas{
		Drift: "−∇f", Corrected: "−∇f − (η/2) H ∇f",
		Limit: "0", First: "η Σ", Second: "η Σ",
		Where: []string{
			"Here m₁₂ = −∇f, m₁₄ = 0, m₂₂ = 0 and m₂₄ = m₁₂m₁₂ᵀ + Σ.",
			"f is the expected loss, H = ∇²f its second derivative, and Σ the covariance of the gradient of a step.",
		},
	}
}

// Variation implements derived.Varied.
func (a *descent) Variation(eta float64) (process.Variation, error) {
	return sgd.NewVariation(a.o, eta)
}

// Noise implements derived.Varied: the columns are those of the samples.
func (a *descent) Noise() (*derived.Noise, error) {
	root, err := objective.NewRoot(a.o)
	if err != nil {
		return nil, err
	}
	return &derived.Noise{First: root.Len(), FirstName: root.String(), New: func() func(limit, first, x []float64) {
		columnsTo := root.NewColumns()
		return func(_, first, x []float64) { columnsTo(first, x, -1) }
	}}, nil
}
