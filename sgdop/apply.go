package sgdop

import (
	"fmt"

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
