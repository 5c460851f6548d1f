package sgdop

import (
	"fmt"

	"kolmo/grid"
	"kolmo/process"
)

// Operator is S on a grid. What it holds of the weights is immutable after
// Assemble; its workspaces are not: one goroutine at a time.
type Operator struct {
	rows
	traits
	over *oversampled // instead of rows
	side side
	sums [][]float64 // of the parts of AdjointTo
}

// frame is what S is of: a chain, on a grid whose fields are interpolated.
type frame struct {
	g     *grid.Grid
	at    *grid.Grid // whose nodes the rows are of; nil: g
	chain process.Chain
	width int
	full  bool // whole axes
}

// traits are what an operator tells of itself.
type traits struct {
	choice   Choice
	reason   string // of the storage
	leak     Leakage
	lebesgue float64
	norm     float64
}

// Grid returns the grid.
func (s *frame) Grid() *grid.Grid { return s.g }

// nodes returns the grid whose nodes the rows are of.
func (s *frame) nodes() *grid.Grid {
	if s.at != nil {
		return s.at
	}
	return s.g
}

// Eta returns the chain's small parameter, the learning rate.
func (s *frame) Eta() float64 { return s.chain.Eta() }

// Choice returns what was chosen: the width, what is kept of the weights, the
// memory that takes, and why.
func (s *traits) Choice() Choice { return s.choice }

// Leakage returns how far and how much the images of the nodes leave the box.
func (s *traits) Leakage() Leakage { return s.leak }

// Lebesgue returns the Lebesgue factor of the interpolation, the largest
//
//	sum_k w_k prod_axes sum_j |l_j(x - eta g_k(x))|
//
// over the nodes x: |S u| <= Lebesgue |u| at the nodes. It is 1 for windows of two
// nodes inside the box.
func (s *traits) Lebesgue() float64 { return s.lebesgue }

// Norm returns the largest sum of absolute weights of a row: |S u| <= Norm |u| at
// the nodes. It is at most Lebesgue, since weights of different samples may cancel,
// and the smallest such factor if no two windows of a row overlap; without windows it is
// Lebesgue.
func (s *traits) Norm() float64 { return s.norm }

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
