package sgdop

import (
	"fmt"

	"kolmo/internal/par"
)

// check panics if u is no field on the grid.
func (s *Operator) check(u []float64) {
	if len(u) != s.g.Len() {
		panic(fmt.Sprintf("sgdop: a field of length %d on a grid of %d nodes", len(u), s.g.Len()))
	}
}

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
		s.multiply(workers, dst, u)
		return
	}
	if workers == 1 || s.win != nil && s.Stored()*len(u) < leastWork {
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

// blockWeights is the number of weights that all fields are multiplied with before
// the next ones are fetched: they stay in the second-level cache.
const blockWeights = 1 << 14

// rowsTo applies the rows of part k.
func (s *Operator) rowsTo(k int, dst, u [][]float64) {
	lo, hi := s.parts[k], s.parts[k+1]
	if s.win == nil {
		s.productRows(k, dst, u, lo, hi)
		return
	}
	for f := range dst {
		clear(dst[f][lo:hi])
	}
	for lo < hi {
		end := hi
		if len(u) > 2 || len(u) > 1 && s.single != nil {
			start := s.win.At(int(s.first[lo])).W
			end = lo + 1
			for end < hi && s.win.At(int(s.first[end])).W-start < blockWeights {
				end++
			}
		}
		a, b := int(s.first[lo]), int(s.first[end])
		f := 0
		if s.single == nil {
			for ; f+1 < len(u); f += 2 {
				s.win.DotPairTo(dst[f], dst[f+1], u[f], u[f+1], s.weights, a, b)
			}
		}
		for ; f < len(u); f++ {
			if s.single == nil {
				s.win.DotTo(dst[f], u[f], s.weights, a, b)
			} else {
				s.win.DotSingleTo(dst[f], u[f], s.single, a, b)
				for i := lo; i < end; i++ {
					dst[f][i] += s.lost[i] * u[f][i]
				}
			}
		}
		lo = end
	}
}
