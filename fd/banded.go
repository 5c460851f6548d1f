package fd

import (
	"errors"
	"fmt"
	"math"
)

// ErrSingular reports a pivot too small to divide by.
var ErrSingular = errors.New("singular line matrix")

// Banded is the LU factorisation, without pivoting, of one banded matrix per
// line of a field along an axis. It is immutable and may be shared by goroutines;
// SolveTo needs no workspace. Memory: n (lower+1+upper) numbers per line.
type Banded struct {
	n, lower, upper int
	inner           int
	lines           [][]float64 // per line n x (lower+1+upper), row-major
}

// pivotGuard is the smallest accepted ratio of a pivot to the largest entry of
// its row: below it the factorisation without pivoting has lost ten digits.
const pivotGuard = 1e-10

// NewBanded factors the line matrices, with lower and upper diagonals below and
// above the main one, of an axis with n nodes in fields seen as outer x n x inner.
// row(line, i) must return the row i of the matrix of the given line as its first
// column and its entries; the slice is only read before the next call. Line l is
// the one of inner index l%inner and outer index l/inner. NewBanded panics if an
// entry that is not zero lies outside the band or the matrix. The error wraps
// ErrSingular with the line and row; entries that are not finite give it, too.
// Without pivoting the solution is accurate for matrices that are diagonally
// dominant or close to it, as 1 - c L for small c (Golub and Van Loan, Matrix
// Computations, 4th ed. 2013, sections 3.4.10 and 4.3). Cost: 2 n lower upper
// operations per line.
func NewBanded(n, lower, upper, outer, inner int, row func(line, i int) (base int, entries []float64)) (*Banded, error) {
	b := &Banded{n: n, lower: lower, upper: upper, inner: inner, lines: make([][]float64, outer*inner)}
	width := lower + 1 + upper
	flat := make([]float64, outer*inner*n*width)
	for l := range b.lines {
		lu := flat[l*n*width : (l+1)*n*width]
		for i := range n {
			base, entries := row(l, i)
			for j, v := range entries {
				k := base + j - i + lower
				if k < 0 || k >= width || base+j < 0 || base+j >= n {
					if v != 0 {
						panic(fmt.Sprintf("fd: entry (%d,%d) outside the band of a matrix of %d rows", i, base+j, n))
					}
					continue
				}
				lu[i*width+k] = v
			}
		}
		if err := factor(lu, n, lower, upper); err != nil {
			return nil, fmt.Errorf("fd: line %d: %w", l, err)
		}
		b.lines[l] = lu
	}
	return b, nil
}

// factor overwrites a banded matrix, stored by rows, by its factors: L below the
// diagonal (its own is one), U on and above it.
func factor(lu []float64, n, lower, upper int) error {
	width := lower + 1 + upper
	for i := range n {
		row := lu[i*width : (i+1)*width]
		size := 0.0
		for _, v := range row {
			size = max(size, math.Abs(v))
		}
		for j := max(0, i-lower); j < i; j++ {
			pivot := lu[j*width+lower]
			f := row[j-i+lower] / pivot
			row[j-i+lower] = f
			for k := 1; k <= upper && j+k < n; k++ {
				row[j+k-i+lower] -= f * lu[j*width+lower+k] // j < i: never beyond the band
			}
		}
		if p := math.Abs(row[lower]); !(p > pivotGuard*size) {
			return fmt.Errorf("row %d: pivot %g: %w", i, row[lower], ErrSingular)
		}
	}
	return nil
}

// SolveTo overwrites every line of u, the right-hand sides, with the solution of
// its system. It panics if len(u) is not outer n inner. Cost: 2 (lower+upper)
// operations per node, no allocation.
func (b *Banded) SolveTo(u []float64) {
	if len(u) != b.n*len(b.lines) {
		panic(fmt.Sprintf("fd: SolveTo of length %d, want %d lines of %d", len(u), len(b.lines), b.n))
	}
	width := b.lower + 1 + b.upper
	for l, lu := range b.lines {
		off := l/b.inner*b.inner*b.n + l%b.inner
		for i := range b.n {
			row := lu[i*width : (i+1)*width]
			sum := u[off+i*b.inner]
			for j := max(0, i-b.lower); j < i; j++ {
				sum -= row[j-i+b.lower] * u[off+j*b.inner]
			}
			u[off+i*b.inner] = sum
		}
		for i := b.n - 1; i >= 0; i-- {
			row := lu[i*width : (i+1)*width]
			sum := u[off+i*b.inner]
			for j := i + 1; j <= min(i+b.upper, b.n-1); j++ {
				sum -= row[j-i+b.lower] * u[off+j*b.inner]
			}
			u[off+i*b.inner] = sum / row[b.lower]
		}
	}
}
