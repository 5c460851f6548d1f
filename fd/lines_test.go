package fd_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"kolmo/fd"
	"kolmo/grid"
)

// shapes are fields as outer x n x inner: single lines, blocks that are copied
// (contiguous and not), blocks in place that divide evenly and that leave one, two
// or three lines, and more of them than one block holds.
var shapes = [][3]int{
	{1, 1, 1}, {1, 9, 1}, {7, 5, 1}, {16, 6, 1}, {37, 11, 1}, {64, 2, 1},
	{1, 8, 2}, {5, 4, 3}, {3, 7, 15}, {1, 7, 15},
	{1, 5, 16}, {3, 6, 17}, {1, 1, 33}, {2, 4, 66}, {1, 3, 259}, {2, 2, 301}, {1, 5, 1000},
}

// envelope are matrices of random extents, diagonally dominant, one per line.
type envelope struct {
	fd.Extents
	outer, inner int
	rows         [][][]float64 // line, row, entries
}

func newEnvelope(rnd *rand.Rand, outer, n, inner int) *envelope {
	m := &envelope{Extents: bandExtents(n, 0, 0), outer: outer, inner: inner, rows: make([][][]float64, outer*inner)}
	for i := range n {
		m.First[i] -= rnd.IntN(min(i, 5) + 1)
		m.Last[i] += rnd.IntN(min(n-1-i, 5) + 1)
	}
	for l := range m.rows {
		m.rows[l] = make([][]float64, n)
		for i := range n {
			row := noise(rnd, m.Last[i]-m.First[i]+1)
			d := i - m.First[i]
			row[d] = 0
			row[d] = math.Copysign(0.1+absSum(row), rnd.Float64()-0.5)
			m.rows[l][i] = row
		}
	}
	return m
}

func (m *envelope) row(dst []float64, line, i int) { copy(dst, m.rows[line][i]) }

// factor returns the factors or ends the test.
func (m *envelope) factor(t testing.TB, workers int) *fd.Banded {
	t.Helper()
	lu, err := fd.Factor(m.Extents, m.outer, m.inner, workers, m.row)
	if err != nil {
		t.Fatal(err)
	}
	return lu
}

// checkDense holds the solutions of rhs to those of gonum's pivoting LU.
func checkDense(t *testing.T, e fd.Extents, outer, inner int, row func(dst []float64, line, i int), got, rhs []float64, tol float64) {
	t.Helper()
	n := len(e.First)
	entries := make([]float64, n)
	for l := range outer * inner {
		a, v := mat.NewDense(n, n, nil), mat.NewDense(n, 1, nil)
		off := offset(l, n, inner)
		for i := range n {
			r := entries[:e.Last[i]-e.First[i]+1]
			row(r, l, i)
			for j, w := range r {
				a.Set(i, e.First[i]+j, w)
			}
			v.Set(i, 0, rhs[off+i*inner])
		}
		var want mat.Dense
		if err := want.Solve(a, v); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			if d := math.Abs(got[off+i*inner] - want.At(i, 0)); !(d <= tol*(1+math.Abs(want.At(i, 0)))) {
				t.Fatalf("line %d node %d: %v, want %v", l, i, got[off+i*inner], want.At(i, 0))
			}
		}
	}
}

func TestFactorAgainstDenseOnEveryShape(t *testing.T) {
	t.Parallel()
	for _, s := range shapes {
		t.Run(fmt.Sprint(s), func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(21, uint64(s[1])))
			m := newEnvelope(rnd, s[0], s[1], s[2])
			rhs := noise(rnd, s[0]*s[1]*s[2])
			u := slices.Clone(rhs)
			m.factor(t, 1).SolveTo(u)
			checkDense(t, m.Extents, s[0], s[2], m.row, u, rhs, 1e-11)
		})
	}
}

// 1 - c L with the derivatives' own closures, another drift and diffusion at every
// node, along each axis of a box, as the alternating schemes solve it.
func TestDiffusionStepsAgainstDense(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		for _, order := range []int{2, 4, 8, fd.FullWidth} {
			t.Run(fmt.Sprintf("%v-%d", kind, order), func(t *testing.T) {
				t.Parallel()
				const n = 21
				a := newAxis(t, kind, n, -1, 1)
				first, second := derivative(t, a, 1, order), derivative(t, a, 2, order)
				e := fd.ExtentsOf(first, second)
				for _, shape := range [][2]int{{3, 1}, {2, 5}, {1, 21}} {
					rnd := rand.New(rand.NewPCG(22, 1))
					u := noise(rnd, shape[0]*n*shape[1])
					drift, diffusion := noise(rnd, len(u)), noise(rnd, len(u))
					h := a.Node(1) - a.Node(0)
					row := func(dst []float64, line, i int) {
						node := offset(line, n, shape[1]) + i*shape[1]
						for j := range dst {
							c := e.First[i] + j
							dst[j] = -0.1 * h * (drift[node]*first.At(i, c) + 0.2*h*diffusion[node]*diffusion[node]*second.At(i, c))
						}
						dst[i-e.First[i]]++
					}
					lu, err := fd.Factor(e, shape[0], shape[1], 1, row)
					if err != nil {
						t.Fatal(err)
					}
					rhs := slices.Clone(u)
					lu.SolveTo(u)
					checkDense(t, e, shape[0], shape[1], row, u, rhs, 1e-9)
				}
			})
		}
	}
}

