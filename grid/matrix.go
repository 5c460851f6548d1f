package grid

import (
	"fmt"

	"kolmo/internal/kernel"
)

// blockRows is the number of rows of an AxisMatrix that share one dense block.
const blockRows = 8

// Row is one row of an AxisMatrix: Weights act on the nodes Base, Base+1, ..
type Row struct {
	Base    int
	Weights []float64
}

// AxisMatrix is a matrix that acts on all lines of a field along one axis. It is
// held as dense blocks: one for a full matrix, one per few rows for a banded
// one. It is immutable and may be shared by goroutines.
type AxisMatrix struct {
	rows, cols int
	blocks     []axisBlock
	width      int // the longest row
}

type axisBlock struct {
	row, rows, col, cols int
	a                    []float64 // rows x cols
	at                   []float64 // cols x rows
}

// NewAxisMatrix returns the matrix with the given rows and cols columns; it
// copies the rows, whose lengths may differ. It panics if a row does not lie
// within the columns. Memory: two numbers per entry of the blocks.
func NewAxisMatrix(rows []Row, cols int) *AxisMatrix {
	m := &AxisMatrix{rows: len(rows), cols: cols}
	per := blockRows
	full := 0
	for i, r := range rows {
		if r.Base < 0 || r.Base+len(r.Weights) > cols {
			panic(fmt.Sprintf("grid: row %d has columns [%d,%d), outside [0,%d)", i, r.Base, r.Base+len(r.Weights), cols))
		}
		m.width = max(m.width, len(r.Weights))
		full += len(r.Weights)
	}
	if full > len(rows)*cols/2 {
		per = len(rows)
	}
	for lo := 0; lo < len(rows); lo += per {
		hi := min(lo+per, len(rows))
		b := axisBlock{row: lo, rows: hi - lo, col: cols}
		end := 0
		for _, r := range rows[lo:hi] {
			b.col = min(b.col, r.Base)
			end = max(end, r.Base+len(r.Weights))
		}
		b.cols = end - b.col
		b.a = make([]float64, b.rows*b.cols)
		b.at = make([]float64, b.rows*b.cols)
		for i, r := range rows[lo:hi] {
			for j, w := range r.Weights {
				b.a[i*b.cols+r.Base-b.col+j] = w
				b.at[(r.Base-b.col+j)*b.rows+i] = w
			}
		}
		m.blocks = append(m.blocks, b)
	}
	return m
}

// Dims returns the numbers of rows and columns.
func (m *AxisMatrix) Dims() (rows, cols int) { return m.rows, m.cols }

// At returns entry (i, j). It panics if there is none. Cost: a search over the
// blocks; not for hot loops.
func (m *AxisMatrix) At(i, j int) float64 {
	if i < 0 || i >= m.rows || j < 0 || j >= m.cols {
		panic(fmt.Sprintf("grid: entry (%d,%d) of a matrix of %d x %d", i, j, m.rows, m.cols))
	}
	for k := range m.blocks {
		b := &m.blocks[k]
		if i < b.row+b.rows {
			if j < b.col || j >= b.col+b.cols {
				return 0
			}
			return b.a[(i-b.row)*b.cols+j-b.col]
		}
	}
	panic("grid: rows without a block")
}

// RowTo stores row i in dst, which must have as many entries as there are columns. It
// panics if there is no such row.
func (m *AxisMatrix) RowTo(dst []float64, i int) {
	if i < 0 || i >= m.rows || len(dst) != m.cols {
		panic(fmt.Sprintf("grid: row %d of a matrix of %d x %d in %d numbers", i, m.rows, m.cols, len(dst)))
	}
	clear(dst)
	for k := range m.blocks {
		if b := &m.blocks[k]; i >= b.row && i < b.row+b.rows {
			copy(dst[b.col:], b.a[(i-b.row)*b.cols:(i-b.row+1)*b.cols])
			return
		}
	}
}

