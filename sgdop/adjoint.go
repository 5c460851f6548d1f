package sgdop

import (
	"kolmo/internal/par"
)

// adjointParts is the number of parts whose sums AdjointTo adds up, in their order.
const adjointParts = 8

// AdjointTo stores S^T p in dst: if p holds the law of X_n, a weight per node with
// E u(X_n) = sum_i p_i u(x_i), dst holds that of X_{n+1}. The sum of the weights stays;
// their sign need not, but for windows of two nodes in a box that no image leaves. Both must have
// the length of the grid, or it panics, and must not overlap. The result does not
// depend on the workers (0: all processors). Cost: one pass over the weights; it
// allocates eight fields once, on the finer grid where S is computed through one.
func (s *Operator) AdjointTo(workers int, dst, p []float64) {
	s.check(dst)
	s.check(p)
	if s.over != nil {
		s.adjointOversampled(workers, dst, p)
		return
	}
	s.sumParts(workers, dst, p, &s.rows)
}

// sumParts stores the transposed rows, times p, in dst: a field on the rows' grid.
func (s *Operator) sumParts(workers int, dst, p []float64, r *rows) {
	if len(s.sums) == 0 || len(s.sums[0]) < len(dst) {
		s.sums = s.sums[:0]
		for range adjointParts {
			s.sums = append(s.sums, make([]float64, len(dst)))
		}
	}
	par.Do(workers, adjointParts, func(k int) {
		sum := s.sums[k][:len(dst)]
		clear(sum)
		for part := k * rowParts / adjointParts; part < (k+1)*rowParts/adjointParts; part++ {
			r.scatterRows(part, sum, p)
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
