package fd_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"kolmo/fd"
)

// bands are random banded, diagonally dominant matrices, one per line.
type bands struct {
	n, lower, upper int
	rows            [][][]float64 // line, row, entries from max(0, row-lower)
}

func newBands(rnd *rand.Rand, lines, n, lower, upper int) *bands {
	b := &bands{n: n, lower: lower, upper: upper, rows: make([][][]float64, lines)}
	for l := range b.rows {
		b.rows[l] = make([][]float64, n)
		for i := range n {
			base, end := max(0, i-lower), min(n-1, i+upper)
			row := noise(rnd, end-base+1)
			row[i-base] = 0
			row[i-base] = (0.1 + absSum(row)) * (1 + rnd.Float64())
			if rnd.IntN(2) == 0 {
				row[i-base] = -row[i-base]
			}
			b.rows[l][i] = row
		}
	}
	return b
}

// bandExtents returns the extents of n rows with lower and upper diagonals.
func bandExtents(n, lower, upper int) fd.Extents {
	e := fd.Extents{First: make([]int, n), Last: make([]int, n)}
	for i := range n {
		e.First[i], e.Last[i] = max(0, i-lower), min(n-1, i+upper)
	}
	return e
}

// newBanded factors banded matrices whose row i of a line row returns as its first column
// and its entries; only columns that are not zero on some line are stored.
func newBanded(n, outer, inner int, row func(line, i int) (base int, entries []float64)) (*fd.Banded, error) {
	e := bandExtents(n, 0, 0)
	for l := range outer * inner {
		for i := range n {
			base, entries := row(l, i)
			for j, v := range entries {
				if v == 0 {
					continue
				}
				e.First[i], e.Last[i] = min(e.First[i], base+j), max(e.Last[i], base+j)
			}
		}
	}
	return fd.Factor(e, outer, inner, 1, func(dst []float64, line, i int) {
		clear(dst)
		base, entries := row(line, i)
		for j, v := range entries {
			if v != 0 {
				dst[base+j-e.First[i]] = v
			}
		}
	})
}

// row is what newBanded wants.
func (b *bands) row(line, i int) (base int, entries []float64) {
	return max(0, i-b.lower), b.rows[line][i]
}

// dense returns the matrix of a line.
func (b *bands) dense(line int) *mat.Dense {
	m := mat.NewDense(b.n, b.n, nil)
	for i := range b.n {
		base, entries := b.row(line, i)
		for j, v := range entries {
			m.Set(i, base+j, v)
		}
	}
	return m
}

// offset returns where a line begins in a field.
func offset(line, n, inner int) int { return line/inner*inner*n + line%inner }

// applyTo stores the product of every line's matrix with its line of u.
func (b *bands) applyTo(dst, u []float64, inner int) {
	for l := range b.rows {
		off := offset(l, b.n, inner)
		for i := range b.n {
			base, entries := b.row(l, i)
			sum := 0.0
			for j, v := range entries {
				sum += v * u[off+(base+j)*inner]
			}
			dst[off+i*inner] = sum
		}
	}
}

func TestSolveUndoesApply(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n := rapid.IntRange(1, 30).Draw(t, "n")
		lower := rapid.IntRange(0, n+1).Draw(t, "lower")
		upper := rapid.IntRange(0, n+1).Draw(t, "upper")
		outer := rapid.IntRange(1, 4).Draw(t, "outer")
		inner := rapid.IntRange(1, 4).Draw(t, "inner")
		b := newBands(rnd, outer*inner, n, lower, upper)
		lu, err := newBanded(n, outer, inner, b.row)
		if err != nil {
			t.Fatal(err)
		}
		want := noise(rnd, outer*n*inner)
		got := make([]float64, len(want))
		b.applyTo(got, want, inner)
		lu.SolveTo(got)
		if d := maxDiff(got, want); !(d <= 1e-10) {
			t.Fatalf("off by %g", d)
		}
	})
}

