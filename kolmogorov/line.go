package kolmogorov

import (
	"fmt"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov/scheme"
)

// Factor returns the LU factorisation of I - c L_k on all lines of axis k, made and
// applied with the operator's workers. The error wraps fd.ErrSingular: the
// factorisation does not pivot. Memory: FactorBytes. Cost of a solution: four
// operations per number held and two per node.
func (op *Operator) Factor(k int, c float64) (scheme.LineSolver, error) {
	n, inner := op.g.Axis(k).Len(), op.g.Stride(k)
	e := fd.ExtentsOf(op.first[k], op.second[k])
	// Dense copies of the rows within their extents.
	first, second := bandOf(op.first[k], e), bandOf(op.second[k], e)
	b, a := op.c.B[k], op.c.A[k][k]
	lu, err := fd.Factor(e, op.outer(k), inner, op.pool.Workers(), func(dst []float64, line, i int) {
		node := line/inner*inner*n + line%inner + i*inner
		bk, ak := 0.0, 0.0
		if b != nil {
			bk = b[node]
		}
		if a != nil {
			ak = a[node]
		}
		for j := range dst {
			dst[j] = -c * (bk*first[i][j] + 0.5*ak*second[i][j])
		}
		dst[i-e.First[i]]++
	})
	if err != nil {
		return nil, fmt.Errorf("kolmogorov: axis %d: %w", k, err)
	}
	s := &lineSolver{lu: lu, pool: op.pool, work: make([][]float64, op.pool.Workers())}
	for w := range s.work {
		s.work[w] = make([]float64, lu.WorkLen())
	}
	s.run = func(worker, i int) { s.lu.SolveBlock(i, s.work[worker], s.fields) }
	return s, nil
}

// FactorBytes returns the memory of Factor's result on axis k.
func (op *Operator) FactorBytes(k int) int64 {
	return fd.BandedBytes(fd.ExtentsOf(op.first[k], op.second[k]), op.outer(k), op.g.Stride(k))
}

// bandOf returns the rows of a matrix within the extents.
func bandOf(m *grid.AxisMatrix, e fd.Extents) [][]float64 {
	rows := make([][]float64, len(e.First))
	for i := range rows {
		for j := e.First[i]; j <= e.Last[i]; j++ {
			rows[i] = append(rows[i], m.At(i, j))
		}
	}
	return rows
}

// lineSolver solves along the lines of one axis with the operator's workers.
type lineSolver struct {
	lu     *fd.Banded
	pool   *par.Pool
	work   [][]float64
	fields [][]float64
	run    func(worker, i int)
}

func (s *lineSolver) SolveTo(fields [][]float64) {
	s.fields = fields
	s.pool.Run(s.lu.Blocks(), s.run)
	s.fields = nil
}
