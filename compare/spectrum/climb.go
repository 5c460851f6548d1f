package spectrum

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/cmplx"
	"slices"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/compare/waves"
	"kolmo/grid"
)

// Constants of the climb.
const (
	// denseNodes is the largest grid whose eigenvalues are all computed, and blockNodes the
	// largest of which some are.
	denseNodes = 600
	blockNodes = 1800
	// spectrumExtra and spectrumTimes say how many modes of a grid are looked at: some are
	// the grid's.
	spectrumExtra = 16
	spectrumTimes = 3
	// spectrumPatience is the number of grids that may fail to lower the errors.
	spectrumPatience = 3
	// boxRatio is the half-width of a model's box over the chain's, where the model leaves it
	// open; narrowRatio that of the third grid's box over this.
	boxRatio    = 1.5
	narrowRatio = 0.88
)

// The nodes per axis that are tried, by dimension, for S, for L by collocation, and for both by
// differences. Modes of S may turn fast; L does not bear many nodes on a narrow box.
var (
	collocationForS     = [grid.MaxDim + 1][]int{nil, {40, 48, 64, 80, 96, 128, 160, 192, 224, 256, 320, 384, 448}, {12, 14, 16, 20, 24, 32, 40, 48}, {6, 7, 8, 10, 12}}
	collocationSpectrum = [grid.MaxDim + 1][]int{nil, {20, 24, 28, 32, 40, 48, 64, 80, 96, 128, 160, 192, 224, 256}, {10, 12, 14, 16, 20, 24, 32, 40, 48}, {6, 7, 8, 10, 12}}
	uniformSpectrum     = [grid.MaxDim + 1][]int{nil, {48, 64, 96, 128, 192, 256, 384, 512}, {16, 20, 24, 32, 40, 48}, {}}
)

// spectrumShare is the share of the accuracy that a climb aims at, by dimension.
var spectrumShare = [grid.MaxDim + 1]float64{0, 0.01, 0.2, 0.5}

// climbed is what grids of rising resolution say.
type climbed struct {
	found    []Found
	rules    []float64 // per mode: the error by the quadrature over xi
	tapers   []float64 // per mode: what the end of the noise does
	from     []*rung   // per mode: the grids that know it
	half     float64   // of their boxes
	why      string    // why nothing of it is certain
	zeros    int       // rates that are exactly zero after the constant's, zerosWhy why
	zerosWhy string
	failed   error        // of the last grid that could not be used
	wells    []Interval   // that the chain cannot leave
	fading   *unit.Fading // which share of what nearer ends change the ends do; nil where none ends but by definition
}

// rung is three grids of a ladder, and what two of them say otherwise.
type rung struct {
	grids Grids
	at    int // index of the finest in the ladder
	nodes int // of it, per axis
	others
}

// nodes is that of the finest grids that know a mode, or the last one.
func (c *climbed) nodes(k int) int {
	if len(c.from) == 0 {
		return 0
	}
	return c.from[min(k, len(c.from)-1)].nodes
}

// missing says why an eigenvalue is not there.
func (c *climbed) missing() string {
	why := "not resolved: no such eigenvalue on three grids alike"
	if c.failed != nil {
		why += "; " + march.Instability(c.failed)
	}
	return why
}

// source returns the spectrum on a rung of the ladder; narrow asks for another box. The error
// *unusable says what made the grid useless; others end the study.
type source func(nodes int, narrow bool) (*Spectrum, error)

// unusable is the failure of a grid that others need not share.
type unusable struct{ err error }

func (u *unusable) Error() string { return u.err.Error() }

// Unwrap returns what made the grid useless.
func (u *unusable) Unwrap() error { return u.err }

