package variation

import (
	"context"
	"errors"
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/look"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/process"
)

// Constants of the refinement.
const (
	// variationAccuracy is how far two grids are apart, relative to the moment at the time, that
	// ends the refinement.
	variationAccuracy = 1e-4
	// variationEnough is the same from which no other box is tried.
	variationEnough = 1e-2
	// variationSafety multiplies how far two grids are apart.
	variationSafety = 2
	// variationBox is the half-width of every second box of a model over the others, where it
	// leaves it open.
	variationBox = 1.1
	// variationPatience is the number of grids that may fail to come closer, once two were less than variationUnlike apart:
	// before that they show nothing of how errors fall.
	variationPatience, variationUnlike = 2, 1
	// variationRounding is the error of a moment by rounding, relative to its largest value.
	variationRounding = 1e-13
	// variationGone is the share of its largest value at which a moment is nothing.
	variationGone = 1e-10
	// rateRounding is the error of a rate by rounding, relatively.
	rateRounding = 1e-9
	// variationTimes is about the number of times at which moments are looked at.
	variationTimes = 60
)

// variationEnd is the number of times 1/mu that moments are followed.
const variationEnd = 5

// variationNodes are the nodes per axis that are tried, by dimension, of collocation and of
// differences.
var variationNodes = map[grid.Kind][grid.MaxDim + 1][]int{
	grid.KindChebyshev: {nil, {12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128}, {8, 10, 12, 14, 16, 20, 24, 28}, {6, 7, 8, 9, 10}},
	grid.KindUniform:   {nil, {48, 64, 96, 128, 192, 256, 384, 512}, {20, 24, 28, 32, 36, 40, 44}, {}},
}

// variationLayer is the share of the spacings that other kinds want of a layer, by dimension: in the plane the coarsest grids
// have 3.2 of R2 = 1.5 R, in space they have one.
var variationLayer = [grid.MaxDim + 1]float64{0, 1, 0.5, 0}

// variationStarts is the number of points from which a supremum is searched between them.
const variationStarts = 3

// variationDensity is R over the spacing of the points at which suprema are taken, by dimension.
var variationDensity = [grid.MaxDim + 1]int{0, 64, 10, 5}

// varied are the suprema of some moments on one grid.
type varied struct {
	nodes int
	root  string
	t     []float64
	sup   [][]float64   // [moment][time]
	at    [][][]float64 // [moment][time][point]
	// rate is that at which a moment falls as t grows, with what the algebra leaves of it.
	rate, algebra []float64
	modes         [][]float64 // [moment][point]: the trace of that which falls at the rate
	step          float64     // the time of the steps that rates are of
	level         survey.Level
	half          float64 // of the box
	onCells       bool    // the rate is; see hold
	err           error
}

// variationLadder returns the grids of the study's method, finer and finer.
func (s *Kind) variationLadder(analytic bool) []survey.Level {
	if s.Problem.Solver.Space == compare.SpaceUniform || s.Problem.Solver.Space == compare.SpaceAuto && !analytic && len(s.Problem.Ball.Center) < 3 {
		return s.variationLadderOf(survey.Uniform(s.Problem.Solver.Order))
	}
	return s.variationLadderOf(survey.Chebyshev())
}

// chainLadders are the grids of the chain: on the line differences follow collocation, whose modes may be too rough for it.
func (s *Kind) chainLadders() [][]survey.Level {
	list := [][]survey.Level{s.variationLadder(true)}
	if s.Problem.Solver.Space == compare.SpaceAuto && s.Problem.Solver.Nodes == nil && len(s.Problem.Ball.Center) == 1 {
		list = append(list, s.variationLadderOf(survey.Uniform(s.Problem.Solver.Order)))
	}
	return list
}

