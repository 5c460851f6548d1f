package crossing

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sort"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/process"
)

// Constants of the climb.
const (
	// crossingSafety multiplies how far two grids are apart.
	crossingSafety = 3
	// crossingFall is the most that a finer grid is trusted to lower how far grids are apart.
	crossingFall = 2
	// crossingLoosest is the error over the time from which there is no time: what a grid does
	// not resolve grows from an unstable point as the mean does.
	crossingLoosest = 0.05
	// crossingSlowest is the factor by which pairs must come closer at least, and crossingRounding the distance over the
	// time from which they need not.
	crossingSlowest  = 0.8
	crossingRounding = 1e-12
	// crossingPatience is the number of grids that may fail to lower the errors.
	crossingPatience = 2
	// crossingBox is the half-width of every second box over the others, where a model leaves
	// it open.
	crossingBox = 1.1
	// crossingOrder is the order of S's interpolation, whose errors add up over the steps, unless
	// the study chooses one.
	crossingOrder = 10
	// crossingCut is the number of times in a step at which grids are held to each other, of models.
	crossingCut = 8
)

// crossingShare is the share of the accuracy that a climb aims at, by dimension: times of models
// differ by less than the accuracy of one.
var crossingShare = [grid.MaxDim + 1]float64{0, 1e-4, 5e-3, 0.1}

// crossingFirst and crossingMost are the least and the most nodes per axis that are tried, of
// collocation and of differences, by dimension.
var (
	crossingFirst = map[grid.Kind][grid.MaxDim + 1]int{grid.KindChebyshev: {0, 16, 16, 12}, grid.KindUniform: {0, 64, 40, 24}}
	crossingMost  = map[grid.Kind][grid.MaxDim + 1]int{grid.KindChebyshev: {0, 96, 40, 20}, grid.KindUniform: {0, 512, 128, 40}}
)

// crossingRun are the means of all observables from the point on one grid.
type crossingRun struct {
	nodes int
	cut   int         // parts of a step
	u     [][]float64 // [observable][part of a step], less the offset
	// line looks on lines between steps, first where the mean itself crosses: there too for the chain.
	line, first []*search
	missed      []float64 // by how much the grid misses the observables
	steps       [][]float64
	value       func(u []float64) float64
	sharp       func(u []float64) bool
	// isSharp tells it of the field at the first step behind the level, by observable.
	isSharp []bool
}

// crossingFound is what a climb knows of one observable.
type crossingFound struct {
	at    *crossed
	line  *crossed // on lines between steps; nil where it is not known
	loose float64  // the error of line over that of at
	space float64
	rules float64 // the error by the quadrature over xi
	taper float64 // what the end of the noise does
	apart float64 // how far the last two grids are apart; infinite before
	last  float64 // the same of the two before; 0 before
	nodes int
	why   string
	rung  [2]int // the method and the rung of the coarser of its two grids
	err   error
}

// crossingSource runs the study on a rung of a ladder under the law of a cache. Observables that
// rest are not waited for.
type crossingSource func(cache *survey.Cache, l survey.Level, rung int, rest []bool) (*crossingRun, error)

// crossingMethods are the discretisations that are tried: collocation, where the study and what
// is looked at allow it, and differences where that is not enough.
func (s *Kind) crossingMethods(analytic bool, order int) (list []survey.Method) {
	if s.Problem.Solver.Space == compare.SpaceChebyshev || s.Problem.Solver.Space == compare.SpaceAuto && analytic {
		list = append(list, survey.Chebyshev())
	}
	if s.Problem.Solver.Space != compare.SpaceChebyshev {
		list = append(list, survey.Uniform(cmp.Or(s.Problem.Solver.Order, order)))
	}
	return list
}

// chainCrossings finds the crossings of U^n.
func (s *Kind) chainCrossings(ctx context.Context, eta float64) ([]crossingFound, error) {
	return s.climbCrossing(ctx, survey.ForS, nil, eta, s.crossingMethods(true, crossingOrder), func(cache *survey.Cache, l survey.Level, _ int, rest []bool) (*crossingRun, error) {
		return s.chainCrossingOn(ctx, cache, l, eta, rest)
	})
}

