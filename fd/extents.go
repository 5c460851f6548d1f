package fd

import (
	"fmt"
	"slices"

	"kolmo/grid"
)

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
