package svag

import (
	"math"

	"kolmo/derived"
	"kolmo/objective"
	"kolmo/process"
	"kolmo/sgd"
)

// Name is the kind.
const Name = "svag"

// algorithm is SVAG for a loss. It implements derived.Ending and derived.Brief.
type algorithm struct {
	names []string
	pairs *objective.Pairs // of whatever l
	of    float64          // E
	end   func(x []float64) float64
}

var (
	_ derived.Ending = (*algorithm)(nil)
	_ derived.Brief  = (*algorithm)(nil)
)

// New returns the algorithm that imitates gradient descent at the learning rate of > 0; names are
// those of the parameters. The error is objective.ErrPairs.
func New(names []string, l *objective.Loss, of float64) (derived.Algorithm, error) {
	p, err := objective.NewPairs(l, 1)
	if err != nil {
		return nil, err
	}
	return &algorithm{names: names, pairs: p, of: of}, nil
}

// Objective is the loss of a sample, of which models by formulas speak.
func (a *algorithm) Objective() objective.Objective { return a.pairs.Loss() }

func (a *algorithm) Name() string { return Name }

func (a *algorithm) Names() []string { return a.names }

func (a *algorithm) Noisy() bool { return true }

// Brief implements derived.Brief: third and fourth moments of a step leave no model of order two; see the package.
func (a *algorithm) Brief() bool { return true }

func (a *algorithm) Ends(end func(x []float64) float64) derived.Algorithm {
	b := *a
	b.end = end
	return &b
}

// Law implements derived.Algorithm: pairs of samples.
func (a *algorithm) Law() process.Law {
	l := a.pairs.Law()
	return process.Law{Images: l.Len(), Draws: 2, Exact: l.Exact, Unbounded: l.Unbounded, Note: l.Note}
}

// with returns the algorithm for other pairs.
func (a *algorithm) with(p *objective.Pairs) *algorithm {
	b := *a
	b.pairs = p
	return &b
}

func (a *algorithm) Refine() (derived.Algorithm, bool) {
	fine, ok := a.pairs.Refine()
	if !ok {
		return nil, false
	}
	return a.with(fine.(*objective.Pairs)), true
}

// Thinned implements derived.Algorithm: no more than n pairs.
func (a *algorithm) Thinned(n int) (derived.Algorithm, bool) {
	l, most := a.pairs.Loss(), int(math.Sqrt(float64(n)))
	if l.Law().Len() <= most {
		return nil, false
	}
	p, err := objective.NewPairs(l.Thinned(most), 1)
	return a.with(p), err == nil
}

// NewMoments implements derived.Algorithm; see the package.
func (a *algorithm) NewMoments() func(m *derived.Moments, x []float64) {
	ev, d := a.pairs.Loss().NewEvaluator(), a.pairs.Dim()
	var at objective.Moments
	return func(m *derived.Moments, x []float64) {
		ev.MomentsTo(&at, x)
		*m = derived.Moments{}
		for k := range d {
			m.M12[k] = -at.Grad[k]
			for l := range d {
				m.D12[k][l] = -at.Hess[k][l]
				m.M22[k][l] = a.of * at.Sigma[k][l]
				m.M24[k][l] = at.Grad[k] * at.Grad[l]
			}
		}
	}
}

// step is one step at eta.
type step struct {
	derived.Step
	hull objective.Objective // of the law of xi, nil if it has none
	eta  float64
}

var _ derived.Reaching = (*step)(nil)

// Step implements derived.Algorithm. Beyond E, where there is no l, it is a plain step.
func (a *algorithm) Step(eta float64) derived.Step {
	p := a.pairs.With(max(1, a.of/eta), a.end)
	return &step{sgd.NewChain(p, eta), p.Law().Hull, eta}
}

func (s *step) Reach() (derived.Step, bool) {
	if s.hull == nil {
		return nil, false
	}
	return sgd.NewChain(s.hull, s.eta), true
}
