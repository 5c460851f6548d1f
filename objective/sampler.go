package objective

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

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
	d      int
	size   int // of a batch
	rnd    *rand.Rand
	lanes  *expr.Lockstep
	xi     drawer
	sum    []float64 // of a batch, d x Lanes
	chosen []int     // rows of the batches without replacement, size x Lanes
	deck   []int     // the population in some order
	owner  []int     // population -> node
}

// drawer sets sample variables.
type drawer interface {
	// draw sets the variables of the first n lanes to independent draws.
	draw(rnd *rand.Rand, lanes *expr.Lockstep, n int)
}

// NewSampler implements Sampled: one sample per gradient.
func (l *Loss) NewSampler(rnd *rand.Rand) *Sampler {
	s := &Sampler{d: l.Dim(), size: 1, rnd: rnd, lanes: l.program.NewLockstep()}
	if l.samples.laws == nil {
		s.xi = newRows(l)
		return s
	}
	var m marginals
	for _, name := range l.variables {
		for _, v := range l.samples.laws {
			if v.Name == name {
				m = append(m, newDraw(v.Law, rnd))
			}
		}
	}
	s.xi = m
	return s
}

// NewSampler implements Sampled: the mean over a batch per gradient.
func (b *Batch) NewSampler(rnd *rand.Rand) *Sampler {
	s := b.loss.NewSampler(rnd)
	s.size = b.size
	s.sum = make([]float64, s.d*expr.Lanes)
	if b.replacement {
		return s
	}
	s.chosen = make([]int, b.size*expr.Lanes)
	for node, count := range b.counts {
		for range count {
			s.owner = append(s.owner, node)
			s.deck = append(s.deck, len(s.deck))
		}
	}
	s.xi = newRows(b.loss)
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
		s.drawTo(dst[:n*s.d], n)
		dst, x = dst[n*s.d:], x[n*s.d:]
		points -= n
	}
}

// drawTo draws for the points in the first n lanes.
func (s *Sampler) drawTo(dst []float64, n int) {
	if s.size == 1 {
		s.xi.draw(s.rnd, s.lanes, n)
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
		for p := range n {
			s.dealTo(s.chosen[p*s.size : (p+1)*s.size])
		}
	}
	clear(dst)
	for k := range s.size {
		if s.deck == nil {
			s.xi.draw(s.rnd, s.lanes, n)
		} else {
			r := s.xi.(*rows) // a batch without replacement is one of rows
			for p := range n {
				r.set(s.lanes, p, s.owner[s.chosen[p*s.size+k]])
			}
		}
		s.lanes.Run(n, 1)
		for i := range s.d {
			if g := s.lanes.Grad(i); g != nil {
				for p, v := range g {
					dst[p*s.d+i] += v
				}
			}
		}
	}
	for i := range dst {
		dst[i] /= float64(s.size)
	}
}

// dealTo draws different members of the population: the first cards of a deck as they
// are shuffled (Fisher and Yates). The deck's order before does not matter.
func (s *Sampler) dealTo(dst []int) {
	for i := range dst {
		j := i + s.rnd.IntN(len(s.deck)-i)
		s.deck[i], s.deck[j] = s.deck[j], s.deck[i]
		dst[i] = s.deck[i]
	}
}

// rows draws nodes of a finite law by the alias method (Walker, ACM Trans. Math.
// Software 3, 1977): two random numbers per draw whatever the number of nodes.
type rows struct {
	columns [][]float64
	share   []float64 // of node k in its own slot
	other   []int     // node that has the rest
}

func newRows(l *Loss) *rows {
	w := l.law.Weights
	n := len(w)
	r := &rows{columns: l.columns, share: make([]float64, n), other: make([]int, n)}
	var small, large []int
	for k := range w {
		r.share[k], r.other[k] = w[k]*float64(n), k
		if r.share[k] < 1 {
			small = append(small, k)
		} else {
			large = append(large, k)
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, g := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		r.other[s] = g
		if r.share[g] -= 1 - r.share[s]; r.share[g] < 1 {
			large = large[:len(large)-1]
			small = append(small, g)
		}
	}
	for _, k := range append(small, large...) {
		r.share[k] = 1 // up to rounding
	}
	return r
}

func (r *rows) draw(rnd *rand.Rand, lanes *expr.Lockstep, n int) {
	for p := range n {
		k := rnd.IntN(len(r.share))
		if rnd.Float64() >= r.share[k] {
			k = r.other[k]
		}
		r.set(lanes, p, k)
	}
}

// set gives lane p the values of node k.
func (r *rows) set(lanes *expr.Lockstep, p, k int) {
	for i, c := range r.columns {
		lanes.Sample(i)[p] = c[k]
	}
}

// marginals draws independent variables.
type marginals []func() float64

func (m marginals) draw(_ *rand.Rand, lanes *expr.Lockstep, n int) {
	for i, draw := range m {
		lane := lanes.Sample(i)[:n]
		for p := range lane {
			lane[p] = draw()
		}
	}
}

// newDraw returns a function that draws from a law. Laws without a way of their own
// are drawn by their quantiles.
func newDraw(m Marginal, rnd *rand.Rand) func() float64 {
	switch m := m.(type) {
	case Uniform:
		return func() float64 { return m.Low + (m.High-m.Low)*rnd.Float64() }
	case Normal:
		return func() float64 { return m.Mean + m.Std*rnd.NormFloat64() }
	case Gamma:
		if m.Shape == 1 {
			return func() float64 { return rnd.ExpFloat64() / m.Rate }
		}
		return distuv.Gamma{Alpha: m.Shape, Beta: m.Rate, Src: rnd}.Rand
	case Beta:
		a, b := distuv.Gamma{Alpha: m.Alpha, Beta: 1, Src: rnd}, distuv.Gamma{Alpha: m.Beta, Beta: 1, Src: rnd}
		return func() float64 {
			for {
				// Of small parameters both may underflow.
				if x, y := a.Rand(), b.Rand(); x+y > 0 {
					return x / (x + y)
				}
			}
		}
	case Laplace:
		return func() float64 { return m.Mean + m.Scale*(rnd.ExpFloat64()-rnd.ExpFloat64()) }
	case Rademacher:
		return func() float64 { return float64(2*rnd.IntN(2) - 1) }
	case Bernoulli:
		return func() float64 {
			if rnd.Float64() < m.P {
				return 1
			}
			return 0
		}
	}
	return func() float64 {
		for {
			if p := rnd.Float64(); p > 0 {
				return m.Quantile(p)
			}
		}
	}
}
