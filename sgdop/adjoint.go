package sgdop

import (
	"fmt"

	"kolmo/internal/par"
)

// adjointParts is the number of parts whose sums AdjointTo adds up, in their order.
const adjointParts = 8

// AdjointTo stores S^T p in dst: if p holds the law of X_n, a weight per node with
// E u(X_n) = sum_i p_i u(x_i), dst holds that of X_{n+1}. The sum of the weights stays;
// their sign need not, but for windows of two nodes in a box that no image leaves. Both must have
// the length of the grid, or it panics, and must not overlap. The result does not
// depend on the workers (0: all processors). Cost: one pass over the weights; it
// allocates eight fields once.
func (s *Operator) AdjointTo(workers int, dst, p []float64) {
	s.check(dst)
	s.check(p)
	if s.sums == nil {
		for range adjointParts {
			s.sums = append(s.sums, make([]float64, s.g.Len()))
		}
	}
	par.Do(workers, adjointParts, func(k int) {
		sum := s.sums[k]
		clear(sum)
		for part := k * rowParts / adjointParts; part < (k+1)*rowParts/adjointParts; part++ {
			s.scatterRows(part, sum, p)
		}
	})
	for i := range dst {
		sum := 0.0
		for _, part := range s.sums {
			sum += part[i]
		}
		dst[i] = sum
	}
}

// scatterRows adds the rows of a part, times p, to dst.
func (s *Operator) scatterRows(part int, dst, p []float64) {
	lo, hi := s.parts[part], s.parts[part+1]
	switch {
	case s.win == nil:
		s2, s3 := s.strides()
		for i := lo; i < hi; i++ {
			s.products(part, i, func(q product) {
				for k, c3 := range q.w3 {
					for j, c2 := range q.w2 {
						c := p[i] * q.p * c2 * c3
						line := dst[q.node+j*s2+k*s3:][:len(q.w1)]
						for l, c1 := range q.w1 {
							line[l] += c * c1
						}
					}
				}
			})
		}
	case s.single != nil:
		s.win.AddSingleTo(dst, p, s.single, int(s.first[lo]), int(s.first[hi]))
		for i := lo; i < hi; i++ {
			dst[i] += s.lost[i] * p[i]
		}
	default:
		s.win.AddTo(dst, p, s.weights, int(s.first[lo]), int(s.first[hi]))
	}
}

// PointLaw returns the law concentrated at x as weights of the nodes: those that
// interpolate there, so that sum_i p_i u(x_i) is the interpolant of u at x. len(x)
// must be the dimension, or it panics. A law of several points is the mean of
// theirs.
func (s *Operator) PointLaw(x []float64) []float64 {
	d := s.g.Dim()
	if len(x) != d {
		panic(fmt.Sprintf("sgdop: a point of %d coordinates on a grid of %d axes", len(x), d))
	}
	p := []float64{1}
	at := []int{0}
	for k := range d {
		axis := s.g.Axis(k)
		w := make([]float64, axis.Width(s.width))
		base := axis.WindowTo(w, x[k], s.width)
		var q []float64
		var nodes []int
		for j, v := range w {
			for i := range p {
				q = append(q, v*p[i])
				nodes = append(nodes, at[i]+(base+j)*s.g.Stride(k))
			}
		}
		p, at = q, nodes
	}
	law := make([]float64, s.g.Len())
	for i, v := range p {
		law[at[i]] += v
	}
	return law
}