// variationLadderOf returns the grids of a method.
func (s *Kind) variationLadderOf(m survey.Method) []survey.Level {
	d := len(s.Problem.Ball.Center)
	list := variationNodes[m.Kind][d]
	if fixed := s.Problem.Solver.Nodes; fixed != nil {
		n := int(maxNode(fixed))
		list = []int{int(math.Ceil(survey.FixedRatio * float64(n))), n}
	}
	var ladder []survey.Level
	for _, n := range list {
		if n >= m.MinNodes()-2 {
			l := survey.Level{Method: m, AsGiven: s.Problem.Solver.Nodes != nil}
			for range d {
				l.Nodes = append(l.Nodes, n)
			}
			ladder = append(ladder, l)
		}
	}
	return ladder
}

// maxNode returns the largest of some numbers of nodes.
func maxNode(nodes []int) float64 {
	most := 0.0
	for _, n := range nodes {
		most = max(most, float64(n))
	}
	return most
}

// variationHalves are the half-widths of the boxes that are tried: for a model first one as wide as
// R2, so that what is lost at its faces does not reach the ball.
func (s *Kind) variationHalves(m *process.Diffusion) []float64 {
	if m.Radius > 0 {
		return []float64{m.Radius}
	}
	R, wide := s.Problem.Ball.R, outer(s.Problem)
	if m.Noise == process.NoiseAtFaces {
		return []float64{wide, R + (wide-R)/4} // the loss may end beyond the ball
	}
	if len(s.Problem.Ball.Center) > 2 {
		wide = (wide + R) / 2
	}
	return []float64{wide, R}
}

// variationBoxed widens every second box of a model that leaves it open.
func (s *Kind) variationBoxed(m *process.Diffusion, half float64, rung int) float64 {
	if m != nil && m.Noise == process.NoNoise && rung%2 == 1 {
		return variationBox * half
	}
	return half
}

// variedErrors are the errors of the suprema of some moments and of the rates at which they fall.
type variedErrors struct {
	sup  [][]float64 // [moment][time]
	rate []float64   // [moment]
}

// variationTry is a ladder on a box.
type variationTry struct {
	ladder []survey.Level
	half   float64
}

// tries returns what is tried for a model, or for the chain where it is nil, one after another.
func (s *Kind) tries(m *process.Diffusion) (list []variationTry) {
	if m == nil {
		for _, ladder := range s.chainLadders() {
			list = append(list, variationTry{ladder, s.Problem.Reach()})
		}
		return list
	}
	for _, half := range s.variationHalves(m) {
		list = append(list, variationTry{s.variationLadder(m.Analytic && m.Noise != process.NoiseAtFaces), half})
	}
	return list
}

// climbVariation looks at finer and finer grids until the moments of two are alike, and returns the finer one of the
// pair that is closest with its errors.
func (s *Kind) climbVariation(ctx context.Context, m *process.Diffusion, eta float64, of []variationMoment) (fine *varied, e *variedErrors, err error) {
	var coarse *varied
	best, share := math.Inf(1), 0.0
	for _, try := range s.tries(m) {
		ladder, half := try.ladder, try.half
		if m != nil {
			grids := slices.Clone(ladder)
			for i := range grids {
				grids[i].AsGiven = true // they are not scaled with the box
			}
			seen, err := survey.LayerFrom(s.Problem, m, grids, variationLayer[len(s.Problem.Ball.Center)])
			if err != nil {
				return &varied{err: err}, nil, nil
			}
			ladder = ladder[seen:]
		}
		var pairs []pair
		own, closest := -1, math.Inf(1) // the pair that is kept, if it is one of these, and how close they come
		err = unit.Climb(ctx, len(ladder), variationPatience, func(k int) (*varied, error) {
			return s.variationOn(ctx, s.Cache, ladder[k], s.variationBoxed(m, half, k), m, eta, of)
		}, func(_ int, run, last *varied) (better, enough bool) {
			apart, errs := run.against(last)
			pairs = append(pairs, pair{float64(run.nodes), float64(last.nodes), apart})
			if fine == nil || apart < best {
				best, fine, coarse, e, own = apart, run, last, errs, len(pairs)-1
			}
			better, closest = apart < closest, min(apart, closest)
			return better || closest > variationUnlike, best <= variationAccuracy
		})
		if ctx.Err() != nil {
			return nil, nil, err
		}
		if own >= 0 {
			share = remaining(pairs, own)
		}
		if best <= variationEnough && (m != nil || best <= variationAccuracy) {
			break
		}
	}
	if fine != nil && best > variationAccuracy {
		e.scale(share)
	}
	if fine == nil && err == nil {
		err = errors.New("no two grids can be compared; want other nodes")
	}
	if fine != nil && len(s.Problem.Ball.Center) == 1 {
		if err := s.hold(ctx, fine, coarse, e, m, eta, float64(of[0].p)); err != nil {
			return &varied{err: err}, nil, ctx.Err()
		}
	}
	if fine != nil { // finer grids may fail
		err = s.otherwise(ctx, coarse, e, m, eta, of)
	}
	if err != nil && ctx.Err() == nil {
		return &varied{err: err}, nil, nil
	}
	return fine, e, err
}

