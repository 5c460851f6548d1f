package derived

import (
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/process"
)

// The names of the diffusions; see the package. Modified is SecondOrder with noise that
// ends by definition, as (2.1) has it.
const (
	GradientFlow = "gradient-flow"
	FirstOrder   = "first-order"
	SecondOrder  = "second-order"
	Modified     = "modified"
)

// Names returns the names of all diffusions, the best first and those of constant noise last.
func Names() []string {
	return []string{Modified, SecondOrder, FirstOrder, GradientFlow, ConstantNoise, SecondConstantNoise}
}

// model is a diffusion in a chart.
type model struct {
	part  int // that stands for its terms of order eta; limitPart: it has none
	noisy bool
	chart *Chart
	cut   process.Cutoff // in y
	faces bool           // noise ends nowhere
	quiet bool           // there is none
	// frozen reports that the noise of order eta is that at the point of rest.
	frozen bool
}

// ends is the noise's share at q.
func (m *model) ends(q []float64) float64 {
	if m.faces {
		return 1
	}
	chi := m.cut.At([]float64{m.chart.radius(q)})
	return chi * chi
}

// weights returns process.Weights of a part.
func weights(part int) process.Weights {
	return func(p process.Part, eta float64) float64 {
		switch {
		case p.Role == process.InDefect:
			return 0
		case p.Order == limitPart:
			return 1
		case p.Order == part:
			return eta
		}
		return 0
	}
}

// coefficients returns b and a. Where neither the limit nor the model has noise, a is nil.
func (m *model) coefficients(f *Fields, eta float64) *kolmogorov.Coefficients {
	c := new(kolmogorov.Coefficients)
	noise := !m.quiet && (m.noisy || m.part != limitPart)
	for k := range f.dim {
		c.B[k] = make([]float64, f.Len())
		for l := k; l < f.dim && noise; l++ {
			c.A[k][l] = make([]float64, f.Len())
		}
	}
	q, z := make([]float64, f.dim), make([]float64, f.dim)
	for i := range f.at {
		v := &f.at[i]
		f.PointTo(q, i)
		share := m.ends(q)
		b, a, ito := new(Vector), new(Matrix), new(Vector)
		switch m.part {
		case firstPart:
			a, ito = &v.n1, &v.ito1
		case secondPart:
			b, a, ito = &v.b1, &v.n2, &v.ito2
		}
		if m.frozen {
			m.chart.toState(z, q)
			n, drift := m.chart.pushDiffusion(m.chart.jetAt(z), f.frozen.at(z, m.part))
			a, ito = &n, &drift
		}
		for k := range f.dim {
			// What Ito's formula makes of the noise ends with it.
			c.B[k][i] = v.b0[k] + eta*b[k] + share*(v.ito0[k]+eta*ito[k])
			for l := k; l < f.dim && noise; l++ {
				c.A[k][l][i] = share * (v.n0[k][l] + eta*a[k][l])
			}
		}
	}
	return c
}

// diffusion returns the model as a diffusion.
func (m *model) diffusion(name string, order int) *process.Diffusion {
	d := &process.Diffusion{
		Name: name, Order: order, StationaryOrder: order, Noise: process.NoiseEndsIn, Tapered: true,
		Radius:       m.chart.far(m.cut.R2),
		Weights:      weights(m.part),
		Coefficients: func(f process.Fields, eta float64) *kolmogorov.Coefficients { return m.coefficients(f.(*Fields), eta) },
	}
	if m.quiet || m.part == limitPart && !m.noisy {
		d.Noise, d.Tapered, d.Analytic, d.Radius = process.NoNoise, false, true, 0
	}
	if d.Tapered && m.faces {
		d.Noise, d.Tapered, d.Analytic, d.Radius = process.NoiseAtFaces, false, true, 0
	}
	return d
}

// cutoff is the step from 1 to 0 between two lengths.
func cutoff(ends [2]float64) process.Cutoff {
	return process.Cutoff{Ball: grid.Ball{Center: []float64{0}, R: ends[0]}, R2: ends[1]}
}

// models returns the diffusions of an algorithm whose limit has noise or not, with noise up
// to the faces or not, and without any in the models if it is quiet, as the model m says; text is
// how they read.
func models(m model, f *frozen, text Formulas) []*process.Diffusion {
	of := func(name string, part, order int) *process.Diffusion {
		n := m
		n.part, n.faces = part, m.faces && name != Modified
		return n.diffusion(name, order)
	}
	list := []*process.Diffusion{
		of(Modified, secondPart, 2), of(SecondOrder, secondPart, 2), of(FirstOrder, firstPart, 1), of(GradientFlow, limitPart, 1),
	}
	if !m.noisy {
		list[2].Control, list[2].Term, list[2].TermName = SecondOrder, "+eta (m14 - (1/2) (D m12) m12)", "the drift's term of order eta"
		list[3].Note = "has no noise"
	}
	for i := range list {
		list[i].Preferred = len(list) - 1 - i
	}
	list[0].Tapered, list[0].Note = false, "is second-order with noise that ends outside the region"
	// Weights are of the noise where it varies: frozen it hides no more between nodes.
	m.frozen = true
	constant, corrects := of(ConstantNoise, firstPart, 1), of(SecondConstantNoise, secondPart, 1)
	constant.Note = "is first-order with its noise frozen at the point of rest z*"
	corrects.Note = "is second-order with its noise frozen at the point of rest z*, of order 2 only where that is constant"
	if !m.noisy {
		// Near the point of rest, where the chain stays, noise of order eta varies by less than eta.
		corrects.StationaryOrder = 2
	}
	constant.Lacks, corrects.Lacks = f.lacks, f.lacks
	list = append(list, constant, corrects)
	text.describe(list)
	return list
}
