package momentum

import (
	"math"
	"math/rand/v2"

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

func (s *step) Images() int { return s.o.Law().Len() }

// shift is the factor of the velocity in where the gradient is taken.
func (s *step) shift() float64 {
	if s.kind == Nesterov {
		return s.eta * (1 - s.eta*s.friction)
	}
	return 0
}

// ahead stores where the gradient is taken.
func (s *step) ahead(to, x, v []float64) {
	shift := s.shift()
	for k := range to {
		to[k] = x[k] + shift*v[k]
	}
}

// move stores the image of (x, v) under the gradient g; to may be where x and v are.
func (s *step) move(to, x, v, g []float64) {
	d := len(x)
	for k := range d {
		next := v[k] - s.eta*(s.friction*v[k]+g[k])
		to[k], to[d+k] = x[k]+s.eta*next, next
	}
}

func (s *step) NewImager() process.Imager {
	d, n := s.o.Dim(), s.Images()
	return &imager{step: s, ev: s.o.NewEvaluator(), at: make([]float64, d), grads: make([]float64, n*d)}
}

// imager finds images.
type imager struct {
	*step
	ev        objective.Evaluator
	at, grads []float64
}

func (im *imager) ImagesTo(weights, images, z []float64) error {
	d, bad := len(im.at), -1
	x, v := z[:d], z[d:]
	im.ahead(im.at, x, v)
	im.ev.NodesTo(weights, im.grads, im.at)
	for m := range weights {
		g := im.grads[m*d : (m+1)*d]
		im.move(images[2*m*d:2*(m+1)*d], x, v, g)
		for _, value := range g {
			if bad < 0 && (math.IsNaN(value) || math.IsInf(value, 0)) {
				bad = m
			}
		}
	}
	if bad >= 0 {
		return &objective.NonFiniteError{What: objective.WhatLoss, Part: "gradient", X: append([]float64(nil), im.at...), Sample: bad}
	}
	return nil
}

// NewSampler implements derived.Step; losses without a law to draw from have none.
func (s *step) NewSampler(rnd *rand.Rand) (process.Sampler, bool) {
	law, ok := s.o.(objective.Sampled)
	if !ok {
		return nil, false
	}
	return &sampler{step: s, draw: law.NewSampler(rnd)}, true
}

// sampler takes random steps.
type sampler struct {
	*step
	draw      *objective.Sampler
	at, grads []float64
}

func (s *sampler) Step(z []float64) {
	d := s.o.Dim()
	n := len(z) / 2
	if cap(s.at) < n {
		s.at, s.grads = make([]float64, n), make([]float64, n)
	}
	at, grads := s.at[:n], s.grads[:n]
	for i := 0; i < n; i += d {
		s.ahead(at[i:i+d], z[2*i:2*i+d], z[2*i+d:2*i+2*d])
	}
	s.draw.DrawGradsTo(grads, at)
	for i := 0; i < n; i += d {
		p := z[2*i : 2*i+2*d]
		s.move(p, p[:d], p[d:], grads[i:i+d])
	}
}
