package horizon

import (
	"maps"
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/gap"
	"kolmo/compare/march"
	"kolmo/compare/unit"
	"kolmo/kolmogorov"
)

// Constants of a row's numbers.
const (
	// MostHorizonPoints is the number of points of a stored curve.
	MostHorizonPoints = 2048
	// levelShare is the last part of the horizon in which a gap that has levelled off
	// changes by at most levelChange of itself.
	levelShare, levelChange = 0.25, 0.1
	// crossingTime is the time, in units of one over the problem's fastest rate, over which
	// the difference of two curves is looked at: where they cross it says nothing.
	crossingTime = 4
)

// aboutHalf are the shares of the plateau whose times are compared: curves may cross at a half of it.
var aboutHalf = []float64{0.45, 0.5, 0.55}

// HorizonRuns are the runs of a row at two plans, at the coarse one under richer
// quadratures over xi, and at the fine one with other closures, which is nil where it says
// nothing. near is how far the fields of the first two are
// apart at the traced steps, where the gap is large, and before the same for the coarse
// plan and a coarser one; misread is what the grid of S hides of u, and between what
// both grids miss of phi, or the model's of the layer in which noise ends.
type HorizonRuns struct {
	Fine, Coarse, closed  *march.Row
	gap                   *compare.GapRow // nil where it says nothing
	ends                  *march.Row      // with noise that ends nearer to the region; nil where it ends by definition
	rules                 march.UnderRules
	near, before, misread map[int]float64
	traced                []int           // the steps of near, in order
	moved                 map[int]float64 // near to those with the nearer ends
	between               float64
}

// over returns the largest of what is known of the traced steps from one to another.
func (runs *HorizonRuns) over(of map[int]float64, from, to int) (most float64) {
	if runs.traced == nil {
		runs.traced = slices.Sorted(maps.Keys(runs.near))
	}
	first, _ := slices.BinarySearch(runs.traced, from)
	for _, n := range runs.traced[first:] {
		if n > to {
			break
		}
		most = max(most, of[n])
	}
	return most
}

// sharesOf returns, for every step up to last, the share of the difference of the fine and
// the coarse plan that is taken to remain: irregularSafety, or orderSafety q/(1-q) where
// the differences fall by no more than the factor q from the coarser plans to the finer
// ones. A front that narrows in time is resolved by none of them at last. The largest
// differences over back steps before count.
func (runs *HorizonRuns) sharesOf(last, back int) []float64 {
	shares := make([]float64, last+1)
	for n := range shares {
		shares[n] = fit.IrregularSafety
		if n > 0 {
			shares[n] = shares[n-1]
		}
		if _, traced := runs.near[n]; !traced {
			continue
		}
		d, before := runs.over(runs.near, n-back, n), runs.over(runs.before, n-back, n)
		shares[n] = fit.IrregularSafety
		switch q := d / before; {
		case d == 0, len(runs.before) == 0:
		case !(q < 1):
			shares[n] = march.MostRemaining
		default:
			shares[n] = max(fit.IrregularSafety, min(fit.OrderSafety*q/(1-q), march.MostRemaining))
		}
	}
	return shares
}

// apart returns how far the two plans are apart at a traced step, crossings left out: where they cross at it,
// what the coarser plans differ by there, times the factor by which differences fall over back steps before and after it.
// All earlier steps count where paths slow down, so that what crosses once may stay there.
func (runs *HorizonRuns) apart(n, back int, slows bool) float64 {
	if len(runs.before) == 0 {
		return runs.over(runs.near, n-back, n+back)
	}
	q := 0.0
	fall := func(from, to int) {
		if f := runs.over(runs.near, from, to); f > 0 {
			q = max(q, min(f/runs.over(runs.before, from, to), 1))
		}
	}
	fall(n-back, n+back)
	if slows {
		fall(0, n)
	}
	return max(runs.near[n], q*runs.before[n])
}

// near returns, for every traced step, by how much U, u or U - u on two plans differs within R/NearShare of where the last
// is largest, and elsewhere at points where it may be: suprema may agree by chance, at one point fields may too, and what U
// and u err by may cancel on these plans and not in truth.
func near(e *march.Engine, r *march.Row, other *march.Engine, q *march.Row) map[int]float64 {
	off := map[int]float64{}
	if r.Model.Err != nil || q == nil || q.Model.Err != nil {
		return off
	}
	for k, n := range e.Trace.N[:min(len(r.TraceAtU), len(q.TraceAtU))] {
		chain, worst, top := e.Trace.U[k][r.Observable], 0, 0.0
		for i, u := range r.TraceAtU[k] {
			if d := math.Abs(chain[i] - u); d > top {
				worst, top = i, d
			}
		}
		about := e.Points.Ball.About(e.Points.X[worst], e.Problem.Ball.R/gap.NearShare)
		for i, u := range r.TraceAtU[k] {
			ofU, ofL := chain[i]-other.Trace.U[k][r.Observable][i], u-q.TraceAtU[k][i]
			diff := math.Abs(ofU - ofL)
			if diff = max(diff, math.Abs(ofU), math.Abs(ofL)); about.Contains(e.Points.X[i]) || math.Abs(chain[i]-u)+diff >= fit.NearSup*r.Curve[n] {
				off[n] = max(off[n], diff)
			}
		}
	}
	return off
}

