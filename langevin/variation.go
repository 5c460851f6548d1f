package langevin

import (
	"math"

	"kolmo/derived"
	"kolmo/objective"
	"kolmo/process"
)

var _ derived.Varied = (*algorithm)(nil)

// Variation implements derived.Varied: DF = I - eta hess f(x;xi), whatever Z is.
func (a *algorithm) Variation(eta float64) (process.Variation, error) {
	jets, err := objective.NewJets(a.o)
	if err != nil {
		return nil, err
	}
	return &variation{&step{a, eta}, jets}, nil
}

// Noise implements derived.Varied: sqrt(2/beta) I and the columns of the samples.
func (a *algorithm) Noise() (*derived.Noise, error) {
	root, err := objective.NewRoot(a.o)
	if err != nil {
		return nil, err
	}
	d := len(a.names)
	return &derived.Noise{Limit: d, First: root.Len(), LimitName: "sqrt(2/beta) I", FirstName: root.String(), New: func() func(limit, first, z []float64) {
		columnsTo := root.NewColumns()
		return func(limit, first, x []float64) {
			clear(limit)
			for k := range d {
				limit[k*d+k] = math.Sqrt(2 / a.beta)
			}
			columnsTo(first, x, -1)
		}
	}}, nil
}

// variation is a step with its Jacobians.
type variation struct {
	*step
	jets *objective.Jets
}

func (v *variation) Len() int { return v.jets.Len() * len(v.rule()) }

func (v *variation) NewVariator() process.Variator {
	d, n := v.o.Dim(), v.jets.Len()
	return &variator{variation: v, samples: v.jets.NewDerivatives(), z: v.rule(), weights: make([]float64, n), grads: make([]float64, n*d), hess: make([]float64, n*d*d)}
}

type variator struct {
	*variation
	samples              *objective.Derivatives
	z                    []normal
	weights, grads, hess []float64
}

func (w *variator) ImagesTo(weights, images, jacobians, x []float64) {
	w.samples.DerivativesTo(w.weights, w.grads, w.hess, x)
	d, size, m := len(x), w.size(x), 0
	for n, p := range w.weights {
		for _, z := range w.z {
			weights[m] = p * z.chance
			for k := range d {
				images[m*d+k] = x[k] - w.eta*w.grads[n*d+k] + size*z.at[k]
				for l := range d {
					jac := &jacobians[(m*d+k)*d+l]
					if *jac = -w.eta * w.hess[(n*d+k)*d+l]; k == l {
						*jac++
					}
				}
			}
			m++
		}
	}
}
