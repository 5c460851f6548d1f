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

var _ derived.Algorithm = (*descent)(nil)

// NewDescent returns gradient descent for an expected loss; names are those of the parameters.
func NewDescent(names []string, o objective.Objective) derived.Algorithm { return &descent{names, o} }

func (a *descent) Name() string { return Descent }

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

func (a *descent) Step(eta float64) derived.Step { return sgd.NewChain(a.o, eta) }
