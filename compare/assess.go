package compare

import (
	"fmt"
	"math"
	"slices"

	"kolmo/grid"
)

// difference compares a row with the same row of another engine for the same eta:
// |U - U'| and |u - u'|, at the worst of the points of the ball and of the traced steps
// from half the step of the row's largest gap up to that, and the change of the gap
// itself. Near one point at one time two levels may agree by chance.
func difference(e *engine, r *rowRun, other *engine) (dU, du, dG float64) {
	q := other.rowOf(r.m.model, r.obs)
	if q == nil || q.m.err != nil || len(q.traceAtU) == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	last := min(len(r.traceAtU), len(q.traceAtU)) - 1
	k := 0
	for k < last && e.trace.n[k] < r.bestN {
		k++
	}
	for i := k; i >= 0 && 2*e.trace.n[i] >= e.trace.n[k]; i-- {
		dU = max(dU, distance(e.trace.u[i][r.obs], other.trace.u[i][r.obs]))
		du = max(du, distance(r.traceAtU[i], q.traceAtU[i]))
	}
	n := min(r.bestN, len(q.curve)-1)
	return dU, du, math.Abs(r.curve[n] - q.curve[n])
}

// irregular reports that the error of the row's u does not fall regularly with the
// nodes: that of collocation, where the cutoff is not analytic, and where noise at
// the ends of the box amplifies what is left unresolved, the more the more nodes
// there are.
func (r *rowRun) irregular() bool {
	return r.m.level.kind == grid.KindChebyshev && (!r.m.model.Analytic || r.m.growth > calmGrowth)
}

// elsewhere returns by how much a gap at another point or time may exceed the
// largest one: max |U - u| + shareS |U - U'| + shareL |u - u'| over all points and
// traced steps, less the row's largest gap; negative where none may.
func elsewhere(e *engine, r *rowRun, other *engine, shareS, shareL float64) float64 {
	q := other.rowOf(r.m.model, r.obs)
	most := math.Inf(-1)
	for k := range min(len(r.traceAtU), len(q.traceAtU)) {
		U, V := e.trace.u[k][r.obs], other.trace.u[k][r.obs]
		for i, u := range r.traceAtU[k] {
			most = max(most, math.Abs(U[i]-u)+shareS*math.Abs(U[i]-V[i])+shareL*math.Abs(u-q.traceAtU[k][i]))
		}
	}
	return most - r.best
}

// aliased returns by how much u, seen through the grid of S, misses u on the
// model's own grid near the row's worst point at its worst step: two levels with
// the same grid of S agree on it.
func aliased(e *engine, r *rowRun) float64 {
	if r.m.data.g.Same(e.data.g) || r.bestN == 0 {
		return 0
	}
	own, through := grid.NewInterpolator(r.m.data.g, r.m.level.width), grid.NewInterpolator(e.data.g, e.width)
	worst := 0.0
	near := e.p.Ball.About(r.bestX, e.p.Ball.R/nearShare)
	for _, x := range e.q.x {
		if !near.Contains(x) {
			continue
		}
		own.Locate(x)
		through.Locate(x)
		worst = max(worst, math.Abs(own.Value(r.bestL)-through.Value(r.bestS)))
	}
	return worst
}

// nearShare is R over the radius around the worst point in which levels are
// compared; the points are nowhere sparser than that.
const nearShare = 4

// Constants of the error estimate.
const (
	// discretisationShare is the share of the accuracy from which a row counts
	// as resolved.
	discretisationShare = 0.5
	// orderSafety multiplies estimates that rest on a known or measured order.
	orderSafety = 2
	// irregularSafety multiplies the difference of two levels of collocation whose
	// error falls irregularly.
	irregularSafety = 3
	// calmGrowth is the transient growth up to which collocation converges as if the
	// ends of the box amplified nothing.
	calmGrowth = 4
	// orderLost is what the order may fall short of its name at these
	// resolutions: closures at the ends, interpolation once per step.
	orderLost = 2
	// cutoffOrder is the highest order taken for granted for the modified model,
	// whose cutoff is not analytic.
	cutoffOrder = 6
	// roundoff is the relative rounding error of one step, with what the
	// interpolation adds.
	roundoff = 4e-16
	// certifiedFloor is the error, relative to |phi|, that is always good enough.
	certifiedFloor = 1e-12
)

