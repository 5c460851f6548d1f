package kolmogorov

import (
	"fmt"

	"kolmo/fd"
	"kolmo/grid"
)

// Operator is the generator L u = b.grad u + (1/2) a:hess u on a grid, split
// into a mixed part L_0 and one part per axis, L = L_0 + L_1 + .. + L_d,
//
//	L_k u = b_k d_k u + (1/2) a_kk d_kk u,   L_0 u = sum_{k<l} a_kl d_k d_l u.
//
// It owns workspace: one goroutine at a time, also for operators built from the
// same Coefficients, which it only reads.
type Operator struct {
	g      *grid.Grid
	c      Coefficients
	first  [grid.MaxDim]*grid.AxisMatrix
	second [grid.MaxDim]*grid.AxisMatrix
	d1     [grid.MaxDim][]float64 // first derivatives of the field at hand
	d2     []float64
}

// NewOperator returns L with derivatives of the given even order of accuracy
// (fd.FullWidth: all nodes). It keeps c's slices, which must not change
// afterwards; nil ones are zero and all others must have length g.Len(), or it
// panics. The error is an order that does not exist or an axis with too few
// nodes for it.
func NewOperator(g *grid.Grid, c *Coefficients, order int) (*Operator, error) {
	op := &Operator{g: g, c: *c, d2: make([]float64, g.Len())}
	for k := range g.Dim() {
		if op.c.B[k] == nil {
			op.c.B[k] = make([]float64, g.Len())
		}
		op.checkLen("a drift", op.c.B[k])
		for l := k; l < g.Dim(); l++ {
			if op.c.A[k][l] != nil {
				op.checkLen("a diffusion", op.c.A[k][l])
			}
		}
		var err error
		if op.first[k], err = fd.Derivative(g.Axis(k), 1, order); err != nil {
			return nil, fmt.Errorf("kolmogorov: %w", err)
		}
		if op.second[k], err = fd.Derivative(g.Axis(k), 2, order); err != nil {
			return nil, fmt.Errorf("kolmogorov: %w", err)
		}
		op.d1[k] = make([]float64, g.Len())
	}
	return op, nil
}

// Grid returns the grid.
func (op *Operator) Grid() *grid.Grid { return op.g }

// Dim returns the number of axes.
func (op *Operator) Dim() int { return op.g.Dim() }

// Len returns the length of a field.
func (op *Operator) Len() int { return op.g.Len() }

// outer returns the number of blocks that stride over axis k.
func (op *Operator) outer(k int) int {
	return op.g.Len() / (op.g.Stride(k) * op.g.Axis(k).Len())
}

// checkLen panics if v is no field on the grid.
func (op *Operator) checkLen(what string, v []float64) {
	if len(v) != op.g.Len() {
		panic(fmt.Sprintf("kolmogorov: %s of length %d on a grid of %d nodes", what, len(v), op.g.Len()))
	}
}

// ApplyTo stores c L v in dst. Both must have length Len(), or it panics, and
// must not overlap. Cost: 2 d + d (d-1)/2 derivative passes, no allocation.
func (op *Operator) ApplyTo(dst []float64, c float64, v []float64) {
	op.checkLen("a result", dst)
	op.checkLen("a field", v)
	clear(dst)
	for k := range op.g.Dim() {
		op.addAxisTo(k, dst, c, v)
	}
	op.addMixed(dst, c)
}

// AddAxisTo adds alpha L_k u to dst, for axis k = 0 .. Dim()-1. Lengths and
// aliasing as for ApplyTo. Cost: two derivative passes, one without diffusion; no
// allocation.
func (op *Operator) AddAxisTo(k int, dst []float64, alpha float64, u []float64) {
	op.checkLen("a result", dst)
	op.checkLen("a field", u)
	op.addAxisTo(k, dst, alpha, u)
}

// addAxisTo is AddAxisTo; it leaves d_k u in op.d1[k].
func (op *Operator) addAxisTo(k int, dst []float64, alpha float64, u []float64) {
	outer, inner := op.outer(k), op.g.Stride(k)
	d1, b := op.d1[k], op.c.B[k]
	op.first[k].MulTo(d1, u, outer, inner)
	a := op.c.A[k][k]
	if a == nil {
		b, d1 = b[:len(dst)], d1[:len(dst)]
		for i := range dst {
			dst[i] += alpha * (b[i] * d1[i])
		}
		return
	}
	d2 := op.d2
	op.second[k].MulTo(d2, u, outer, inner)
	b, d1, a, d2 = b[:len(dst)], d1[:len(dst)], a[:len(dst)], d2[:len(dst)]
	for i := range dst {
		dst[i] += alpha * (b[i]*d1[i] + 0.5*(a[i]*d2[i]))
	}
}

// AddMixedTo adds alpha L_0 u to dst; in one dimension L_0 is zero. Lengths and
// aliasing as for ApplyTo. Cost: d - 1 + d (d-1)/2 derivative passes, no
// allocation.
func (op *Operator) AddMixedTo(dst []float64, alpha float64, u []float64) {
	op.checkLen("a result", dst)
	op.checkLen("a field", u)
	for k := 0; k+1 < op.g.Dim(); k++ {
		op.first[k].MulTo(op.d1[k], u, op.outer(k), op.g.Stride(k))
	}
	op.addMixed(dst, alpha)
}

// addMixed adds alpha L_0 u given the first derivatives of u in op.d1.
func (op *Operator) addMixed(dst []float64, alpha float64) {
	for k := range op.g.Dim() {
		for l := k + 1; l < op.g.Dim(); l++ {
			a := op.c.A[k][l]
			if a == nil {
				continue
			}
			d2 := op.d2
			op.first[l].MulTo(d2, op.d1[k], op.outer(l), op.g.Stride(l))
			a, d2 = a[:len(dst)], d2[:len(dst)]
			for i := range dst {
				dst[i] += alpha * (a[i] * d2[i])
			}
		}
	}
}

// Factor returns the LU factorisation of I - c L_k on all lines of axis k; its
// SolveTo overwrites a field. The error wraps fd.ErrSingular: the factorisation
// does not pivot. Memory and cost: (lower+1+upper) numbers per node and about
// twice their product in operations, lower and upper the extents of the band
// (the whole line for full width).
func (op *Operator) Factor(k int, c float64) (*fd.Banded, error) {
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
		bk, ak := op.c.B[k][node], 0.0
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
	return lu, nil
}
