package grid_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"kolmo/grid"
)

// naiveMul is the dense sum over a field seen as outer x cols x inner.
func naiveMul(a [][]float64, u []float64, outer, inner int) []float64 {
	rows, cols := len(a), len(a[0])
	dst := make([]float64, outer*rows*inner)
	for o := range outer {
		for i := range rows {
			for in := range inner {
				for j := range cols {
					dst[(o*rows+i)*inner+in] += a[i][j] * u[(o*cols+j)*inner+in]
				}
			}
		}
	}
	return dst
}

// randomRows returns rows of up to width weights somewhere in the columns, and
// the same as a dense matrix.
func randomRows(rnd *rand.Rand, rows, cols, width int) ([]grid.Row, [][]float64) {
	r, dense := make([]grid.Row, rows), make([][]float64, rows)
	for i := range r {
		w := rnd.IntN(min(width, cols) + 1)
		if width >= cols { // a full matrix
			w = cols
		}
		r[i] = grid.Row{Base: rnd.IntN(cols - w + 1), Weights: noise(rnd, w)}
		dense[i] = make([]float64, cols)
		copy(dense[i][r[i].Base:], r[i].Weights)
	}
	return r, dense
}

func TestMulAgainstDenseOnEveryAxis(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 1))
	for _, shape := range [][]int{{23}, {9, 21}, {20, 7}, {5, 17, 6}, {19, 4, 3}, {3, 4, 22}} {
		g := newGrid(t, grid.KindUniform, shape...)
		u := noise(rnd, g.Len())
		for k, n := range shape {
			for _, rows := range []int{1, n, n + 6} {
				for _, width := range []int{3, 7, n} {
					r, dense := randomRows(rnd, rows, n, width)
					m := grid.NewAxisMatrix(r, n)
					inner := g.Stride(k)
					outer := g.Len() / (n * inner)
					dst := noise(rnd, outer*rows*inner)
					m.MulTo(dst, u, outer, inner)
					if d := maxDiff(dst, naiveMul(dense, u, outer, inner)); !(d <= 1e-13) {
						t.Errorf("grid %v axis %d, %d rows of width %d: off by %g", shape, k, rows, width, d)
					}
				}
			}
		}
	}
}

func TestMulAgainstDense(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		rows := rapid.IntRange(1, 40).Draw(t, "rows")
		cols := rapid.IntRange(1, 40).Draw(t, "cols")
		width := rapid.IntRange(0, 40).Draw(t, "width")
		outer := rapid.IntRange(1, 9).Draw(t, "outer")
		inner := rapid.IntRange(1, 9).Draw(t, "inner")
		r, dense := randomRows(rnd, rows, cols, width)
		m := grid.NewAxisMatrix(r, cols)
		if gr, gc := m.Dims(); gr != rows || gc != cols {
			t.Fatalf("Dims %d x %d", gr, gc)
		}
		for i := range rows {
			for j := range cols {
				if m.At(i, j) != dense[i][j] {
					t.Fatalf("At(%d,%d) = %v, want %v", i, j, m.At(i, j), dense[i][j])
				}
			}
		}
		// One number more on both sides: MulTo must not touch it.
		u, dst := noise(rnd, outer*cols*inner), noise(rnd, outer*rows*inner+1)
		last := dst[len(dst)-1]
		m.MulTo(dst, u, outer, inner)
		if d := maxDiff(dst[:len(dst)-1], naiveMul(dense, u, outer, inner)); !(d <= 1e-12) {
			t.Fatalf("off by %g", d)
		}
		if dst[len(dst)-1] != last {
			t.Fatal("wrote past the field")
		}
	})
}

// Rows are summed in the order of the columns however many lines there are, so
// the lines of a field may be split between workers: the same to the last bit.
func TestMulOfALineDoesNotDependOnItsNeighbours(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(5, 1))
	r, _ := randomRows(rnd, 19, 19, 7)
	m := grid.NewAxisMatrix(r, 19)
	const lines = 11
	u := noise(rnd, 19*lines)
	all, one := make([]float64, 19*lines), make([]float64, 19)
	m.MulTo(all, u, lines, 1)
	for l := range lines {
		m.MulTo(one, u[l*19:(l+1)*19], 1, 1)
		if d := maxDiff(one, all[l*19:(l+1)*19]); d != 0 {
			t.Errorf("line %d differs by %g", l, d)
		}
	}
}