// pair is how far two grids of one ladder, of so many nodes per axis, are apart.
type pair struct{ fine, coarse, apart float64 }

// remaining returns by what the errors of a pair are multiplied, if distances fall by no higher power of the nodes than they
// did to that pair from any before, or from it to those after: grids that hardly come closer to each other are as far from
// the truth for long. It is at least one.
func remaining(pairs []pair, own int) float64 {
	to, order := pairs[own], math.Inf(1)
	for i, p := range pairs {
		if i != own {
			order = min(order, math.Log(p.apart/to.apart)/math.Log(to.fine/p.fine))
		}
	}
	if !(order > 0) {
		return march.MostRemaining / variationSafety
	}
	return max(1, min(fit.OrderSafety/(math.Pow(to.fine/to.coarse, order)-1), march.MostRemaining)/variationSafety)
}

// scale multiplies all errors.
func (e *variedErrors) scale(by float64) {
	for k := range e.sup {
		for n := range e.sup[k] {
			e.sup[k][n] *= by
		}
		e.rate[k] *= by
	}
}

// against returns how far the moments are from those of another grid, relative to the largest
// at the time, and the errors. Two rates may agree by chance where the moments do not: what share of its moment these
// miss is missing of a rate too.
func (v *varied) against(w *varied) (worst float64, e *variedErrors) {
	e = new(variedErrors)
	half := len(v.t) / 2
	for k := range v.sup {
		list := make([]float64, len(v.t))
		top, apart := 0.0, 0.0
		for n := range v.t {
			off := v.off(w, k, n)
			top = max(top, v.sup[k][n])
			list[n] = variationSafety*off + (fit.SupTolerance+variationRounding*math.Sqrt(float64(n)))*top
			if n <= half && off > 0 { // late times are left to the rate
				apart = max(apart, off/v.sup[k][n])
			}
		}
		worst = max(worst, apart)
		missing := 0.0
		if apart > 0 {
			missing = apart * (math.Abs(v.rate[k]) + 1/v.t[half])
		}
		e.sup = append(e.sup, list)
		e.rate = append(e.rate, variationSafety*math.Abs(v.rate[k]-w.rate[k])+missing+v.otherMode(w, k)+v.algebra[k]+rateRounding*math.Abs(v.rate[k]))
	}
	return worst, e
}

// modeShare is the share of its largest value by which a mode may differ on two grids without a word.
const modeShare = 0.05

// otherMode returns by how much the rate of a moment may be off because its mode is another one on another grid: images of a
// step that spread make it rougher than the moments of few steps, and rates of grids that miss it may agree. What share of
// it is missing is missing of a step's factor.
func (v *varied) otherMode(w *varied, k int) float64 {
	if off := fit.Distance(v.modes[k], w.modes[k]); !(off <= modeShare) {
		return variationSafety * off / v.step
	}
	return 0
}

// unlikeShare is what a rate may differ by from that of late times without a word, and unlikeSafety multiplies what it does.
const unlikeShare, unlikeSafety = 0.02, 1.1

