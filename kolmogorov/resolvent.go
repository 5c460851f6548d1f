package kolmogorov

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"kolmo/internal/kernel"
)

// Limits of the resolvent.
const (
	// resolventBytes is the most memory of its factors, and resolventWork the most
	// multiplications of these.
	resolventBytes, resolventWork = 192 << 20, 2e10
	// resolventMiss is the relative residual of a solve from which factors without pivoting
	// between lines do not serve.
	resolventMiss = 1e-9
)

// resolvent solves (I - L^T/s) x = y in two dimensions by block elimination: T = I - L^T/s
// has a block for every pair of lines along the first axis, few beside the diagonal for
// differences. With its blocks' rows and columns
//
//	T = A U,   A_ik = (T_ik - sum_{l<k} A_il U_lk) U_kk^{-1},   U_ik = T_ik - sum_{l<i} A_il U_lk,
//
// A with the diagonal one; pivots are sought within the diagonal blocks alone. It is
// a workspace: one goroutine at a time.
type resolvent struct {
	n, lines    int
	first, top  []int       // first block of a row of A and of a column of U
	rows        [][]float64 // per line, n x n (i - first): A_ik side by side
	columns     [][]float64 // per line, n (k - top) x n: U_ik below one another
	inverse     [][]float64 // of U_kk
	work, piece []float64
	miss        float64 // the relative residual of a solve
}

// newResolvent returns the factors, nil where they would be too large, the grid has not two
// axes or what they solve misses too much. Cost: 2 n^3 operations for each product of blocks.
func newResolvent(op *Operator, t *Transposed, s float64) *resolvent {
	if op.Dim() != 2 {
		return nil
	}
	r := &resolvent{n: op.g.Axis(0).Len(), lines: op.g.Axis(1).Len()}
	if !r.extents(op) {
		return nil
	}
	nn := r.n * r.n
	r.rows, r.columns, r.inverse = make([][]float64, r.lines), make([][]float64, r.lines), make([][]float64, r.lines)
	for i := range r.lines {
		r.rows[i] = make([]float64, nn*(i-r.first[i]))
		r.columns[i] = make([]float64, nn*(i-r.top[i]))
	}
	b := newLineBlocks(op, s)
	block, product := make([]float64, nn), make([]float64, nn)
	var lu mat.LU
	// The blocks of U's column k and of A's row k come before those of later ones.
	for k := range r.lines {
		for i := r.top[k]; i < k; i++ {
			b.to(block, i, k)
			r.eliminate(block, product, i, k, i)
			copy(r.columns[k][(i-r.top[k])*nn:], block)
		}
		for i := r.first[k]; i < k; i++ {
			b.to(block, k, i)
			r.eliminate(block, product, k, i, i)
			kernel.Mul(r.n, r.n, r.n, block, r.n, r.inverse[i], r.n, product, r.n)
			for l := range r.n {
				copy(r.rows[k][l*r.n*(k-r.first[k])+(i-r.first[k])*r.n:], product[l*r.n:(l+1)*r.n])
			}
		}
		b.to(block, k, k)
		r.eliminate(block, product, k, k, k)
		lu.Factorize(mat.NewDense(r.n, r.n, block))
		var inverse mat.Dense
		if err := lu.SolveTo(&inverse, false, identity(r.n)); err != nil {
			return nil
		}
		r.inverse[k] = inverse.RawMatrix().Data
	}
	r.work, r.piece = make([]float64, op.Len()), make([]float64, r.n)
	if !r.serves(t, s) {
		return nil
	}
	return r
}

// identity returns the unit matrix.
func identity(n int) *mat.Dense {
	m := mat.NewDense(n, n, nil)
	for i := range n {
		m.Set(i, i, 1)
	}
	return m
}

// extents sets the blocks that the factors have; it reports false if they are too many.
func (r *resolvent) extents(op *Operator) bool {
	r.first, r.top = make([]int, r.lines), make([]int, r.lines)
	row := make([]float64, r.lines)
	for i := range r.lines {
		r.first[i], r.top[i] = i, i
	}
	// T has the block (i, k) where a derivative at the line k sees the line i.
	for _, m := range []interface{ RowTo([]float64, int) }{op.first[1], op.second[1]} {
		for k := range r.lines {
			m.RowTo(row, k)
			for i, v := range row {
				if v != 0 {
					r.first[i], r.top[k] = min(r.first[i], k), min(r.top[k], i)
				}
			}
		}
	}
	blocks, work := 0, 0
	for i := range r.lines {
		blocks += 1 + i - r.first[i] + i - r.top[i]
		for k := r.first[i]; k < i; k++ {
			work += 1 + max(0, k-max(r.first[i], r.top[k]))
		}
		for k := r.top[i]; k < i; k++ {
			work += max(0, k-max(r.first[k], r.top[i]))
		}
	}
	n := float64(r.n)
	return bytesPerNumber*n*n*float64(blocks) <= resolventBytes && n*n*n*float64(work) <= resolventWork
}

