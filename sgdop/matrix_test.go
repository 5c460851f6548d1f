package sgdop

import (
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
)

// As a matrix of gonum, S multiplies as ApplyTo does and its transpose as AdjointTo.
func TestMatrixView(t *testing.T) {
	t.Parallel()
	for _, width := range []int{0, 5} {
		g := cube(t, grid.KindUniform, 2, 2, 11, 9)
		s := assemble(t, g, outliers(2), 1, width)
		n := g.Len()
		if r, c := s.Dims(); r != n || c != n {
			t.Fatalf("%d x %d for %d nodes", r, c, n)
		}
		u := randomField(rand.New(rand.NewPCG(1, 1)), n)
		want, got := make([]float64, n), mat.NewVecDense(n, nil)
		s.ApplyTo(want, u)
		got.MulVec(s, mat.NewVecDense(n, u))
		if diff := maxDiff(got.RawVector().Data, want); diff > 1e-11 {
			t.Errorf("width %d: the product differs by %.3g", width, diff)
		}
		s.AdjointTo(1, want, u)
		got.MulVec(s.T(), mat.NewVecDense(n, u))
		if diff := maxDiff(got.RawVector().Data, want); diff > 1e-11 {
			t.Errorf("width %d: the transpose's product differs by %.3g", width, diff)
		}
		if s.T().At(3, 70) != s.At(70, 3) || !mat.Equal(s.T().T(), s) {
			t.Error("T is no transpose")
		}
		for _, bad := range [][2]int{{-1, 0}, {0, n}, {n, 0}, {0, -1}} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("entry %v: no panic", bad)
					}
				}()
				s.At(bad[0], bad[1])
			}()
		}
	}
}

// Rows come in order with ascending columns, each once, without zeros; they are the
// matrix.
func TestRows(t *testing.T) {
	t.Parallel()
	for _, cfg := range []Config{{Width: 4}, {}, {Width: 4, Storage: StorageFactors}} {
		g := cube(t, grid.KindUniform, 2, 2, 21)
		s := kept(t, g, outliers(2), 1, cfg)
		i, nnz := 0, 0
		for columns, weights := range s.Rows() {
			sum := 0.0
			for k, j := range columns {
				if weights[k] == 0 || math.Abs(weights[k]-s.At(i, j)) > 1e-15*s.Lebesgue() {
					t.Fatalf("%v: entry %d, %d is %v, At says %v", s.Choice(), i, j, weights[k], s.At(i, j))
				}
				sum += weights[k]
			}
			if !slices.IsSorted(columns) || len(slices.Compact(slices.Clone(columns))) != len(columns) {
				t.Fatalf("row %d has the columns %v", i, columns)
			}
			if math.Abs(sum-1) > 1e-13*s.Lebesgue() {
				t.Errorf("row %d sums to %v", i, sum)
			}
			nnz += len(columns)
			i++
		}
		if i != g.Len() || nnz != s.NNZ() || nnz != s.CSR().NNZ() {
			t.Errorf("%v: %d rows with %d entries, NNZ %d, CSR %d", s.Choice(), i, nnz, s.NNZ(), s.CSR().NNZ())
		}
		for range s.Rows() {
			break // must not go on
		}
	}
}

// The matrix is S: its rows, its entries, and what is said about it.
func TestMatrix(t *testing.T) {
	t.Parallel()
	g := cube(t, grid.KindUniform, 2, 1.5, 13)
	s := assemble(t, g, curved(2), 0.25, 4)
	m := s.Matrix()
	i, least, longest, band, negative := 0, 0.0, 0, 0, 0.0
	next, stop := iter.Pull2(s.Rows())
	defer stop()
	for columns, weights := range m.Rows() {
		wantColumns, wantWeights, ok := next()
		if !ok || !slices.Equal(columns, wantColumns) || !slices.Equal(weights, wantWeights) {
			t.Fatalf("row %d: %v %v, want %v %v", i, columns, weights, wantColumns, wantWeights)
		}
		below := 0.0
		for k, w := range weights {
			least, band = min(least, w), max(band, i-columns[k], columns[k]-i)
			below -= min(w, 0)
		}
		longest, negative = max(longest, len(columns)), max(negative, below)
		i++
	}
	in := m.Inspect()
	if i != g.Len() || in.Entries != s.NNZ() || in.Longest != longest || in.Bandwidth != band || in.Least != least || math.Abs(in.Negative-negative) > 1e-15 || in.Shortest < 1 {
		t.Errorf("%d rows, %+v; want least %v, longest %d, bandwidth %d, negative %v", i, in, least, longest, band, negative)
	}
	if in.Sum > 1e-14 || in.Largest > 1 || s.MatrixBytes(in.Entries) != int64(16*in.Entries+8*(g.Len()+1)) {
		t.Errorf("%+v, %d bytes", in, s.MatrixBytes(in.Entries))
	}
	// A row that does not sum to one is seen.
	m.Set(3, 3, m.At(3, 3)+0.5)
	if in := m.Inspect(); math.Abs(in.Sum-0.5) > 1e-14 {
		t.Errorf("sums differ from one by %v", in.Sum)
	}
}
