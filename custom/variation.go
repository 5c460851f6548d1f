package custom

import (
	"errors"
	"math"

	"kolmo/derived"
	"kolmo/objective/expr"
	"kolmo/process"
)

var _ derived.Varied = (*algorithm)(nil)

// Variation implements derived.Varied: the Jacobians are the linear terms of the step's series in the state.
func (a *algorithm) Variation(eta float64) (process.Variation, error) {
	return &variation{step{a, eta}}, nil
}

// variation is a step with its Jacobians.
type variation struct{ step }

func (v *variation) Len() int { return v.Images() }

func (v *variation) NewVariator() process.Variator {
	s := v.series(expr.NewDegrees(len(v.names), func(m expr.Degree) bool { return m.Root == 0 && m.X[0]+m.X[1]+m.X[2] <= 1 }))
	s.series.Externals([]float64{math.Sqrt(v.eta), v.eta})
	return &variator{v, s}
}

type variator struct {
	*variation
	s *series
}

func (w *variator) ImagesTo(weights, images, jacobians, z []float64) {
	d := len(z)
	copy(weights, w.nodes.weights)
	w.s.each(z, w.end(z), func(k, n int) {
		for i := range d {
			spread(images[k*d+i:], w.s.series.At(i, 0), n, d)
			for j := range d {
				var m expr.Degree
				m.X[j] = 1
				spread(jacobians[(k*d+i)*d+j:], w.s.series.At(i, w.s.g.Index(m)), n, d*d)
			}
		}
	})
}

// spread stores n numbers at a stride; nil ones are zero.
func spread(dst, from []float64, n, stride int) {
	for l := range n {
		v := 0.0
		if from != nil {
			v = from[l]
		}
		dst[l*stride] = v
	}
}

// Noise implements derived.Varied: the columns are those of the outcomes of a step's sample and noise, sqrt(w_k) times
// what the step moves by in the orders sqrt(eta) and eta, less its mean.
func (a *algorithm) Noise() (*derived.Noise, error) {
	for _, w := range a.nodes.weights {
		if w < 0 {
			return nil, errors.New("weights of the quadrature are negative, and have no root")
		}
	}
	n := len(a.nodes.weights)
	noise := &derived.Noise{First: n, FirstName: "sqrt(w_k) (D_k - mean of D), D_k the move of order eta at outcome k of a step"}
	if a.noisy {
		noise.Limit, noise.LimitName = n, "sqrt(w_k) C_k, C_k the move of order sqrt(eta) at outcome k of a step"
	}
	noise.New = func() func(limit, first, z []float64) {
		s := a.series(a.degrees())
		return func(limit, first, z []float64) {
			s.columnsTo(limit[:noise.Limit*len(z)], z, 1)
			s.columnsTo(first, z, 2)
		}
	}
	return noise, nil
}

// columnsTo stores the columns of a power of sqrt(eta), all if dst has room for them.
func (s *series) columnsTo(dst, z []float64, power int) {
	if len(dst) == 0 {
		return
	}
	d, weights := len(z), s.a.nodes.weights
	s.each(z, 1, func(k, n int) {
		for i := range d {
			spread(dst[k*d+i:], s.series.At(i, s.at(power)), n, d)
		}
	})
	for i := range d {
		mean := 0.0
		for k, w := range weights {
			mean += w * dst[k*d+i]
		}
		for k, w := range weights {
			dst[k*d+i] = math.Sqrt(w) * (dst[k*d+i] - mean)
		}
	}
}