// modelCrossings finds the crossings of u of a model.
func (s *Kind) modelCrossings(ctx context.Context, m *process.Diffusion, eta float64) ([]crossingFound, error) {
	return s.climbCrossing(ctx, survey.ForL, m, eta, s.crossingMethods(m.Analytic, compare.DefaultOrder), func(cache *survey.Cache, l survey.Level, rung int, rest []bool) (*crossingRun, error) {
		return s.modelCrossingOn(ctx, cache, l, m, eta, rung, rest)
	})
}

// climbCrossing looks at finer and finer grids until the times of two are alike, and keeps for
// each observable the pair that is closest, of a model or of the chain where it is nil.
func (s *Kind) climbCrossing(ctx context.Context, r survey.Role, m *process.Diffusion, eta float64, methods []survey.Method, on crossingSource) ([]crossingFound, error) {
	d := len(s.Problem.Ball.Center)
	aim := crossingShare[d] * s.Problem.Accuracy
	found := make([]crossingFound, len(s.Problem.Observables))
	for o := range found {
		found[o].space = math.Inf(1)
	}
	var ladders [][]survey.Level
	runs := map[[2]int]*crossingRun{}
	rest, err := s.stays(m, eta) // and where two grids say alike that nothing crosses
	if err != nil {
		return nil, err
	}
	for o := range found {
		if rest[o] {
			found[o].why = "the process rests there, and its mean does not change"
		}
	}
	still := slices.Clone(rest)
	for k, method := range methods {
		if !slices.Contains(rest, false) {
			break
		}
		ladder, err := method.Ladder(r, s.Problem, s.Problem.Solver.Nodes)
		if err != nil {
			return nil, err
		}
		ladders = append(ladders, ladder)
		for o := range found {
			found[o].apart, found[o].last = math.Inf(1), 0
		}
		first, end := 0, len(ladder)
		if s.Problem.Solver.Nodes == nil {
			first = sort.Search(end, func(i int) bool { return ladder[i].Largest() >= crossingFirst[method.Kind][d] })
			end = sort.Search(end, func(i int) bool { return ladder[i].Largest() > crossingMost[method.Kind][d] })
		}
		if m != nil {
			seen, err := survey.LayerFrom(s.Problem, m, ladder[first:end], 1)
			if err != nil {
				for o := range found {
					found[o].err = err
				}
				continue
			}
			first += seen
		}
		err = unit.Climb(ctx, end-first, crossingPatience, func(i int) (*crossingRun, error) {
			run, err := on(s.Cache, ladder[first+i], first+i, rest)
			runs[[2]int{k, first + i}] = run
			return run, err
		}, func(i int, fine, coarse *crossingRun) (better, enough bool) {
			enough = true
			for o := range found {
				if rest[o] {
					continue
				}
				better = found[o].meet(fine, coarse, o, [2]int{k, first + i - 1}, aim) || better
				rest[o] = found[o].why != ""
				enough = enough && found[o].known(aim)
			}
			return better, enough
		})
		if err != nil {
			if ctx.Err() != nil || s.Problem.Solver.Nodes != nil && process.NonFinite(err) {
				return nil, err
			}
			for o := range found { // finer grids fail as well
				found[o].err = err
			}
		}
		if !slices.ContainsFunc(found, func(f crossingFound) bool { return !f.known(aim) }) {
			break
		}
	}
	for o := range found {
		if still[o] {
			continue
		}
		again := func(cache *survey.Cache) (*crossed, error) {
			rung := found[o].rung
			run, err := on(cache, ladders[rung[0]][rung[1]], rung[1], make([]bool, len(found)))
			if err != nil {
				return nil, err
			}
			return run.first[o].at, nil
		}
		if err := s.otherwise(&found[o], runs[found[o].rung], o, m, eta, again); err != nil {
			return nil, err
		}
		found[o].conclude(s.Until(), s.begins(o))
	}
	return found, nil
}

// known reports that the time is known to an accuracy, or that there is none.
func (f *crossingFound) known(accuracy float64) bool {
	return f.at == nil && f.why != "" || f.at != nil && f.space <= accuracy*f.at.t
}

