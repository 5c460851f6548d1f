package given

import (
	"fmt"
	"slices"
	"strings"

	"kolmo/grid"
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
