package given

import (
	"fmt"
	"slices"
	"strings"

	"kolmo/grid"
	"kolmo/objective"
	"kolmo/objective/expr"
)

// Model is a diffusion by its formulas; those that are nil are zero.
type Model struct {
	Name string
	// Parameters are the coordinates, and Loss those among them that the loss is of; nil:
	// all.
	Parameters, Loss []string
	Drift            [grid.MaxDim]*Formula
	// Diffusion has the upper triangle, Diffusion[k][l] with k <= l.
	Diffusion [grid.MaxDim][grid.MaxDim]*Formula
}

// loss returns the loss's parameters.
func (m *Model) loss() []string {
	if m.Loss == nil {
		return m.Parameters
	}
	return m.Loss
}

// entry is a formula with its place: a drift's has l = -1.
type entry struct {
	*Formula
	k, l int
}

// entries returns the formulas that there are.
func (m *Model) entries() []entry {
	var list []entry
	d := len(m.Parameters)
	for k := range d {
		if m.Drift[k] != nil {
			list = append(list, entry{m.Drift[k], k, -1})
		}
	}
	for k := range d {
		for l := k; l < d; l++ {
			if m.Diffusion[k][l] != nil {
				list = append(list, entry{m.Diffusion[k][l], k, l})
			}
		}
	}
	return list
}

// noisy reports that there is a diffusion.
func (m *Model) noisy() bool {
	return slices.ContainsFunc(m.entries(), func(e entry) bool { return e.l >= 0 })
}

// formula returns the drift, or the diffusion, as text.
func (m *Model) formula(diffusion bool) string {
	var parts []string
	for _, e := range m.entries() {
		switch {
		case diffusion != (e.l >= 0):
		case diffusion:
			parts = append(parts, fmt.Sprintf("%s, %s: %s", m.Parameters[e.k], m.Parameters[e.l], e.text))
		default:
			parts = append(parts, m.Parameters[e.k]+": "+e.text)
		}
	}
	if parts == nil {
		return "0"
	}
	return strings.Join(parts, "; ")
}

// means returns all means of the model, each once.
func (m *Model) means() []mean {
	var list []mean
	for _, e := range m.entries() {
		for _, v := range e.means {
			if !slices.ContainsFunc(list, func(o mean) bool { return o.name == v.name }) {
				list = append(list, v)
			}
		}
	}
	return list
}

// program compiles an expression; the names are those that were parsed.
func program(e *expr.Expr, in expr.Inputs) *expr.Program {
	p, err := expr.Compile(e, in)
	if err != nil {
		panic("given: " + err.Error())
	}
	return p
}

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
