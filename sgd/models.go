package sgd

import (
	"kolmo/kolmogorov"
	"kolmo/objective"
	"kolmo/process"
)

// The names of the models, by their drift b and diffusion a.
const (
	GradientFlow = "gradient-flow" // b = -grad f, a = 0
	FirstOrder   = "first-order"   // b = -grad f, a = eta Sigma
	SecondOrder  = "second-order"  // b = -(I + (eta/2) hess f) grad f, a = eta Sigma (1.5, 1.7)
	Modified     = "modified"      // b as SecondOrder, a = eta Lambda (2.1, 2.2)
)

// Names returns the names of the models of the paper, that of Theorem 1 first.
func Names() []string { return []string{Modified, SecondOrder, FirstOrder, GradientFlow} }

// AllNames returns the names of all models: those of the paper, then those of constant noise.
func AllNames() []string { return append(Names(), ConstantNoise, SecondConstantNoise) }

// model says which terms a model has.
type model struct {
	corrected bool // b has -(eta/2) hess f grad f
	noise     bool // a = eta Sigma
	cut       bool // times chi^2
	tapered   bool // which is there for the computation's sake
}

var (
	gradientFlow = model{}
	firstOrder   = model{noise: true}
	secondOrder  = model{corrected: true, noise: true}
	modified     = model{corrected: true, noise: true, cut: true}
)

// secondDefect is what the models of weak order two share: D on |x| <= R.
const secondDefect = "second"

// within is the model with noise that ends for the computation's sake, by its cutoff; nil leaves it as it is.
func (m model) within(taper *Cutoff) model {
	if taper != nil && m.noise && !m.cut {
		m.cut, m.tapered = true, true
	}
	return m
}

// models returns the diffusions with the cutoff of the modified one, and that by which the noise of the others ends, if any.
func models(cut Cutoff, taper *Cutoff) []*process.Diffusion {
	drift, corrected := "−∇f", "−∇f − (η/4) ∇|∇f|²"
	list := []*process.Diffusion{
		modified.diffusion(Modified, cut), secondOrder.within(taper).diffusion(SecondOrder, end(taper)),
		firstOrder.within(taper).diffusion(FirstOrder, end(taper)), gradientFlow.diffusion(GradientFlow, cut),
	}
	for i, f := range []process.Formula{
		{Drift: corrected, Diffusion: "ηΛ"}, {Drift: corrected, Diffusion: "ηΣ"},
		{Drift: drift, Diffusion: "ηΣ"}, {Drift: drift, Diffusion: "0"},
	} {
		list[i].Formula, list[i].Preferred = f, len(list)-1-i
	}
	list[0].Claim = "Theorem 1"
	list[0].Note = "is second-order with noise that ends outside the ball, for which Theorem 1 is proved"
	list[2].Control, list[2].Term, list[2].TermName = SecondOrder, "-(eta/4) grad |grad f|^2", "the eta/4 term"
	list[3].Note = "has no noise"
	return list
}

// end returns a cutoff, or the one of nothing.
func end(taper *Cutoff) Cutoff {
	if taper == nil {
		return Cutoff{}
	}
	return *taper
}

// diffusion returns the model as a diffusion.
func (m model) diffusion(name string, cut Cutoff) *process.Diffusion {
	d := &process.Diffusion{
		Name: name, Order: 1, StationaryOrder: 1, Analytic: !m.cut, Weights: m.weights,
		Coefficients: func(f process.Fields, eta float64) *kolmogorov.Coefficients {
			return m.coefficients(f.(*Fields), eta, cut)
		},
		Defect: m.defect(),
	}
	if m.corrected {
		d.Order = 2
	}
	if m.noise {
		// The part of order eta, (1/2) C : hess phi + shift . grad phi, is the same for SGD
		// and every model with noise; the one without has none.
		d.StationaryOrder, d.Noise = 2, process.NoiseAtFaces
	}
	if m.cut {
		d.Radius, d.Noise, d.Tapered = cut.R2, process.NoiseEndsIn, m.tapered
	}
	return d
}

// weights implements process.Weights; the cutoff, which is 1 on the ball, plays no part.
func (m model) weights(p process.Part, eta float64) float64 {
	switch {
	case p.Role == process.InDrift && p.Order == 0:
		return 1
	case p.Role == process.InDrift && m.corrected:
		return eta / 2
	case p.Role == process.InDiffusion && m.noise:
		return eta
	}
	return 0
}

// Step implements process.Dynamics: a step has the mean -eta grad f and the covariance
// eta^2 Sigma.
func (d *Dynamics) Step() process.Weights { return firstOrder.weights }

// coefficients returns b and a at the points of the fields. Points outside the cutoff's
// ball lie beyond what the theory speaks of: there b and a are the same formulas. Cost:
// O(d^2) per point, d + d (d+1)/2 fields of memory.
func (m model) coefficients(f *Fields, eta float64, cut Cutoff) *kolmogorov.Coefficients {
	d, n := f.dim(), f.Len()
	c := new(kolmogorov.Coefficients)
	for k := range d {
		c.B[k] = make([]float64, n)
		if !m.noise {
			continue
		}
		for l := k; l < d; l++ {
			c.A[k][l] = make([]float64, n)
		}
	}
	x := make([]float64, d)
	for i := range n {
		mo := &f.at[i]
		f.PointTo(x, i)
		chi := m.share(cut, x)
		scale := eta * (chi * chi)
		for k := range d {
			c.B[k][i] = m.drift(mo, k, d, eta)
			if !m.noise {
				continue
			}
			for l := k; l < d; l++ {
				c.A[k][l][i] = scale * mo.Sigma[k][l]
			}
		}
	}
	return c
}

// drift is entry k of b of d at moments.
func (m model) drift(mo *objective.Moments, k, d int, eta float64) float64 {
	b := -mo.Grad[k]
	if m.corrected {
		for l := range d {
			b -= eta / 2 * mo.Hess[k][l] * mo.Grad[l]
		}
	}
	return b
}

// share is what multiplies the root of Sigma at x: chi, or 1.
func (m model) share(cut Cutoff, x []float64) float64 {
	if m.cut {
		return cut.At(x)
	}
	return 1
}

// Cutoff is the smooth step chi of Lambda = chi^2 Sigma (2.1).
type Cutoff = process.Cutoff