// remaining returns the share of the difference between two levels of u that is
// estimated to remain as the error of the finer one: from the order of accuracy for
// differences, less of it where the model's cutoff is not analytic; all of it for
// collocation, and more where its error falls irregularly.
func (r *rowRun) remaining(coarse level) float64 {
	if r.irregular() || !r.m.model.Analytic && coarse.kind == grid.KindChebyshev {
		return irregularSafety
	}
	order := r.m.level.order
	if !r.m.model.Analytic {
		order = min(order, cutoffOrder)
	}
	return remaining(r.m.level, coarse, order)
}

// remaining returns that share for two levels: all of it where one of them is
// collocation or on another box. For low orders on neighbouring grids it is more than one.
func remaining(fine, coarse level, order int) float64 {
	if fine.kind != grid.KindUniform || coarse.kind != grid.KindUniform || fine.box != coarse.box {
		return 1
	}
	ratio := float64(fine.largest()) / float64(coarse.largest())
	if ratio == 1 {
		return 1 // another order on the same grid
	}
	// The level that is looked at may be the coarser one, when a method begins anew.
	grown := math.Pow(ratio, float64(max(order-orderLost, order/2)))
	switch {
	case grown > 1:
		return orderSafety / (grown - 1)
	case grown < 1:
		return orderSafety / (1 - grown)
	}
	return 1
}

// levelPair is two neighbouring levels and the largest difference of a field on them.
type levelPair struct {
	coarse, fine level
	apart        float64
}

// mostRemaining bounds the share that remains where three levels hardly converge.
const mostRemaining = 10

// remainingAfter returns the share q/(1-q) of the difference that remains as the error of
// the finer level if errors fall by the factor q that the pair before shows: with
// neighbouring levels both may err by more than they differ. It is zero where the pairs
// do not follow each other by the same method.
func (p levelPair) remainingAfter(before levelPair) float64 {
	if !p.coarse.same(before.fine) || p.fine.kind != before.coarse.kind || p.fine.order != before.coarse.order || p.fine.box != before.coarse.box || p.coarse.same(before.coarse) {
		return 0
	}
	if !(p.apart < before.apart) {
		return mostRemaining
	}
	q := p.apart / before.apart
	return min(q/(1-q), mostRemaining)
}

// failure is the outcome of a model that could not be computed.
func (s *gapKind) failure(r *rowRun, obs, model int, eta Rate, err error) outcome {
	nan := Number(math.NaN())
	reason := instability(err)
	return outcome{obs: obs, model: model, ofS: nan, row: GapRow{
		Observable: s.p.Observables[obs].Name(), Model: s.p.Models[model].Name, Eta: eta.Value, EtaText: eta.Text,
		Gap: nan, Error: nan, Errors: Errors{nan, nan, nan, nan, nan, nan, nan}, X: []Number{},
		Nodes: r.m.level.largest(), Space: r.m.level.kind.String(), SpaceOrder: r.m.level.spaceOrder(), Scheme: r.m.level.inTime(),
		Growth: Number(r.m.growth), Steps: len(r.curve) - 1, Reason: &reason,
	}}
}