// misread returns, for every traced step, by how much u through the grid of S, on which
// gaps are taken, misses u on the model's own grid at the points where the gap may be
// largest; no two plans tell of what no grid of S shows.
func misread(e *march.Engine, r *march.Row) map[int]float64 {
	off := map[int]float64{}
	for k, n := range e.Trace.N[:len(r.TraceOnS)] {
		for i, u := range r.TraceAtU[k] {
			miss := math.Abs(u - r.TraceOnS[k][i])
			if math.Abs(e.Trace.U[k][r.Observable][i]-u)+miss >= fit.NearSup*r.Curve[n] {
				off[n] = max(off[n], miss)
			}
		}
	}
	return off
}

// HorizonRow turns the curves of a row's runs into numbers.
func (s *Kind) HorizonRow(runs HorizonRuns, eta compare.Rate) compare.HorizonRow {
	nan, step := compare.Number(math.NaN()), s.Problem.Time(1, eta.Value)
	fine, coarse := runs.Fine, runs.Coarse
	row := compare.HorizonRow{Key: compare.Key{Observable: s.Problem.Observables[fine.Observable].Name(), Model: fine.Model.Model.Name, Eta: eta.Value, EtaText: eta.Text},
		Horizon: s.Until(), Times: []compare.Number{}, Gap: []compare.Number{}, Error: []compare.Number{}, Plateau: nan, PlateauError: nan, T: nan, TError: nan,
		Alpha: []compare.GrowthRate{}, Sup: []compare.HorizonSup{}, Invariant: s.Invariant(eta.Value)}
	ends := 0.0
	if runs.ends != nil {
		ends = unit.FadingOfGaps(s.Setup, fine.Model.Model, eta.Value).Of(fine.Observable)
	}
	if reason := s.unknown(&runs, ends); reason != "" {
		row.Reason = &reason
		return row
	}
	// How far a number of the curve may be off: by what it differs on the two grids, under
	// the rules and between the orders; besides, by the search for suprema and the steps
	// in time.
	least, sampling := max(1, fine.Remaining(coarse.Model.Level)), fit.SupTolerance+fine.SupShare
	back := int(min(math.Ceil(crossingTime/(s.Rate*eta.Value)), unit.MostSteps))
	shares := runs.sharesOf(len(fine.Curve)-1, back)
	off := func(number func(curve []float64) float64, n int) float64 {
		share := least
		if shares[n] > fit.IrregularSafety {
			share = max(share, shares[n])
		}
		most := share*math.Abs(number(fine.Curve)-number(coarse.Curve)) + runs.rules.Number(func(r *march.Row) float64 { return number(r.Curve) })
		if runs.closed != nil {
			// The other order errs too, and two suprema may be closer than their fields.
			most += fit.OrderSafety * math.Abs(number(fine.Curve)-number(runs.closed.Curve))
		}
		if runs.ends != nil {
			most += ends * math.Abs(number(fine.Curve)-number(runs.ends.Curve))
		}
		return most
	}
	// Curves cross: at a step counts what they differ by at that and the steps before it, and
	// for closures, whose part moves more slowly, at about that time.
	moved := make([]float64, len(fine.Curve))
	for n := range moved {
		apart := 0.0
		if _, traced := runs.near[n]; traced {
			apart = shares[n] * runs.apart(n, back, s.Problem.Transient())
		}
		moved[n] = max(off(func(curve []float64) float64 { return curve[n] }, n), apart+fit.OrderSafety*runs.misread[n]+ends*runs.moved[n])
	}
	for k := range runs.rules.Traced() {
		n := runs.rules.E.Trace.N[k]
		moved[n] = max(moved[n], runs.rules.Apart(k, coarse.Curve[n]))
	}
	errs := make([]float64, len(fine.Curve))
	for n, g := range fine.Curve {
		errs[n] = slices.Max(moved[max(0, n-back):n+1]) + sampling*g
		if n > 0 {
			errs[n] = max(errs[n], runs.between)
		}
		if runs.closed != nil {
			for k := (n + 1) / 2; k <= min(2*n, len(fine.Curve)-1); k++ {
				errs[n] = max(errs[n], fit.OrderSafety*math.Abs(fine.Curve[k]-runs.closed.Curve[k]))
			}
		}
		if n > 0 {
			errs[n] += fine.Prop.TimeErrorAt(n)
		}
	}
	last := len(errs) - 1
	if g := runs.gap; g != nil && g.N <= last {
		own := float64(g.Errors.Total(false)) // NaN where it is not known
		if own > errs[g.N] {
			errs[g.N] = own
		}
		// What is wrong with a gap that is not certified does not get right later.
		for n := g.N + 1; n <= last && g.Reason != nil && own == own; n++ {
			errs[n] = max(errs[n], own)
		}
	}
	for n := 0; n <= last; {
		row.Times = append(row.Times, compare.Number(s.Problem.Time(n, eta.Value)))
		row.Gap, row.Error = append(row.Gap, compare.Number(fine.Curve[n])), append(row.Error, compare.Number(errs[n]))
		if n == last {
			break
		}
		n = min(n+1+last/MostHorizonPoints, last)
	}
	row.Plateau, row.PlateauError = compare.Number(fine.Curve[last]), compare.Number(errs[last])
	if levelled(fine.Curve) {
		half := func(share float64) func(curve []float64) float64 {
			return func(curve []float64) float64 { return lastBelow(curve, share*curve[len(curve)-1]) * step }
		}
		t := half(0.5)(fine.Curve)
		// These move both the gap and its plateau.
		moved := 2 * (sampling + (fine.Prop.TimeErrorAt(last)+runs.between)/(fine.Curve[last]/2))
		apart := 0.0
		for _, share := range aboutHalf {
			apart = max(apart, off(half(share), min(int(t/step), last)))
		}
		row.T, row.TError = compare.Number(t), compare.Number(apart+half(0.5*(1+moved))(fine.Curve)-t)
	}
	if reason := NoTime(&row, step); reason != "" {
		row.T, row.TError, row.TReason = nan, nan, &reason
	}
	for m := 1; m <= kolmogorov.MaxDerivative; m++ {
		row.Alpha = append(row.Alpha, fit.GrowthRate(m, fine.Derivatives.Sup[m], coarse.Derivatives.Sup[m], step))
	}
	for _, beta := range HorizonBetas {
		sup := compare.HorizonSup{Beta: beta, T: beta * math.Log(1/eta.Value), Steps: nan, Gap: nan, Error: nan}
		// A whisker of a step, so that rounding does not lose one.
		if n := sup.T / step; n >= 1-1e-9 && n <= float64(last) {
			steps, gap := supUpTo(fine.Curve, n)
			sup.Steps, sup.Gap = compare.Number(steps), compare.Number(gap)
			moved := max(off(func(curve []float64) float64 { _, all := supUpTo(curve, n); return all }, int(n)), runs.between)
			sup.Error = compare.Number(moved + sampling*gap + fine.Prop.TimeErrorAt(min(int(math.Ceil(n)), last)))
			// Suprema on two grids may agree by chance, too.
			for k, v := range fine.Curve[:int(n+1e-9)+1] {
				if v+errs[k] >= gap {
					sup.Error = max(sup.Error, compare.Number(errs[k]))
				}
			}
		}
		row.Sup = append(row.Sup, sup)
	}
	return row
}

