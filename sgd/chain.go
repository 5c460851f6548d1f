package sgd

import (
	"math"
	"math/rand/v2"

	"kolmo/assumptions"
	"kolmo/objective"
	"kolmo/process"
)

// chain is x' = x - eta grad f(x;xi) at one learning rate.
type chain struct {
	o   objective.Objective
	eta float64
}

// NewChain returns gradient descent at learning rate eta as a chain.
func NewChain(o objective.Objective, eta float64) process.Chain { return &chain{o, eta} }

func (c *chain) Eta() float64 { return c.eta }

func (c *chain) Dim() int { return c.o.Dim() }

// Images implements process.Chain: the number of nodes of the law of xi.
func (c *chain) Images() int { return c.o.Law().Len() }

func (c *chain) Moving() bool { return c.o.Law().Moving }

// Time implements process.Chain: n eta.
func (c *chain) Time(n int) float64 { return float64(n) * c.eta }

// Keeps implements process.Chain; see assumptions.MaxImage.
func (c *chain) Keeps(r process.Region) (bool, string) {
	ball, err := r.Ball()
	switch {
	case err != nil:
		return false, err.Error()
	case c.o.Law().Unbounded:
		return false, "the law of xi is unbounded"
	}
	if v, _, _ := assumptions.MaxImage(c.o, ball.Center, ball.R, c.eta); v > ball.R*(1+keepsRounding) || v != v {
		return false, "one step leaves the ball"
	}
	return true, ""
}

// keepsRounding is how far an image may leave a ball by rounding, over its radius.
const keepsRounding = 1e-12

// Support implements process.Chain. A batch of samples moves by a mean of theirs, which does not reach farther.
func (c *chain) Support() (process.Chain, bool) {
	o := c.o
	if b, ok := o.(*objective.Batch); ok && b.Law().Moving {
		o = b.Loss()
	}
	l := o.Law()
	switch {
	case l.Unbounded:
		return nil, false
	case l.Hull != nil:
		o = l.Hull
	case !l.Exact:
		return nil, false
	}
	return &chain{o, c.eta}, true
}

func (c *chain) Refine() (process.Chain, bool) {
	fine, ok := c.o.Refine()
	if !ok {
		return nil, false
	}
	return &chain{fine, c.eta}, true
}

func (c *chain) NewImager() process.Imager {
	return &imager{ev: c.o.NewEvaluator(), eta: c.eta}
}

// imager finds x - eta grad f(x;xi_k).
type imager struct {
	ev  objective.Evaluator
	eta float64
}

func (im *imager) ImagesTo(weights, images, x []float64) error {
	im.ev.NodesTo(weights, images, x)
	d, bad := len(x), -1
	for m := range weights {
		step := images[m*d : (m+1)*d]
		for k, g := range step {
			step[k] = x[k] - im.eta*g
			if bad < 0 && (math.IsNaN(step[k]) || math.IsInf(step[k], 0)) {
				bad = m
			}
		}
	}
	if bad >= 0 {
		return notFinite(x, bad)
	}
	return nil
}

// NewSampler implements process.Chain; losses without a law to draw from have none.
func (c *chain) NewSampler(rnd *rand.Rand) (process.Sampler, bool) {
	law, ok := c.o.(objective.Sampled)
	if !ok {
		return nil, false
	}
	return &sampler{draw: law.NewSampler(rnd), eta: c.eta}, true
}

// sampler takes random steps.
type sampler struct {
	draw  *objective.Sampler
	eta   float64
	grads []float64
}

func (s *sampler) Step(z []float64) {
	if cap(s.grads) < len(z) {
		s.grads = make([]float64, len(z))
	}
	grads := s.grads[:len(z)]
	s.draw.DrawGradsTo(grads, z)
	for i, g := range grads {
		z[i] -= s.eta * g
	}
}

var _ process.Affine = (*chain)(nil)

// Scale implements process.Affine: -eta.
func (c *chain) Scale() float64 { return -c.eta }

// Directions implements process.Affine: the loss whose gradients they are.
func (c *chain) Directions() any { return c.o }

func (c *chain) NewDirector() process.Imager { return director{c.o.NewEvaluator()} }

// director finds grad f(x;xi_k).
type director struct{ ev objective.Evaluator }

func (d director) ImagesTo(weights, grads, x []float64) error {
	d.ev.NodesTo(weights, grads, x)
	for m := range grads {
		if math.IsNaN(grads[m]) || math.IsInf(grads[m], 0) {
			return notFinite(x, m/len(x))
		}
	}
	return nil
}

// notFinite returns the error of a gradient that is not finite.
func notFinite(x []float64, sample int) error {
	return &objective.NonFiniteError{What: objective.WhatLoss, Part: "gradient", X: append([]float64(nil), x...), Sample: sample}
}
