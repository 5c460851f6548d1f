package sgdop

import (
	"fmt"
	"iter"
	"slices"

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
