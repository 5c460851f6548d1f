package exit

import (
	"context"
	"math"

	"kolmo/compare"
	"kolmo/compare/unit"
	"kolmo/process"
)

// domain is what is left: a Place on the line, a Box in the plane, or an interval beside a range.
type domain interface {
	// chainOn returns what finds the mean number of steps of a chain on a grid, and its grids.
	chainOn(d process.Dynamics, eta float64) (onChain, ladder)
	// modelOn returns what finds the mean time of a model on a grid, and its grids.
	modelOn(p *compare.Problem, d process.Dynamics, m *process.Diffusion, eta float64, workers int) (onModel, ladder)
	// shown returns what rows say of it.
	shown(p *compare.Problem) compare.ExitPlace
}

type (
	onChain func(ctx context.Context, cells int) (steps float64, spent Spent, err error)
	onModel func(cells int) (t, thick float64, why string)
)

// ladder says on which grids a time is found.
type ladder struct {
	first, most int     // cells along an axis; most of models
	order       int     // of a model's differences
	grids       int     // that a model needs
	finer       float64 // cells of a model's grid over those of the one before
	fall        float64 // what extrapolations of a model differ by falls no faster from grid to grid
	share       float64 // the relative error that times aim at, of chains over the accuracy
	left        float64 // the relative error that rounding may leave on a model's grids
	fits        bool    // times of a chain are those of a line in h^2
	work, bytes float64 // the most multiplications on one grid of a chain, and the most memory
}

// Grids on the line and in the plane. Plane grids are few because elimination takes cells^4.
var (
	lineChain = ladder{first: chainFirst, share: 0.02, work: chainWork, bytes: chainBytes}
	// Where drift or noise have a kink in a cell errors fall like h^2, times what depends on where in it: on grids
	// with nodes in common a kink near one of them would be missed alike.
	lineModel  = ladder{first: modelFirst, most: modelMost, order: 2, grids: 5, finer: 1.87, fall: 0.29, share: 1e-6}
	planeChain = ladder{first: 24, share: 0.2, fits: true, work: 5e9, bytes: 8e8}
	planeModel = ladder{first: 8, most: 256, order: 2, grids: 4, finer: 2, fall: 1. / 16, share: 3e-4}
	// drivenModel is of models that have noise along one axis alone.
	drivenModel = ladder{first: 8, most: 128, order: 1, grids: 4, finer: 2, fall: 1. / 4, share: 3e-4}
)

// driven is how many times as many cells the axis without noise has: elimination takes only as many times as long.
const driven = 8

// extrapolated returns the value at h = 0 of a time on two grids, the finer one first, of so many cells.
func (l ladder) extrapolated(fine, coarse float64, cells, coarser int) float64 {
	return fine + (fine-coarse)/(math.Pow(float64(cells)/float64(coarser), float64(l.order))-1)
}

func (at *Place) chainOn(d process.Dynamics, eta float64) (onChain, ladder) {
	chain := d.Chain(eta)
	on := func(_ context.Context, cells int) (float64, Spent, error) { return OfChain(chain, at, cells) }
	return orOnLattice(chain, []float64{at.Lo}, []float64{at.Hi}, []float64{at.X}, on), lineChain
}

func (at *Place) modelOn(_ *compare.Problem, d process.Dynamics, m *process.Diffusion, eta float64, workers int) (onModel, ladder) {
	c := coefficients(d, m, eta, workers)
	return func(cells int) (t, thick float64, why string) { return OfModel(c, at, cells) }, lineModel
}

func (at *Place) shown(p *compare.Problem) compare.ExitPlace {
	user := func(x float64) compare.Number { return p.ToUser([]float64{x})[0] }
	lo, hi := user(at.Lo), user(at.Hi)
	return compare.ExitPlace{Interval: &[2]compare.Number{min(lo, hi), max(lo, hi)}, Box: [][2]compare.Number{}, X: compare.Point{user(at.X)}}
}

func (at *Box) chainOn(d process.Dynamics, eta float64) (onChain, ladder) {
	chain, lo, hi := unit.InUsers(d, eta), at.Lo, at.Hi
	for k, kept := range at.Kept {
		if kept { // its ends are no faces
			lo[k], hi[k] = 2*at.Lo[k]-at.Hi[k], 2*at.Hi[k]-at.Lo[k]
		}
	}
	return orOnLattice(chain, lo[:], hi[:], at.X[:], (&Planar{Chain: chain, Box: at}).On), planeChain
}

func (at *Box) modelOn(p *compare.Problem, d process.Dynamics, m *process.Diffusion, eta float64, workers int) (onModel, ladder) {
	c := unit.UsersPlane(p, d, m, eta, workers)
	// Which axes have noise is seen on the coarsest grid; finer ones look again.
	points := at.nodes([2]int{planeModel.first, planeModel.first})
	cells, l := [2]int{1, 1}, planeModel
	if noisy, why := at.noisy(c(points), points); why == "" && noisy[0] != noisy[1] {
		l = drivenModel
		for k := range cells {
			if !noisy[k] {
				cells[k] = driven
			}
		}
	}
	return func(n int) (t, thick float64, why string) {
		return OfModelInBox(c, at, [2]int{n * cells[0], n * cells[1]})
	}, l
}

func (at *Box) shown(*compare.Problem) compare.ExitPlace {
	out := compare.ExitPlace{}
	for k := range at.Lo {
		out.Box = append(out.Box, [2]compare.Number{compare.Number(at.Lo[k]), compare.Number(at.Hi[k])})
		out.X = append(out.X, compare.Number(at.X[k]))
	}
	return out
}