// unlike returns by how much a rate differs from that at which a moment falls at late times. In space a direction may stay in
// a plane that is none of the coordinates', and the slowest mode of the three be none of its own.
func (v *varied) unlike(k int, rate float64) float64 {
	n := len(v.t) - 1
	if n < 2 || v.sup[k][n] <= 0 {
		return 0
	}
	late := math.Log(v.sup[k][n/2]/v.sup[k][n]) / (v.t[n] - v.t[n/2])
	if off := math.Abs(late - rate); off > unlikeShare*math.Abs(rate) {
		return unlikeSafety * off
	}
	return 0
}

// gone reports that all moments have fallen to nothing, which is not followed on.
func (v *varied) gone() bool {
	for _, sup := range v.sup {
		if !(sup[len(sup)-1] <= variationGone*slices.Max(sup)) {
			return false
		}
	}
	return true
}

// supremum is that of a moment at a time, 0 after the last.
func (v *varied) supremum(k, n int) float64 {
	if n >= len(v.t) {
		return 0
	}
	return v.sup[k][n]
}

// off is the largest difference of a moment at a time from that of another run, anywhere.
func (v *varied) off(w *varied, k, n int) float64 {
	off := math.Abs(v.supremum(k, n) - w.supremum(k, n))
	if n < min(len(v.t), len(w.t)) {
		for i, a := range v.at[k][n] {
			off = max(off, math.Abs(a-w.at[k][n][i]))
		}
	}
	return off
}

// otherwise adds to the errors what grids do not tell, by what changes on the coarser one: under richer rules for xi and,
// where noise ends beyond the ball, with nearer ends.
func (s *Kind) otherwise(ctx context.Context, coarse *varied, e *variedErrors, m *process.Diffusion, eta float64, of []variationMoment) error {
	if !s.Problem.Dynamics.Law().Exact {
		var rich []*varied
		for _, cache := range s.Richer {
			v, err := s.changed(ctx, cache, coarse, coarse.half, m, eta, of)
			if err != nil {
				return err
			}
			rich = append(rich, v)
		}
		if rich == nil {
			return errors.New("no richer rule is known for the law of the sample, and nothing tells what this one misses")
		}
		under := func(own float64, of func(v *varied) float64) float64 {
			var values []float64
			for _, v := range rich {
				values = append(values, of(v))
			}
			return fit.RuleError(own, values)
		}
		for k := range e.sup {
			for n := range e.sup[k] {
				e.sup[k][n] += under(coarse.supremum(k, n), func(v *varied) float64 { return v.supremum(k, n) })
			}
			e.rate[k] += under(coarse.rate[k], func(v *varied) float64 { return v.rate[k] })
		}
	}
	if !s.ends(m) {
		return nil
	}
	cache, half, share := s.Cache, s.Problem.Ball.R+nearerOuter*(coarse.half-s.Problem.Ball.R), float64(endShare)
	if m == nil || m.Noise != process.NoiseAtFaces {
		near, err := s.Nearer()
		if err != nil {
			return err
		}
		cache, half, share = near.Cache, s.nearerHalf(near, m, coarse.half), unit.NewFading(s.Setup, m, eta).Share(nil)
	}
	if why := unit.Outward(share); why != "" {
		return errors.New(why)
	}
	moved, err := s.changed(ctx, cache, coarse, half, m, eta, of)
	if err != nil {
		return err
	}
	for k := range e.sup {
		for n := range e.sup[k] {
			e.sup[k][n] += share * moved.off(coarse, k, n)
		}
		e.rate[k] += share * math.Abs(moved.rate[k]-coarse.rate[k])
	}
	return nil
}

// changed follows moments under other rules or with other ends, on the grid of a run and with its rate on cells if that is.
func (s *Kind) changed(ctx context.Context, cache *survey.Cache, run *varied, half float64, m *process.Diffusion, eta float64, of []variationMoment) (*varied, error) {
	v, err := s.variationOn(ctx, cache, run.level, half, m, eta, of)
	if err != nil || !run.onCells {
		return v, err
	}
	rate, _, err := s.moment(m, eta, float64(of[0].p)).rate(ctx, cache, half)
	v.rate = []float64{rate}
	return v, err
}

