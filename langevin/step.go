package langevin

import (
	"math"
	"math/rand/v2"

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

// Step implements derived.Algorithm.
func (a *algorithm) Step(eta float64) derived.Step { return &step{a, eta} }

var _ derived.Reaching = (*step)(nil)

// Reach implements derived.Reaching.
func (s *step) Reach() (derived.Step, bool) {
	hull := s.o.Law().Hull
	if hull == nil {
		return nil, false
	}
	return s.with(hull).Step(s.eta), true
}

// Images implements derived.Step.
func (s *step) Images() int { return s.images() }

// size is the standard deviation of the noise at x.
func (s *step) size(x []float64) float64 { return math.Sqrt(2*s.eta/s.beta) * s.end(x) }

// NewImager implements derived.Step.
func (s *step) NewImager() process.Imager {
	d, n := s.o.Dim(), s.o.Law().Len()
	im := &imager{step: s, ev: s.o.NewEvaluator(), weights: make([]float64, n), grads: make([]float64, n*d)}
	// The rule is of exp(-t^2): z = sqrt(2) t.
	t, w := make([]float64, s.points), make([]float64, s.points)
	quad.Hermite{}.FixedLocations(t, w, math.Inf(-1), math.Inf(1))
	for i := range s.images() / n {
		weight, rest := 1.0, i
		for range d {
			k := rest % s.points
			rest /= s.points
			weight *= w[k] / math.Sqrt(math.Pi)
			im.z = append(im.z, math.Sqrt2*t[k])
		}
		im.chance = append(im.chance, weight)
	}
	return im
}

// imager finds images: node k of xi with point i of Z is image k len(chance) + i.
type imager struct {
	*step
	ev             objective.Evaluator
	weights, grads []float64
	z, chance      []float64
}

// ImagesTo implements process.Imager.
func (im *imager) ImagesTo(weights, images, x []float64) error {
	d, n := len(x), len(im.chance)
	im.ev.NodesTo(im.weights, im.grads, x)
	size := im.size(x)
	for m, w := range im.weights {
		for i, c := range im.chance {
			weights[m*n+i] = w * c
			for k := range d {
				images[(m*n+i)*d+k] = x[k] - im.eta*im.grads[m*d+k] + size*im.z[i*d+k]
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

// Step implements process.Sampler.
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