// Every axis of a 3-D field, every line with a matrix of its own, against the
// pivoting LU of gonum.
func TestSolveAgainstDenseOnEveryAxis(t *testing.T) {
	t.Parallel()
	shape := []int{6, 7, 9}
	for k, n := range shape {
		for _, band := range [][2]int{{0, 0}, {1, 1}, {2, 0}, {0, 3}, {4, 2}, {n - 1, n - 1}} {
			rnd := rand.New(rand.NewPCG(11, uint64(k)))
			inner, outer := 1, 1
			for j, m := range shape {
				if j < k {
					inner *= m
				} else if j > k {
					outer *= m
				}
			}
			b := newBands(rnd, outer*inner, n, band[0], band[1])
			lu, err := newBanded(n, outer, inner, b.row)
			if err != nil {
				t.Fatal(err)
			}
			u := noise(rnd, outer*n*inner)
			rhs := append([]float64(nil), u...)
			lu.SolveTo(u)
			for l := range outer * inner {
				off := offset(l, n, inner)
				v := mat.NewVecDense(n, nil)
				for i := range n {
					v.SetVec(i, rhs[off+i*inner])
				}
				var dense mat.LU
				dense.Factorize(b.dense(l))
				var want mat.VecDense
				if err := dense.SolveVecTo(&want, false, v); err != nil {
					t.Fatal(err)
				}
				for i := range n {
					if got := u[off+i*inner]; !(math.Abs(got-want.AtVec(i)) <= 1e-11) {
						t.Fatalf("axis %d band %v line %d node %d: %v, want %v", k, band, l, i, got, want.AtVec(i))
					}
				}
			}
		}
	}
}

func TestSingularMatrixIsAnError(t *testing.T) {
	t.Parallel()
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name string
		a    [][]float64
		row  int // where the pivot is lost
	}{
		{"zero row", [][]float64{{1, 0, 0}, {0, 0, 0}, {0, 0, 1}}, 1},
		{"equal rows", [][]float64{{1, 1, 0}, {1, 1, 0}, {0, 0, 1}}, 1},
		{"rank two", [][]float64{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, 2},
		{"would need pivoting", [][]float64{{0, 1, 0}, {1, 0, 0}, {0, 0, 1}}, 0},
		{"small beside its row", [][]float64{{1e-12, 1, 0}, {0, 1, 0}, {0, 0, 1}}, 0},
		{"Laplacian without a boundary", [][]float64{{1, -1, 0}, {-1, 2, -1}, {0, -1, 1}}, 2},
		{"NaN", [][]float64{{1, 0, 0}, {0, nan, 0}, {0, 0, 1}}, 1},
		{"NaN beside the diagonal", [][]float64{{1, nan, 0}, {0, 1, 0}, {0, 0, 1}}, 0},
		{"infinite", [][]float64{{1, 0, 0}, {0, inf, 0}, {0, 0, 1}}, 1},
	} {
		// The second of two lines is the bad one.
		lu, err := newBanded(3, 1, 2, func(line, i int) (int, []float64) {
			if line == 0 {
				return i, []float64{1}
			}
			return 0, c.a[i]
		})
		if !errors.Is(err, fd.ErrSingular) || lu != nil {
			t.Errorf("%s: factors %v, error %v, want ErrSingular", c.name, lu, err)
			continue
		}
		if want := fmt.Sprintf("fd: line 1: row %d: ", c.row); !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %q, want %q first", c.name, err, want)
		}
	}
}

// Scaling a row changes nothing: the guard is relative.
func TestTinyRowsAreNotSingular(t *testing.T) {
	t.Parallel()
	lu, err := newBanded(2, 1, 1, func(_, i int) (int, []float64) {
		return 0, [][]float64{{2e-100, 1e-100}, {1e100, 3e100}}[i]
	})
	if err != nil {
		t.Fatal(err)
	}
	u := []float64{4e-100, 7e100}
	lu.SolveTo(u)
	if d := maxDiff(u, []float64{1, 2}); !(d <= 1e-14) {
		t.Errorf("%v, want [1 2]", u)
	}
}

func TestBandedPanics(t *testing.T) {
	t.Parallel()
	lu, err := newBanded(3, 2, 2, func(_, i int) (int, []float64) { return i, []float64{1} })
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{11, 13} {
		mustPanic(t, "fd: SolveTo", func() { lu.SolveTo(make([]float64, n)) })
	}
}

// 1 - c D2 with the closures of order 6, as the ADI schemes build it: solve
// undoes the product with the derivative's own matrix.
func TestSolveOfADiffusionStep(t *testing.T) {
	t.Parallel()
	const n, c = 40, 1e-4
	a := newAxis(t, 0, n, -1, 1)
	d := derivative(t, a, 2, 6)
	lu, err := newBanded(n, 1, 1, func(_, i int) (int, []float64) {
		row := rowOf(d, i)
		for j := range row {
			row[j] *= -c
		}
		row[i]++
		return 0, row
	})
	if err != nil {
		t.Fatal(err)
	}
	want := noise(rand.New(rand.NewPCG(12, 1)), n)
	got := make([]float64, n)
	d.MulTo(got, want, 1, 1)
	for i := range got {
		got[i] = want[i] - c*got[i]
	}
	lu.SolveTo(got)
	if d := maxDiff(got, want); !(d <= 1e-13) {
		t.Errorf("off by %g", d)
	}
}
