package march

import (
	"math"

	"kolmo/kolmogorov"
)

// DerivativeSups keeps, step by step, the largest |d^J u| of a row over all J with
// |J| = m and the nodes of the model's grid in the region, m = 1 ..
// kolmogorov.MaxDerivative. It owns workspace.
type DerivativeSups struct {
	list  [kolmogorov.MaxDerivative + 1][]*kolmogorov.Derivative // by |J|; nil where the grid has too few nodes
	nodes []int
	work  []float64
	Sup   [kolmogorov.MaxDerivative + 1][]float64 // at n = 0, 1, ..
}

// NewDerivativeSups returns the derivatives on the model's grid, with the level's own
// order, with their values for phi.
func NewDerivativeSups(e *Engine, m *Model, phi []float64) *DerivativeSups {
	g := m.Data.Grid
	d := &DerivativeSups{work: make([]float64, g.Len())}
	x, ball := make([]float64, g.Dim()), e.Problem.Region(e.Problem.Ball.R)
	for i := range g.Len() {
		if g.PointTo(x, i); ball.Contains(x) {
			d.nodes = append(d.nodes, i)
		}
	}
	short := false
	for _, j := range kolmogorov.MultiIndices(g.Dim(), kolmogorov.MaxDerivative) {
		sum := 0
		for _, k := range j {
			sum += k
		}
		a, err := kolmogorov.NewDerivative(g, j, m.Level.Order)
		if short = short || err != nil; short {
			// What a derivative asks for grows with |J|.
			d.list[sum] = nil
			continue
		}
		d.list[sum] = append(d.list[sum], a)
	}
	d.keep(phi)
	return d
}

// keep appends the suprema of one step.
func (d *DerivativeSups) keep(u []float64) {
	for m, list := range d.list {
		if list == nil {
			continue
		}
		sup := 0.0
		for _, a := range list {
			a.ApplyTo(d.work, u)
			for _, i := range d.nodes {
				sup = max(sup, math.Abs(d.work[i]))
			}
		}
		d.Sup[m] = append(d.Sup[m], sup)
	}
}
