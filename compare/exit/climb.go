package exit

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"

	"kolmo/compare"
)

// Constants of the ladders of grids.
const (
	// chainFirst is the least number of cells of a chain's grids, each of which has
	// chainFiner times those of the one before, so that ends of cells do not meet again.
	chainFirst, chainFiner = 100, 1.37
	// chainApart is the number of the last grids that are looked at together: errors of first order
	// with changing signs may be alike on two.
	chainApart = 5
	// chainSafety multiplies how far the last is from the others.
	chainSafety = 3
	// chainWork is the most multiplications on one grid, and chainBytes the most memory.
	chainWork, chainBytes = 4e8, 4e8

	// modelFirst and modelMost are the least and the most cells of a model's grids.
	modelFirst, modelMost = 64, 1 << 19
	modelSafety           = 2
	// modelThick is the largest |2 b/a| h at which the cells of a model resolve its layers.
	modelThick = 1
	// unsolved is the relative error of a solver beyond which a grid tells nothing.
	unsolved = 0.1
	// rounding is what each state adds to the relative error of a time.
	rounding = 4 * 0x1p-52
)

// found is a mean time with its error.
type found struct {
	t, space, rules float64
	cells           int
	rung            []int // cells of the grids that it is from
	why             string
}

// none is found where there is no time.
func none(why string) *found { return &found{t: math.NaN(), space: math.NaN(), why: why} }

// climbChain looks at finer grids of a chain until the times of the last ones are alike, or the
// next takes too long. fixed, if not zero, is the finest grid. A grid whose solver leaves more than unsolved ends them.
func climbChain(ctx context.Context, l ladder, accuracy float64, fixed int, on onChain) (*found, error) {
	var list []float64
	var grids []int // their cells
	last, before := none(unknown), 0
	first := float64(l.first)
	if fixed > 0 {
		first = max(2, float64(fixed)/math.Pow(chainFiner, chainApart-1))
	}
	for n := first; ; n *= chainFiner {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		cells := int(math.Round(n))
		t, spent, err := on(ctx, cells)
		if err != nil {
			return nil, err
		}
		if !(spent.Left <= unsolved) {
			if spent.Bytes > l.bytes {
				return none(crowded), nil
			}
			return last, nil
		}
		list, grids = append(list, t), append(grids, cells)
		f := &found{t: t, space: math.Inf(1), cells: cells, rung: []int{before}}
		before = cells
		full := len(list) >= chainApart
		if full {
			if math.IsInf(t, 1) && (math.IsInf(list[len(list)-2], 1) || l.isLast(spent) || fixed > 0 && cells >= fixed) {
				return none(endless), nil
			}
			f.t, f.space = l.judged(list[len(list)-chainApart:], grids[len(grids)-chainApart:], last)
			f.space += (rounding*float64(cells) + spent.Left) * t
			last = f
		}
		if full && f.space <= l.share*accuracy*t && !math.IsInf(t, 1) || fixed > 0 && cells >= fixed {
			return f, nil
		}
		if l.isLast(spent) {
			if !full {
				return none(crowded), nil
			}
			return f, nil
		}
	}
}

// isLast reports that a finer grid than one that took so much is beyond the ladder.
func (l ladder) isLast(on Spent) bool {
	return on.Work*chainFiner*chainFiner*chainFiner > l.work || on.Bytes*chainFiner*chainFiner > l.bytes
}

