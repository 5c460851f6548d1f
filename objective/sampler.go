package objective

import (
	"math/rand/v2"

	"kolmo/law"
	"kolmo/objective/expr"
)

// Sampled is an expected loss whose gradients can be drawn from their law itself: a
// row of the data, a value, a draw from continuous laws (not a node of their
// quadrature), or the mean over a batch of these.
type Sampled interface {
	Objective
	// NewSampler returns a workspace that draws with rnd.
	NewSampler(rnd *rand.Rand) *Sampler
}

var (
	_ Sampled = (*Loss)(nil)
	_ Sampled = (*Batch)(nil)
)

// Sampler draws gradients. It is a workspace: calls do not allocate, and one Sampler
// with its source serves one goroutine at a time.
type Sampler struct {
	d    int
	size int // of a batch
	// factor is that of sample k in the mean at x; nil: all are 1.
	factor func(k int, x []float64) float64
	shares [expr.Lanes]float64 // these at points
	rnd    *rand.Rand
	lanes  *expr.Lockstep
	xi     [][]float64 // the lanes of the sample variables
	draw   law.Drawer
	deck   *law.Deck // of batches without replacement, else nil
}

// NewSampler implements Sampled: one sample per gradient.
func (l *Loss) NewSampler(rnd *rand.Rand) *Sampler {
	s := &Sampler{d: l.Dim(), size: 1, rnd: rnd, lanes: l.program.NewLockstep(), draw: l.nodes.NewDrawer(rnd)}
	for i := range l.nodes.Variables {
		s.xi = append(s.xi, s.lanes.Sample(i))
	}
	return s
}

// NewSampler implements Sampled: the mean over a batch per gradient.
func (b *Batch) NewSampler(rnd *rand.Rand) *Sampler {
	s := b.loss.NewSampler(rnd)
	s.size = b.Size()
	if !b.Replacement() {
		s.deck = b.batches.NewDeck(expr.Lanes)
	}
	return s
}

// DrawGradsTo stores a gradient in dst for every point in x, drawn independently:
// dst[p*d+i] = d_i f(x_p; xi_p), x_p = x[p*d : (p+1)*d]. len(dst) must be len(x), a
// multiple of d, or it panics. Cost: an evaluation of the loss's derivatives per
// point and sample of a batch.
func (s *Sampler) DrawGradsTo(dst, x []float64) {
	if len(dst) != len(x) || len(x)%s.d != 0 {
		panic("objective: shape mismatch")
	}
	for points := len(x) / s.d; points > 0; {
		n := min(points, expr.Lanes)
		for i := range s.d {
			lane := s.lanes.X(i)
			for p := range n {
				lane[p] = x[p*s.d+i]
			}
		}
		s.drawTo(dst[:n*s.d], x[:n*s.d])
		dst, x = dst[n*s.d:], x[n*s.d:]
		points -= n
	}
}

// drawTo draws for the points x, which are in the first lanes.
func (s *Sampler) drawTo(dst, x []float64) {
	n := len(x) / s.d
	if s.size == 1 {
		s.draw.Draw(s.rnd, s.xi, n)
		s.lanes.Run(n, 1)
		for i := range s.d {
			g := s.lanes.Grad(i)
			for p := range n {
				dst[p*s.d+i] = 0
				if g != nil {
					dst[p*s.d+i] = g[p]
				}
			}
		}
		return
	}
	if s.deck != nil {
		s.deck.Deal(s.rnd, n)
	}
	clear(dst)
	for k := range s.size {
		if s.deck == nil {
			s.draw.Draw(s.rnd, s.xi, n)
		} else {
			s.deck.SampleTo(s.xi, n, k)
		}
		s.lanes.Run(n, 1)
		for p := range n {
			s.shares[p] = 1
			if s.factor != nil {
				s.shares[p] = s.factor(k, x[p*s.d:(p+1)*s.d])
			}
		}
		for i := range s.d {
			if g := s.lanes.Grad(i); g != nil {
				for p, v := range g {
					dst[p*s.d+i] += s.shares[p] * v
				}
			}
		}
	}
	for i := range dst {
		dst[i] /= float64(s.size)
	}
}
