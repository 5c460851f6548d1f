package compare

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare/crossing"
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/process"
	"kolmo/sgdop"
)

// Constants of the climb.
const (
	// crossingSafety multiplies how far two grids are apart.
	crossingSafety = 2
	// crossingFall is the most that a finer grid is trusted to lower how far grids are apart.
	crossingFall = 4
	// crossingLoosest is the error over the time from which there is no time: what a grid does
	// not resolve grows from an unstable point as the mean does.
	crossingLoosest = 0.05
	// crossingPatience is the number of grids that may fail to lower the errors.
	crossingPatience = 2
	// crossingBox is the half-width of every second box over the others, where a model leaves
	// it open.
	crossingBox = 1.1
	// crossingOrder is the order of S's interpolation, whose errors add up over the steps, unless
	// the study chooses one.
	crossingOrder = 10
	// crossingCut is the number of parts of the step in which u crosses.
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

// crossed is a crossing on one grid.
type crossed struct {
	t, onSteps, slope, time float64
	n                       int
}

// crossingRun are the means of all observables from the point on one grid.
type crossingRun struct {
	nodes int
	u     [][]float64 // [observable][step], less the offset
	at    []*crossed  // nil: not crossed
	level []float64   // less the offset
	value func(u []float64) float64
}

// crossingFound is what a climb knows of one observable.
type crossingFound struct {
	at           *crossed
	space, rules float64
	apart        float64 // how far the last two grids are apart; infinite before
	nodes        int
	why          string
	rung         [2]int // the method and the rung of the coarser of its two grids
	err          error
}

// crossingSource runs the study on a rung of a ladder under the law of a cache. Observables that
// rest are not waited for.
type crossingSource func(cache *gridCache, l level, rung int, rest []bool) (*crossingRun, error)

// crossingMethods are the discretisations that are tried: collocation, where the study and what
// is looked at allow it, and differences where that is not enough.
func (s *gapStudy) crossingMethods(analytic bool, order int) (list []method) {
	if s.p.Solver.Space == SpaceChebyshev || s.p.Solver.Space == SpaceAuto && analytic {
		list = append(list, chebyshev())
	}
	if s.p.Solver.Space != SpaceChebyshev {
		list = append(list, uniform(cmp.Or(s.p.Solver.Order, order)))
	}
	return list
}

// chainCrossings finds the crossings of U^n.
func (s *gapStudy) chainCrossings(ctx context.Context, eta float64) ([]crossingFound, error) {
	return s.climbCrossing(ctx, forS, s.crossingMethods(true, crossingOrder), func(cache *gridCache, l level, _ int, rest []bool) (*crossingRun, error) {
		return s.chainCrossingOn(ctx, cache, l, eta, rest)
	})
}

// modelCrossings finds the crossings of u of a model.
func (s *gapStudy) modelCrossings(ctx context.Context, m *process.Diffusion, eta float64) ([]crossingFound, error) {
	return s.climbCrossing(ctx, forL, s.crossingMethods(m.Analytic, DefaultOrder), func(cache *gridCache, l level, rung int, rest []bool) (*crossingRun, error) {
		return s.modelCrossingOn(ctx, cache, l, m, eta, rung, rest)
	})
}

// climbCrossing looks at finer and finer grids until the times of two are alike, and keeps for
// each observable the pair that is closest.
func (s *gapStudy) climbCrossing(ctx context.Context, r role, methods []method, on crossingSource) ([]crossingFound, error) {
	d := len(s.p.Ball.Center)
	found := make([]crossingFound, len(s.p.Observables))
	for o := range found {
		found[o].space = math.Inf(1)
	}
	var ladders [][]level
	runs := map[[2]int]*crossingRun{}
	rest := make([]bool, len(found)) // two grids say alike that nothing crosses
	for k, m := range methods {
		ladder, err := m.ladder(r, d, s.p.Solver.Nodes)
		if err != nil {
			return nil, err
		}
		ladders = append(ladders, ladder)
		var last *crossingRun
		idle := 0
		for o := range found {
			found[o].apart = math.Inf(1)
		}
		for at := 0; at < len(ladder) && idle < crossingPatience; at++ {
			if s.p.Solver.Nodes == nil {
				n := ladder[at].largest()
				if n > crossingMost[m.kind][d] {
					break
				}
				if n < crossingFirst[m.kind][d] {
					continue
				}
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			run, err := on(s.cache, ladder[at], at, rest)
			if err != nil {
				if ctx.Err() != nil || s.p.Solver.Nodes != nil && process.NonFinite(err) {
					return nil, err
				}
				for o := range found {
					found[o].err = err
				}
				break // finer grids fail as well
			}
			runs[[2]int{k, at}] = run
			if last != nil {
				better, done := false, true
				for o := range found {
					if rest[o] {
						continue
					}
					better = found[o].meet(run, last, o, [2]int{k, at - 1}) || better
					rest[o] = found[o].why != ""
					done = done && found[o].known(crossingShare[d]*s.p.Accuracy)
				}
				if idle++; better {
					idle = 0
				}
				if done {
					break
				}
			}
			last = run
		}
		if !slices.ContainsFunc(found, func(f crossingFound) bool { return !f.known(crossingShare[d] * s.p.Accuracy) }) {
			break
		}
	}
	for o := range found {
		if err := s.crossingUnderRules(&found[o], o, ladders, runs, on); err != nil {
			return nil, err
		}
		found[o].conclude(s.horizon())
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
// alike by chance.
func (f *crossingFound) meet(fine, coarse *crossingRun, o int, rung [2]int) bool {
	a, b := fine.at[o], coarse.at[o]
	if a == nil || b == nil {
		f.at, f.space, f.why, f.nodes = nil, math.Inf(1), "", fine.nodes
		if a == nil && b == nil {
			f.why = "not crossed"
		}
		return a == nil && b == nil
	}
	off := 0.0
	for n := 0; n <= min(a.n, b.n)+1 && n < len(fine.u[o]) && n < len(coarse.u[o]); n++ {
		off = max(off, math.Abs(fine.u[o][n]-coarse.u[o][n]))
	}
	apart := max(off/math.Abs(a.slope), math.Abs(a.t-b.t))
	space := crossingSafety * crossingFall * apart
	if f.apart < math.Inf(1) {
		space = max(crossingSafety*apart, f.apart/crossingFall)
	}
	f.apart = apart
	alike := f.at != nil && math.Abs(f.at.t-a.t) <= f.space+space
	if alike && !(space < f.space) {
		return false
	}
	f.at, f.space, f.nodes, f.rung, f.why = a, space, fine.nodes, rung, ""
	return true
}

// conclude says why there is no time.
func (f *crossingFound) conclude(horizon float64) {
	if f.at != nil && !(f.space <= crossingLoosest*f.at.t) {
		f.at, f.why = nil, ""
	}
	switch {
	case f.at != nil:
	case f.why != "":
		f.why = fmt.Sprintf("the mean does not cross the level up to t = %g", horizon)
	case f.err != nil:
		f.why = instability(f.err)
	default:
		f.why = "not resolved: two grids do not agree on when the mean crosses the level"
	}
}

// crossingUnderRules fills the error by the quadrature over xi: what richer rules change on the
// coarser of the two grids.
func (s *gapStudy) crossingUnderRules(f *crossingFound, o int, ladders [][]level, runs map[[2]int]*crossingRun, on crossingSource) error {
	if f.at == nil || s.p.Dynamics.Law().Exact {
		return nil
	}
	f.rules = math.NaN()
	var rich []float64
	for _, cache := range s.richer {
		run, err := on(cache, ladders[f.rung[0]][f.rung[1]], f.rung[1], make([]bool, len(s.p.Observables)))
		if err != nil {
			return err
		}
		if run.at[o] == nil {
			return nil
		}
		rich = append(rich, run.at[o].t)
	}
	if len(rich) > 0 {
		f.rules = ruleError(runs[f.rung].at[o].t, rich)
	}
	return nil
}

// newCrossingRun returns a run at step zero on a grid.
func (s *gapStudy) newCrossingRun(data *gridData, l level) *crossingRun {
	at := grid.NewInterpolator(data.g, l.width)
	at.Locate(s.crossingStart())
	run := &crossingRun{nodes: l.largest(), value: at.Value}
	for o, phi := range data.phi {
		run.u = append(run.u, []float64{run.value(phi)})
		run.level = append(run.level, s.p.Crossing.Level-s.cache.survey.offset[o])
	}
	run.at = make([]*crossed, len(run.u))
	return run
}

// step adds the means of all observables at one more step, and reports for each whether it
// crosses in this step for the first time.
func (r *crossingRun) step(u [][]float64) []bool {
	now := make([]bool, len(u))
	for o := range u {
		n := len(r.u[o])
		r.u[o] = append(r.u[o], r.value(u[o]))
		now[o] = r.at[o] == nil && crossing.Between(r.u[o][n-1], r.u[o][n], r.level[o])
	}
	return now
}

// onSteps returns the crossing on the line between the last two steps.
func (r *crossingRun) onSteps(o int, eta float64) *crossed {
	n := len(r.u[o]) - 2
	a, b := r.u[o][n], r.u[o][n+1]
	t := eta * (float64(n) + crossing.Linear(a, b, r.level[o]))
	return &crossed{t: t, onSteps: t, slope: (b - a) / eta, n: n}
}

// open reports that some observable which is waited for has not crossed.
func (r *crossingRun) open(rest []bool) bool {
	for o, c := range r.at {
		if c == nil && !rest[o] {
			return true
		}
	}
	return false
}

// crossingSteps is the number of steps to the horizon.
func (s *gapStudy) crossingSteps(eta float64) int {
	return int(min(math.Ceil(s.horizon()/eta-1e-9), mostSteps))
}

// chainCrossingOn follows U^n on one grid.
func (s *gapStudy) chainCrossingOn(ctx context.Context, cache *gridCache, l level, eta float64, rest []bool) (*crossingRun, error) {
	data, err := cache.get(l, s.p.reach())
	if err != nil {
		return nil, err
	}
	op, err := sgdop.Assemble(ctx, data.g, cache.p.Dynamics.Chain(eta), &sgdop.Config{Width: l.width, Workers: s.cfg.Workers, MaxBytes: s.cfg.operatorBytes, Means: data.means})
	if err != nil {
		return nil, err
	}
	run := s.newCrossingRun(data, l)
	u, su := copyFields(data.phi), copyFields(data.phi)
	for n := 0; n < s.crossingSteps(eta) && run.open(rest); n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		op.ApplyAllTo(s.cfg.Workers, su, u)
		u, su = su, u
		for o, now := range run.step(u) {
			if now {
				run.at[o] = run.onSteps(o, eta)
			}
		}
	}
	return run, nil
}

// modelCrossingOn follows u of a model on one grid.
func (s *gapStudy) modelCrossingOn(ctx context.Context, cache *gridCache, l level, m *process.Diffusion, eta float64, rung int, rest []bool) (*crossingRun, error) {
	m, err := modelUnder(cache.p.Dynamics, s.p.Dynamics, m)
	if err != nil {
		return nil, err
	}
	if rung%2 == 1 {
		l.box = crossingBox
	}
	l, half := l.onBox(s.p, m)
	data, err := cache.get(l, half)
	if err != nil {
		return nil, err
	}
	op, _, err := equation(data.fields, m, eta, l.order)
	if err != nil {
		return nil, err
	}
	op = op.WithWorkers(s.cfg.Workers)
	run := s.newCrossingRun(data, l)
	prop := kolmogorov.NewPolynomial(op, eta)
	prop.Start(data.phi)
	before := copyFields(data.phi)
	out := newBlock(blockSteps, len(data.phi), data.g.Len())
	for n := 0; n < s.crossingSteps(eta) && run.open(rest); n += blockSteps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := prop.Advance(out); err != nil {
			return nil, err
		}
		for _, u := range out {
			for o, now := range run.step(u) {
				if now {
					if run.at[o], err = run.within(op, before[o], o, eta); err != nil {
						return nil, err
					}
				}
				copy(before[o], u[o])
			}
		}
	}
	return run, nil
}

// within returns the crossing in the last step, which begins with a field: on cubics between
// parts of the step. The error in t is what parts of twice the length change.
func (r *crossingRun) within(op *kolmogorov.Operator, from []float64, o int, eta float64) (*crossed, error) {
	c := r.onSteps(o, eta)
	h := eta / crossingCut
	prop, out := kolmogorov.NewPolynomial(op, h), newBlock(crossingCut, 1, len(from))
	prop.Start([][]float64{from})
	if err := prop.Advance(out); err != nil {
		return nil, err
	}
	rate := make([]float64, len(from))
	nodes := make([]crossing.Node, crossingCut+1)
	for j := range nodes {
		u := from
		if j > 0 {
			u = out[j-1][0]
		}
		op.ApplyTo(rate, nil, 1, u)
		nodes[j] = crossing.Node{T: float64(c.n)*eta + float64(j)*h, U: r.value(u), Rate: r.value(rate)}
	}
	for j := 1; j < len(nodes); j++ {
		if crossing.Between(nodes[j-1].U, nodes[j].U, r.level[o]) {
			c.t, c.slope = crossing.Cubic(nodes[j-1], nodes[j], r.level[o])
			k := (j - 1) / 2 * 2
			wide, _ := crossing.Cubic(nodes[k], nodes[k+2], r.level[o])
			c.time = math.Abs(wide - c.t)
			break
		}
	}
	return c, nil
}

// fastestGrowth returns the largest real part of the eigenvalues of a matrix of order d.
func fastestGrowth(jacobian []float64, d int) float64 {
	var e mat.Eigen
	if !e.Factorize(mat.NewDense(d, d, jacobian), mat.EigenNone) {
		return math.NaN()
	}
	most := math.Inf(-1)
	for _, v := range e.Values(nil) {
		most = max(most, real(v))
	}
	return most
}
