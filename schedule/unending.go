package schedule

import (
	"math"
	"math/rand/v2"

	"kolmo/derived"
	"kolmo/objective"
	"kolmo/process"
)

// unending is gradient descent whose gradients have a law without bounds, so that steps leave every ball. For the
// computation's sake their noise ends:
//
//	x' = x - eta (m + chi(x) (g - m)),   g = grad f(x;xi),   m = E g,
//
// and what still leaves the ball where chi has ended is put on its sphere. It implements derived.Unending.
type unending struct {
	of  *descent
	end func(x []float64) float64
}

var (
	_ derived.Unending = (*unending)(nil)
	_ derived.Closed   = (*unending)(nil)
)

// NewUnending returns gradient descent for an expected loss, whose noise can end; names are those of the parameters.
func NewUnending(names []string, o objective.Objective) derived.Algorithm {
	return &unending{&descent{names, o}, func([]float64) float64 { return 1 }}
}

func (a *unending) Name() string { return a.of.Name() }

// Objective is the loss of a sample, of which models by formulas speak.
func (a *unending) Objective() objective.Objective { return a.of.o }

func (a *unending) Names() []string { return a.of.names }

// Noisy implements derived.Algorithm: the limit has no noise.
func (a *unending) Noisy() bool { return false }

func (a *unending) Unending() {}

// Ends implements derived.Ending.
func (a *unending) Ends(end func(x []float64) float64) derived.Algorithm { return &unending{a.of, end} }

// Law implements derived.Algorithm: bounded, since the noise ends.
func (a *unending) Law() process.Law {
	l := a.of.Law()
	l.Exact, l.Unbounded = false, false
	return l
}

func (a *unending) Refine() (derived.Algorithm, bool) {
	fine, ok := a.of.Refine()
	if !ok {
		return nil, false
	}
	return &unending{fine.(*descent), a.end}, true
}

func (a *unending) Thinned(n int) (derived.Algorithm, bool) {
	few, ok := a.of.Thinned(n)
	if !ok {
		return nil, false
	}
	return &unending{few.(*descent), a.end}, true
}

func (a *unending) NewMoments() func(m *derived.Moments, x []float64) { return a.of.NewMoments() }

func (a *unending) Formulas() derived.Formulas { return a.of.Formulas() }

func (a *unending) Step(eta float64) derived.Step { return &unendingStep{a, eta} }

// unendingStep is one step.
type unendingStep struct {
	*unending
	eta float64
}

func (s *unendingStep) Images() int { return s.of.o.Law().Len() }

func (s *unendingStep) NewImager() process.Imager {
	return &unendingImager{s, s.of.o.NewEvaluator(), make([]float64, s.of.o.Dim())}
}

type unendingImager struct {
	*unendingStep
	ev   objective.Evaluator
	mean []float64
}

// fade moves gradients towards their mean, and leaves chi of what they are away from it.
func fade(grads, mean []float64, chi float64) {
	for i := range grads {
		m := mean[i%len(mean)]
		grads[i] = m + chi*(grads[i]-m)
	}
}

func (im *unendingImager) ImagesTo(weights, images, x []float64) error {
	im.ev.NodesTo(weights, images, x)
	d := len(x)
	if chi := im.end(x); chi < 1 {
		meanTo(im.mean, weights, images)
		fade(images, im.mean, chi)
	}
	for i, g := range images {
		if math.IsNaN(g) || math.IsInf(g, 0) {
			return &objective.NonFiniteError{What: objective.WhatLoss, Part: "gradient", X: append([]float64(nil), x...), Sample: i / d}
		}
		images[i] = x[i%d] - im.eta*g
	}
	return nil
}

// meanTo stores the mean of gradients.
func meanTo(mean, weights, grads []float64) {
	clear(mean)
	for i, g := range grads {
		mean[i%len(mean)] += weights[i/len(mean)] * g
	}
}

// NewSampler implements derived.Step; losses without a law to draw from have none.
func (s *unendingStep) NewSampler(rnd *rand.Rand) (process.Sampler, bool) {
	law, ok := s.of.o.(objective.Sampled)
	if !ok {
		return nil, false
	}
	d, n := s.of.o.Dim(), s.Images()
	return &unendingSampler{
		s, law.NewSampler(rnd), s.of.o.NewEvaluator(),
		make([]float64, d), make([]float64, n), make([]float64, n*d), nil,
	}, true
}

// unendingSampler takes random steps, from the law itself.
type unendingSampler struct {
	*unendingStep
	draw                       *objective.Sampler
	ev                         objective.Evaluator
	mean, weights, nodes, step []float64
}

func (s *unendingSampler) Step(z []float64) {
	d := len(s.mean)
	if cap(s.step) < len(z) {
		s.step = make([]float64, len(z))
	}
	grads := s.step[:len(z)]
	s.draw.DrawGradsTo(grads, z)
	for i := 0; i < len(z); i += d {
		x := z[i : i+d]
		if chi := s.end(x); chi < 1 {
			s.ev.NodesTo(s.weights, s.nodes, x)
			meanTo(s.mean, s.weights, s.nodes)
			fade(grads[i:i+d], s.mean, chi)
		}
		for k := range x {
			x[k] -= s.eta * grads[i+k]
		}
	}
}
