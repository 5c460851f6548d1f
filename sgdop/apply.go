package sgdop

import (
	"context"
	"fmt"

	"kolmo/internal/kernel"
	"kolmo/internal/par"
)

// ApplyTo stores S u in dst. Both must have the length of the grid, or it panics,
// and must not overlap. Cost: one pass over the weights, no allocation.
func (s *Operator) ApplyTo(dst, u []float64) {
	s.check(dst)
	s.check(u)
	if s.over != nil {
		s.applyOversampled(1, [][]float64{dst}, [][]float64{u})
		return
	}
	d, v := [1][]float64{dst}, [1][]float64{u}
	for k := range rowParts {
		s.rowsTo(k, d[:], v[:])
	}
}

// leastWork is the number of products below which starting workers takes longer
// than the work.
const leastWork = 1 << 15

// ApplyAllTo stores S u[f] in dst[f] for several fields with the given number of
// workers (0: all processors); one pass over the weights serves all. The result does
// not depend on the workers; every field is to the last bit what ApplyTo gives, but for
// three and more fields on whole axes, where it is so to rounding. All fields must have
// the length of the grid and dst and u as many fields, or it panics; dst and u must not
// overlap. Cost: it allocates a little per call for the workers, nothing for one.
func (s *Operator) ApplyAllTo(workers int, dst, u [][]float64) {
	if len(dst) != len(u) {
		panic(fmt.Sprintf("sgdop: %d fields to store, %d given", len(dst), len(u)))
	}
	for f := range u {
		s.check(dst[f])
		s.check(u[f])
	}
	if s.over != nil {
		s.applyOversampled(workers, dst, u)
		return
	}
	if s.full && s.weights != nil && len(u) >= leastBlock {
		s.side.multiply(&s.rows, workers, dst, u)
		return
	}
	if workers == 1 || s.win != nil && len(s.weights)*len(u) < leastWork {
		for k := range rowParts {
			s.rowsTo(k, dst, u)
		}
		return
	}
	s.applyInParallel(workers, dst, u)
}

// applyInParallel is apart so that its closure costs ApplyAllTo nothing.
func (s *Operator) applyInParallel(workers int, dst, u [][]float64) {
	par.Do(workers, rowParts, func(k int) { s.rowsTo(k, dst, u) })
}

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

// PowerTo stores S^n u[f] in dst[f] by n steps; n may be 0. Lengths are as for
// ApplyAllTo; dst and u must not overlap. The error is the context's, asked once per
// step; dst is then undefined. Cost: n passes over the weights, and as many fields of
// workspace as there are fields.
func (s *Operator) PowerTo(ctx context.Context, workers, n int, dst, u [][]float64) error {
	if n < 0 || len(dst) != len(u) {
		panic(fmt.Sprintf("sgdop: the power %d of %d fields, %d to store", n, len(u), len(dst)))
	}
	next := make([][]float64, len(u))
	for f := range u {
		s.check(dst[f])
		s.check(u[f])
		copy(dst[f], u[f])
		next[f] = make([]float64, len(u[f]))
	}
	now := append([][]float64(nil), dst...)
	for range n {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.ApplyAllTo(workers, next, now)
		now, next = next, now
	}
	if n%2 == 1 {
		for f := range dst {
			copy(dst[f], now[f])
		}
	}
	return nil
}

// leastBlock is the number of fields from which rows of whole axes are multiplied as
// matrices: then tiles of four rows and up to eight fields share what they load.
const leastBlock = 3

// fieldsAtOnce is the number of fields that share one pass over rows of whole axes.
const fieldsAtOnce = 8

// side holds fields side by side, the workspace of products with several at once.
type side struct{ in, out []float64 }

// multiply is ApplyAllTo for whole axes in double precision, as products of matrices.
func (s *side) multiply(r *rows, workers int, dst, u [][]float64) {
	n := r.g.Len()
	if s.in == nil {
		s.in, s.out = make([]float64, n*fieldsAtOnce), make([]float64, n*fieldsAtOnce)
	}
	for lo := 0; lo < len(u); lo += fieldsAtOnce {
		m := min(len(u)-lo, fieldsAtOnce)
		p := 4 // the product's tiles are 4 or 8 columns wide
		if m > 4 {
			p = 8
		}
		in, out := s.in[:n*p], s.out[:n*p]
		for c := range p {
			if c >= m {
				for i := range n {
					in[i*p+c] = 0
				}
				continue
			}
			for i, v := range u[lo+c][:n] {
				in[i*p+c] = v
			}
		}
		if workers == 1 {
			for part := range rowParts {
				s.multiplyPart(r, part, p)
			}
		} else {
			s.multiplyInParallel(r, workers, p)
		}
		for c := range m {
			d := dst[lo+c][:n]
			for i := range d {
				d[i] = out[i*p+c]
			}
		}
	}
}

// multiplyInParallel is apart so that its closure costs multiply nothing.
func (s *side) multiplyInParallel(r *rows, workers, p int) {
	par.Do(workers, rowParts, func(part int) { s.multiplyPart(r, part, p) })
}

// multiplyPart multiplies the rows of a part with p fields side by side.
func (s *side) multiplyPart(r *rows, part, p int) {
	n := r.g.Len()
	// Whole tiles of four rows, so that no row is summed otherwise.
	lo, hi := par.Split(n/4, rowParts, part)
	lo, hi = 4*lo, 4*hi
	if part == rowParts-1 {
		hi = n
	}
	if lo < hi {
		kernel.Mul(hi-lo, p, n, r.weights[lo*n:], n, s.in, p, s.out[lo*p:], p)
	}
}
