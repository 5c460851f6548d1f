package given

import (
	"fmt"
	"sync"

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
	moments func(i int) *objective.Moments

	mu   sync.Mutex
	of   string // what kept is of
	kept *kolmogorov.Coefficients
}

// fields returns the fields around those of the base.
func (d *Dynamics) fields(base process.Fields, workers int) *fields {
	at := base.(interface {
		At(i int) *objective.Moments
	})
	return &fields{Fields: base, d: d, o: d.Objective(), workers: workers, moments: at.At}
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
			for _, e := range m.entries() {
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
