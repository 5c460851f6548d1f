package langevin

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/integrate/quad"

	"kolmo/derived"
	"kolmo/objective"
	"kolmo/process"
)

// step is one step at eta.
type step struct {
	*algorithm
	eta float64
}

func (a *algorithm) Step(eta float64) derived.Step { return &step{a, eta} }

var _ derived.Reaching = (*step)(nil)

func (s *step) Reach() (derived.Step, bool) {
	hull := s.o.Law().Hull
	if hull == nil {
		return nil, false
	}
	return s.with(hull).Step(s.eta), true
}

func (s *step) Images() int { return s.images() }

// size is the standard deviation of the noise at x.
func (s *step) size(x []float64) float64 { return math.Sqrt(2*s.eta/s.beta) * s.end(x) }

// normal is a node of the quadrature of Z.
type normal struct {
	at     []float64
	chance float64
}

// rule returns the nodes of the quadrature of Z. That of one coordinate is of exp(-t^2), z = sqrt(2) t.
func (a *algorithm) rule() []normal {
	t, w := make([]float64, a.points), make([]float64, a.points)
	quad.Hermite{}.FixedLocations(t, w, math.Inf(-1), math.Inf(1))
	nodes := []normal{{chance: 1}}
	for range a.names { // the first coordinate varies fastest
		var longer []normal
		for k := range t {
			for _, n := range nodes {
				longer = append(longer, normal{append(slices.Clone(n.at), math.Sqrt2*t[k]), n.chance * (w[k] / math.Sqrt(math.Pi))})
			}
		}
		nodes = longer
	}
	return nodes
}

func (s *step) NewImager() process.Imager {
	d, n := s.o.Dim(), s.o.Law().Len()
	return &imager{step: s, ev: s.o.NewEvaluator(), weights: make([]float64, n), grads: make([]float64, n*d), z: s.rule()}
}

// imager finds images: node k of xi with node i of Z is image k len(z) + i.
type imager struct {
	*step
	ev             objective.Evaluator
	weights, grads []float64
	z              []normal
}

func (im *imager) ImagesTo(weights, images, x []float64) error {
	d, n := len(x), len(im.z)
	im.ev.NodesTo(im.weights, im.grads, x)
	size := im.size(x)
	for m, w := range im.weights {
		for i, z := range im.z {
			weights[m*n+i] = w * z.chance
			for k := range d {
				images[(m*n+i)*d+k] = x[k] - im.eta*im.grads[m*d+k] + size*z.at[k]
			}
		}
	}
	for i, g := range im.grads {
		if math.IsNaN(g) || math.IsInf(g, 0) {
			return &objective.NonFiniteError{What: objective.WhatLoss, Part: "gradient", X: append([]float64(nil), x...), Sample: i / d}
		}
	}
	return nil
}

// NewSampler implements derived.Step; losses without a law to draw from have none.
func (s *step) NewSampler(rnd *rand.Rand) (process.Sampler, bool) {
	law, ok := s.o.(objective.Sampled)
	if !ok {
		return nil, false
	}
	return &sampler{step: s, rnd: rnd, draw: law.NewSampler(rnd)}, true
}

// sampler takes random steps, with Z itself.
type sampler struct {
	*step
	rnd   *rand.Rand
	draw  *objective.Sampler
	grads []float64
}

func (s *sampler) Step(z []float64) {
	d := s.o.Dim()
	if cap(s.grads) < len(z) {
		s.grads = make([]float64, len(z))
	}
	grads := s.grads[:len(z)]
	s.draw.DrawGradsTo(grads, z)
	for i := 0; i < len(z); i += d {
		x := z[i : i+d]
		size := s.size(x)
		for k := range x {
			x[k] += size*s.rnd.NormFloat64() - s.eta*grads[i+k]
		}
	}
}