// Many fields at once, blocks in any order and factors by any number of workers: the same
// to the last bit.
func TestSolvesAreBitwiseEqual(t *testing.T) {
	t.Parallel()
	for _, s := range append(slices.Clone(shapes), [3]int{2, 150, 40}) {
		t.Run(fmt.Sprint(s), func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(23, uint64(s[0])))
			outer, n, inner := s[0], s[1], s[2]
			m := newEnvelope(rnd, outer, n, inner)
			lu := m.factor(t, 1)
			var rhs, want [][]float64
			for range 5 {
				u := noise(rnd, outer*n*inner)
				rhs = append(rhs, slices.Clone(u))
				lu.SolveTo(u)
				want = append(want, u)
			}
			for name, solve := range map[string]func(fields [][]float64){
				"all fields": lu.SolveAllTo,
				"blocks in a random order": func(fields [][]float64) {
					for _, k := range rnd.Perm(lu.Blocks()) {
						lu.SolveBlock(k, noise(rnd, lu.WorkLen()), fields)
					}
				},
				"blocks from the last, fields one by one": func(fields [][]float64) {
					work := make([]float64, lu.WorkLen()+3)
					for k := lu.Blocks() - 1; k >= 0; k-- {
						for f := range fields {
							lu.SolveBlock(k, work, fields[f:f+1])
						}
					}
				},
				"factors by three workers": m.factor(t, 3).SolveAllTo,
				"no field, then all":       func(fields [][]float64) { lu.SolveAllTo(nil); lu.SolveAllTo(fields) },
			} {
				got := make([][]float64, len(rhs))
				for f := range got {
					got[f] = slices.Clone(rhs[f])
				}
				solve(got)
				for f := range got {
					if !slices.Equal(got[f], want[f]) {
						t.Errorf("%s: field %d differs by %g", name, f, maxDiff(got[f], want[f]))
					}
				}
			}
		})
	}
}

// The factors are shared: several goroutines solve at once.
func TestSolveToByManyGoroutines(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(24, 1))
	for _, s := range [][3]int{{19, 12, 1}, {2, 12, 21}} {
		m := newEnvelope(rnd, s[0], s[1], s[2])
		lu := m.factor(t, 1)
		want := noise(rnd, s[0]*s[1]*s[2])
		fields := make([][]float64, 8)
		for f := range fields {
			fields[f] = slices.Clone(want)
		}
		lu.SolveTo(want)
		var wg sync.WaitGroup
		for _, u := range fields {
			wg.Go(func() { lu.SolveTo(u) })
		}
		wg.Wait()
		for f, u := range fields {
			if !slices.Equal(u, want) {
				t.Errorf("%v: goroutine %d has another solution", s, f)
			}
		}
	}
}

// Solving what was multiplied gives back what was there, whatever the extents.
func TestFactorUndoesApply(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		outer := rapid.IntRange(1, 20).Draw(t, "outer")
		n := rapid.IntRange(1, 20).Draw(t, "n")
		inner := rapid.IntRange(1, 40).Draw(t, "inner")
		m := newEnvelope(rnd, outer, n, inner)
		lu, err := fd.Factor(m.Extents, outer, inner, 2, m.row)
		if err != nil {
			t.Fatal(err)
		}
		want := noise(rnd, outer*n*inner)
		got := make([]float64, len(want))
		for l, rows := range m.rows {
			off := offset(l, n, inner)
			for i, row := range rows {
				for j, v := range row {
					got[off+i*inner] += v * want[off+(m.First[i]+j)*inner]
				}
			}
		}
		lu.SolveTo(got)
		if d := maxDiff(got, want); !(d <= 1e-10) {
			t.Fatalf("off by %g", d)
		}
	})
}

