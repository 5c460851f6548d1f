package sgd

import (
	"fmt"
	"math"

	"kolmo/objective"
	"kolmo/process"
)

var _ process.Varied = (*Dynamics)(nil)

// StepVariation implements process.Varied: DF = I - eta hess f(x;xi), of batches the mean over their samples.
func (d *Dynamics) StepVariation(eta float64) (process.Variation, error) {
	return NewVariation(d.o, eta)
}

// NewVariation returns the images and Jacobians of gradient descent at learning rate eta.
func NewVariation(o objective.Objective, eta float64) (process.Variation, error) {
	jets, err := objective.NewJets(o)
	if err != nil {
		return nil, err
	}
	return &stepVariation{jets, eta}, nil
}

// RootVariation implements process.Varied: the columns are those of the samples, sqrt(eta) times those of
// objective.Root, of the modified model times chi.
func (d *Dynamics) RootVariation(m *process.Diffusion, eta float64) (process.Root, error) {
	v := &rootVariation{of: firstOrder.within(d.taper), o: d.o, eta: eta, cut: end(d.taper)}
	switch m.Name {
	case GradientFlow:
		return nil, nil
	case FirstOrder, ConstantNoise:
	case SecondOrder, SecondConstantNoise:
		v.of = secondOrder.within(d.taper)
	case Modified:
		v.of, v.cut = modified, d.cut
	default:
		return nil, fmt.Errorf("the root of the noise of the %s model is not known", m.Name)
	}
	if m.Name == ConstantNoise || m.Name == SecondConstantNoise {
		return v, nil
	}
	var err error
	v.columns, err = objective.NewRoot(d.o)
	return v, err
}

// stepVariation is one step of the chain.
type stepVariation struct {
	jets *objective.Jets
	eta  float64
}

func (v *stepVariation) Len() int { return v.jets.Len() }

func (v *stepVariation) NewVariator() process.Variator {
	return &stepVariator{v.jets.NewDerivatives(), v.eta}
}

type stepVariator struct {
	samples *objective.Derivatives
	eta     float64
}

func (w *stepVariator) ImagesTo(weights, images, jacobians, x []float64) {
	w.samples.DerivativesTo(weights, images, jacobians, x)
	d := len(x)
	for i := range images {
		images[i] = x[i%d] - w.eta*images[i]
	}
	for i := range jacobians {
		if jacobians[i] *= -w.eta; i%(d*d)%(d+1) == 0 {
			jacobians[i]++
		}
	}
}

// rootVariation is the root of the samples, ended by a cutoff.
type rootVariation struct {
	of      model
	o       objective.Objective
	columns *objective.Root // nil where Sigma is constant
	cut     Cutoff
	eta     float64
}

func (v *rootVariation) Len() int {
	if v.columns == nil {
		return 0
	}
	return v.columns.Len()
}

func (v *rootVariation) String() string {
	if v.columns == nil {
		return ""
	}
	return v.columns.String()
}

func (v *rootVariation) NewRooter() process.Rooter {
	w := &rootVariator{rootVariation: v, ev: v.o.NewEvaluator()}
	if v.columns != nil {
		w.columnsTo = v.columns.NewColumns()
	}
	return w
}

type rootVariator struct {
	*rootVariation
	ev        objective.Evaluator
	columnsTo func(dst, x []float64, factor float64)
	at        objective.Moments
}

func (w *rootVariator) ColumnsTo(drift, columns, x []float64) float64 {
	w.ev.MomentsTo(&w.at, x)
	for k := range drift {
		drift[k] = w.of.drift(&w.at, k, len(x), w.eta)
	}
	chi, end := w.of.share(w.cut, x), 1.0
	if w.of.tapered {
		chi, end = 1, chi
	}
	if w.columnsTo != nil {
		w.columnsTo(columns, x, math.Sqrt(w.eta)*chi)
	}
	return end
}
