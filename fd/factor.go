package fd

import (
	"fmt"
	"math"

	"kolmo/internal/kernel"
)

// pivotGuard is the smallest accepted ratio of a pivot to the largest entry of
// its row: below it the factorisation without pivoting has lost ten digits.
const pivotGuard = 1e-10

// factorer factors one block after another. It is a workspace.
type factorer struct {
	b           *Banded
	first, last []int     // columns of the factors
	given       []int     // last columns of the matrix
	at          []int     // where row i of the upper factor begins, per line, in the sweep backward
	entries     []float64 // one row of one line
	row         []float64 // one row of all lines, columns first to last
	size, pivot []float64
	bad         []int // per line the row that lost its pivot, or -1
	lost        []float64
}

// newFactorer returns a workspace for matrices whose rows reach from first to
// given, and to last after elimination.
func (b *Banded) newFactorer(first, last, given []int) *factorer {
	f := &factorer{b: b, first: first, last: last, given: given, at: make([]int, b.n)}
	width, sum := 0, 0
	for i := b.n - 1; i >= 0; i-- {
		f.at[i] = sum
		sum += last[i] - i
		width = max(width, last[i]-first[i]+1)
	}
	lanes := pitch(b.lanes)
	f.entries, f.row = make([]float64, width), make([]float64, width*lanes)
	f.size, f.pivot, f.lost = make([]float64, lanes), make([]float64, lanes), make([]float64, lanes)
	f.bad = make([]int, lanes)
	return f
}

// block factors block k, row by row; every row takes over those above it.
func (f *factorer) block(k int, row func(dst []float64, line, i int)) error {
	b := f.b
	line, lanes := b.lines(k)
	p := pitch(lanes)
	forward, backward := b.coefficients(k, p)
	for l := range lanes {
		f.bad[l] = -1
	}
	for i := range b.n {
		lo, hi := f.first[i], f.last[i]
		r := f.row[:(hi-lo+1)*p]
		f.load(r, line, lanes, i, row)
		for j := lo; j < i; j++ {
			// Row j of the upper factor is stored from its end.
			u := backward[f.at[j]*p : (f.at[j]+f.last[j]-j)*p]
			factor := r[(j-lo)*p : (j-lo+1)*p]
			for c := j + 1; c <= f.last[j]; c++ {
				from := (f.last[j] - c) * p
				kernel.SubMul(r[(c-lo)*p:(c-lo+1)*p], factor, u[from:from+p])
			}
		}
		inverse := f.invert(r[(i-lo)*p:(i-lo+1)*p], lanes, i)
		copy(forward, inverse[:p])
		forward = forward[p:]
		for j := lo; j < i; j++ {
			mul(forward[:p], r[(j-lo)*p:(j-lo+1)*p], inverse)
			forward = forward[p:]
		}
		u := backward[f.at[i]*p:]
		for c := hi; c > i; c-- {
			mul(u[:p], r[(c-lo)*p:(c-lo+1)*p], inverse)
			u = u[p:]
		}
	}
	for l, i := range f.bad[:lanes] {
		if i >= 0 {
			return fmt.Errorf("fd: line %d: row %d: pivot %g: %w", line+l, i, f.lost[l], ErrSingular)
		}
	}
	return nil
}

// load interleaves row i of the lines in r and stores their largest entries. The
// lanes that only fill up a group of four are zero.
func (f *factorer) load(r []float64, line, lanes, i int, row func(dst []float64, line, i int)) {
	p := pitch(lanes)
	clear(r)
	entries := f.entries[:f.given[i]-f.first[i]+1]
	for l := range lanes {
		row(entries, line+l, i)
		size := 0.0
		for c, v := range entries {
			r[c*p+l] = v
			size = max(size, math.Abs(v))
		}
		f.size[l] = size
	}
}

// invert returns the inverses of the pivots of row i and notes those that are
// lost; zero in the lanes that only fill up.
func (f *factorer) invert(pivots []float64, lanes, i int) []float64 {
	inverse := f.pivot[:len(pivots)]
	clear(inverse[lanes:])
	for l, v := range pivots[:lanes] {
		if !(math.Abs(v) > pivotGuard*f.size[l]) && f.bad[l] < 0 {
			f.bad[l], f.lost[l] = i, v
		}
		inverse[l] = 1 / v
	}
	return inverse
}

// mul stores the entrywise product of a and x.
func mul(dst, a, x []float64) {
	a, x = a[:len(dst)], x[:len(dst)]
	for i := range dst {
		dst[i] = a[i] * x[i]
	}
}