// The memory is known before the work, and it is what the envelope needs: by
// hand for order 4 with closures of 6 nodes, where the band of the widest row
// would need 11 numbers per node.
func TestBytes(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(25, 1))
	for _, s := range shapes {
		m := newEnvelope(rnd, s[0], s[1], s[2])
		if got, want := m.factor(t, 1).Bytes(), fd.BandedBytes(m.Extents, s[0], s[2]); got != want {
			t.Errorf("%v: %d bytes, predicted %d", s, got, want)
		}
	}
	const n, lines = 50, 32
	a := newAxis(t, grid.KindUniform, n, 0, 1)
	e := fd.ExtentsOf(derivative(t, a, 1, 4), derivative(t, a, 2, 4))
	// Two entries below the diagonal and two above; rows 0 to 2 reach to column 5,
	// row 3 does so too and needs no filling; of the last two rows n-2 has four
	// below, n-1 five.
	below := 0 + 1 + 2*(n-4) + 4 + 5
	above := 5 + 4 + 3 + 2*(n-5) + 1 + 0
	if got, want := fd.BandedBytes(e, 1, lines), int64(8*lines*(below+above+n)); got != want {
		t.Errorf("%d bytes, want %d", got, want)
	}
	// Lines are stored in groups of four.
	if got, want := fd.BandedBytes(e, 5, 1), fd.BandedBytes(e, 8, 1); got != want {
		t.Errorf("5 lines: %d bytes, 8 lines %d", got, want)
	}
}

// Of several singular lines the first is named, with its first lost row, whatever
// the block and the worker.
func TestFactorNamesTheFirstSingularLine(t *testing.T) {
	t.Parallel()
	for _, s := range [][2]int{{50, 1}, {9, 3}, {2, 40}, {1, 300}} {
		outer, inner := s[0], s[1]
		for _, first := range []int{0, 17, outer*inner - 1} {
			for _, workers := range []int{1, 4} {
				lu, err := fd.Factor(bandExtents(5, 1, 1), outer, inner, workers, func(dst []float64, line, i int) {
					clear(dst)
					dst[min(i, 1)] = 1
					if line >= first && (line-first)%9 == 0 && i >= 2 {
						dst[1] = 0
					}
				})
				if want := fmt.Sprintf("fd: line %d: row 2: pivot 0", first); lu != nil || !errors.Is(err, fd.ErrSingular) || !strings.HasPrefix(err.Error(), want) {
					t.Errorf("%v, %d workers: error %v, want %s", s, workers, err, want)
				}
			}
		}
	}
}

func TestLinePanics(t *testing.T) {
	t.Parallel()
	one := func(dst []float64, _, _ int) { dst[0] = 1 }
	lu, err := fd.Factor(bandExtents(4, 0, 0), 5, 1, 1, one)
	if err != nil {
		t.Fatal(err)
	}
	work, u := make([]float64, lu.WorkLen()), make([]float64, 20)
	u2, u3 := derivative(t, newAxis(t, grid.KindUniform, 5, 0, 1), 1, 2), derivative(t, newAxis(t, grid.KindUniform, 6, 0, 1), 1, 2)
	for _, f := range []func(){
		func() { lu.SolveBlock(-1, work, nil) },
		func() { lu.SolveBlock(lu.Blocks(), work, nil) },
		func() { lu.SolveBlock(0, work[1:], [][]float64{u}) },
		func() { lu.SolveBlock(0, work, [][]float64{u, u[1:]}) },
		func() { lu.SolveAllTo([][]float64{u, append(u, 0)}) },
		func() { _, _ = fd.Factor(fd.Extents{}, 1, 1, 1, one) },
		func() { _, _ = fd.Factor(fd.Extents{First: []int{0, 0}, Last: []int{1}}, 1, 1, 1, one) },
		func() { _, _ = fd.Factor(fd.Extents{First: []int{0, 2}, Last: []int{1, 2}}, 1, 1, 1, one) },
		func() { _, _ = fd.Factor(fd.Extents{First: []int{0, -1}, Last: []int{1, 1}}, 1, 1, 1, one) },
		func() { _, _ = fd.Factor(fd.Extents{First: []int{0, 0}, Last: []int{1, 2}}, 1, 1, 1, one) },
		func() { _, _ = fd.Factor(fd.Extents{First: []int{0, 0}, Last: []int{1, 0}}, 1, 1, 1, one) },
		func() { _, _ = fd.Factor(bandExtents(2, 0, 0), 0, 1, 1, one) },
		func() { _, _ = fd.Factor(bandExtents(2, 0, 0), 1, -1, 1, one) },
		func() { fd.BandedBytes(bandExtents(2, 0, 0), 1, 0) },
		func() { fd.BandedBytes(fd.Extents{}, 1, 1) },
		func() { fd.ExtentsOf() },
		func() { fd.ExtentsOf(u2, u3) },
	} {
		mustPanic(t, "fd: ", f)
	}
}