// ascend looks at finer and finer grids, three at a time, until all modes are known to a
// share of the accuracy and one finer grid more says the same, and keeps what was known best. What is said of a mode does
// not depend on how many faster ones are asked for. A flow is a model without noise.
func (s *Kind) ascend(ctx context.Context, ladder []int, boxes, flow bool, fast *waves.Waves, on source) (*climbed, error) {
	c := &climbed{}
	count := s.spectrumCount()
	wide, narrow := map[int]*Spectrum{}, map[int]*Spectrum{}
	get := func(k int, of map[int]*Spectrum, isNarrow bool) (*Spectrum, error) {
		if sp, ok := of[k]; ok {
			return sp, nil
		}
		sp, err := on(ladder[k], isNarrow)
		if u, ok := err.(*unusable); ok {
			c.failed, err = u.err, nil
		}
		if err != nil {
			return nil, err
		}
		of[k] = sp
		return sp, nil
	}
	target := spectrumShare[len(s.Problem.Ball.Center)] * s.Problem.Accuracy
	known, worst, idle, line := -1, math.Inf(1), 0, len(s.Problem.Ball.Center) == 1
	for k := 2; k < len(ladder) && (known <= 0 || idle < spectrumPatience); k++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		fine, err := get(k, wide, false)
		if err != nil {
			return nil, err
		}
		second, err := get(k-1, wide, false)
		if err != nil {
			return nil, err
		}
		idle++
		var third *Spectrum
		if boxes {
			third, err = get(k-1, narrow, true)
		} else {
			third, err = get(k-2, wide, false)
		}
		if err != nil {
			return nil, err
		}
		if fine == nil || second == nil || third == nil {
			continue
		}
		g := Grids{fine, second, third}
		if why := g.Useless(count); why != "" {
			c.failed = errors.New(why)
		}
		// What rounding hides of fast modes says nothing against slow ones that are known.
		first := max(1, known)
		if g.Useless(first) != "" {
			continue
		}
		found := g.Match()
		if before := k - 3; !boxes && before >= 0 || boxes {
			if boxes {
				before = k - 2
			}
			older, err := get(before, wide, false)
			if err != nil {
				return nil, err
			}
			if older != nil {
				since(found, older, wide[before-1], len(s.Problem.Ball.Center))
			}
		}
		var coarser []*Spectrum
		for at := range k {
			coarser = append(coarser, wide[at])
		}
		asMissed(found, fine, coarser, flow)
		turned(fast, found, fine, count)
		alike := consistent(found, c.found, first)
		if !alike {
			known, worst, c.found, c.from = -1, math.Inf(1), nil, nil // the finer grids know better
		}
		if c.heldTo(found); alike && c.found != nil {
			known, worst = s.quality(c.found, count)
		}
		done := known == count && worst <= target
		prefix, off := s.quality(found, count)
		c.take(found, &rung{grids: g, at: k, nodes: ladder[k]}, prefix > known || prefix == known && off < worst, target, s.Problem.Accuracy)
		waiting := line && slices.ContainsFunc(found[:min(count, len(found))], func(f Found) bool { return f.Waves })
		if prefix, off = s.quality(c.found, count); prefix > known || off < 0.7*worst || waiting {
			idle = 0 // finer grids on the line resolve more waves
		}
		known, worst = prefix, off
		if done && alike {
			break
		}
	}
	return c, nil
}

// olderShare is the share of how far the grid before three others is from the finest that is taken to remain, however close
// the three are, by dimension: on the line finer grids cost little.
var olderShare = [grid.MaxDim + 1]float64{0, 0.3, 0.05, 0.05}

// Constants of what grids before three others tell.
const (
	// oldestSafety multiplies the factor by which the grid before the older one was farther, where it is less than that share.
	oldestSafety = 3
	// slowSafety multiplies q/(1-q) where distances fall by q, up to slowMost.
	slowSafety, slowMost = 3, 10
	// slowerShare is the share of a slower mode's error that a faster one has at the least: it asks more of grids.
	slowerShare = 0.5
	// finerShare is the share of what finer grids err by that counts beside how far they are.
	finerShare = 0.5
)

// since raises the errors of modes of three grids by what a coarser one shows, and one before it, which may be nil: how fast grids come
// closer. Three may hide that which share an error, as errors of collocation fall like q^n cos(n theta).
func since(found []Found, older, oldest *Spectrum, dim int) {
	for k := range found {
		f := &found[k]
		at, ok := older.nearest(f.Rate)
		if !ok {
			at = -1 // it has moved farther than modes may
		}
		// Beyond what rounding does.
		last, before := max(0, f.Grid/gridSafety-f.Algebra), near*older.Size
		if at >= 0 {
			o := older.Modes[at]
			before = max(0, cmplx.Abs(o.Rate-f.Rate)-o.Algebra-f.Algebra)
		}
		remains := olderShare[dim]
		if oldest != nil {
			if v, ok := oldest.Nearest(f.Rate); ok && v != f.Rate {
				remains = min(remains, oldestSafety*before/cmplx.Abs(v-f.Rate))
			}
		}
		grid := max(f.Grid, remains*before)
		if q := last / before; q < 1 {
			grid = max(grid, min(slowSafety*q/(1-q), slowMost)*last)
		} else if last > 0 {
			grid = max(grid, slowMost*last)
		}
		f.Grid = grid
	}
	most := 0.0
	for k := range found {
		f := &found[k]
		if dim == 1 { // modes of other axes have nothing to do with each other
			f.Grid = max(f.Grid, slowerShare*most)
		}
		f.Error, most = f.Grid+f.Algebra, f.Grid
	}
}

