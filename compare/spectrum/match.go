package spectrum

import (
	"math"
	"math/cmplx"
	"slices"
)

// Constants of matching.
const (
	// near is the share of the leading rates' size by which a mode may move between two grids
	// and still be taken for the same.
	near = 0.02
	// rough is the roughness from which a mode is none of the operator's as the grid has it,
	// and alternating that from which it is the finest grid's own: one of the operator's
	// would turn sign at seven of ten nodes.
	rough       = 1
	alternating = 1.6
	// gridSafety multiplies how far the finest grid is from the others.
	gridSafety = 2
	// algebraSafety multiplies the first-order bounds of the algebra.
	algebraSafety = 10
	// zero is the distance from the constant's eigenvalue below which nothing is told from it,
	// whatever the bounds say.
	zero = 1e-12
)

// Found is a mode of the operator.
type Found struct {
	Rate complex128
	// Error is the sum of Grid, how far the grids are apart, and Algebra.
	Error, Grid, Algebra float64
	// Below reports a rate that rounding does not tell from zero; Floor is what it is below.
	Below bool
	Floor float64
	// Doubt reports that a slower mode is seen on some grids only: it may be one of the
	// operator, so that the number of this one may be wrong.
	Doubt bool
	// Waves reports that functions which turn faster than grids resolve may be as slow, which puts the mode in doubt.
	Waves bool
	// At is the mode's index on each grid.
	At []int
}

// Grids is what several grids say, the finest first.
type Grids []*Spectrum

// Useless says why the grids tell nothing: one has a mode that grows by more than its error,
// or does not know its first modes, so many; empty if they are of use.
func (g Grids) Useless(first int) string {
	for _, s := range g {
		for i, m := range s.Modes {
			floor := s.floor(m)
			if -real(m.Rate) > floor {
				return "a mode of the grid grows"
			}
			if i < first && !(floor <= near*s.Size) {
				return "the grid's matrix is too sensitive to rounding"
			}
		}
	}
	return ""
}

// floor is the rate that is not told from zero.
func (s *Spectrum) floor(m Mode) float64 {
	return max(algebraSafety*m.Algebra, algebraSafety*cmplx.Abs(s.Zero), s.Least)
}

// Match returns the modes that all grids have and that are smooth on the finest, the slowest
// first. Modes that alternate are the grid's: a discretised S has them at all rates, and they
// move from grid to grid. Any other of the finest grid alone, a smooth one of a coarser, and one that rounding may move
// as far as modes of grids are apart, leaves those after it in doubt, so that none is taken for another: it moves between grids by more than what
// pairs may, so that it may be one of the operator's that is slower by as much, with the safety that grids' distances have. Pairs are
// made one to one, the closest first.
func (g Grids) Match() []Found {
	fine := g[0]
	partner := make([][]int, len(g)) // of the modes of the finest, by grid
	for k := 1; k < len(g); k++ {
		partner[k] = pair(fine, g[k])
	}
	var doubts []float64
	used := make([][]bool, len(g))
	for k := range g {
		used[k] = make([]bool, len(g[k].Modes))
	}
	var found []Found
	for i, m := range fine.Modes {
		f := Found{Rate: m.Rate, Algebra: m.Algebra + cmplx.Abs(fine.Zero), Floor: fine.floor(m), At: []int{i}}
		everywhere := true
		for k := 1; k < len(g); k++ {
			j := partner[k][i]
			if j < 0 {
				everywhere = false
				continue
			}
			f.At = append(f.At, j)
			o := g[k].Modes[j]
			f.Grid = max(f.Grid, gridSafety*cmplx.Abs(o.Rate-m.Rate))
			f.Algebra = max(f.Algebra, o.Algebra+cmplx.Abs(g[k].Zero))
			f.Floor = max(f.Floor, g[k].floor(o))
		}
		f.Below = cmplx.Abs(f.Rate) <= f.Floor
		f.Error = f.Grid + f.Algebra
		switch {
		case everywhere && m.smooth() && f.Floor <= near*fine.Size:
			found = append(found, f)
			used[0][i] = true
			for k := 1; k < len(g); k++ {
				used[k][partner[k][i]] = true
			}
		case everywhere:
			doubts = append(doubts, real(f.Rate))
		}
	}
	for k, s := range g {
		for i, m := range s.Modes {
			if !used[k][i] && (m.smooth() || k == 0 && m.Rough < alternating) {
				doubts = append(doubts, real(m.Rate))
			}
		}
	}
	inOrder(found)
	for i := range found {
		found[i].doubtedBy(doubts, real(found[i].Rate)+found[i].Error, g)
	}
	return found
}

// doubtedBy puts a mode, up to whose upper end others count, in doubt by rates that are not known to be modes, or not to what error.
func (f *Found) doubtedBy(rates []float64, upper float64, g Grids) {
	for _, d := range rates {
		f.Doubt = f.Doubt || d-gridSafety*near*g[0].Size < upper
	}
}

// inOrder makes the errors those of the k-th slowest rate: it lies between the k-th of all
// lower ends and the k-th of all upper ends, as the grids are apart.
func inOrder(found []Found) {
	var low, high []float64
	for _, f := range found {
		low, high = append(low, real(f.Rate)-f.Grid), append(high, real(f.Rate)+f.Grid)
	}
	slices.Sort(low)
	slices.Sort(high)
	for k := range found {
		f := &found[k]
		f.Grid = max(f.Grid, real(f.Rate)-low[k], high[k]-real(f.Rate))
		f.Error = f.Grid + f.Algebra
	}
}

// smooth reports that the grid shows the mode's shape.
func (m Mode) smooth() bool { return m.Rough < rough }

// pair returns, for every mode of a, the index of that of b which is the same, or -1.
func pair(a, b *Spectrum) []int {
	to, taken := make([]int, len(a.Modes)), make([]bool, len(b.Modes))
	for i := range to {
		to[i] = -1
	}
	for {
		best, at, with := math.Inf(1), -1, -1
		for i, m := range a.Modes {
			if to[i] >= 0 {
				continue
			}
			for j, o := range b.Modes {
				if d := cmplx.Abs(m.Rate - o.Rate); !taken[j] && d < best && a.same(m, b, o) {
					best, at, with = d, i, j
				}
			}
		}
		if at < 0 {
			return to
		}
		to[at], taken[with] = with, true
	}
}

// same reports that two modes of two grids may be one of the operator's.
func (s *Spectrum) same(m Mode, t *Spectrum, o Mode) bool {
	size := near * min(s.Size, t.Size)
	return cmplx.Abs(m.Rate-o.Rate) <= size+min(size, s.floor(m)+t.floor(o))
}

// Nearest returns the mode's rate that is nearest to a rate, and false if it is none of the
// same mode.
func (s *Spectrum) Nearest(rate complex128) (complex128, bool) {
	k, ok := s.nearest(rate)
	if k < 0 {
		return cmplx.Inf(), false
	}
	return s.Modes[k].Rate, ok
}

// nearest returns the index of the mode whose rate is nearest to a rate, or -1, and whether it
// is of the same mode.
func (s *Spectrum) nearest(rate complex128) (int, bool) {
	at := -1
	for k, m := range s.Modes {
		if at < 0 || cmplx.Abs(m.Rate-rate) < cmplx.Abs(s.Modes[at].Rate-rate) {
			at = k
		}
	}
	return at, at >= 0 && s.same(s.Modes[at], s, Mode{Rate: rate})
}
