package sgdop

import (
	"fmt"

	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/process"
)

// Operator is S on a grid. What it holds of the weights is immutable after
// Assemble; its workspaces are not: one goroutine at a time.
type Operator struct {
	g      *grid.Grid
	chain  process.Chain
	width  int
	full   bool
	choice Choice
	reason string // of the storage

	// Windows: those of row i are first[i] .. first[i+1]-1.
	win     *kernel.Windows
	first   []int32
	weights []float64
	single  []float32
	lost    []float64 // per row, what single precision lost of its sum
	// Without windows one of these.
	tensor   *factors
	locators []*locator // one per part
	over     *oversampled

	parts    []int // first row of every part
	leak     Leakage
	lebesgue float64
	norm     float64
	rounding float64

	sums    [][]float64 // of the parts of AdjointTo
	in, out []float64   // fields side by side, of multiply
}

// Grid returns the grid.
func (s *Operator) Grid() *grid.Grid { return s.g }

// Eta returns the chain's small parameter, the learning rate.
func (s *Operator) Eta() float64 { return s.chain.Eta() }

// Choice returns what was chosen: the width, what is kept of the weights, the
// memory that takes, and why.
func (s *Operator) Choice() Choice { return s.choice }

// Leakage returns how far and how much the images of the nodes leave the box.
func (s *Operator) Leakage() Leakage { return s.leak }

// Lebesgue returns the Lebesgue factor of the interpolation, the largest
//
//	sum_k w_k prod_axes sum_j |l_j(x - eta g_k(x))|
//
// over the nodes x: |S u| <= Lebesgue |u| at the nodes. It is 1 for windows of two
// nodes inside the box.
func (s *Operator) Lebesgue() float64 { return s.lebesgue }

// Norm returns the largest sum of absolute weights of a row: |S u| <= Norm |u| at
// the nodes. It is at most Lebesgue, since weights of different samples may cancel,
// and the smallest such factor if no two windows of a row overlap; without windows it is
// Lebesgue.
func (s *Operator) Norm() float64 { return s.norm }

// Rounding returns a bound of what single precision changes: at every node S u with
// the rounded weights differs by at most Rounding |u|. It is zero in double precision.
func (s *Operator) Rounding() float64 { return s.rounding }

// Stored returns the number of weights held in windows, some of which may be zero;
// they take eight bytes each, or four.
func (s *Operator) Stored() int { return len(s.weights) + len(s.single) }

// Windows returns the number of windows, at least one per row; zero without
// windows.
func (s *Operator) Windows() int {
	if s.win == nil {
		return 0
	}
	return s.win.Len()
}

// Note returns one sentence about why S is matrix-free, and "" if it is not.
func (s *Operator) Note() string {
	if !s.choice.MatrixFree() || s.over != nil {
		return ""
	}
	return fmt.Sprintf("S at eta = %.6g is %s", s.Eta(), s.reason)
}

// mostLebesgue is the Lebesgue factor from which a warning is due.
const mostLebesgue = 100

// Warnings returns sentences, one each, about what a user of S should know: that it
// is matrix-free and why, and that extrapolation beyond the box may enlarge errors.
func (s *Operator) Warnings() []string {
	var list []string
	if n := s.Note(); n != "" {
		list = append(list, n)
	}
	if l := s.leak; s.lebesgue > mostLebesgue {
		list = append(list, fmt.Sprintf("interpolation in S at eta = %.6g may enlarge errors %.3g times in one step; images of %d nodes leave the box by up to %.3g of its width", s.Eta(), s.lebesgue, l.Rows, l.Distance))
	}
	return list
}
