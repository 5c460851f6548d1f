package schedule

import (
	"math"
	"math/rand/v2"

	"kolmo/derived"
	"kolmo/objective"
	"kolmo/process"
)

// Descent is the kind of x' = x - eta grad f(x;xi), whose step size is to fall.
const Descent = "sgd"

// descent is that chain for a loss, in terms of its moments
//
//	m12 = -grad f,   m14 = 0,   m22 = 0,   m24 = grad f grad f^T + Sigma.
type descent struct {
	names []string
	o     objective.Objective
}

var _ derived.Algorithm = (*descent)(nil)

// NewDescent returns gradient descent for an expected loss; names are those of the parameters.
func NewDescent(names []string, o objective.Objective) derived.Algorithm { return &descent{names, o} }

// Name implements derived.Algorithm.
func (a *descent) Name() string { return Descent }

// Names implements derived.Algorithm.
func (a *descent) Names() []string { return a.names }

// Noisy implements derived.Algorithm: the limit has no noise.
func (a *descent) Noisy() bool { return false }

// Law implements derived.Algorithm.
func (a *descent) Law() process.Law {
	l := a.o.Law()
	p := process.Law{Images: l.Len(), Draws: 1, Exact: l.Exact, Unbounded: l.Unbounded, Moving: l.Moving, Note: l.Note}
	if b, ok := a.o.(*objective.Batch); ok {
		p.Draws = b.Size()
	}
	return p
}

// Refine implements derived.Algorithm.
func (a *descent) Refine() (derived.Algorithm, bool) {
	fine, ok := a.o.Refine()
	if !ok {
		return nil, false
	}
	return &descent{a.names, fine}, true
}

// Thinned implements derived.Algorithm. Batches are left as they are.
func (a *descent) Thinned(n int) (derived.Algorithm, bool) {
	l, ok := a.o.(*objective.Loss)
	if !ok || l.Law().Len() <= n {
		return nil, false
	}
	return &descent{a.names, l.Thinned(n)}, true
}

// NewMoments implements derived.Algorithm.
func (a *descent) NewMoments() func(m *derived.Moments, x []float64) {
	ev, d := a.o.NewEvaluator(), a.o.Dim()
	var at objective.Moments
	return func(m *derived.Moments, x []float64) {
		ev.MomentsTo(&at, x)
		*m = derived.Moments{}
		for k := range d {
			m.M12[k] = -at.Grad[k]
			for l := range d {
				m.D12[k][l] = -at.Hess[k][l]
				m.M24[k][l] = at.Grad[k]*at.Grad[l] + at.Sigma[k][l]
			}
		}
	}
}

// descentStep is one step at eta.
type descentStep struct {
	*descent
	eta float64
}

// Step implements derived.Algorithm.
func (a *descent) Step(eta float64) derived.Step { return &descentStep{a, eta} }

// Images implements derived.Step.
func (s *descentStep) Images() int { return s.o.Law().Len() }

// NewImager implements derived.Step.
func (s *descentStep) NewImager() process.Imager {
	return &descentImager{s, s.o.NewEvaluator()}
}

// descentImager finds images.
type descentImager struct {
	*descentStep
	ev objective.Evaluator
}

// ImagesTo implements process.Imager.
func (im *descentImager) ImagesTo(weights, images, x []float64) error {
	im.ev.NodesTo(weights, images, x)
	d, bad := len(x), -1
	for i, g := range images {
		if bad < 0 && (math.IsNaN(g) || math.IsInf(g, 0)) {
			bad = i / d
		}
		images[i] = x[i%d] - im.eta*g
	}
	if bad >= 0 {
		return &objective.NonFiniteError{What: objective.WhatLoss, Part: "gradient", X: append([]float64(nil), x...), Sample: bad}
	}
	return nil
}

// NewSampler implements derived.Step; losses without a law to draw from have none.
func (s *descentStep) NewSampler(rnd *rand.Rand) (process.Sampler, bool) {
	law, ok := s.o.(objective.Sampled)
	if !ok {
		return nil, false
	}
	return &descentSampler{descentStep: s, draw: law.NewSampler(rnd)}, true
}

// descentSampler takes random steps.
type descentSampler struct {
	*descentStep
	draw  *objective.Sampler
	grads []float64
}

// Step implements process.Sampler.
func (s *descentSampler) Step(x []float64) {
	if cap(s.grads) < len(x) {
		s.grads = make([]float64, len(x))
	}
	grads := s.grads[:len(x)]
	s.draw.DrawGradsTo(grads, x)
	for i, g := range grads {
		x[i] -= s.eta * g
	}
}
