package compare

import (
	"fmt"
	"math"
	"slices"

	"kolmo/kolmogorov"
)

// Constants of a row's numbers.
const (
	// mostHorizonPoints is the number of points of a stored curve.
	mostHorizonPoints = 2048
	// levelShare is the last part of the horizon in which a gap that has levelled off
	// changes by at most levelChange of itself.
	levelShare, levelChange = 0.25, 0.1
	// crossingTime is the time, in units of one over the problem's fastest rate, over which
	// the difference of two curves is looked at: where they cross it says nothing.
	crossingTime = 4
)

// horizonRuns are the runs of a row at two plans, at the coarse one under richer
// quadratures over xi, and at the fine one with other closures, which is nil where it says
// nothing. near is how far the fields of the first two are
// apart at the traced steps, where the gap is large, and before the same for the coarse
// plan and a coarser one; misread is what the grid of S hides of u.
type horizonRuns struct {
	fine, coarse, closed  *rowRun
	rules                 underRules
	near, before, misread map[int]float64
}

// below returns a plan that is as much coarser than p as p is than fine, in S and in the
// model, with no fewer nodes than its stencils need.
func (p planned) below(fine planned) planned {
	p.s, p.l = p.s.below(fine.s), p.l.below(fine.l)
	return p
}

// below returns the level with the ratio of nodes to l that l has to the finer one.
func (l level) below(fine level) level {
	o := l
	o.nodes = make([]int, len(l.nodes))
	for k, n := range l.nodes {
		ratio := float64(n) / float64(max(fine.nodes[k], n))
		o.nodes[k] = max(l.minNodes(), min(int(float64(n)*min(ratio, mostBelow)), n-1))
	}
	return o
}

// mostBelow is the largest ratio of nodes of neighbouring plans.
const mostBelow = 0.9

// sharesOf returns, for every step up to last, the share of the difference of the fine and
// the coarse plan that is taken to remain: irregularSafety, or orderSafety q/(1-q) where
// the differences fall by no more than the factor q from the coarser plans to the finer
// ones. A front that narrows in time is resolved by none of them at last. The largest
// differences over back steps before count.
func (runs *horizonRuns) sharesOf(last, back int) []float64 {
	shares := make([]float64, last+1)
	over := func(near map[int]float64, n int) float64 {
		most := 0.0
		for k := max(0, n-back); k <= n; k++ {
			most = max(most, near[k])
		}
		return most
	}
	for n := range shares {
		shares[n] = irregularSafety
		if n > 0 {
			shares[n] = shares[n-1]
		}
		if _, traced := runs.near[n]; !traced {
			continue
		}
		d, before := over(runs.near, n), over(runs.before, n)
		shares[n] = irregularSafety
		switch q := d / before; {
		case d == 0, len(runs.before) == 0:
		case !(q < 1):
			shares[n] = mostRemaining
		default:
			shares[n] = max(irregularSafety, min(orderSafety*q/(1-q), mostRemaining))
		}
	}
	return shares
}

// nearSup is the share of the largest gap of a step from which a point, with what two plans
// differ by there, may be the one.
const nearSup = 0.98

// near returns, for every traced step, by how much U - u on two plans differs at the points
// where it may be largest, since suprema at different points may agree by chance.
func near(e *engine, r *rowRun, other *engine, q *rowRun) map[int]float64 {
	off := map[int]float64{}
	if r.m.err != nil || q == nil || q.m.err != nil {
		return off
	}
	for k, n := range e.trace.n[:min(len(r.traceAtU), len(q.traceAtU))] {
		for i, u := range r.traceAtU[k] {
			d := e.trace.u[k][r.obs][i] - u
			diff := math.Abs(d - other.trace.u[k][r.obs][i] + q.traceAtU[k][i])
			if math.Abs(d)+diff >= nearSup*r.curve[n] {
				off[n] = max(off[n], diff)
			}
		}
	}
	return off
}

