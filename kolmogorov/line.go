package kolmogorov

import (
	"fmt"

	"kolmo/fd"
)

// LineSolver solves (I - c L_k) v = w on all lines of an axis.
type LineSolver interface {
	// SolveTo overwrites the right-hand sides by the solutions, several fields at
	// once. It panics if a field has not the length of the grid.
	SolveTo(fields [][]float64)
}

// Factor returns the LU factorisation of I - c L_k on all lines of axis k. The
// error wraps fd.ErrSingular: the factorisation does not pivot. Memory and cost:
// (lower+1+upper) numbers per node and about twice their product in operations,
// lower and upper the extents of the band (the whole line for full width).
func (op *Operator) Factor(k int, c float64) (LineSolver, error) {
	a := op.g.Axis(k)
	n, inner, outer := a.Len(), op.g.Stride(k), op.outer(k)
	// Dense copies of the band and its extent.
	type band struct {
		base          int
		first, second []float64
	}
	bands := make([]band, n)
	lower, upper := 0, 0
	for i := range n {
		lo, hi := n, -1
		for j := range n {
			if op.first[k].At(i, j) != 0 || op.second[k].At(i, j) != 0 || i == j {
				lo, hi = min(lo, j), max(hi, j)
			}
		}
		b := band{base: lo, first: make([]float64, hi-lo+1), second: make([]float64, hi-lo+1)}
		for j := lo; j <= hi; j++ {
			b.first[j-lo] = op.first[k].At(i, j)
			b.second[j-lo] = op.second[k].At(i, j)
		}
		bands[i] = b
		lower, upper = max(lower, i-lo), max(upper, hi-i)
	}
	row := make([]float64, n)
	lu, err := fd.NewBanded(n, lower, upper, outer, inner, func(line, i int) (int, []float64) {
		b := &bands[i]
		node := line/inner*inner*n + line%inner + i*inner
		bk, ak := 0.0, 0.0
		if op.c.B[k] != nil {
			bk = op.c.B[k][node]
		}
		if op.c.A[k][k] != nil {
			ak = op.c.A[k][k][node]
		}
		r := row[:len(b.first)]
		for j := range r {
			r[j] = -c * (bk*b.first[j] + 0.5*ak*b.second[j])
		}
		r[i-b.base]++
		return b.base, r
	})
	if err != nil {
		return nil, fmt.Errorf("kolmogorov: axis %d: %w", k, err)
	}
	return &lineSolver{lu: lu}, nil
}

// lineSolver solves along the lines of one axis.
type lineSolver struct{ lu *fd.Banded }

// SolveTo implements LineSolver.
func (s *lineSolver) SolveTo(fields [][]float64) {
	for _, u := range fields {
		s.lu.SolveTo(u)
	}
}
