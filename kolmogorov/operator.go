package kolmogorov

import (
	"fmt"
	"slices"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/internal/par"
	"kolmo/kolmogorov/scheme"
)

// Operator is the generator L u = b.grad u + (1/2) a:hess u on a grid, split
// into a mixed part L_0 and one part per axis, L = L_0 + L_1 + .. + L_d,
//
//	L_k u = b_k d_k u + (1/2) a_kk d_kk u,   L_0 u = sum_{k<l} a_kl d_k d_l u.
//
// Every pass goes over blocks of nodes that fit in cache, all derivatives of a
// block at once. An Operator owns workspace: one goroutine at a time; more of them
// on the same matrices and coefficients come from WithWorkers.
type Operator struct {
	g      *grid.Grid
	c      Coefficients
	first  [grid.MaxDim]*grid.AxisMatrix
	second [grid.MaxDim]*grid.AxisMatrix
	half   [grid.MaxDim]*grid.AxisMatrix // of second

	pool  *par.Pool
	work  []passWork // per worker
	block int        // rows of the last axis that are done together
	job   job
	run   func(worker, i int) // the block i of the job, bound once
}

// passWork is one worker's workspace: the derivatives of a block that an axis needs, d_k, d_kk
// and d_l d_k for the axes before it, and the sum that they enter.
type passWork struct {
	d   [][]float64
	sum kernel.Products
}

// job is the pass at hand: dst = base + alpha (parts of L) v.
type job struct {
	dst, base, v []float64
	alpha        float64
	parts        parts
}

// parts is a set of the parts of L.
type parts uint

const (
	axisPart  parts = 1 // shifted by the axis
	mixedPart parts = 1 << grid.MaxDim
	allParts  parts = 1<<(grid.MaxDim+1) - 1
)

// blockRows is the least number of rows of the last axis in a block; the matrices along
// the axes are cut into blocks of as many.
const blockRows = 8

// blockNumbers is the size of a block where rows are short: larger products cost less
// an entry, and no entry depends on the block that it is in. Several workers have at least
// blocksEach blocks each.
const blockNumbers, blocksEach = 4096, 3

// NewOperator returns L with derivatives of the given even order of accuracy
// (fd.FullWidth: all nodes) and one worker. It keeps c's slices, which must not
// change afterwards; nil ones are zero and all others must have length g.Len(), or
// it panics. The error is an order that does not exist or an axis with too few
// nodes for it.
func NewOperator(g *grid.Grid, c *Coefficients, order int) (*Operator, error) {
	op := &Operator{g: g, c: *c}
	for k := range g.Dim() {
		if op.c.B[k] != nil {
			checkField(op.g, "a drift", op.c.B[k])
		}
		op.c.B[k] = nonzero(op.c.B[k])
		for l := k; l < g.Dim(); l++ {
			if op.c.A[k][l] != nil {
				checkField(op.g, "a diffusion", op.c.A[k][l])
			}
			op.c.A[k][l] = nonzero(op.c.A[k][l])
		}
		var err error
		if op.first[k], err = fd.Derivative(g.Axis(k), 1, order); err != nil {
			return nil, fmt.Errorf("kolmogorov: %w", err)
		}
		if op.second[k], err = fd.Derivative(g.Axis(k), 2, order); err != nil {
			return nil, fmt.Errorf("kolmogorov: %w", err)
		}
		op.half[k] = op.second[k].Scale(0.5)
	}
	return op.WithWorkers(1), nil
}

// nonzero returns a coefficient, nil if it is zero at all nodes: its derivatives are not taken.
func nonzero(c []float64) []float64 {
	if slices.ContainsFunc(c, func(v float64) bool { return v != 0 }) {
		return c
	}
	return nil
}

// WithWorkers returns the same operator with a workspace of its own for the given
// number of workers (0: all processors), on which no result depends.
func (op *Operator) WithWorkers(workers int) *Operator {
	last := op.g.Dim() - 1
	o := &Operator{g: op.g, c: op.c, first: op.first, second: op.second, half: op.half, pool: par.NewPool(workers)}
	rows := op.g.Axis(last).Len()
	o.block = max(blockRows, blockNumbers/op.g.Stride(last)&^(blockRows-1))
	if w := o.pool.Workers(); w > 1 {
		o.block = max(blockRows, min(o.block, rows/(blocksEach*w)&^(blockRows-1)))
	}
	o.block = min(o.block, rows)
	o.work = make([]passWork, o.pool.Workers())
	for i := range o.work {
		for range o.derivatives() {
			o.work[i].d = append(o.work[i].d, make([]float64, o.block*op.g.Stride(last)))
		}
	}
	o.run = o.pass
	return o
}

var _ scheme.SplitOperator = (*Operator)(nil)

// derivatives is the most derivatives of one axis that a pass needs.
func (op *Operator) derivatives() int {
	most := 2
	for k := range op.Dim() {
		count := 2
		for l := range k {
			if op.c.A[l][k] != nil {
				count++
			}
		}
		most = max(most, count)
	}
	return most
}

