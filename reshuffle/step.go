package reshuffle

import (
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

func (a *algorithm) Step(eta float64) derived.Step { return &step{a, eta} }

func (s *step) Images() int { return s.images() }

func (s *step) NewImager() process.Imager { return newImager(s) }

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