// assess turns a row at two plans into an outcome. before holds the error of the
// side that was not refined, from when it last was.
func (s *gapKind) assess(fine, coarse *engine, eta Rate, obs, model int, before *outcome) outcome {
	r := fine.rowOf(s.p.Models[model], obs)
	c := coarse.rowOf(s.p.Models[model], obs)
	size := fine.data.size[obs]
	dense := fine.denseSup(r)
	value := max(dense, r.best)
	row := GapRow{
		Observable: s.p.Observables[obs].Name(), Model: s.p.Models[model].Name, Eta: eta.Value, EtaText: eta.Text,
		Gap: Number(value), N: r.bestN, T: s.p.time(r.bestN, fine.eta), X: []Number{}, Tail: r.approached(),
		Nodes: r.m.level.largest(), Space: r.m.level.kind.String(), SpaceOrder: r.m.level.spaceOrder(), Scheme: r.m.level.inTime(),
		Growth: Number(r.m.growth), Steps: len(r.curve) - 1,
	}
	row.X = s.p.toUser(r.bestX)
	dU, du, dG := difference(fine, r, coarse)
	finerS, finerL := fine.lv.largest() != coarse.lv.largest(), !r.m.level.same(c.m.level)
	// Never less than what the gap itself moved.
	if rest := dG - dU - du; rest > 0 {
		if finerL {
			du += rest
		} else {
			dU += rest
		}
	}
	round := roundoff * size * (1 + math.Sqrt(float64(r.bestN)))
	errs := &row.Errors
	pairL, pairS := before.pairL, before.pairS
	if finerL {
		pairL = levelPair{c.m.level, r.m.level, du}
	}
	if finerS {
		pairS = levelPair{coarse.lv, fine.lv, dU}
	}
	shareL := max(r.remaining(c.m.level), pairL.remainingAfter(before.pairL))
	shareS := max(remaining(fine.lv, coarse.lv, fine.lv.order), pairS.remainingAfter(before.pairS))
	errs.Space = Number(shareL*du + round*r.m.growth)
	// What the grid of S does to u is another thing on every grid of u.
	aliased := Number(aliased(fine, r) + round + fine.missedByPowers(r))
	errs.Interpolation = Number(shareS*dU) + aliased
	// Each side answers for what it may do elsewhere: a part that is booked on the other
	// one is lost when only that is refined next.
	if more := Number(elsewhere(fine, r, coarse, shareS, 0)) - errs.Interpolation; more > 0 && finerS {
		errs.Interpolation += more
	}
	if more := Number(elsewhere(fine, r, coarse, 0, shareL)) - errs.Space; more > 0 && finerL {
		errs.Space += more
	}
	if more := Number(elsewhere(fine, r, coarse, shareS, shareL)) - errs.Space - errs.Interpolation; more > 0 {
		if finerL && (!finerS || errs.Space >= errs.Interpolation) {
			errs.Space += more
		} else {
			errs.Interpolation += more
		}
	}
	if !finerL {
		errs.Space = before.row.Errors.Space
	}
	if !finerS {
		errs.Interpolation = before.ofS + aliased
	}
	errs.Time = Number(r.timeError())
	errs.Sup = Number(value - r.best + supTolerance*value)
	errs.Tail = Number(math.NaN())
	if s.p.transient() && row.Steps >= s.lastStep(eta.Value) {
		h := s.until()
		r.tail, row.Horizon = tailState{by: byHorizon}, &h
	}
	if r.tail.by != "" {
		row.ClosedBy = &r.tail.by
		errs.Tail = Number(r.tail.bound)
	}
	out := outcome{obs: obs, model: model, row: row, curve: curveOf(fine, r, eta)}
	out.pairL, out.pairS = pairL, pairS
	out.expanded = s.expansion(fine, r)
	errs = &out.row.Errors
	out.target = max(discretisationShare*s.p.Accuracy*value, certifiedFloor*s.size[obs]/2)
	// Two levels agree on what both of them miss.
	hides, hid := s.hides(fine, r), s.hides(coarse, c)
	hiddenL := max(unresolved(hides.l, hid.l, out.target, value), unresolved(hides.layer, hid.layer, out.target, value))
	hiddenS := max(hides.step, unresolved(hides.s, hid.s, out.target, value))
	if finerL {
		errs.Space = max(errs.Space, Number(r.m.data.missed[obs]), Number(hiddenL))
	}
	if finerS {
		errs.Interpolation = max(errs.Interpolation, Number(fine.data.missed[obs]), Number(hiddenS))
	}
	// Impossible values are errors of the finer levels, whatever was refined.
	overS, overL := s.impossible(fine, r)
	errs.Interpolation, errs.Space = max(errs.Interpolation, aliased+Number(overS)), max(errs.Space, Number(overL))
	if overS+overL > 0 && value > s.widest(fine, r) {
		errs.Space = max(errs.Space, Number(value)) // no gap is that large: nothing is known
	}
	out.narrow = finerL && hiddenL > out.target || finerS && hiddenS > out.target || before.narrow && !(finerL && finerS)
	out.ofS = errs.Interpolation - aliased
	out.resolved = float64(errs.Space+errs.Interpolation+errs.Time+errs.Sup) <= out.target
	if fine.shots {
		f := fieldSetOf(fine, r, eta)
		fine.judgeDerivatives(&f, r, coarse, [2]bool{finerL, finerS}, [2]float64{shareL, shareS}, before.fields)
		out.fields = &f
	}
	return out
}

