package exit

import (
	"context"
	"fmt"
	"math"
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
	// chainShare is the share of the accuracy that a chain's times aim at.
	chainShare = 0.02
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
	var last *found
	before := 0 // cells
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
			if last == nil {
				return none(unknown), nil
			}
			return last, nil
		}
		list = append(list, t)
		f := &found{t: t, space: math.Inf(1), cells: cells, rung: []int{before}}
		last = f
		before = cells
		full := len(list) >= chainApart
		if full {
			own := (rounding*float64(cells) + spent.Left) * t
			f.space = own
			for _, other := range list[len(list)-chainApart:] {
				f.space = math.Max(f.space, chainSafety*math.Abs(other-t)+own)
			}
			if math.IsInf(t, 1) && math.IsInf(list[len(list)-2], 1) {
				return none(endless), nil
			}
		}
		if full && f.space <= chainShare*accuracy*t || fixed > 0 && cells >= fixed {
			return f, nil
		}
		if full && (spent.Work*chainFiner*chainFiner*chainFiner > l.work || spent.Bytes*chainFiner*chainFiner > l.bytes) {
			return f, nil
		}
	}
}

// Reasons of times that are infinite, or not known.
const (
	endless    = "no way out of the interval is seen from the point: the mean time is infinite, or above 1e300"
	unknown    = "no solution of T = eta + S T is known to 10 %: the mean time is too many steps for double precision"
	unresolved = "layers not resolved: 2|b|/a times a cell is above %g on %d cells, so that the drift carries paths over whole cells"
)

// climbModel doubles the cells of a model's grids until these resolve its layers, and what two
// extrapolations of second order differ by is small or no longer falls.
func climbModel(ctx context.Context, l ladder, fixed int, on onModel) (*found, error) {
	var best *found
	last, before := math.NaN(), math.NaN() // on the coarser grid, and extrapolated from it
	first, most := l.first, l.most
	if fixed > 0 {
		first = max(4, (fixed+3)/4)
		most = 4 * first
	}
	for n := first; n <= most; n *= 2 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		t, thick, why := on(n)
		if why != "" {
			return none(why), nil
		}
		e := l.extrapolated(t, last)
		if math.IsInf(t, 1) && thick <= modelThick {
			return none(endless), nil
		}
		if n >= 4*first && thick <= modelThick {
			f := &found{t: e, space: modelSafety*math.Abs(e-before) + rounding*float64(n)*e, cells: n, rung: []int{n / 2, n}}
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
		return none(fmt.Sprintf(unresolved, float64(modelThick), most)), nil
	}
	return best, nil
}
