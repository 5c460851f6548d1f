package sgd

import (
	"errors"
	"fmt"
	"math"

	"kolmo/objective"
	"kolmo/process"
)

// sampleRoot names the root of Sigma that first variations are moved by.
const sampleRoot = "sqrt(w_k) (grad f(x;xi_k) - grad f(x)), a column per sample"

var _ process.Varied = (*Dynamics)(nil)

// StepVariation implements process.Varied: DF = I - eta hess f(x;xi).
func (d *Dynamics) StepVariation(eta float64) (process.Variation, error) {
	l, err := d.single()
	if err != nil {
		return nil, err
	}
	return &stepVariation{l, eta}, nil
}

// RootVariation implements process.Varied: the columns are those of the samples,
// sqrt(eta w_k) (g_k - grad f), of the modified model times chi.
func (d *Dynamics) RootVariation(m *process.Diffusion, eta float64) (process.Variation, error) {
	l, err := d.single()
	if err != nil {
		return nil, err
	}
	v := &rootVariation{l: l, eta: eta}
	switch m.Name {
	case GradientFlow, ConstantNoise, SecondConstantNoise: // a root that does not depend on x plays no part
		return nil, nil
	case FirstOrder, SecondOrder:
	case Modified:
		v.cut = &d.cut
	default:
		return nil, fmt.Errorf("the root of the noise of the %s model is not known", m.Name)
	}
	if l.Law().Signed {
		return nil, errors.New("weights of the quadrature are negative, and have no root")
	}
	return v, nil
}

// single returns the loss of steps with one sample.
func (d *Dynamics) single() (*objective.Loss, error) {
	l, ok := d.o.(*objective.Loss)
	if !ok {
		return nil, errors.New("first variations are known of steps with one sample; want batch: {size: 1} without svag")
	}
	return l, nil
}

// stepVariation is one step of the chain.
type stepVariation struct {
	l   *objective.Loss
	eta float64
}

// Len implements process.Variation.
func (v *stepVariation) Len() int { return v.l.Law().Len() }

// Root implements process.Variation.
func (v *stepVariation) Root() string { return "" }

// NewVariator implements process.Variation.
func (v *stepVariation) NewVariator() process.Variator {
	return &stepVariator{v: v, samples: v.l.NewDerivatives()}
}

type stepVariator struct {
	v       *stepVariation
	samples *objective.Derivatives
}

// VectorsTo implements process.Variator.
func (w *stepVariator) VectorsTo(weights, vectors, jacobians, x []float64) {
	copy(weights, w.v.l.Law().Weights)
	w.samples.DerivativesTo(vectors, jacobians, x)
	d, eta := len(x), w.v.eta
	for k := range weights {
		for i := range d {
			vectors[k*d+i] = x[i] - eta*vectors[k*d+i]
			for j := range d {
				e := 0.0
				if i == j {
					e = 1
				}
				jacobians[(k*d+i)*d+j] = e - eta*jacobians[(k*d+i)*d+j]
			}
		}
	}
}

// rootVariation is the root of the samples, ended by a cutoff or not.
type rootVariation struct {
	l   *objective.Loss
	eta float64
	cut *Cutoff
}

// Len implements process.Variation.
func (v *rootVariation) Len() int { return v.l.Law().Len() }

// Root implements process.Variation.
func (v *rootVariation) Root() string { return sampleRoot }

// NewVariator implements process.Variation.
func (v *rootVariation) NewVariator() process.Variator {
	return &rootVariator{v: v, samples: v.l.NewDerivatives(), own: v.l.Law().Weights}
}

type rootVariator struct {
	v       *rootVariation
	samples *objective.Derivatives
	own     []float64
}

// VectorsTo implements process.Variator.
func (w *rootVariator) VectorsTo(weights, vectors, jacobians, x []float64) {
	w.samples.DerivativesTo(vectors, jacobians, x)
	d := len(x)
	centre(vectors, w.own, d)
	centre(jacobians, w.own, d*d)
	chi, slope := 1.0, make([]float64, d)
	if w.v.cut != nil {
		chi = w.v.cut.At(x)
		w.v.cut.GradientTo(slope, x)
	}
	for k, p := range w.own {
		scale := math.Sqrt(w.v.eta * p)
		for i := range d {
			g := vectors[k*d+i]
			for j := range d {
				jacobians[(k*d+i)*d+j] = scale * (chi*jacobians[(k*d+i)*d+j] + g*slope[j])
			}
			vectors[k*d+i] = scale * chi * g
		}
		weights[k] = 1
	}
}

// centre takes the mean from vectors of a length.
func centre(vectors, weights []float64, length int) {
	for i := range length {
		mean := 0.0
		for k, p := range weights {
			mean += p * vectors[k*length+i]
		}
		for k := range weights {
			vectors[k*length+i] -= mean
		}
	}
}