// Grid returns the grid.
func (op *Operator) Grid() *grid.Grid { return op.g }

// Dim returns the number of axes.
func (op *Operator) Dim() int { return op.g.Dim() }

// Len returns the length of a field.
func (op *Operator) Len() int { return op.g.Len() }

// Workers returns the number of workers.
func (op *Operator) Workers() int { return op.pool.Workers() }

// Mixed reports that L has mixed derivatives.
func (op *Operator) Mixed() bool {
	for k := range op.Dim() {
		for l := k + 1; l < op.Dim(); l++ {
			if op.c.A[k][l] != nil {
				return true
			}
		}
	}
	return false
}

// outer returns the number of blocks that stride over axis k.
func (op *Operator) outer(k int) int {
	return op.g.Len() / (op.g.Stride(k) * op.g.Axis(k).Len())
}

// ApplyTo stores u + c L v in dst; a nil u is zero. All must have length Len(), or
// it panics. dst may be u and must not overlap v. Cost: one pass, 2 d + d (d-1)/2
// derivatives; no allocation.
func (op *Operator) ApplyTo(dst, u []float64, c float64, v []float64) {
	if u != nil {
		checkField(op.g, "a field", u)
	}
	op.do(job{dst: dst, base: u, v: v, alpha: c, parts: allParts})
}

// AddAxisTo adds alpha L_k u to dst, for axis k = 0 .. Dim()-1. Lengths and
// aliasing as for ApplyTo. Cost: two derivatives, one without diffusion; no
// allocation.
func (op *Operator) AddAxisTo(k int, dst []float64, alpha float64, u []float64) {
	op.do(job{dst: dst, base: dst, v: u, alpha: alpha, parts: axisPart << k})
}

// AddMixedTo adds alpha L_0 u to dst; in one dimension L_0 is zero. Lengths and
// aliasing as for ApplyTo. Cost: d - 1 + d (d-1)/2 derivatives, no allocation.
func (op *Operator) AddMixedTo(dst []float64, alpha float64, u []float64) {
	op.do(job{dst: dst, base: dst, v: u, alpha: alpha, parts: mixedPart})
}

// do runs a pass over all blocks.
func (op *Operator) do(j job) {
	checkField(op.g, "a result", j.dst)
	checkField(op.g, "a field", j.v)
	op.job = j
	n := op.g.Axis(op.g.Dim() - 1).Len()
	op.pool.Run((n+op.block-1)/op.block, op.run)
	op.job = job{}
}

// pass does one block of the job: some rows of the last axis.
func (op *Operator) pass(worker, i int) {
	j, w, d := &op.job, &op.work[worker], op.g.Dim()
	last := d - 1
	inner := op.g.Stride(last)
	lo := i * op.block
	hi := min(lo+op.block, op.g.Axis(last).Len())
	from, to := lo*inner, hi*inner
	out, base := j.dst[from:to], j.base
	if base != nil {
		base = base[from:to]
	}
	sum := &w.sum
	sum.Alpha, sum.Terms = j.alpha, 0
	// along stores the derivative of the block along axis k: its rows along the
	// last axis need their neighbours, lines along the others lie inside.
	along := func(m *grid.AxisMatrix, k int, dst []float64) {
		if k == last {
			m.MulRowsTo(dst, j.v, lo, hi, 1, inner)
			return
		}
		s := op.g.Stride(k)
		m.MulTo(dst, j.v[from:to], (to-from)/(s*op.g.Axis(k).Len()), s)
	}
	for k := range d {
		own := j.parts&(axisPart<<k) != 0
		b, a := op.c.B[k], op.c.A[k][k]
		mixed := false
		if j.parts&mixedPart != 0 {
			for l := range k {
				mixed = mixed || op.c.A[l][k] != nil
			}
		}
		at := 0
		next := func() []float64 { at++; return w.d[at-1][:to-from] }
		if own && b != nil || mixed {
			d1 := next()
			along(op.first[k], k, d1)
			if own && b != nil {
				sum.Add(b[from:to], d1)
			}
			for l := range k {
				if a := op.c.A[l][k]; a != nil && mixed {
					s, d2 := op.g.Stride(l), next()
					op.first[l].MulTo(d2, d1, (to-from)/(s*op.g.Axis(l).Len()), s)
					sum.Add(a[from:to], d2)
				}
			}
		}
		if own && a != nil {
			d2 := next()
			along(op.half[k], k, d2)
			sum.Add(a[from:to], d2)
		}
		if sum.Terms > 0 {
			sum.AddTo(out, base)
			base, sum.Terms = out, 0
		}
	}
	if base == nil || &base[0] != &out[0] { // nothing was added
		sum.AddTo(out, base)
	}
}

// checkField panics if v is no field on the grid.
func checkField(g *grid.Grid, what string, v []float64) {
	if len(v) != g.Len() {
		panic(fmt.Sprintf("kolmogorov: %s of length %d on a grid of %d nodes", what, len(v), g.Len()))
	}
}
