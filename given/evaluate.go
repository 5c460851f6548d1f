package given

import (
	"kolmo/grid"
	"kolmo/objective"
	"kolmo/objective/expr"
)

// evaluator evaluates a model's formulas at points. It is a workspace.
type evaluator struct {
	entries []entry
	wholes  []*expr.Machine
	means   []mean
	given   []float64 // eta and the means
	atoms   *atoms    // nil where moments are enough
}

// newEvaluator returns a workspace for a model under a loss.
func newEvaluator(m *Model, o objective.Objective) *evaluator {
	e := &evaluator{entries: m.entries(), means: m.means()}
	in := expr.Inputs{Parameters: m.Parameters, Externals: []string{Eta}}
	for _, v := range e.means {
		in.Externals = append(in.Externals, v.name)
	}
	e.given = make([]float64, len(in.Externals))
	for _, f := range e.entries {
		e.wholes = append(e.wholes, program(f.whole, in).Bind(1, nil).NewMachine())
	}
	for _, v := range e.means {
		if v.gradients(m.loss()) == nil && v.hessian(m.loss()) == nil {
			if e.atoms == nil {
				e.atoms = newAtoms(m.Parameters, m.loss(), o)
			}
			e.atoms.add(v)
		}
	}
	return e
}

// to stores the drift and the upper triangle of the diffusion at x, where the loss has the
// given moments.
func (e *evaluator) to(b *[grid.MaxDim]float64, a *[grid.MaxDim][grid.MaxDim]float64, x []float64, eta float64, at *objective.Moments, parameters []string) {
	e.given[0] = eta
	if e.atoms != nil {
		e.atoms.at(x, eta)
	}
	next := 0
	for i, v := range e.means {
		value := &e.given[1+i]
		if k := v.gradients(parameters); len(k) == 1 {
			*value = at.Grad[k[0]]
		} else if len(k) == 2 {
			*value = at.Sigma[k[0]][k[1]]
		} else if k := v.hessian(parameters); k != nil {
			*value = at.Hess[k[0]][k[1]]
		} else {
			*value = e.atoms.mean(next)
			next++
		}
	}
	for i, f := range e.entries {
		e.wholes[i].Point(x, e.given, 0)
		e.wholes[i].Block(0)
		v := e.wholes[i].Value()[0]
		if f.l < 0 {
			b[f.k] = v
		} else {
			a[f.k][f.l] = v
		}
	}
}
