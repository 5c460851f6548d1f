package spectrum

import (
	"math"
	"math/cmplx"
	"slices"
)

// Constants of matching.
const (
	// near is the share of its rate by which a mode may move between two grids and still be
	// taken for the same.
	near = 0.02
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
}

// Grids is what several grids say, the finest first.
type Grids []*Spectrum

// Stable reports that no grid has a mode that grows by more than its error.
func (g Grids) Stable() bool {
	for _, s := range g {
		for _, m := range s.Modes {
			if -real(m.Rate) > s.floor(m) {
				return false
			}
		}
	}
	return true
}

// floor is the rate that is not told from zero.
func (s *Spectrum) floor(m Mode) float64 {
	return max(algebraSafety*m.Algebra, algebraSafety*cmplx.Abs(s.Zero), s.Least)
}

// Match returns the modes that all grids have, the slowest first. A mode of one grid alone is
// the grid's: a discretised S has such modes of all rates, and they move from grid to grid.
// One that two grids of three share leaves those after it in doubt. Pairs are made one to
// one, the closest first.
func (g Grids) Match() []Found {
	fine := g[0]
	partner := make([][]int, len(g)) // of the modes of the finest, by grid
	for k := 1; k < len(g); k++ {
		partner[k] = pair(fine, g[k])
	}
	var doubts []float64
	var found []Found
	for i, m := range fine.Modes {
		f := Found{Rate: m.Rate, Algebra: m.Algebra + cmplx.Abs(fine.Zero), Floor: fine.floor(m)}
		seen := 0
		for k := 1; k < len(g); k++ {
			j := partner[k][i]
			if j < 0 {
				continue
			}
			seen++
			o := g[k].Modes[j]
			f.Grid = max(f.Grid, gridSafety*cmplx.Abs(o.Rate-m.Rate))
			f.Algebra = max(f.Algebra, o.Algebra+cmplx.Abs(g[k].Zero))
			f.Floor = max(f.Floor, g[k].floor(o))
		}
		f.Below = cmplx.Abs(f.Rate) <= f.Floor
		f.Error = f.Grid + f.Algebra
		switch {
		case seen == len(g)-1:
			found = append(found, f)
		case seen > 0:
			doubts = append(doubts, real(f.Rate))
		}
	}
	doubts = append(doubts, g.others(partner)...)
	for i := range found {
		for _, d := range doubts {
			found[i].Doubt = found[i].Doubt || d < real(found[i].Rate)+found[i].Error
		}
	}
	return found
}

// others returns the rates of modes that coarser grids share and the finest has not.
func (g Grids) others(partner [][]int) []float64 {
	var rates []float64
	for k := 1; k < len(g); k++ {
		for l := k + 1; l < len(g); l++ {
			for i, j := range pair(g[k], g[l]) {
				if j >= 0 && !slices.Contains(partner[k], i) && !slices.Contains(partner[l], j) {
					rates = append(rates, real(g[k].Modes[i].Rate))
				}
			}
		}
	}
	return rates
}

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
	return cmplx.Abs(m.Rate-o.Rate) <= near*max(real(m.Rate), real(o.Rate))+s.floor(m)+t.floor(o)
}

// Nearest returns the mode's rate that is nearest to a rate, and false if it is none of the
// same mode.
func (s *Spectrum) Nearest(rate complex128) (complex128, bool) {
	best := Mode{Rate: cmplx.Inf()}
	for _, m := range s.Modes {
		if cmplx.Abs(m.Rate-rate) < cmplx.Abs(best.Rate-rate) {
			best = m
		}
	}
	return best.Rate, s.same(best, s, Mode{Rate: rate})
}