// unknown says why nothing is known of how far a row's numbers may be off, with the share of what nearer ends change;
// "" where something is.
func (s *Kind) unknown(runs *HorizonRuns, ends float64) string {
	for _, r := range append([]*march.Row{runs.Fine, runs.Coarse}, runs.rules.Rich...) {
		if r.Model.Err != nil {
			return march.Instability(r.Model.Err)
		}
	}
	switch {
	case len(runs.rules.Rich) == 0 && !s.Problem.Dynamics.Law().Exact:
		return fit.NoRule
	case runs.closed != nil && runs.closed.Model.Err != nil:
		return "what closures do is not known: " + march.Instability(runs.closed.Model.Err)
	case runs.ends != nil && runs.ends.Model.Err != nil:
		return "what the end of the noise does is not known: " + march.Instability(runs.ends.Model.Err)
	}
	return unit.Outward(ends)
}

// NoTime says why a row has no T, "" if it has one: where there is no plateau, one that is
// no larger than its error, a T before the first step, which lasts step, or an error of T that
// reaches down to t = 0.
func NoTime(h *compare.HorizonRow, step float64) string {
	switch {
	case h.T != h.T:
		return compare.Say("over the last quarter of t <= %.4g the gap changes by more than a tenth: it has no plateau over this horizon", h.Horizon)
	case !(h.PlateauError < h.Plateau):
		return compare.Say("the plateau of %.2g is not above its error of %.2g", float64(h.Plateau), float64(h.PlateauError))
	case float64(h.T) < step*(1-1e-9):
		return "from the first step on the gap is above half of its plateau"
	case !(h.TError < h.T):
		return compare.Say("its error of %.2g is not below T = %.2g itself", float64(h.TError), float64(h.T))
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