// heldTo raises the errors of what is known to how far finer grids are from it and what they err by, beyond what rounding does to them.
func (c *climbed) heldTo(finer []Found) {
	for k := range min(len(finer), len(c.found)) {
		f := &c.found[k]
		n := &finer[k]
		if !consistent(finer[k:k+1], c.found[k:k+1], 1) {
			return // another mode has this place, and all others move on
		}
		if off := cmplx.Abs(n.Rate-f.Rate) + finerShare*n.Grid - n.Algebra; off > f.Grid {
			f.Grid, f.Error = off, off+f.Algebra
		}
	}
}

// take lets modes of three grids take the place of those known before: of better grids all but what was known to more than is
// aimed at and is so no more, of others those that were not known so well.
func (c *climbed) take(found []Found, r *rung, better bool, target, accuracy float64) {
	for k, f := range found {
		if k == len(c.found) {
			c.found, c.from = append(c.found, f), append(c.from, r)
			continue
		}
		if !consistent(found[k:k+1], c.found[k:k+1], 1) {
			// Another mode has this place on the finer grids, and all others move on.
			c.found, c.from = slices.Delete(c.found, k, len(c.found)), slices.Delete(c.from, k, len(c.from))
			c.take(found, r, better, target, accuracy)
			return
		}
		now, before := f.share(accuracy), c.found[k].share(accuracy)
		if worse := now > before && now > target; better && !worse || now < before && before > target {
			c.found[k], c.from[k] = f, r
		}
	}
}

// share is the relative error of a mode, infinite where it is not known to the accuracy.
func (f Found) share(accuracy float64) float64 {
	if f.Below && !f.Doubt {
		return 0
	}
	if share := f.Error / math.Abs(real(f.Rate)); !f.Doubt && share <= accuracy {
		return share
	}
	return math.Inf(1)
}

// consistent reports that the first modes agree within their errors.
func consistent(a, b []Found, count int) bool {
	for k := range min(count, len(a), len(b)) {
		if !(cmplx.Abs(a[k].Rate-b[k].Rate) <= a[k].Error+b[k].Error) {
			return false
		}
	}
	return true
}

// quality returns how many of the first modes are known to the accuracy, or below the floor,
// and the largest relative error of these; that of the first if it is none.
func (s *Kind) quality(found []Found, count int) (prefix int, worst float64) {
	for _, f := range found[:min(count, len(found))] {
		share := f.share(s.Problem.Accuracy)
		if share > s.Problem.Accuracy {
			if prefix == 0 {
				worst = f.Error / math.Abs(real(f.Rate))
			}
			return prefix, worst
		}
		prefix, worst = prefix+1, max(worst, share)
	}
	if prefix == 0 {
		worst = math.Inf(1)
	}
	return prefix, worst
}

// looked is the number of modes of a grid that are looked at.
func (s *Kind) looked() int { return spectrumTimes*s.spectrumCount() + spectrumExtra }

// spectrumMethod is the discretisation of the study.
func (s *Kind) spectrumMethod() survey.Method {
	if s.Problem.Solver.Space == compare.SpaceUniform {
		return survey.Uniform(s.Problem.Solver.Order)
	}
	return survey.Chebyshev()
}

// spectrumLadder returns the nodes per axis that are tried; of a grid that the study fixes
// its 0.7, 0.85 and whole.
func (s *Kind) spectrumLadder(r survey.Role) ([]int, error) {
	m, d := s.spectrumMethod(), len(s.Problem.Ball.Center)
	list := collocationSpectrum[d]
	switch {
	case m.Kind == grid.KindUniform:
		list = uniformSpectrum[d]
	case r == survey.ForS:
		list = collocationForS[d]
	}
	if fixed := s.Problem.Solver.Nodes; fixed != nil {
		n := fixed[0]
		for _, v := range fixed {
			n = min(n, v)
		}
		list = []int{int(math.Ceil(0.7 * float64(n))), int(math.Ceil(0.85 * float64(n))), n}
	}
	most := float64(blockNodes)
	if s.Problem.Solver.Nodes != nil || d == 1 {
		most = denseNodes
	}
	var ladder []int
	for _, n := range list {
		if n >= m.MinNodes()-2 && math.Pow(float64(n), float64(d)) <= most {
			ladder = append(ladder, n)
		}
	}
	if len(ladder) < 3 {
		return nil, &compare.InputError{Key: "solver", Msg: fmt.Sprintf("a spectrum study needs three grids of at most %d nodes that %s can have in %d dimensions; want other nodes, or space: chebyshev", denseNodes, m, d)}
	}
	return ladder, nil
}
