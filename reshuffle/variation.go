package reshuffle

import (
	"fmt"
	"math"
	"slices"

	"kolmo/derived"
	"kolmo/objective"
	"kolmo/process"
)

var _ derived.Varied = (*algorithm)(nil)

// Variation implements derived.Varied: the Jacobian of an epoch is the product of those of its steps.
func (a *algorithm) Variation(eta float64) (process.Variation, error) {
	if !a.exact() {
		return nil, fmt.Errorf("the Jacobians of an epoch (sample.batch) are those of up to %d different orders, and %d samples have %.3g", mostOrders, a.n, a.orders)
	}
	jets, err := objective.NewJets(a.loss)
	if err != nil {
		return nil, err
	}
	return &variation{a, jets, eta}, nil
}

// Noise implements derived.Varied: there is none.
func (a *algorithm) Noise() (*derived.Noise, error) {
	return &derived.Noise{New: func() func(limit, first, z []float64) { return func(_, _, _ []float64) {} }}, nil
}

// variation is one epoch with its Jacobians, an image per order.
type variation struct {
	*algorithm
	jets *objective.Jets
	eta  float64
}

func (v *variation) Len() int { return int(math.Round(v.orders)) }

func (v *variation) NewVariator() process.Variator {
	d, n := v.loss.Dim(), v.jets.Len()
	w := &variator{variation: v, samples: v.jets.NewDerivatives(), weights: make([]float64, n)}
	for range v.n {
		w.at = append(w.at, visited{make([]float64, n*d), make([]float64, n*d*d)})
	}
	return w
}

type variator struct {
	*variation
	samples *objective.Derivatives
	weights []float64
	at      []visited // by steps taken
}

// visited are the derivatives of all samples where an epoch has got to.
type visited struct{ grads, hess []float64 }

func (w *variator) ImagesTo(weights, images, jacobians, x []float64) {
	d, same, order := len(x), make([]float64, len(x)*len(x)), 0
	for k := range d {
		same[k*d+k] = 1
	}
	left := slices.Clone(w.count)
	var visit func(step int, x, jac []float64)
	visit = func(step int, x, jac []float64) {
		if step == w.n {
			weights[order] = 1 / w.orders
			copy(images[order*d:], x)
			copy(jacobians[order*d*d:], jac)
			order++
			return
		}
		at := w.at[step]
		w.samples.DerivativesTo(w.weights, at.grads, at.hess, x)
		for i, n := range left {
			if n == 0 {
				continue
			}
			left[i]--
			y, product := slices.Clone(x), slices.Clone(jac)
			for k := range d {
				y[k] -= w.eta * at.grads[i*d+k]
				for l := range d {
					for j := range d {
						product[k*d+l] -= w.eta * at.hess[(i*d+k)*d+j] * jac[j*d+l]
					}
				}
			}
			visit(step+1, y, product)
			left[i]++
		}
	}
	visit(0, x, same)
}
