package sgdop

import (
	"fmt"

	"github.com/james-bowman/sparse"

	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/internal/par"
)

// Operator is S on a grid: one dense window of weights per node. It is
// immutable after Assemble, except for the workspace of ApplyAllTo: one
// goroutine at a time.
type Operator struct {
	g       *grid.Grid
	full    bool
	rows    []window
	weights []float64
	leak    float64
	in, out []float64
}

// window is the row of one node: extent[k] nodes from base[k] along axis k, their
// weights x1 contiguous from offset.
type window struct {
	base, extent [grid.MaxDim]int
	offset       int
}

// Grid returns the grid.
func (s *Operator) Grid() *grid.Grid { return s.g }

// Leakage returns the largest distance by which an image of a node leaves the
// box, along any axis and in units of the box's width there: beyond the box
// fields are extrapolated.
func (s *Operator) Leakage() float64 { return s.leak }

// NNZ returns the number of weights held, some of which may be zero; they take
// eight bytes each.
func (s *Operator) NNZ() int { return len(s.weights) }

// check panics if u is no field on the grid.
func (s *Operator) check(u []float64) {
	if len(u) != s.g.Len() {
		panic(fmt.Sprintf("sgdop: a field of length %d on a grid of %d nodes", len(u), s.g.Len()))
	}
}

// ApplyTo stores S u in dst. Both must have the length of the grid, or it panics,
// and must not overlap. It needs no workspace: several goroutines may call it at
// once. Cost: one pass over the weights, no allocation.
func (s *Operator) ApplyTo(dst, u []float64) {
	s.check(dst)
	s.check(u)
	if s.full {
		kernel.Mul(s.g.Len(), 1, s.g.Len(), s.weights, s.g.Len(), u, 1, dst, 1)
		return
	}
	for i := range s.rows {
		dst[i] = s.rowDot(&s.rows[i], u)
	}
}

// rowDot returns the product of one row with u.
func (s *Operator) rowDot(r *window, u []float64) float64 {
	w := s.weights[r.offset:]
	sum, at := 0.0, 0
	s2, s3 := s.g.Stride(1), s.g.Stride(2)
	for k := range r.extent[2] {
		for j := range r.extent[1] {
			off := r.base[0] + (r.base[1]+j)*s2 + (r.base[2]+k)*s3
			line := u[off : off+r.extent[0]]
			wl := w[at : at+len(line)]
			for i, v := range line {
				sum += wl[i] * v
			}
			at += len(line)
		}
	}
	return sum
}

// rowParts is the number of parts into which the rows are split for workers.
const rowParts = 8

// fieldsAtOnce is the number of fields that share one pass over full rows.
const fieldsAtOnce = 8

// ApplyAllTo stores S u[f] in dst[f] for several fields with the given number of
// workers (0: all processors); one pass over the weights of whole axes serves up
// to eight. All fields must have the length of the grid and dst and u as many
// fields, or it panics; dst and u must not overlap. The result does not depend on
// the workers. Cost: a copy of all fields besides; it allocates the workspace of
// 16 fields once and a little per call for the workers.
func (s *Operator) ApplyAllTo(workers int, dst, u [][]float64) {
	if len(dst) != len(u) {
		panic(fmt.Sprintf("sgdop: %d fields to store, %d given", len(dst), len(u)))
	}
	for f := range u {
		s.check(dst[f])
		s.check(u[f])
	}
	if !s.full {
		par.Do(workers, rowParts, func(part int) {
			lo, hi := par.Split(s.g.Len(), rowParts, part)
			for f := range u {
				for i := lo; i < hi; i++ {
					dst[f][i] = s.rowDot(&s.rows[i], u[f])
				}
			}
		})
		return
	}
	n := s.g.Len()
	for lo := 0; lo < len(u); lo += fieldsAtOnce {
		m := min(len(u)-lo, fieldsAtOnce)
		p := 4 // the product's tiles are 4 or 8 columns wide
		if m > 4 {
			p = 8
		}
		if cap(s.in) < n*p {
			s.in, s.out = make([]float64, n*fieldsAtOnce), make([]float64, n*fieldsAtOnce)
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
		par.Do(workers, rowParts, func(part int) {
			// Whole tiles of four rows, so that no row is summed otherwise.
			lo, hi := par.Split(n/4, rowParts, part)
			lo, hi = 4*lo, 4*hi
			if part == rowParts-1 {
				hi = n
			}
			kernel.Mul(hi-lo, p, n, s.weights[lo*n:], n, in, p, out[lo*p:], p)
		})
		for c := range m {
			d := dst[lo+c][:n]
			for i := range d {
				d[i] = out[i*p+c]
			}
		}
	}
}

// CSR returns a copy of S as a matrix of james-bowman/sparse, the columns of every
// row in order; weights that are zero are left out. Mind that sparse.MulMatVec
// adds to its last argument. Cost: one pass over the weights and twice their
// memory.
func (s *Operator) CSR() *sparse.CSR {
	n := s.g.Len()
	ia := make([]int, 1, n+1)
	var ja []int
	var data []float64
	for i := range s.rows {
		r := &s.rows[i]
		at := r.offset
		for k := range r.extent[2] {
			for j := range r.extent[1] {
				off := r.base[0] + (r.base[1]+j)*s.g.Stride(1) + (r.base[2]+k)*s.g.Stride(2)
				for c := range r.extent[0] {
					if w := s.weights[at]; w != 0 {
						ja = append(ja, off+c)
						data = append(data, w)
					}
					at++
				}
			}
		}
		ia = append(ia, len(ja))
	}
	return sparse.NewCSR(n, n, ia, ja, data)
}