// same reports that two levels are the same discretisation in x.
func (l level) same(o level) bool {
	return l.kind == o.kind && l.order == o.order && l.box == o.box && slices.Equal(l.nodes, o.nodes)
}

// timeError returns the largest estimate of the error in t at the steps where the
// gap could be the largest.
func (r *rowRun) timeError() float64 {
	most := r.prop.TimeErrorAt(max(r.bestN, 1))
	least := r.best - most
	for n := 1; n < len(r.curve); n++ {
		if e := r.prop.TimeErrorAt(n); r.curve[n]+e >= least {
			most = max(most, e)
		}
	}
	return most
}

// supTolerance is the relative accuracy of a polished maximum.
const supTolerance = 1e-9

// approached reports that the largest gap was at the end of what was computed.
func (r *rowRun) approached() bool {
	return r.bestN > 0 && r.bestN >= len(r.curve)-1-approachedSteps(len(r.curve))
}

// approachedSteps is how many steps before the last the largest gap may lie and
// count as approached: rounding makes the end of a saturating curve flat.
func approachedSteps(n int) int { return n / 10 }

// denseSup searches the row's worst field once more from denser points and all
// their good local maxima.
func (e *engine) denseSup(r *rowRun) float64 {
	return e.newDenseSearch().find(r.bestE)
}

// denseSearch is a search from the engine's denser points. It owns workspace.
type denseSearch struct {
	sampler *sampler
	finder  *maxFinder
	values  []float64
}

func (e *engine) newDenseSearch() *denseSearch {
	if e.dense == nil {
		d := e.p.Ball.Free()
		e.dense = newPoints(e.p.Ball, denseRefine[d]*searchDensity(d, e.lv.largest()))
		e.denseSphere = newSphereMatrix(e.data.g, e.width, e.dense)
	}
	return &denseSearch{newSampler(e.data.g, e.width, e.dense, e.denseSphere), newMaxFinder(e.data.g, e.width, e.dense, denseStarts), make([]float64, len(e.dense.x))}
}

// find returns the largest |field| over the ball.
func (d *denseSearch) find(field []float64) float64 {
	d.sampler.sampleTo(d.values, field, 1)
	return d.finder.find(field, d.values)
}

// How much denser, per dimension, and from how many starts.
var denseRefine = [grid.MaxDim + 1]int{0, 3, 2, 2}

const denseStarts = 12

// certify decides whether a row is certified and says why not.
func (s *gapKind) certify(out *outcome, eta Rate) {
	row := &out.row
	row.Invariant = s.invariant(eta.Value)
	if row.Reason != nil {
		if !row.Invariant {
			both := *row.Reason + "; the ball is not invariant either"
			row.Reason = &both
		}
		return
	}
	e := &row.Errors
	total := e.Space + e.Time + e.Interpolation + e.Quadrature + e.Sup + e.Taper
	closed := row.ClosedBy != nil
	if closed {
		total += e.Tail
	}
	row.Error = total
	size := s.size[out.obs]
	limit := max(s.p.Accuracy*float64(row.Gap), certifiedFloor*size)
	reason := ""
	switch {
	case s.mu <= 0 && !s.p.transient() && (!closed || *row.ClosedBy != byOscillation):
		reason = fmt.Sprintf("%s: the supremum is over t <= %g only", s.notConvex(), s.until())
	case !row.Invariant && s.p.Dynamics.Law().Unbounded:
		reason = "the law of xi is unbounded: no ball is invariant"
	case !row.Invariant:
		reason = s.leaves(eta)
	case e.Quadrature != e.Quadrature:
		reason = noRule
	case !(float64(total) <= limit) && s.mostOf(e, total) != "":
		reason = fmt.Sprintf("error %.2g is above the accuracy %.2g, most of it from %s", float64(total), limit, s.mostOf(e, total))
	case !(float64(total) <= limit):
		reason = fmt.Sprintf("error %.2g is above the accuracy %.2g at %d nodes per axis: %s", float64(total), limit, row.Nodes, out.limit)
		if out.narrow {
			reason += "; the loss has features between the nodes"
		}
	case !closed:
		reason = fmt.Sprintf("the supremum over n is not closed at t = %.3g: the one-step error shows no decay above its floor", s.p.time(row.Steps, eta.Value))
	}
	if reason != "" {
		row.Reason = &reason
		if out.expanded > 0 {
			out.forget()
		}
		return
	}
	row.Certified = true
}
