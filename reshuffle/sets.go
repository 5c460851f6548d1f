package reshuffle

import (
	"math"

	"kolmo/grid"
	"kolmo/objective"
)

// The law of an image is that of a set of samples, whose order is random: the last of them is any,
//
//	law_A = mean over i in A of T_i law_{A without i},   T_i x = x - eta g_i(x).
//
// So N samples take 2^N N/2 steps of laws, and not N! of points. Where a law has more atoms
// than a tensor product of few Chebyshev points, it is replaced by weights of those of the box
// around it: the same for all polynomials of a degree less than their number per coordinate.

// nodes are these points per coordinate, by dimension.
var nodes = [grid.MaxDim + 1]int{0, 8, 4, 3}

// leastHalf is the least half-width of a box relative to its distance from the origin, and
// leastLength where that is zero.
const (
	leastHalf   = 1e-8
	leastLength = 1e-150
)

// set is some of an epoch's samples, equal ones being told by their number.
type set struct {
	atoms int    // of its law
	last  []last // all that it may end with
}

// last is the last sample of a set.
type last struct {
	before int // the set without it
	sample int
	share  float64 // its probability
}

// sets returns all sets of the samples, smaller ones first, whose laws have so many atoms at the
// most: the empty one is the first and the whole one the last.
func (e *Epoch) sets(most int) []set {
	total := 1
	for _, c := range e.count {
		total *= c + 1
	}
	list := make([]set, total)
	list[0].atoms = 1
	for a := 1; a < total; a++ {
		s := &list[a]
		rest, stride, size := a, 1, 0
		for i, c := range e.count {
			if k := rest % (c + 1); k > 0 {
				s.last = append(s.last, last{a - stride, i, float64(k)})
				s.atoms += list[a-stride].atoms
				size += k
			}
			rest /= c + 1
			stride *= c + 1
		}
		for j := range s.last {
			s.last[j].share /= float64(size)
		}
		s.atoms = min(s.atoms, most)
	}
	return list
}

// atoms is a law of finitely many points.
type atoms struct{ weights, at, grads []float64 }

// imager finds the laws of all sets of samples from a point.
type imager struct {
	*step
	ev    objective.Evaluator
	axis  *grid.Axis // from -1 to 1
	laws  []atoms    // by set
	raw   atoms
	mid   [grid.MaxDim]float64
	half  [grid.MaxDim]float64
	lines [grid.MaxDim][]float64 // weights of one point
}

// newImager returns a workspace.
func newImager(s *step) *imager {
	d, most := s.loss.Dim(), 0
	im := &imager{step: s, ev: s.loss.NewEvaluator(), laws: make([]atoms, len(s.all)), lines: [grid.MaxDim][]float64{{1}, {1}, {1}}}
	for a, of := range s.all {
		n, raw := of.atoms, 0
		im.laws[a] = atoms{make([]float64, n), make([]float64, n*d), make([]float64, n*d*len(s.count))}
		for _, l := range of.last {
			raw += s.all[l.before].atoms
		}
		most = max(most, raw)
	}
	im.raw.weights, im.raw.at = make([]float64, 0, most), make([]float64, 0, most*d)
	var err error
	if im.axis, err = grid.Chebyshev("t", s.nodes, -1, 1); err != nil {
		panic("reshuffle: " + err.Error())
	}
	for k := range d {
		im.lines[k] = make([]float64, s.nodes)
	}
	return im
}

func (im *imager) ImagesTo(weights, images, x []float64) error {
	im.laws[0].weights[0] = 1
	copy(im.laws[0].at, x)
	d, last := len(x), len(im.all)-1
	for a := range im.laws {
		law := &im.laws[a]
		if a > 0 {
			im.gather(&im.all[a], d)
			if len(law.weights) == len(im.raw.weights) {
				copy(law.weights, im.raw.weights)
				copy(law.at, im.raw.at)
			} else {
				im.condense(law, d)
			}
		}
		for p, grads := 0, d*len(im.count); a < last && p < len(law.weights); p++ {
			im.ev.GradsTo(law.grads[p*grads:(p+1)*grads], law.at[p*d:(p+1)*d])
		}
	}
	copy(weights, im.laws[last].weights)
	copy(images, im.laws[last].at)
	for _, v := range images {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return &objective.NonFiniteError{What: objective.WhatLoss, Part: "gradient", X: append([]float64(nil), x...), Sample: -1}
		}
	}
	return nil
}

// gather makes the law of a set of those of the sets before.
func (im *imager) gather(s *set, d int) {
	im.raw.weights, im.raw.at = im.raw.weights[:0], im.raw.at[:0]
	for _, l := range s.last {
		from := &im.laws[l.before]
		for p, w := range from.weights {
			im.raw.weights = append(im.raw.weights, l.share*w)
			g := from.grads[(p*len(im.count)+l.sample)*d:]
			for k, v := range from.at[p*d : (p+1)*d] {
				im.raw.at = append(im.raw.at, v-im.eta*g[k])
			}
		}
	}
}

// condense replaces what was gathered by weights of the Chebyshev points of its box.
func (im *imager) condense(law *atoms, d int) {
	for k := range d {
		lo, hi := math.Inf(1), math.Inf(-1)
		for p := k; p < len(im.raw.at); p += d {
			lo, hi = min(lo, im.raw.at[p]), max(hi, im.raw.at[p])
		}
		im.mid[k] = lo/2 + hi/2
		im.half[k] = max(hi/2-lo/2, leastHalf*math.Abs(im.mid[k]), leastLength)
	}
	for j := range law.weights {
		for k, rest := 0, j; k < d; k++ {
			law.at[j*d+k] = im.mid[k] + im.half[k]*im.axis.Node(rest%im.nodes)
			rest /= im.nodes
		}
	}
	clear(law.weights)
	for p, w := range im.raw.weights {
		for k := range d {
			im.axis.WindowTo(im.lines[k], (im.raw.at[p*d+k]-im.mid[k])/im.half[k], 0)
		}
		line := law.weights
		for _, w3 := range im.lines[2] {
			for _, w2 := range im.lines[1] {
				c := w * w2 * w3
				for i, v := range im.lines[0] {
					line[i] += c * v
				}
				line = line[len(im.lines[0]):]
			}
		}
	}
}
