package reshuffle

import (
	"math"
	"math/rand/v2"

	"kolmo/derived"
	"kolmo/objective"
	"kolmo/process"
)

// step is one epoch at eta.
type step struct {
	*algorithm
	eta float64
}

// Step implements derived.Algorithm.
func (a *algorithm) Step(eta float64) derived.Step { return &step{a, eta} }

// Images implements derived.Step.
func (s *step) Images() int { return s.orders }

// NewImager implements derived.Step.
func (s *step) NewImager() process.Imager {
	d := s.loss.Dim()
	im := &imager{step: s, ev: s.loss.NewEvaluator(), left: make([]int, len(s.count))}
	for range s.n {
		im.x = append(im.x, make([]float64, d))
		im.grads = append(im.grads, make([]float64, d*len(s.count)))
	}
	im.x = append(im.x, make([]float64, d))
	return im
}

// imager finds the images under all orders: orders that begin alike share their beginning.
type imager struct {
	*step
	ev    objective.Evaluator
	left  []int       // how often every sample is still to come
	x     [][]float64 // after so many samples
	grads [][]float64 // there
}

// ImagesTo implements process.Imager.
func (im *imager) ImagesTo(weights, images, x []float64) error {
	copy(im.left, im.count)
	copy(im.x[0], x)
	im.from(0, images)
	for m := range weights {
		weights[m] = 1 / float64(len(weights))
	}
	for _, v := range images {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return &objective.NonFiniteError{What: objective.WhatLoss, Part: "gradient", X: append([]float64(nil), x...), Sample: -1}
		}
	}
	return nil
}

// from stores the images under all orders of the samples that are left after some, and
// returns the rest of images.
func (im *imager) from(depth int, images []float64) []float64 {
	x := im.x[depth]
	d := len(x)
	if depth == im.n {
		copy(images, x)
		return images[d:]
	}
	g := im.grads[depth]
	im.ev.GradsTo(g, x)
	for i, left := range im.left {
		if left == 0 {
			continue
		}
		for k := range d {
			im.x[depth+1][k] = x[k] - im.eta*g[i*d+k]
		}
		im.left[i]--
		images = im.from(depth+1, images)
		im.left[i]++
	}
	return images
}

// NewSampler implements derived.Step.
func (s *step) NewSampler(rnd *rand.Rand) (process.Sampler, bool) {
	sm := &sampler{step: s, rnd: rnd, ev: s.loss.NewEvaluator(), grads: make([]float64, s.loss.Dim()*len(s.count))}
	for i, c := range s.count {
		for range c {
			sm.order = append(sm.order, i)
		}
	}
	return sm, true
}

// sampler takes epochs in random orders.
type sampler struct {
	*step
	rnd   *rand.Rand
	ev    objective.Evaluator
	order []int
	grads []float64
}

// Step implements process.Sampler.
func (s *sampler) Step(z []float64) {
	d := s.loss.Dim()
	for p := 0; p < len(z); p += d {
		x := z[p : p+d]
		s.rnd.Shuffle(s.n, func(i, j int) { s.order[i], s.order[j] = s.order[j], s.order[i] })
		for _, i := range s.order {
			s.ev.GradsTo(s.grads, x)
			for k := range x {
				x[k] -= s.eta * s.grads[i*d+k]
			}
		}
	}
}
