package fd

import (
	"errors"
	"fmt"
	"slices"

	"kolmo/grid"
	"kolmo/internal/par"
)

// ErrSingular reports a pivot too small to divide by.
var ErrSingular = errors.New("singular line matrix")

// Banded is the LU factorisation, without pivoting, of one banded matrix per
// line of a field along an axis:
//
//	A = L U,   (D^-1 L) y = D^-1 u,   U x = y,   D the diagonal of L, the pivots,
//
// U with the diagonal one (Crout's form). The lines are cut into blocks whose lines are solved
// side by side, row by row; a block where the axis is not contiguous lies in place
// (the rows are pieces of the field), where it is its lines are interleaved in a
// workspace. The coefficients lie in the order of their use. It is immutable and
// may be shared by goroutines. Memory: Bytes.
type Banded struct {
	layout
	lower, upper []int     // counts of the sweeps forward and backward
	chunk        [2]int    // rows of each that are done for all fields in turn
	perLine      int       // numbers of a line in a
	forward      int       // those of the sweep forward
	a            []float64 // per block: rows forward, D^-1 first, then rows backward
	works        chan []float64
}

// Factor factors line matrices of the given extents in fields seen as outer x n x
// inner, n the number of rows, on at most workers goroutines (0: one per
// processor). row must store row i of the matrix of the given line, columns
// First[i] .. Last[i], in dst; it may be called for different lines at once. Line l
// is the one of inner index l%inner and outer index l/inner. The factors do not
// depend on workers. The error wraps ErrSingular with the line and row of the
// first pivot that is less than 1e-10 of its row, or not a number: without pivoting
// the solution is accurate for matrices that are diagonally dominant or close to
// it, as 1 - c L for small c (Golub and Van Loan, Matrix Computations, 4th ed.
// 2013, sections 3.4.10 and 4.3). Factor panics if the extents are not those of a
// matrix or outer or inner is less than one. Cost: about 2 lower upper operations
// per node; memory as BandedBytes says, and per worker the row and a block.
func Factor(e Extents, outer, inner, workers int, row func(dst []float64, line, i int)) (*Banded, error) {
	e.check()
	if outer < 1 || inner < 1 {
		panic(fmt.Sprintf("fd: %d x %d lines, want at least one", outer, inner))
	}
	b := &Banded{layout: newLayout(len(e.First), outer, inner), works: make(chan []float64, 1)}
	b.lower, b.upper = e.counts()
	b.forward, b.perLine = perLine(b.lower, b.upper)
	b.chunk = [2]int{b.chunkRows(b.forward), b.chunkRows(b.perLine - b.forward)}
	b.a = make([]float64, b.padded(b.Blocks())*int64(b.perLine))
	last := e.filled()
	errs := make([]error, b.Blocks())
	// A task is as many blocks as share their scratch.
	tasks := min(b.Blocks(), tasksPerFactor)
	par.Do(workers, tasks, func(t int) {
		f := b.newFactorer(e.First, last, e.Last)
		lo, hi := par.Split(b.Blocks(), tasks, t)
		for k := lo; k < hi; k++ {
			errs[k] = f.block(k, row)
		}
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	b.works <- make([]float64, b.WorkLen())
	return b, nil
}

// tasksPerFactor is the number of pieces that a factorisation is cut into.
const tasksPerFactor = 32

// perLine returns the numbers that a line needs for the sweep forward and for both.
func perLine(lower, upper []int) (forward, all int) {
	for i := range lower {
		forward += lower[i] + 1
		all += upper[i]
	}
	return forward, all + forward
}

// chunkRows returns how many rows of a sweep with that many numbers per line have
// rowFloats coefficients.
func (b *Banded) chunkRows(numbers int) int {
	return max(1, int(int64(rowFloats)*int64(b.n)/int64(max(1, numbers*b.lanes))))
}

// float64Bytes is the size of a number.
const float64Bytes = 8

// Bytes returns the memory of the coefficients: with l_i and u_i the entries of
// row i left and right of the diagonal after elimination, sum_i (l_i + u_i + 1)
// numbers per line, the lines of a block rounded up to a multiple of four.
func (b *Banded) Bytes() int64 { return float64Bytes * int64(len(b.a)) }

// BandedBytes returns what Bytes will be for line matrices of the given extents in
// fields seen as outer x n x inner, before any work. It panics as Factor does.
func BandedBytes(e Extents, outer, inner int) int64 {
	e.check()
	if outer < 1 || inner < 1 {
		panic(fmt.Sprintf("fd: %d x %d lines, want at least one", outer, inner))
	}
	g := newLayout(len(e.First), outer, inner)
	_, numbers := perLine(e.counts())
	return float64Bytes * g.padded(g.blocks()) * int64(numbers)
}

// coefficients returns those of block k for the sweeps forward and backward.
func (b *Banded) coefficients(k, pitch int) (forward, backward []float64) {
	at := int(b.padded(k)) * b.perLine
	a := b.a[at : at+b.perLine*pitch]
	return a[:b.forward*pitch], a[b.forward*pitch:]
}

// Extents are the columns First[i] .. Last[i] that row i of a line matrix may use,
// the same on every line: a band whose rows next to the ends are wider. Both have
// a number per row, with 0 <= First[i] <= i <= Last[i] < n.
type Extents struct{ First, Last []int }

// ExtentsOf returns the extents of the identity plus any combination of the
// matrices, which must be square and of one size. It panics otherwise, or if there
// is none.
func ExtentsOf(ms ...*grid.AxisMatrix) Extents {
	if len(ms) == 0 {
		panic("fd: extents of no matrix")
	}
	n, _ := ms[0].Dims()
	e := newExtents(n)
	for _, m := range ms {
		if rows, cols := m.Dims(); rows != n || cols != n {
			panic(fmt.Sprintf("fd: extents of a matrix of %d x %d, want %d x %d", rows, cols, n, n))
		}
		for i := range n {
			for j := range n {
				if m.At(i, j) != 0 {
					e.First[i], e.Last[i] = min(e.First[i], j), max(e.Last[i], j)
				}
			}
		}
	}
	return e
}

// newExtents returns those of a diagonal matrix.
func newExtents(n int) Extents {
	e := Extents{First: make([]int, n), Last: make([]int, n)}
	for i := range n {
		e.First[i], e.Last[i] = i, i
	}
	return e
}

// check panics unless the extents are those of a matrix.
func (e Extents) check() {
	n := len(e.First)
	if n < 1 || len(e.Last) != n {
		panic(fmt.Sprintf("fd: extents of %d and %d rows, want as many and at least one", n, len(e.Last)))
	}
	for i, lo := range e.First {
		if hi := e.Last[i]; lo < 0 || lo > i || hi < i || hi >= n {
			panic(fmt.Sprintf("fd: row %d has columns %d to %d, want 0 to %d with its own between", i, lo, hi, n-1))
		}
	}
}

// filled returns the last column of every row of the upper factor: elimination
// without pivoting leaves First as it is and takes over the rows above.
func (e Extents) filled() []int {
	last := slices.Clone(e.Last)
	for i := range last {
		for j := e.First[i]; j < i; j++ {
			last[i] = max(last[i], last[j])
		}
	}
	return last
}

// counts returns the numbers of entries left of the diagonal of the lower factor,
// from the first row to the last, and right of that of the upper factor, from the
// last row to the first.
func (e Extents) counts() (lower, upper []int) {
	n := len(e.First)
	lower, upper = make([]int, n), make([]int, n)
	for i, last := range e.filled() {
		lower[i], upper[n-1-i] = i-e.First[i], last-i
	}
	return lower, upper
}
