package given

import (
	"fmt"
	"sync"

	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/objective"
	"kolmo/process"
)

// fields are those of the base, with the coefficients of given models among the parts.
type fields struct {
	process.Fields
	d       *Dynamics
	o       objective.Objective
	workers int
	moments func(i int) *objective.Moments // nil in a chart

	mu   sync.Mutex
	of   string // what kept is of
	kept *kolmogorov.Coefficients
}

// fields returns the fields around those of the base.
func (d *Dynamics) fields(base process.Fields, workers int) *fields {
	f := &fields{Fields: base, d: d, o: d.Objective(), workers: workers}
	if d.chart == nil {
		f.moments = base.(interface {
			At(i int) *objective.Moments
		}).At
	}
	return f
}

// newMoments returns a function that returns the loss's moments at points, for one
// goroutine.
func (f *fields) newMoments() func(i int) *objective.Moments {
	if f.moments != nil {
		return f.moments
	}
	ev, at := f.o.NewEvaluator(), new(objective.Moments)
	q, z := make([]float64, len(f.d.region.Center)), make([]float64, len(f.d.region.Center))
	return func(i int) *objective.Moments {
		f.PointTo(q, i)
		f.d.chart.ToUser(z, q)
		ev.MomentsTo(at, z[:f.o.Dim()])
		return at
	}
}

// at evaluates a model's formulas at x, in the coordinates of the fields.
func (f *fields) at(e *evaluator, b *[grid.MaxDim]float64, a *[grid.MaxDim][grid.MaxDim]float64, x []float64, eta float64, at *objective.Moments, parameters []string) {
	c := f.d.chart
	if c == nil {
		e.to(b, a, x, eta, at, parameters)
		return
	}
	z := make([]float64, len(x))
	c.ToUser(z, x)
	*b, *a = [grid.MaxDim]float64{}, [grid.MaxDim][grid.MaxDim]float64{}
	e.to(b, a, z, eta, at, parameters)
	pace := c.Pace() // of the users' time over the grid's
	for k := range a {
		b[k] *= pace
		for l := range k + 1 {
			a[l][k] *= pace
			a[k][l] = a[l][k]
		}
	}
	c.Push(b, a, x)
}

// partOf names the parts that are the model's coefficients at one eta.
func (m *Model) partOf(eta float64) string { return fmt.Sprintf("%s at %v", m.Name, eta) }

// Parts implements process.Fields: those of the base, then the coefficients of every given
// model at every learning rate. They are evaluated when they are asked for, those of one
// model and rate at a time.
func (f *fields) Parts() []process.FieldPart {
	parts := f.Fields.Parts()
	for _, m := range f.d.models {
		for _, eta := range f.d.etas {
			of := m.partOf(eta)
			for _, e := range f.d.entries(m) {
				p := process.Part{Role: process.InDrift, K: e.k, L: e.k, Of: of}
				if e.l >= 0 {
					p.Role, p.L = process.InDiffusion, e.l
				}
				parts = append(parts, process.FieldPart{Part: p, At: func(i int) float64 {
					c := f.coefficients(m, of, eta)
					if e.l >= 0 {
						return c.A[e.k][e.l][i]
					}
					return c.B[e.k][i]
				}})
			}
		}
	}
	return parts
}

// entries returns the coefficients that a model may have in the fields' coordinates.
func (d *Dynamics) entries(m *Model) []entry {
	if d.chart == nil {
		return m.entries()
	}
	var list []entry
	n := len(m.Parameters)
	for k := range n {
		list = append(list, entry{nil, k, -1})
		for l := k; l < n && m.noisy(); l++ {
			list = append(list, entry{nil, k, l})
		}
	}
	return list
}

// coefficients returns those of a model at one eta, and keeps them until others are asked
// for.
func (f *fields) coefficients(m *Model, of string, eta float64) *kolmogorov.Coefficients {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of != of {
		f.of, f.kept = of, m.coefficients(f, eta)
	}
	return f.kept
}