// MulTo applies the matrix to every line along an axis: u is seen as
// outer x cols x inner and dst as outer x rows x inner, with inner the stride of
// the axis. dst must not overlap u. Every entry is summed in the order of the
// columns. MulTo panics if dst or u is too short. Cost: 2 width operations per
// entry of dst, width that of a block of rows; no allocation.
func (m *AxisMatrix) MulTo(dst, u []float64, outer, inner int) {
	if len(dst) < outer*m.rows*inner || len(u) < outer*m.cols*inner {
		panic(fmt.Sprintf("grid: MulTo from length %d to %d, want %d x %d x %d to %d x %d x %d",
			len(u), len(dst), outer, m.cols, inner, outer, m.rows, inner))
	}
	m.mulRows(dst, u, 0, m.rows, outer, inner)
}

// MulRowsTo is MulTo for the rows lo .. hi-1 alone: dst is seen as
// outer x (hi-lo) x inner. The entries are those of MulTo bit for bit. It panics if
// there are no such rows.
func (m *AxisMatrix) MulRowsTo(dst, u []float64, lo, hi, outer, inner int) {
	if lo < 0 || hi < lo || hi > m.rows || len(dst) < outer*(hi-lo)*inner || len(u) < outer*m.cols*inner {
		panic(fmt.Sprintf("grid: MulRowsTo from length %d to %d, want %d x %d x %d to rows %d to %d of %d",
			len(u), len(dst), outer, m.cols, inner, lo, hi, m.rows))
	}
	m.mulRows(dst, u, lo, hi, outer, inner)
}

// nearNumbers is how many numbers of a field all blocks pass over before the next
// ones are taken: they stay in the second cache.
const nearNumbers = 1 << 14

func (m *AxisMatrix) mulRows(dst, u []float64, lo, hi, outer, inner int) {
	count, near := hi-lo, outer
	if len(m.blocks) > 1 {
		near = max(1, nearNumbers/(m.cols*inner))
		if inner == 1 {
			near = max(blockRows, near&^(blockRows-1))
		}
	}
	for o := 0; o < outer; o += near {
		m.mulBlocks(dst[o*count*inner:], u[o*m.cols*inner:], lo, hi, min(near, outer-o), inner)
	}
}

// mulBlocks applies the blocks one after the other to all lines.
func (m *AxisMatrix) mulBlocks(dst, u []float64, lo, hi, outer, inner int) {
	count := hi - lo
	for k := range m.blocks {
		b := &m.blocks[k]
		from, to := max(lo, b.row), min(hi, b.row+b.rows)
		if from >= to {
			continue
		}
		at := from - b.row
		if inner == 1 {
			kernel.Mul(outer, to-from, b.cols, u[b.col:], m.cols, b.at[at:], b.rows, dst[from-lo:], count)
			continue
		}
		for o := range outer {
			kernel.Mul(to-from, inner, b.cols, b.a[at*b.cols:], b.cols,
				u[(o*m.cols+b.col)*inner:], inner, dst[(o*count+from-lo)*inner:], inner)
		}
	}
}

// Transpose returns the transposed matrix.
func (m *AxisMatrix) Transpose() *AxisMatrix {
	rows := make([]Row, m.cols)
	for j := range rows {
		lo, hi := m.rows, 0
		for i := range m.rows {
			if m.At(i, j) != 0 {
				lo, hi = min(lo, i), i+1
			}
		}
		if lo >= hi {
			continue
		}
		w := make([]float64, hi-lo)
		for i := range w {
			w[i] = m.At(lo+i, j)
		}
		rows[j] = Row{Base: lo, Weights: w}
	}
	return NewAxisMatrix(rows, m.rows)
}

// Scale returns the matrix times c.
func (m *AxisMatrix) Scale(c float64) *AxisMatrix {
	s := *m
	s.blocks = append([]axisBlock(nil), m.blocks...)
	for k := range s.blocks {
		b := &s.blocks[k]
		b.a, b.at = append([]float64(nil), b.a...), append([]float64(nil), b.at...)
		for i := range b.a {
			b.a[i] *= c
			b.at[i] *= c
		}
	}
	return &s
}

// InterpolationMatrix returns the matrix that maps the values at the nodes of a
// line to those of its interpolant at the points xs, with Width(width) nodes
// each, as WindowTo chooses them.
func (a *Axis) InterpolationMatrix(xs []float64, width int) *AxisMatrix {
	rows := make([]Row, len(xs))
	for i, x := range xs {
		w := make([]float64, a.Width(width))
		rows[i] = Row{Base: a.WindowTo(w, x, width), Weights: w}
	}
	return NewAxisMatrix(rows, a.Len())
}