func TestMulPanics(t *testing.T) {
	t.Parallel()
	for _, base := range []int{-1, 3} {
		mustPanic(t, "grid: row 1", func() {
			grid.NewAxisMatrix([]grid.Row{{Weights: []float64{1}}, {Base: base, Weights: []float64{1, 2}}}, 4)
		})
	}
	m := grid.NewAxisMatrix([]grid.Row{{Weights: []float64{1}}, {Base: 1, Weights: []float64{1, 2}}}, 4)
	for _, i := range []int{-1, 2} {
		mustPanic(t, "grid: entry", func() { m.At(i, 0) })
	}
	for _, j := range []int{-1, 4} {
		mustPanic(t, "grid: entry", func() { m.At(0, j) })
	}
	for _, inner := range []int{1, 3} {
		for _, short := range [][2]int{{2 * 2 * inner, 2*4*inner - 1}, {2*2*inner - 1, 2 * 4 * inner}} {
			mustPanic(t, "grid: MulTo", func() {
				m.MulTo(make([]float64, short[0]), make([]float64, short[1]), 2, inner)
			})
		}
	}
}

func TestInterpolationMatrixHoldsTheWindows(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		for _, width := range []int{0, 1, 4, 7} {
			a := newAxis(t, kind, 15, -1, 1)
			xs := positions(a)
			m := a.InterpolationMatrix(xs, width)
			if rows, cols := m.Dims(); rows != len(xs) || cols != 15 {
				t.Fatalf("%d x %d", rows, cols)
			}
			w := make([]float64, a.Width(width))
			for i, x := range xs {
				base := a.WindowTo(w, x, width)
				for j := range a.Len() {
					want := 0.0
					if j >= base && j < base+len(w) {
						want = w[j-base]
					}
					if m.At(i, j) != want {
						t.Fatalf("%v width %d: entry (%d,%d) is %v, want %v", kind, width, i, j, m.At(i, j), want)
					}
				}
			}
		}
	}
}

// On a Chebyshev axis the differentiation matrix is exact for polynomials.
func TestDifferentiationAgainstRationalLagrange(t *testing.T) {
	t.Parallel()
	for _, n := range []int{2, 3, 9, 16} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			a := newAxis(t, grid.KindChebyshev, n, -1, 2)
			d := a.Differentiation()
			for i := range n {
				want := exactWeights(1, a.Node(i), a.Nodes())[1]
				if e := maxDiff(d[i*n:(i+1)*n], want); !(e <= 1e-14*float64(n)*absSum(want)) {
					t.Errorf("row %d off by %g", i, e)
				}
			}
		})
	}
}

// A row is that of At, zeros around its weights included.
func TestRowTo(t *testing.T) {
	t.Parallel()
	rows := make([]grid.Row, 20)
	for i := range rows {
		rows[i] = grid.Row{Base: i / 2, Weights: []float64{1, float64(i), -2}}
	}
	m, dst := grid.NewAxisMatrix(rows, 12), make([]float64, 12)
	for i := range rows {
		m.RowTo(dst, i)
		for j, v := range dst {
			if v != m.At(i, j) {
				t.Fatalf("entry (%d,%d) is %v, want %v", i, j, v, m.At(i, j))
			}
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic for a row that does not exist")
		}
	}()
	m.RowTo(dst, 20)
}

// A scaled matrix has scaled entries and products and leaves the first one alone.
func TestAxisMatrixScale(t *testing.T) {
	t.Parallel()
	m := grid.NewAxisMatrix([]grid.Row{{0, []float64{1, 2}}, {1, []float64{3, 4, 5}}, {2, []float64{6, 7}}}, 4)
	s := m.Scale(-0.5)
	u, want, got := []float64{1, -2, 3, 5}, make([]float64, 3), make([]float64, 3)
	m.MulTo(want, u, 1, 1)
	s.MulTo(got, u, 1, 1)
	for i := range 3 {
		if got[i] != -0.5*want[i] {
			t.Errorf("row %d: %v, want %v", i, got[i], -0.5*want[i])
		}
		for j := range 4 {
			if s.At(i, j) != -0.5*m.At(i, j) {
				t.Errorf("entry (%d,%d): %v of %v", i, j, s.At(i, j), m.At(i, j))
			}
		}
	}
}
