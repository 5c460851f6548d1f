package sgdop

import (
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/james-bowman/sparse"
	"gonum.org/v1/gonum/mat"
)

var _ mat.Matrix = (*Operator)(nil)

// Dims implements mat.Matrix: the number of nodes, twice.
func (s *rows) Dims() (rows, columns int) { return s.g.Len(), s.g.Len() }

// T implements mat.Matrix: a view of the transpose.
func (s *rows) T() mat.Matrix { return mat.Transpose{Matrix: s} }

// At implements mat.Matrix: the weight with which node j enters (S u) at node i. It
// panics if an index is out of range. Cost: a search in the windows of a row; without
// windows a pass over its samples.
func (s *rows) At(i, j int) float64 {
	n := s.g.Len()
	if i < 0 || i >= n || j < 0 || j >= n {
		panic(fmt.Sprintf("sgdop: entry %d, %d of %d x %d", i, j, n, n))
	}
	sum := 0.0
	s.eachWeight(0, i, func(node int, w float64) {
		if node == j {
			sum += w
		}
	})
	return sum
}

// Rows returns the rows of S one after the other: the nodes that enter, in
// ascending order and each once, and their weights, none of which is zero. Both slices are
// overwritten by the next row. Cost: one pass over the weights, no more memory than
// three fields.
func (s *rows) Rows() iter.Seq2[[]int, []float64] {
	return func(yield func([]int, []float64) bool) {
		n := s.g.Len()
		row, seen := make([]float64, n), make([]bool, n)
		var columns []int
		var weights []float64
		for i := range n {
			columns, weights = columns[:0], weights[:0]
			sorted := true
			s.eachWeight(0, i, func(node int, w float64) {
				if w == 0 {
					return
				}
				if !seen[node] {
					sorted = sorted && (len(columns) == 0 || columns[len(columns)-1] < node)
					seen[node] = true
					columns = append(columns, node)
				}
				row[node] += w
			})
			if !sorted {
				slices.Sort(columns)
			}
			kept := columns[:0]
			for _, j := range columns {
				if row[j] != 0 {
					kept = append(kept, j)
					weights = append(weights, row[j])
				}
				row[j], seen[j] = 0, false
			}
			if !yield(kept, weights) {
				return
			}
		}
	}
}

// NNZ returns the number of entries of S that are not zero. Cost: as of Rows.
func (s *rows) NNZ() int {
	total := 0
	for columns := range s.Rows() {
		total += len(columns)
	}
	return total
}

// CSR returns a copy of S as a matrix of james-bowman/sparse, the columns of every
// row in order; weights that are zero are left out. Mind that sparse.MulMatVec
// adds to its last argument. Cost: two passes over the weights and MatrixBytes of memory.
func (s *rows) CSR() *sparse.CSR {
	n := s.g.Len()
	nnz := s.NNZ()
	start := make([]int, 1, n+1)
	index, data := make([]int, 0, nnz), make([]float64, 0, nnz)
	for columns, weights := range s.Rows() {
		index = append(index, columns...)
		data = append(data, weights...)
		start = append(start, len(index))
	}
	return sparse.NewCSR(n, n, start, index, data)
}

// MatrixBytes returns the memory of Matrix, given the number of entries.
func (s *rows) MatrixBytes(entries int) int64 { return 8*int64(s.g.Len()+1) + 16*int64(entries) }

// Matrix returns a copy of S as it leaves the program. Cost: as of CSR.
func (s *rows) Matrix() Matrix { return Matrix{s.CSR()} }

// Matrix is S as it leaves the program: a compressed sparse row matrix.
type Matrix struct{ *sparse.CSR }

// Rows returns the rows one after the other, as Operator.Rows does.
func (m Matrix) Rows() iter.Seq2[[]int, []float64] {
	return func(yield func([]int, []float64) bool) {
		raw := m.RawMatrix()
		for i := range raw.I {
			lo, hi := raw.Indptr[i], raw.Indptr[i+1]
			if !yield(raw.Ind[lo:hi], raw.Data[lo:hi]) {
				return
			}
		}
	}
}

// Inspection is what a matrix of S is like.
type Inspection struct {
	Entries           int
	Shortest, Longest int // rows, in entries
	// Least and Largest are the smallest and the largest entry: with images inside the box
	// and windows of two nodes none is negative.
	Least, Largest float64
	// Negative is the largest sum of the negative entries of a row, in magnitude.
	Negative float64
	// Sum is by how much the sum of a row differs from one at the most: S 1 = 1 but for
	// rounding.
	Sum float64
	// Bandwidth is the largest |i - j| of an entry.
	Bandwidth int
}

// Inspect returns what the matrix is like. Cost: one product and one pass over the
// entries.
func (m Matrix) Inspect() Inspection {
	n, _ := m.Dims()
	in := Inspection{Entries: m.NNZ(), Shortest: math.MaxInt, Least: math.Inf(1), Largest: math.Inf(-1)}
	ones, sums := mat.NewVecDense(n, nil), make([]float64, n)
	for i := range n {
		ones.SetVec(i, 1)
	}
	m.MulVecTo(sums, false, ones.RawVector().Data)
	for i := range n {
		in.Sum = max(in.Sum, math.Abs(sums[i]-1))
		length, negative := 0, 0.0
		m.DoRowNonZero(i, func(i, j int, v float64) {
			length++
			in.Bandwidth = max(in.Bandwidth, i-j, j-i)
			in.Least, in.Largest = min(in.Least, v), max(in.Largest, v)
			negative -= min(v, 0)
		})
		in.Shortest, in.Longest = min(in.Shortest, length), max(in.Longest, length)
		in.Negative = max(in.Negative, negative)
	}
	return in
}
