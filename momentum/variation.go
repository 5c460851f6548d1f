package momentum

import (
	"kolmo/derived"
	"kolmo/objective"
	"kolmo/process"
)

var _ derived.Varied = (*algorithm)(nil)

// Variation implements derived.Varied: hess f(x;xi) enters where the gradient is taken.
func (a *algorithm) Variation(eta float64) (process.Variation, error) {
	jets, err := objective.NewJets(a.o)
	if err != nil {
		return nil, err
	}
	return &variation{&step{a, eta}, jets}, nil
}

// Noise implements derived.Varied: the columns are those of the samples, in the velocities.
func (a *algorithm) Noise() (*derived.Noise, error) {
	root, err := objective.NewRoot(a.o)
	if err != nil {
		return nil, err
	}
	return &derived.Noise{First: root.Len(), FirstName: root.String() + ", of the velocities", New: func() func(limit, first, z []float64) {
		columnsTo, d := root.NewColumns(), a.o.Dim()
		own := make([]float64, root.Len()*d)
		return func(_, first, z []float64) {
			columnsTo(own, z[:d], -1)
			for i, v := range own {
				k := i / d
				first[2*k*d+i%d], first[2*k*d+d+i%d] = 0, v
			}
		}
	}}, nil
}

// variation is a step with its Jacobians.
type variation struct {
	*step
	jets *objective.Jets
}

func (v *variation) Len() int { return v.jets.Len() }

func (v *variation) NewVariator() process.Variator {
	d, n := v.o.Dim(), v.jets.Len()
	return &variator{variation: v, samples: v.jets.NewDerivatives(), at: make([]float64, d), grads: make([]float64, n*d), hess: make([]float64, n*d*d)}
}

type variator struct {
	*variation
	samples         *objective.Derivatives
	at, grads, hess []float64
}

// ImagesTo implements process.Variator. With H at the point where the gradient is taken, which is x plus shift v,
//
//	dv'/dx = -eta H,   dv'/dv = (1 - eta gamma) I - eta shift H,   dx' = dx + eta dv'.
func (w *variator) ImagesTo(weights, images, jacobians, z []float64) {
	d := len(w.at)
	x, v := z[:d], z[d:]
	w.ahead(w.at, x, v)
	w.samples.DerivativesTo(weights, w.grads, w.hess, w.at)
	shift := w.shift()
	for m := range weights {
		w.move(images[2*m*d:2*(m+1)*d], x, v, w.grads[m*d:(m+1)*d])
		jac := jacobians[4*m*d*d : 4*(m+1)*d*d]
		for k := range d {
			for l := range d {
				force, same := -w.eta*w.hess[(m*d+k)*d+l], 0.0
				if k == l {
					same = 1
				}
				slow := (1-w.eta*w.friction)*same + shift*force
				jac[k*2*d+l], jac[k*2*d+d+l] = same+w.eta*force, w.eta*slow
				jac[(d+k)*2*d+l], jac[(d+k)*2*d+d+l] = force, slow
			}
		}
	}
}