// meet takes over a pair of grids if it is closer than what is known, or contradicts it, and
// reports that it does. The error is that of the mean at any step until the crossing, over
// the slope there, and falls from pair to pair by no more than crossingFall: two grids may be
// alike by chance. If pairs come closer by the factor q, the finer grid of the last is off by q/(1-q) of its distance: layers
// near an unstable point that no noise smooths are missed by all grids alike. Where they hardly come closer it is not known,
// nor where the mean comes closer to the level before than the error, or the grid misses much of the observable. What is
// known to the accuracy aimed at, a share of the time, stays where others, which may be noisier, contradict it by less.
func (f *crossingFound) meet(fine, coarse *crossingRun, o int, rung [2]int, aim float64) bool {
	p, q := fine.first[o], coarse.first[o]
	a, b := p.at, q.at
	off := offUntil(fine, coarse, o, a, b)
	if a == nil || b == nil {
		f.at, f.space, f.why, f.nodes = nil, math.Inf(1), "", fine.nodes
		if a == nil && b == nil && crossingSafety*crossingFall*crossingFall*off+fine.missed[o] < min(p.nearest(), q.nearest()) {
			f.why = "not crossed"
		}
		return a == nil && b == nil
	}
	apart := apartOf(off, a, b)
	space := crossingSafety * crossingFall * crossingFall * apart
	if f.apart < math.Inf(1) && apart > crossingRounding*a.t {
		space = crossingSafety * max(apart, f.apart/crossingFall, f.last/(crossingFall*crossingFall), remaining(apart/f.apart)*apart)
	}
	if fine.isSharp[o] {
		space *= sharpSafety
	}
	// It may cross before, or the observable has more than the grid sees.
	slope := math.Abs(a.slope)
	unsure, unseen := !(space*slope < min(p.near, q.near)), !(fine.missed[o] <= crossingLoosest*a.t*slope)
	if unsure || unseen {
		space = math.Inf(1)
	}
	closer := apart < f.apart
	if f.last = f.apart; math.IsInf(f.last, 1) {
		f.last = 0
	}
	f.apart = apart
	if f.known(aim) && !(space < f.space) && crossingSafety*math.Abs(f.at.t-a.t) <= aim*f.at.t {
		f.space = max(f.space, crossingSafety*math.Abs(f.at.t-a.t))
		return false
	}
	alike := f.at != nil && math.Abs(f.at.t-a.t) <= f.space
	if alike && !(space < f.space) {
		return unseen || unsure && closer
	}
	f.at, f.space, f.nodes, f.rung, f.why = a, space, fine.nodes, rung, ""
	f.line, f.loose = nil, math.NaN()
	if v, w := fine.line[o].at, coarse.line[o].at; v != nil && w != nil {
		wide := apartOf(offUntil(fine, coarse, o, v, w), v, w)
		f.loose = 1
		if wide > apart {
			f.loose = wide / apart
		}
		if space*f.loose*math.Abs(v.slope) < min(fine.line[o].near, coarse.line[o].near) {
			f.line = v
		}
	}
	return true
}

// offUntil returns how far the means of two grids are apart until they cross, at all times where one does not.
func offUntil(fine, coarse *crossingRun, o int, a, b *crossed) (off float64) {
	end := min(len(fine.u[o]), len(coarse.u[o]))
	if a != nil && b != nil {
		end = min(end, (min(a.n, b.n)+1)*fine.cut+1)
	}
	for k := range end {
		off = max(off, math.Abs(fine.u[o][k]-coarse.u[o][k]))
	}
	return off
}

// apartOf returns how far two crossings are apart, by their times and by the means over the slope.
func apartOf(off float64, a, b *crossed) float64 {
	return max(off/math.Abs(a.slope), math.Abs(a.t-b.t))
}

// remaining is what is left of the distance of a pair whose pairs come closer by the factor q.
func remaining(q float64) float64 {
	if q >= crossingSlowest {
		return math.Inf(1)
	}
	return q / (1 - q)
}

// conclude says why there is no time.
func (f *crossingFound) conclude(horizon float64, begins bool) {
	if f.at != nil && !(f.space <= crossingLoosest*f.at.t) {
		f.at, f.why = nil, ""
	}
	switch {
	case f.at != nil:
	case begins && f.err == nil:
		f.why = compare.Say("the mean begins at the level, and no crossing after that is known up to t = %.4g", horizon)
	case f.why != "":
		f.why = compare.Say("the mean does not cross the level up to t = %.4g", horizon)
	case f.err != nil:
		f.why = march.Instability(f.err)
	default:
		f.why = "not resolved: two grids do not agree on whether and when the mean crosses the level"
	}
}