// ends reports that the noise of a model, or of the chain where it is nil, ends for the computation's sake.
func (s *Kind) ends(m *process.Diffusion) bool {
	return m == nil && s.Noisy() || m != nil && (m.Tapered || m.Noise == process.NoiseAtFaces)
}

// nearerHalf is the half-width of the box with nearer ends.
func (s *Kind) nearerHalf(near *unit.Setup, m *process.Diffusion, half float64) float64 {
	own := s.Problem.Reach()
	to := near.Problem.Reach()
	if m != nil {
		own = m.Radius
		for _, moved := range near.Problem.Models {
			if moved.Name == m.Name {
				to = moved.Radius
			}
		}
	}
	return half * to / own
}

// variationOn follows moments on one grid, of a model or, with nil, of the chain.
func (s *Kind) variationOn(ctx context.Context, cache *survey.Cache, l survey.Level, half float64, m *process.Diffusion, eta float64, of []variationMoment) (*varied, error) {
	dynamics, ok := cache.Problem.Dynamics.(process.Varied)
	if !ok {
		return nil, errors.New("the Jacobians of the images of a step are not known")
	}
	p := float64(of[0].p)
	var err error
	if m != nil {
		if m, err = unit.ModelUnder(cache.Problem.Dynamics, s.Problem.Dynamics, m); err != nil {
			return nil, err
		}
	}
	data, err := cache.Get(l, half)
	if err != nil {
		return nil, err
	}
	run := &varied{nodes: l.Largest(), level: l, half: half, sup: make([][]float64, len(of)), at: make([][][]float64, len(of))}
	every, count := s.variationSteps(eta)
	f := &follower{d: data.Grid.Dim(), workers: s.Config.Workers}
	if m == nil {
		err = s.followChain(f, dynamics, data.Grid, l.Width, eta, p)
	} else {
		run.root, err = s.followModel(f, dynamics, data.Fields, half, l.Order, m, eta, p)
	}
	if err != nil {
		return nil, err
	}
	advance := f.advance
	f.advance = func(steps int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return advance(steps)
	}
	take := s.variationLook(data.Grid, l.Width, of, run)
	take(0, f.fields)
	for n := 1; n <= count && !run.gone(); n++ {
		if err := f.advance(every); err != nil {
			return nil, err
		}
		take(s.Problem.Time(n*every, eta), f.fields)
	}
	if err := run.finite(); err != nil {
		return nil, err
	}
	var directions []int
	for _, one := range of {
		directions = append(directions, one.direction)
	}
	f.steps = run.mildSteps(every)
	run.step = s.Problem.Time(f.steps, eta)
	var modes []mode
	if run.rate, run.algebra, modes, err = f.rates(directions, run.step); err != nil {
		return nil, err
	}
	in := grid.NewInterpolator(data.Grid, l.Width)
	for k, rate := range run.rate {
		if f.d > 2 {
			run.algebra[k] += run.unlike(k, rate)
		}
		run.modes = append(run.modes, nil)
		for _, x := range look.NewPoints(s.Problem.Ball, variationDensity[f.d]).X {
			in.Locate(x)
			value := math.NaN()
			if modes[k].trace != nil {
				value = in.Value(modes[k].trace)
			}
			run.modes[k] = append(run.modes[k], value)
		}
	}
	return run, nil
}

// followChain makes a follower that of the chain.
func (s *Kind) followChain(f *follower, d process.Varied, g *grid.Grid, width int, eta, p float64) error {
	step, err := d.StepVariation(eta)
	if err != nil {
		return err
	}
	c, err := NewChain(g, width, step, p, s.Config.Workers)
	if err != nil {
		return err
	}
	f.fields, f.couples = c.Fields, c.couples()
	f.advance = func(steps int) error {
		for range steps {
			c.Step()
		}
		return nil
	}
	return nil
}