// misread returns, for every traced step, by how much u through the grid of S, on which
// gaps are taken, misses u on the model's own grid at the points where the gap may be
// largest; no two plans tell of what no grid of S shows.
func misread(e *engine, r *rowRun) map[int]float64 {
	off := map[int]float64{}
	for k, n := range e.trace.n[:len(r.traceOnS)] {
		for i, u := range r.traceAtU[k] {
			miss := math.Abs(u - r.traceOnS[k][i])
			if math.Abs(e.trace.u[k][r.obs][i]-u)+miss >= nearSup*r.curve[n] {
				off[n] = max(off[n], miss)
			}
		}
	}
	return off
}

// horizonRow turns the curves of a row's runs into numbers.
func (s *horizonKind) horizonRow(runs horizonRuns, eta Rate) HorizonRow {
	nan := Number(math.NaN())
	fine, coarse := runs.fine, runs.coarse
	row := HorizonRow{Observable: s.p.Observables[fine.obs].Name(), Model: fine.m.model.Name, Eta: eta.Value, EtaText: eta.Text,
		Horizon: s.until(), Times: []Number{}, Gap: []Number{}, Error: []Number{}, Plateau: nan, PlateauError: nan, T: nan, TError: nan,
		Alpha: []GrowthRate{}, Sup: []HorizonSup{}, Invariant: s.invariant(eta.Value)}
	for _, r := range append([]*rowRun{fine, coarse}, runs.rules.rich...) {
		if r.m.err != nil {
			reason := instability(r.m.err)
			row.Reason = &reason
			return row
		}
	}
	if len(runs.rules.rich) == 0 && !s.p.Dynamics.Law().Exact {
		reason := noRule
		row.Reason = &reason
		return row
	}
	// How far a number of the curve may be off: by what it differs on the two grids, under
	// the rules and between the orders; besides, by the search for suprema and the steps
	// in time.
	least, sampling := max(1, fine.remaining(coarse.m.level)), supTolerance+fine.supShare
	back := int(min(math.Ceil(crossingTime/(s.rate*eta.Value)), mostSteps))
	shares := runs.sharesOf(len(fine.curve)-1, back)
	off := func(number func(curve []float64) float64, n int) float64 {
		share := least
		if shares[n] > irregularSafety {
			share = max(share, shares[n])
		}
		most := share*math.Abs(number(fine.curve)-number(coarse.curve)) + runs.rules.number(func(r *rowRun) float64 { return number(r.curve) })
		switch {
		case runs.closed != nil && runs.closed.m.err != nil:
			most = math.NaN() // neither order can be had: nothing is known
		case runs.closed != nil:
			// The other order errs too, and two suprema may be closer than their fields.
			most += orderSafety * math.Abs(number(fine.curve)-number(runs.closed.curve))
		}
		return most
	}
	// Curves cross: at a step counts what they differ by at that and the steps before it, and
	// for closures, whose part moves more slowly, at about that time.
	moved := make([]float64, len(fine.curve))
	for n := range moved {
		moved[n] = max(off(func(curve []float64) float64 { return curve[n] }, n), shares[n]*runs.near[n]+orderSafety*runs.misread[n])
	}
	for k := range runs.rules.traced() {
		n := runs.rules.e.trace.n[k]
		moved[n] = max(moved[n], runs.rules.apart(k, coarse.curve[n]))
	}
	errs := make([]float64, len(fine.curve))
	for n, g := range fine.curve {
		errs[n] = slices.Max(moved[max(0, n-back):n+1]) + sampling*g
		if runs.closed != nil && runs.closed.m.err == nil {
			for k := (n + 1) / 2; k <= min(2*n, len(fine.curve)-1); k++ {
				errs[n] = max(errs[n], orderSafety*math.Abs(fine.curve[k]-runs.closed.curve[k]))
			}
		}
		if n > 0 {
			errs[n] += fine.prop.TimeErrorAt(n)
		}
	}
	last := len(errs) - 1
	for n := 0; n <= last; {
		row.Times = append(row.Times, Number(float64(n)*eta.Value))
		row.Gap, row.Error = append(row.Gap, Number(fine.curve[n])), append(row.Error, Number(errs[n]))
		if n == last {
			break
		}
		n = min(n+1+last/mostHorizonPoints, last)
	}
	row.Plateau, row.PlateauError = Number(fine.curve[last]), Number(errs[last])
	if levelled(fine.curve) {
		half := func(share float64) func(curve []float64) float64 {
			return func(curve []float64) float64 { return lastBelow(curve, share*curve[len(curve)-1]) * eta.Value }
		}
		t := half(0.5)(fine.curve)
		// These move both the gap and its plateau.
		moved := 2 * (sampling + fine.prop.TimeErrorAt(last)/(fine.curve[last]/2))
		row.T, row.TError = Number(t), Number(off(half(0.5), min(int(t/eta.Value), last))+half(0.5*(1+moved))(fine.curve)-t)
	}
	if reason := noTime(&row); reason != "" {
		row.T, row.TError, row.Reason = nan, nan, &reason
	}
	for m := 1; m <= kolmogorov.MaxDerivative; m++ {
		row.Alpha = append(row.Alpha, growthRate(m, fine.derivatives.sup[m], coarse.derivatives.sup[m], eta.Value))
	}
	for _, beta := range horizonBetas {
		sup := HorizonSup{Beta: beta, T: beta * math.Log(1/eta.Value), Steps: nan, Gap: nan, Error: nan}
		// A whisker of a step, so that rounding does not lose one.
		if n := sup.T / eta.Value; n >= 1-1e-9 && n <= float64(last) {
			steps, gap := supUpTo(fine.curve, n)
			sup.Steps, sup.Gap = Number(steps), Number(gap)
			sup.Error = Number(off(func(curve []float64) float64 { _, all := supUpTo(curve, n); return all }, int(n)) + sampling*gap + fine.prop.TimeErrorAt(min(int(math.Ceil(n)), last)))
		}
		row.Sup = append(row.Sup, sup)
	}
	return row
}

