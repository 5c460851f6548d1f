package momentum

import (
	"kolmo/derived"
	"kolmo/objective"
	"kolmo/process"
)

// The kinds.
const (
	Name     = "momentum"
	Nesterov = "nesterov"
)

// algorithm is one of the kinds for a loss. It implements derived.Algorithm.
type algorithm struct {
	kind     string
	names    []string // of the state
	o        objective.Objective
	friction float64
}

var _ derived.Algorithm = (*algorithm)(nil)

// New returns an algorithm of a kind for an expected loss; names are those of the
// parameters, velocities are named v_ and the parameter.
func New(kind string, names []string, o objective.Objective, friction float64) derived.Algorithm {
	return &algorithm{kind, State(names), o, friction}
}

// State returns the names of the coordinates for those of the parameters.
func State(parameters []string) []string {
	names := append([]string(nil), parameters...)
	for _, p := range parameters {
		names = append(names, "v_"+p)
	}
	return names
}

func (a *algorithm) Name() string { return a.kind }

// Objective returns the expected loss.
func (a *algorithm) Objective() objective.Objective { return a.o }

func (a *algorithm) Names() []string { return a.names }

// Noisy implements derived.Algorithm: the limit has no noise.
func (a *algorithm) Noisy() bool { return false }

func (a *algorithm) Law() process.Law {
	l := a.o.Law()
	return process.Law{Images: l.Len(), Draws: l.Draws, Exact: l.Exact, Unbounded: l.Unbounded, Moving: l.Moving, Note: l.Note}
}

// with returns the algorithm for another loss.
func (a *algorithm) with(o objective.Objective) *algorithm {
	b := *a
	b.o = o
	return &b
}

func (a *algorithm) Refine() (derived.Algorithm, bool) {
	fine, ok := a.o.Refine()
	if !ok {
		return nil, false
	}
	return a.with(fine), true
}

// Thinned implements derived.Algorithm. Batches are left as they are.
func (a *algorithm) Thinned(n int) (derived.Algorithm, bool) {
	l, ok := a.o.(*objective.Loss)
	if !ok || l.Law().Len() <= n {
		return nil, false
	}
	return a.with(l.Thinned(n)), true
}

func (a *algorithm) NewMoments() func(m *derived.Moments, z []float64) {
	ev, d := a.o.NewEvaluator(), a.o.Dim()
	var at objective.Moments
	return func(m *derived.Moments, z []float64) {
		x, v := z[:d], z[d:]
		ev.MomentsTo(&at, x)
		*m = derived.Moments{}
		for k := range d {
			force := -a.friction*v[k] - at.Grad[k]
			m.M12[k], m.M12[d+k] = v[k], force
			m.M14[k] = force
			m.D12[k][d+k] = 1
			m.D12[d+k][d+k] = -a.friction
			for l := range d {
				m.D12[d+k][l] -= at.Hess[k][l]
				if a.kind == Nesterov {
					m.M14[d+k] -= at.Hess[k][l] * v[l]
				}
			}
		}
		for k := range 2 * d {
			for l := range 2 * d {
				m.M24[k][l] = m.M12[k] * m.M12[l]
				if k >= d && l >= d {
					m.M24[k][l] += at.Sigma[k-d][l-d]
				}
			}
		}
	}
}