// followModel makes a follower that of a model, and returns what the root of its noise is.
func (s *Kind) followModel(f *follower, d process.Varied, at process.Fields, half float64, order int, m *process.Diffusion, eta, p float64) (name string, err error) {
	m, root, err := boxed(s.Problem, d, half, m, eta)
	if err != nil {
		return "", err
	}
	if root != nil {
		name = root.String()
	}
	op, _, err := survey.Equation(at, m, eta, order)
	if err != nil {
		return "", err
	}
	v, err := NewModel(op, m.Coefficients(at, eta), order, root, stateOf(d), p, s.Config.Workers)
	if err != nil {
		return "", err
	}
	f.fields, f.couples = v.Fields, v.couples()
	f.advance = func(steps int) error { return v.Advance(float64(steps) * eta) }
	return name, nil
}

// boxed returns a model on a box, as it ends there, and its root.
func boxed(p *compare.Problem, d process.Varied, half float64, m *process.Diffusion, eta float64) (*process.Diffusion, process.Root, error) {
	root, err := d.RootVariation(m, eta)
	if err != nil {
		return nil, nil, err
	}
	if m.Noise == process.NoiseAtFaces {
		var cut *process.Cutoff
		if m, cut = ended(m, p, half); root != nil {
			root = &endedRoot{root, cut}
		}
	}
	return m, root, nil
}

// stateOf returns what stores the users' coordinates of a point; nil where they are the dynamics'.
func stateOf(d process.Dynamics) func(z, q []float64) {
	if c, ok := d.(process.Charted); ok && c.Chart() != "" {
		return c.ToUser
	}
	return nil
}

// variationSteps returns how many SGD steps lie between two looks, and the number of looks.
func (s *Kind) variationSteps(eta float64) (every, count int) {
	end := s.Horizon()
	if s.Mu > 0 {
		end = variationEnd / s.Mu
	}
	every = max(1, int(math.Round(end/variationTimes/eta)))
	return every, max(1, int(math.Ceil(end/eta/float64(every)-1e-9)))
}

// variationLook returns what takes the moments at points of the ball and their suprema.
func (s *Kind) variationLook(g *grid.Grid, width int, of []variationMoment, run *varied) func(t float64, fields [][]float64) {
	q, d := look.NewPoints(s.Problem.Ball, variationDensity[g.Dim()]), g.Dim()
	points, finder := q.X, look.NewMaxFinder(g, width, q, variationStarts)
	return func(t float64, fields [][]float64) {
		run.t = append(run.t, t)
		for k, m := range of {
			values, u := make([]float64, len(points)), fields[Entry(d, m.direction, m.direction)]
			par.Ranges(s.Config.Workers, len(points), func(lo, hi int) {
				in := grid.NewInterpolator(g, width)
				for i := lo; i < hi; i++ {
					in.Locate(points[i])
					values[i] = in.Value(u)
				}
			})
			run.at[k] = append(run.at[k], values)
			run.sup[k] = append(run.sup[k], finder.Find(u, values))
		}
	}
}

// mostFall is by what logarithm moments may fall between two products with the step whose eigenvalues are rates: of what
// falls far in a product rounding is a large share.
const mostFall = 1

// mildSteps is the largest number of steps, of those between two looks, in which no moment falls far.
func (v *varied) mildSteps(every int) int {
	most := mostFall / float64(every)
	for _, sup := range v.sup {
		for n := 1; n < len(sup); n++ {
			most = max(most, math.Log(sup[0]/max(sup[n], variationRounding*sup[0]))/float64(n*every))
		}
	}
	return max(1, int(mostFall/most))
}

// finite reports moments that are no numbers.
func (v *varied) finite() error {
	for _, list := range v.sup {
		for _, x := range list {
			if x-x != 0 {
				return ErrGrows
			}
		}
	}
	return nil
}
