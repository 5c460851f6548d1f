package schedule

import (
	"math/rand/v2"

	"kolmo/derived"
	"kolmo/process"
)

// step is one step at eta.
type step struct {
	*algorithm
	eta float64
	at1 derived.Step // of the algorithm at s = 1
	far bool         // over the ends of the law's support
}

var _ derived.Reaching = (*step)(nil)

func (a *algorithm) Step(eta float64) derived.Step { return &step{a, eta, a.of.Step(eta), false} }

func (s *step) Reach() (derived.Step, bool) {
	far, ok := reach(s.at1)
	if !ok {
		return nil, false
	}
	return &step{s.algorithm, s.eta, far, true}, true
}

// reach returns a step over the ends of the law's support, and false where it has none.
func reach(of derived.Step) (derived.Step, bool) {
	r, ok := of.(derived.Reaching)
	if !ok {
		return nil, false
	}
	return r.Reach()
}

// stepAt returns the algorithm's step where s has that value.
func (s *step) stepAt(at float64) derived.Step {
	of := s.of.Step(s.eta * at)
	if far, ok := reach(of); s.far && ok {
		return far
	}
	return of
}

func (s *step) Images() int { return s.at1.Images() }

func (s *step) NewImager() process.Imager {
	n := len(s.of.Names())
	return &imager{step: s, n: n, at: 1, mover: s.at1.NewImager(), short: make([]float64, n*s.Images())}
}

// imager finds images. Nodes of a grid with the same s follow one another, so that the
// algorithm's imager is kept for one s.
type imager struct {
	*step
	n     int // coordinates of the algorithm
	at    float64
	mover process.Imager // at eta times at
	short []float64
}

func (im *imager) ImagesTo(weights, images, z []float64) error {
	n, s := im.n, z[im.n]
	if s != im.at {
		im.at, im.mover = s, im.stepAt(s).NewImager()
	}
	next := im.next(s, im.eta)
	err := im.mover.ImagesTo(weights, im.short, z[:n])
	for m := range weights {
		copy(images[m*(n+1):m*(n+1)+n], im.short[m*n:(m+1)*n])
		images[m*(n+1)+n] = next
	}
	return err
}

func (s *step) NewSampler(rnd *rand.Rand) (process.Sampler, bool) {
	own, ok := s.at1.NewSampler(rnd)
	if !ok {
		return nil, false
	}
	return &sampler{step: s, rnd: rnd, n: len(s.of.Names()), at: 1, own: own}, true
}

// sampler takes random steps, of all consecutive points with the same s together.
type sampler struct {
	*step
	rnd   *rand.Rand
	n     int
	at    float64
	own   process.Sampler // at eta times at
	short []float64
}

func (s *sampler) Step(z []float64) {
	n := s.n
	if len(z)%(n+1) != 0 {
		panic("schedule: points of another dimension")
	}
	for begin := 0; begin < len(z); {
		v, end := z[begin+n], begin
		s.short = s.short[:0]
		for end < len(z) && z[end+n] == v {
			s.short = append(s.short, z[end:end+n]...)
			end += n + 1
		}
		if end == begin { // NaN is not equal to itself, and stays
			begin += n + 1
			continue
		}
		if v != s.at {
			// The law could be drawn from at s = 1.
			s.own, _ = s.of.Step(s.eta * v).NewSampler(s.rnd)
			s.at = v
		}
		s.own.Step(s.short)
		next := s.next(v, s.eta)
		for i := 0; begin < end; i, begin = i+n, begin+n+1 {
			copy(z[begin:begin+n], s.short[i:i+n])
			z[begin+n] = next
		}
	}
}