// noTime says why a row has no T, "" if it has one: where there is no plateau, one that is
// no larger than its error, or an error of T that reaches down to t = 0.
func noTime(h *HorizonRow) string {
	switch {
	case h.T != h.T:
		return fmt.Sprintf("no T: over the last quarter of t <= %g the gap changes by more than a tenth: it has no plateau over this horizon", h.Horizon)
	case !(h.PlateauError < h.Plateau):
		return fmt.Sprintf("no T: the plateau of %.2g is not above its error of %.2g", float64(h.Plateau), float64(h.PlateauError))
	case !(h.TError < h.T):
		return fmt.Sprintf("no T: its error of %.2g is not below T = %.2g itself", float64(h.TError), float64(h.T))
	}
	return ""
}

// supUpTo returns the largest value of a curve at its steps up to n, which need not be
// whole, and the largest up to n with the curve interpolated linearly.
func supUpTo(curve []float64, n float64) (steps, all float64) {
	k := int(math.Floor(n + 1e-9))
	for _, v := range curve[:k+1] {
		steps = max(steps, v)
	}
	all = steps
	if f := n - float64(k); f > 0 && k+1 < len(curve) {
		all = max(all, curve[k]+f*(curve[k+1]-curve[k]))
	}
	return steps, all
}

// levelled reports that a curve changes little over the last part of its time.
func levelled(curve []float64) bool {
	lo, hi := math.Inf(1), 0.0
	for _, v := range curve[int(math.Ceil((1-levelShare)*float64(len(curve)-1))):] {
		lo, hi = min(lo, v), max(hi, v)
	}
	return hi > 0 && hi-lo <= levelChange*hi
}

// lastBelow returns the last step, interpolated linearly, at which a curve that starts at
// zero is at most level.
func lastBelow(curve []float64, level float64) float64 {
	n := len(curve) - 1
	for n > 0 && curve[n] > level {
		n--
	}
	if n == len(curve)-1 {
		return float64(n)
	}
	return float64(n) + (level-curve[n])/(curve[n+1]-curve[n])
}