// judged returns a chain's time and its error from the last grids. On the line it is that of the finest, and three times how far
// the others are away. In the plane jumps are smeared along curves, and what prevails is the variance that corners add to a step, h^2/6
// times a variance of it: ln T is a line in h^2. Its value at 0 is the time, and the error three times how far its rests are apart and all that
// the line adds to the finest grid's. It falls no faster than h^4 from that of the grid before.
func (l ladder) judged(times []float64, cells []int, before *found) (t, space float64) {
	n := len(times)
	if t = times[n-1]; !l.fits {
		for _, other := range times {
			space = math.Max(space, chainSafety*math.Abs(other-t))
		}
		return t, space
	}
	x, y := make([]float64, n), make([]float64, n)
	for i := range times {
		x[i], y[i] = 1/float64(cells[i])/float64(cells[i]), math.Log(times[i])
	}
	at0, slope := stat.LinearRegression(x, y, nil, false)
	for i := range x {
		y[i] -= at0 + slope*x[i]
	}
	apart := floats.Max(y) - floats.Min(y)
	t = math.Exp(at0)
	share := math.Expm1(chainSafety*apart + math.Abs(slope)*x[n-1])
	if before.space > 0 {
		share = math.Max(share, before.space/before.t/math.Pow(chainFiner, 4))
	}
	return t, share * t
}

// Reasons of times that are infinite, or not known.
const (
	endless    = "no way out is seen from the point: the mean time is infinite, or above 1e300"
	unknown    = "no solution of T = eta + S T is known to 10 %: the mean time is too many steps for double precision"
	crowded    = "a step has too many images for grids of the plane: want fewer values of xi, fewer quadrature.points, or coarser grids by solver.nodes"
	refused    = "its grids have at least %d and at most %d cells along an axis, and solver.nodes asks for %d"
	unresolved = "layers not resolved: 2|b|/a times a cell is above %g on %d cells, so that the drift carries paths over whole cells"
)

// leastCells is the least number of cells of a model's coarsest grid: cubics take four nodes.
const leastCells = 4

// fewest returns the least number of cells that a study may fix.
func (l ladder) fewest() int {
	return int(math.Ceil(leastCells * math.Pow(l.finer, float64(l.grids-1))))
}

// cellsOf returns the numbers of cells of a model's grids, each finer times that before it; fixed, if not zero, is the last.
func (l ladder) cellsOf(fixed int) []int {
	first, most := float64(l.first), float64(l.most)
	if fixed > 0 {
		first, most = float64(fixed)/math.Pow(l.finer, float64(l.grids-1)), float64(fixed)
	}
	var list []int
	for n := first; n <= most*(1+1e-9); n *= l.finer {
		list = append(list, int(math.Round(n)))
	}
	return list
}

// climbModel looks at finer grids of a model until these resolve its layers, and what two
// extrapolations differ by is small or no longer falls.
func climbModel(ctx context.Context, l ladder, fixed int, on onModel) (*found, error) {
	var best *found
	last, before := math.NaN(), math.NaN() // on the coarser grid, and extrapolated from it and the one before
	var moved []float64                    // how far extrapolations were apart, the last first
	if fixed > 0 && (fixed < l.fewest() || fixed > l.most) {
		return none(compare.Say(refused, l.fewest(), l.most, fixed)), nil
	}
	list := l.cellsOf(fixed)
	for k, n := range list {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		t, thick, why := on(n)
		switch {
		case why != "" && best != nil && l.left > 0:
			return best, nil // finer grids lose more digits
		case why != "":
			return none(why), nil
		}
		coarser := list[max(k-1, 0)]
		e := l.extrapolated(t, last, n, coarser)
		if math.IsInf(t, 1) && thick <= modelThick {
			return none(endless), nil
		}
		moved = append([]float64{math.Abs(e - before)}, moved...)
		if k+1 >= l.grids && thick <= modelThick {
			apart, share := 0.0, 1.0
			for _, d := range moved[:l.grids-2] {
				apart, share = math.Max(apart, share*d), share*l.fall
			}
			f := &found{t: e, space: modelSafety*apart + (rounding*float64(n)+l.left)*e, cells: n, rung: []int{coarser, n}}
			better := best == nil || f.space < best.space
			if better {
				best = f
			}
			if f.space <= l.share*e || !better {
				break
			}
		}
		last, before = t, e
	}
	if best == nil {
		return none(compare.Say(unresolved, float64(modelThick), list[len(list)-1])), nil
	}
	return best, nil
}
