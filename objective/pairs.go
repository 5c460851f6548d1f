package objective

import (
	"errors"
	"math"
	"math/rand/v2"
)

// mostPairs limits the nodes of the law of Pairs.
const mostPairs = 20_000

// ErrPairs reports samples whose pairs are too many to be enumerated.
var ErrPairs = errors.New("objective: more than 20000 pairs of samples")

// Pairs is a loss whose gradient, of two independent samples, has l times the noise of one
// (SVAG; Li, Malladi and Arora, NeurIPS 2021, definition 4.1).
//
//	g = (1/2)(1 + r) grad f(x;xi) + (1/2)(1 - r) grad f(x;xi'),   r = sqrt(2 l - 1).
//
// Its mean is grad f and its covariance l Sigma. Its third central moment is (3 l - 1)/2 times
// that of a sample, not l^(3/2) times. It implements Objective and Sampled.
type Pairs struct {
	loss *Loss
	l    float64
	end  func(x []float64) float64 // times r; nil: 1
	law  Law
}

var _ Sampled = (*Pairs)(nil)

// NewPairs returns the loss with l >= 1 times the noise. The error is ErrPairs.
func NewPairs(loss *Loss, l float64) (*Pairs, error) {
	if !(l >= 1) || math.IsInf(l, 0) {
		panic("objective: noise of pairs below that of one sample")
	}
	w := loss.law.Weights
	if len(w)*len(w) > mostPairs {
		return nil, ErrPairs
	}
	p := &Pairs{loss: loss, l: l, law: loss.law}
	p.law.Draws, p.law.Weights = 2, make([]float64, 0, len(w)*len(w))
	for _, a := range w {
		for _, b := range w {
			p.law.Weights = append(p.law.Weights, a*b)
		}
	}
	if hull, ok := loss.law.Hull.(*Loss); ok {
		ends, err := NewPairs(hull, l)
		if err != nil {
			return nil, err
		}
		p.law.Hull = ends
	}
	return p, nil
}

// With returns the same pairs with l >= 1 times the noise of one sample, where r is multiplied by
// end(x), from 0 to 1: the covariance is (1 + (2 l - 1) end^2)/2 Sigma then. A nil end is 1.
func (p *Pairs) With(l float64, end func(x []float64) float64) *Pairs {
	if !(l >= 1) || math.IsInf(l, 0) {
		panic("objective: noise of pairs below that of one sample")
	}
	q := *p
	q.l, q.end = l, end
	if hull, ok := p.law.Hull.(*Pairs); ok {
		q.law.Hull = hull.With(l, end)
	}
	return &q
}

// Loss returns the loss of one sample.
func (p *Pairs) Loss() *Loss { return p.loss }

// Dim implements Objective.
func (p *Pairs) Dim() int { return p.loss.Dim() }

// Law implements Objective.
func (p *Pairs) Law() Law { return p.law }

// Refine implements Objective.
func (p *Pairs) Refine() (Objective, bool) {
	fine, ok := p.loss.Refine()
	if !ok {
		return nil, false
	}
	l, ok := fine.(*Loss)
	if !ok {
		return nil, false
	}
	o, err := NewPairs(l, p.l)
	if err != nil {
		return nil, false
	}
	return o.With(p.l, p.end), true
}

// spread returns r at x, times what it ends by.
func (p *Pairs) spread(x []float64) float64 {
	r := math.Sqrt(2*p.l - 1)
	if p.end != nil {
		r *= p.end(x)
	}
	return r
}

// factors returns those of the two gradients at x.
func (p *Pairs) factors(x []float64) (a, b float64) {
	r := p.spread(x)
	return (1 + r) / 2, (1 - r) / 2
}

// NewEvaluator implements Objective.
func (p *Pairs) NewEvaluator() Evaluator {
	e := &pairsEvaluator{p: p, sample: p.loss.newEvaluator()}
	e.grads = make([]float64, len(e.sample.grads))
	return e
}

// pairsEvaluator implements Evaluator for Pairs.
type pairsEvaluator struct {
	p      *Pairs
	sample *evaluator
	grads  []float64 // of the samples
}

func (e *pairsEvaluator) GradsTo(dst, x []float64) {
	d := e.p.Dim()
	if len(dst) != d*len(e.p.law.Weights) {
		panic("objective: shape mismatch")
	}
	e.sample.GradsTo(e.grads, x)
	a, b := e.p.factors(x)
	for i := 0; i < len(e.grads); i += d {
		for j := 0; j < len(e.grads); j += d {
			for k := range d {
				dst[k] = a*e.grads[i+k] + b*e.grads[j+k]
			}
			dst = dst[d:]
		}
	}
}

func (e *pairsEvaluator) NodesTo(weights, grads, x []float64) {
	if len(weights) != len(e.p.law.Weights) {
		panic("objective: shape mismatch")
	}
	copy(weights, e.p.law.Weights)
	e.GradsTo(grads, x)
}

func (e *pairsEvaluator) MomentsTo(m *Moments, x []float64) {
	e.sample.MomentsTo(m, x)
	l := e.p.l
	if e.p.end != nil {
		r := e.p.spread(x)
		l = (1 + r*r) / 2
	}
	for i := range m.Sigma {
		for j := range m.Sigma[i] {
			m.Sigma[i][j] *= l
		}
	}
}

// NewSampler implements Sampled: two samples per gradient.
func (p *Pairs) NewSampler(rnd *rand.Rand) *Sampler {
	s := p.loss.NewSampler(rnd)
	s.size = 2
	s.factor = func(k int, x []float64) float64 { // of a mean of two
		a, b := p.factors(x)
		return 2 * []float64{a, b}[k]
	}
	return s
}
