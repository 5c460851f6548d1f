package kolmogorov

import (
	"gonum.org/v1/gonum/floats"

	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/internal/par"
)

// Transposed is the transpose of L on the nodes,
//
//	L^T p = sum_k D_k^T (b_k p + sum_{l<k} D_l^T (a_lk p)) + (1/2) sum_k D_kk^T (a_kk p),
//
// D_k and D_kk the matrices of the derivatives along axis k: <L u, p> = <u, L^T p>
// with the plain sum over the nodes. It is the discrete Fokker-Planck operator, of
// weights on the nodes and not of values of a density. A Transposed owns
// workspace: one goroutine at a time.
type Transposed struct {
	g      *grid.Grid
	c      Coefficients
	first  [grid.MaxDim]*grid.AxisMatrix // transposed
	second [grid.MaxDim]*grid.AxisMatrix

	pool   *par.Pool
	work   [][2][]float64 // per worker
	w1, w2 []float64      // what the transposed matrices of the last axis act on
	block  int
	job    job
	inner  func(worker, i int) // the two halves of a pass, bound once
	outer  func(worker, i int)
}

var (
	_ linear = (*Operator)(nil)
	_ linear = (*Transposed)(nil)
)

// Transpose returns L^T with a workspace of its own for as many workers as op has.
// Cost: the matrices of the axes once more and two fields.
func (op *Operator) Transpose() *Transposed {
	t := &Transposed{g: op.g, c: op.c, pool: par.NewPool(op.Workers())}
	for k := range op.Dim() {
		t.first[k], t.second[k] = op.first[k].Transpose(), op.second[k].Transpose()
	}
	last := op.Dim() - 1
	t.block = op.block
	t.w1, t.w2 = make([]float64, op.Len()), make([]float64, op.Len())
	t.work = make([][2][]float64, t.pool.Workers())
	for i := range t.work {
		n := t.block * op.g.Stride(last)
		t.work[i] = [2][]float64{make([]float64, n), make([]float64, n)}
	}
	t.inner, t.outer = t.alongInner, t.alongLast
	return t
}

// Grid returns the grid.
func (t *Transposed) Grid() *grid.Grid { return t.g }

// Dim returns the number of axes.
func (t *Transposed) Dim() int { return t.g.Dim() }

// Len returns the length of a field.
func (t *Transposed) Len() int { return t.g.Len() }

// ApplyTo stores u + c L^T v in dst; a nil u is zero. All must have length Len(),
// or it panics. dst may be u and must not overlap v. The result does not depend on
// the number of workers. Cost: two passes, 2 d + d (d-1)/2 products with matrices
// along an axis; no allocation.
func (t *Transposed) ApplyTo(dst, u []float64, c float64, v []float64) {
	if u != nil {
		checkField(t.g, "a field", u)
	}
	checkField(t.g, "a result", dst)
	checkField(t.g, "a field", v)
	t.job = job{dst: dst, base: u, v: v, alpha: c}
	n := t.g.Axis(t.g.Dim() - 1).Len()
	blocks := (n + t.block - 1) / t.block
	t.pool.Run(blocks, t.inner)
	t.pool.Run(blocks, t.outer)
	t.job = job{}
}

// rows returns the rows of the last axis in block i and where they lie in a field.
func (t *Transposed) rows(i int) (lo, hi, from, to int) {
	last := t.g.Dim() - 1
	lo = i * t.block
	hi = min(lo+t.block, t.g.Axis(last).Len())
	return lo, hi, lo * t.g.Stride(last), hi * t.g.Stride(last)
}

// alongInner does what lies inside a block: all axes but the last, for which it
// leaves w1 = b p + sum_l D_l^T (a_l p) and w2 = a p/2.
func (t *Transposed) alongInner(worker, i int) {
	j, w := &t.job, &t.work[worker]
	_, _, from, to := t.rows(i)
	out, v := j.dst[from:to], j.v[from:to]
	switch {
	case j.base == nil:
		clear(out)
	case &j.base[0] != &j.dst[0]:
		copy(out, j.base[from:to])
	}
	x, y := w[0][:to-from], w[1][:to-from]
	along := func(m *grid.AxisMatrix, k int, dst, u []float64) {
		s := t.g.Stride(k)
		m.MulTo(dst, u, (to-from)/(s*t.g.Axis(k).Len()), s)
	}
	last := t.g.Dim() - 1
	for k := range t.g.Dim() {
		sum := x
		if k == last {
			sum = t.w1[from:to]
		}
		clear(sum)
		if b := t.c.B[k]; b != nil {
			kernel.AddMul(sum, 1, b[from:to], v)
		}
		// The product a_lk p is formed where the result does not yet lie.
		for l := range k {
			if a := t.c.A[l][k]; a != nil {
				product := t.w2[from:to] // free until the last axis sets it
				clear(product)
				kernel.AddMul(product, 1, a[from:to], v)
				along(t.first[l], l, y, product)
				floats.Add(sum, y)
			}
		}
		half := t.w2[from:to]
		clear(half)
		a := t.c.A[k][k]
		if a != nil {
			kernel.AddMul(half, 0.5, a[from:to], v)
		}
		if k == last {
			continue
		}
		along(t.first[k], k, y, sum)
		floats.AddScaled(out, j.alpha, y)
		if a != nil {
			along(t.second[k], k, y, half)
			floats.AddScaled(out, j.alpha, y)
		}
	}
}

// alongLast adds the part of the last axis, whose rows need those of all blocks.
func (t *Transposed) alongLast(worker, i int) {
	j, last := &t.job, t.g.Dim()-1
	lo, hi, from, to := t.rows(i)
	y := t.work[worker][1][:to-from]
	t.first[last].MulRowsTo(y, t.w1, lo, hi, 1, t.g.Stride(last))
	floats.AddScaled(j.dst[from:to], j.alpha, y)
	if t.c.A[last][last] != nil {
		t.second[last].MulRowsTo(y, t.w2, lo, hi, 1, t.g.Stride(last))
		floats.AddScaled(j.dst[from:to], j.alpha, y)
	}
}