// eliminate subtracts sum_{l<end} A_il U_lk from a block.
func (r *resolvent) eliminate(block, product []float64, i, k, end int) {
	from := max(r.first[i], r.top[k])
	if from >= end {
		return
	}
	n, ld := r.n, r.n*(i-r.first[i])
	kernel.Mul(n, n, n*(end-from), r.rows[i][n*(from-r.first[i]):], ld, r.columns[k][n*n*(from-r.top[k]):], n, product, n)
	kernel.Minus(block, block, product)
}

// applyTo stores the solution for y in x.
func (r *resolvent) applyTo(x, y []float64) {
	n := r.n
	copy(r.work, y)
	for i := range r.lines {
		if w := n * (i - r.first[i]); w > 0 {
			multiply(-1, r.rows[i], n, w, r.work[n*r.first[i]:], 1, r.work[n*i:])
		}
	}
	for k := r.lines - 1; k >= 0; k-- {
		z := r.work[n*k : n*(k+1)]
		multiply(1, r.inverse[k], n, n, z, 0, r.piece)
		copy(z, r.piece)
		if h := n * (k - r.top[k]); h > 0 {
			multiply(-1, r.columns[k], h, n, z, 1, r.work[n*r.top[k]:])
		}
	}
	copy(x, r.work)
}

// multiply stores alpha M x + beta y in y, M rows x cols.
func multiply(alpha float64, m []float64, rows, cols int, x []float64, beta float64, y []float64) {
	blas64.Gemv(blas.NoTrans, alpha, blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: m},
		blas64.Vector{N: cols, Inc: 1, Data: x}, beta, blas64.Vector{N: rows, Inc: 1, Data: y})
}

// serves reports that a random field solves the system that it belongs to.
func (r *resolvent) serves(t *Transposed, s float64) bool {
	rnd := rand.New(rand.NewPCG(13, 14))
	x, y, z := make([]float64, t.Len()), make([]float64, t.Len()), make([]float64, t.Len())
	for i := range y {
		y[i] = rnd.NormFloat64()
	}
	r.applyTo(x, y)
	t.ApplyTo(z, x, -1/s, x)
	r.miss = floats.Distance(z, y, 2) / math.Max(floats.Norm(y, 2), floats.Norm(x, 2))
	return r.miss <= resolventMiss
}

// lineBlocks makes the blocks of I - L^T/s.
type lineBlocks struct {
	op            *Operator
	s             float64
	first, second []float64 // the dense matrices of the first axis
}

func newLineBlocks(op *Operator, s float64) *lineBlocks {
	n := op.g.Axis(0).Len()
	b := &lineBlocks{op: op, s: s, first: make([]float64, n*n), second: make([]float64, n*n)}
	for i := range n {
		op.first[0].RowTo(b.first[i*n:(i+1)*n], i)
		op.second[0].RowTo(b.second[i*n:(i+1)*n], i)
	}
	return b
}

// to stores the block (i, k): entry (p, q) is that of L for the node q of the line k and the
// node p of the line i.
func (b *lineBlocks) to(dst []float64, i, k int) {
	clear(dst)
	n, c := b.op.g.Axis(0).Len(), &b.op.c
	along, twice := b.op.first[1].At(k, i), b.op.second[1].At(k, i)
	for q := range n {
		node := k*n + q
		of := func(f []float64) float64 {
			if f == nil {
				return 0
			}
			return -f[node] / b.s
		}
		dst[q*n+q] = of(c.B[1])*along + of(c.A[1][1])/2*twice
		mixed := of(c.A[0][1]) * along
		drift, noise := 0.0, 0.0
		if i == k {
			drift, noise = of(c.B[0]), of(c.A[0][0])/2
			dst[q*n+q]++
		}
		if slope := mixed + drift; slope != 0 || noise != 0 {
			for p := range n {
				dst[p*n+q] += slope*b.first[q*n+p] + noise*b.second[q*n+p]
			}
		}
	}
}
