package given

import (
	"slices"

	"kolmo/derived"
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/objective"
	"kolmo/process"
)

// Base is a dynamics of a loss. Its fields have the method At(i) *objective.Moments.
type Base interface {
	process.Dynamics
	Objective() objective.Objective
}

// Dynamics is a dynamics with given diffusions beside its own.
type Dynamics struct {
	Base
	models []*Model
	etas   []float64
	region grid.Ball
	chart  *derived.Dynamics // of a Phase, else nil
	taper  *process.Cutoff   // where the noise of the models ends beside that of the base; nil: nowhere, or as the chart says
	all    []*process.Diffusion
}

var _ process.Dynamics = (*Dynamics)(nil)

// New returns the dynamics with the given models behind its own, for a study of the
// learning rates etas in a ball. Their noise ends where that of a base does that is process.Tapered; see Beside.
func New(base Base, region grid.Ball, etas []float64, models ...*Model) *Dynamics {
	d := &Dynamics{Base: base, models: models, etas: etas, region: region}
	if t, ok := base.(process.Tapered); ok {
		ends := t.Ends()
		d.taper = &process.Cutoff{Ball: region.With(ends[0]), R2: ends[1]}
	}
	d.collect()
	return d
}

// collect makes the diffusions.
func (d *Dynamics) collect() {
	for _, own := range d.Base.Diffusions() {
		d.all = append(d.all, shared(own))
	}
	for _, m := range d.models {
		own := m.diffusion(d.etas)
		if m.noisy() && (d.taper != nil || d.chart != nil && !derived.ToRanges(d.chart)) {
			own.Noise, own.Tapered, own.Analytic, own.Radius = process.NoiseEndsIn, true, false, d.far()
		}
		d.all = append(d.all, own)
	}
}

// shared returns a diffusion of the base for the fields of this dynamics, of whose parts
// those of given models are none of its own.
func shared(own *process.Diffusion) *process.Diffusion {
	m := *own
	m.Coefficients = func(f process.Fields, eta float64) *kolmogorov.Coefficients {
		return own.Coefficients(f.(*fields).Fields, eta)
	}
	m.Weights = ownWeights(own.Weights)
	if own.Defect.New != nil {
		m.Defect.New = func(f process.Fields, workers int) (*kolmogorov.Defect, error) {
			return own.Defect.New(f.(*fields).Fields, workers)
		}
	}
	if own.Defect.Uses != nil {
		m.Defect.Uses = func(p process.Part) (part, derivatives bool) {
			if p.Of != "" {
				return false, false
			}
			return own.Defect.Uses(p)
		}
	}
	return &m
}

// ownWeights are the weights of the parts that are no model's own.
func ownWeights(w process.Weights) process.Weights {
	return func(p process.Part, eta float64) float64 {
		if p.Of != "" {
			return 0
		}
		return w(p, eta)
	}
}

// diffusion returns the model as a diffusion. No order is claimed.
func (m *Model) diffusion(etas []float64) *process.Diffusion {
	d := &process.Diffusion{
		Name: m.Name, Analytic: true, OwnRest: true,
		Formula: process.Formula{Drift: m.formula(false), Diffusion: m.formula(true)},
		Note:    "is the study's own, of which no order is claimed",
		Coefficients: func(f process.Fields, eta float64) *kolmogorov.Coefficients {
			own := f.(*fields)
			return own.endTo(m.coefficients(own, eta))
		},
		// The coefficients themselves are the parts, one for every learning rate.
		Weights: func(p process.Part, eta float64) float64 {
			if p.Of == m.partOf(nearest(etas, eta)) {
				return 1
			}
			return 0
		},
	}
	if m.noisy() {
		d.Noise = process.NoiseAtFaces
	}
	return d
}

// nearest returns which learning rate is the nearest.
func nearest(etas []float64, eta float64) float64 {
	return slices.MinFunc(etas, func(a, b float64) int {
		if (a-eta)*(a-eta) < (b-eta)*(b-eta) {
			return -1
		}
		return 1
	})
}

// Diffusions implements process.Dynamics.
func (d *Dynamics) Diffusions() []*process.Diffusion { return d.all }

// Step implements process.Dynamics.
func (d *Dynamics) Step() process.Weights { return ownWeights(d.Base.Step()) }

// Limit implements process.Dynamics.
func (d *Dynamics) Limit(f process.Fields) *kolmogorov.Coefficients {
	return d.Base.Limit(f.(*fields).Fields)
}

// On implements process.Dynamics. The error may also be an *Error, for a node of the
// region's box.
func (d *Dynamics) On(g *grid.Grid, workers int) (process.Fields, error) {
	base, err := d.Base.On(g, workers)
	if err != nil {
		return nil, err
	}
	f := d.fields(base, workers)
	if err := f.check(); err != nil {
		return nil, err
	}
	return f, nil
}

// At implements process.Dynamics.
func (d *Dynamics) At(x [][]float64, workers int) process.Fields {
	return d.fields(d.Base.At(x, workers), workers)
}

// Refine implements process.Dynamics.
func (d *Dynamics) Refine() (process.Dynamics, bool) {
	fine, ok := d.Base.Refine()
	if !ok {
		return nil, false
	}
	return d.on(fine), true
}

// Thinned implements process.Dynamics.
func (d *Dynamics) Thinned(n int, phi []process.Observable) (process.Dynamics, []process.Observable, bool) {
	few, seen, ok := d.Base.Thinned(n, phi)
	if !ok {
		return nil, nil, false
	}
	return d.on(few), seen, true
}

// on returns the same models beside another base, of the same kind.
func (d *Dynamics) on(base process.Dynamics) *Dynamics {
	e := *d
	e.Base = base.(Base)
	return &e
}

// coefficients returns b and a at the points of the fields.
func (m *Model) coefficients(f *fields, eta float64) *kolmogorov.Coefficients {
	n := f.Len()
	c := new(kolmogorov.Coefficients)
	for k := range m.Parameters {
		c.B[k] = make([]float64, n)
		for l := k; l < len(m.Parameters) && m.noisy(); l++ {
			c.A[k][l] = make([]float64, n)
		}
	}
	par.Ranges(f.workers, n, func(lo, hi int) {
		e := newEvaluator(m, f.o)
		x := make([]float64, len(m.Parameters))
		moments := f.newMoments()
		var b [grid.MaxDim]float64
		var a [grid.MaxDim][grid.MaxDim]float64
		for i := lo; i < hi; i++ {
			f.PointTo(x, i)
			f.at(e, &b, &a, x, eta, moments(i), m.loss())
			for k := range x {
				c.B[k][i] = b[k]
				for l := k; l < len(x) && c.A[k][l] != nil; l++ {
					c.A[k][l][i] = a[k][l]
				}
			}
		}
	})
	return c
}
