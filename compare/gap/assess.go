package gap

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/kolmogorov"
	"kolmo/process"
)

// NearShare is R over the radius around the worst point in which levels are
// compared; the points are nowhere sparser than that.
const NearShare = 4

// levelPair is two neighbouring levels and the largest difference of a field on them.
type levelPair struct {
	coarse, fine survey.Level
	apart        float64
	before       []fall // the pairs before by the same method, from the coarsest on
}

// fall is how far a pair was apart whose finer level had so many nodes per axis.
type fall struct{ nodes, apart float64 }

// after returns the pair with those before it.
func (p levelPair) after(before levelPair) levelPair {
	if p.remainingAfter(before) != 0 {
		p.before = append(slices.Clone(before.before), fall{float64(before.fine.Largest()), before.apart})
	}
	return p
}

// coarser returns the pairs before whose finer levels have fewer nodes than a level.
func (p levelPair) coarser(than survey.Level) []fall {
	k := 0
	for k < len(p.before) && p.before[k].nodes < float64(than.Largest()) {
		k++
	}
	return p.before[:k]
}

// recentPairs is over the distance of a pair the most that pairs before it were apart which tell whether errors fall there.
const recentPairs = 10

// irregular returns the share of the difference that remains where distances of about that size have not always fallen: if
// those to come fall by no higher power of the nodes than they did from any of these to this one. It is zero where
// they have.
func (p levelPair) irregular() float64 {
	nodes, order, last, rises := float64(p.fine.Largest()), math.Inf(1), p.apart, false
	for _, f := range slices.Backward(p.before) {
		if f.apart > recentPairs*p.apart {
			break
		}
		rises = rises || last >= f.apart
		order, last = min(order, math.Log(f.apart/p.apart)/math.Log(nodes/f.nodes)), f.apart
	}
	switch {
	case !rises:
		return 0
	case !(order > 0):
		return march.MostRemaining
	}
	return min(fit.OrderSafety/(math.Pow(nodes/float64(p.coarse.Largest()), order)-1), march.MostRemaining)
}

// remainingAfter returns the share q/(1-q) of the difference that remains as the error of
// the finer level if errors fall by the factor q that the pair before shows: with
// neighbouring levels both may err by more than they differ. It is zero where the pairs
// do not follow each other by the same method.
func (p levelPair) remainingAfter(before levelPair) float64 {
	if p.fine.Largest() < p.coarse.Largest() || before.fine.Largest() < before.coarse.Largest() {
		return 0 // a coarser level was looked at again
	}
	if !p.coarse.Same(before.fine) || p.fine.Kind != before.coarse.Kind || p.fine.Order != before.coarse.Order || p.fine.Box != before.coarse.Box || p.coarse.Same(before.coarse) {
		return 0
	}
	if !(p.apart < before.apart) {
		return march.MostRemaining
	}
	q := p.apart / before.apart
	return min(q/(1-q), march.MostRemaining)
}

// failure is the outcome of a model that could not be computed.
func (s *Kind) failure(r *march.Row, obs, model int, eta compare.Rate, err error) Outcome {
	nan := compare.Number(math.NaN())
	reason := march.Instability(err)
	if errors.Is(err, kolmogorov.ErrUnstable) {
		reason += s.ends(model)
	}
	return Outcome{obs: obs, ofS: nan, Row: compare.GapRow{
		Key: compare.Key{Observable: s.Problem.Observables[obs].Name(), Model: s.Problem.Models[model].Name, Eta: eta.Value, EtaText: eta.Text},
		Gap: nan, Error: nan, Errors: compare.NoErrors(), GapPlace: compare.GapPlace{X: []compare.Number{}},
		GapMethod: compare.GapMethod{Nodes: r.Model.Level.Largest(), Space: r.Model.Level.Kind.String(), SpaceOrder: r.Model.Level.SpaceOrder(), Scheme: r.Model.Level.InTime()},
		Growth:    compare.Number(r.Model.Growth), Steps: len(r.Curve) - 1, Reason: &reason,
	}}
}

// Assess turns a row at two plans into an outcome. before holds the error of the
// side that was not refined, from when it last was.
func (s *Kind) Assess(fine, coarse *march.Engine, eta compare.Rate, obs, model int, before *Outcome) Outcome {
	r := fine.RowOf(s.Problem.Models[model], obs)
	c := coarse.RowOf(s.Problem.Models[model], obs)
	size := fine.Data.Size[obs]
	dense := fine.DenseSup(r)
	value := max(dense, r.Best)
	row := compare.GapRow{
		Key: compare.Key{Observable: s.Problem.Observables[obs].Name(), Model: s.Problem.Models[model].Name, Eta: eta.Value, EtaText: eta.Text},
		Gap: compare.Number(value), GapPlace: compare.GapPlace{N: r.BestN, T: s.Problem.Time(r.BestN, fine.Eta), X: []compare.Number{}}, Tail: r.Approached(),
		GapMethod: compare.GapMethod{Nodes: r.Model.Level.Largest(), Space: r.Model.Level.Kind.String(), SpaceOrder: r.Model.Level.SpaceOrder(), Scheme: r.Model.Level.InTime()},
		Growth:    compare.Number(r.Model.Growth), Steps: len(r.Curve) - 1,
	}
	row.X = s.Problem.ToUser(r.BestX)
	dU, du, dG := difference(fine, r, coarse)
	finerS, finerL := !fine.Level.Same(coarse.Level), !r.Model.Level.Same(c.Model.Level)
	// Never less than what the gap itself moved.
	if rest := dG - dU - du; rest > 0 {
		if finerL {
			du += rest
		} else {
			dU += rest
		}
	}
	round := fit.Roundoff * size * (1 + math.Sqrt(float64(r.BestN)))
	errs := &row.Errors
	pairL, pairS := before.pairL, before.pairS
	if finerL {
		pairL = levelPair{coarse: c.Model.Level, fine: r.Model.Level, apart: du}.after(before.pairL)
	}
	if finerS {
		pairS = levelPair{coarse: coarse.Level, fine: fine.Level, apart: dU}.after(before.pairS)
	}
	twoL, twoS := r.Remaining(c.Model.Level), march.Remaining(fine.Level, coarse.Level, fine.Level.Order)
	shareL, shareS := max(twoL, pairL.remainingAfter(before.pairL)), pairS.share(twoS, before.pairS, 1)
	if !r.Irregular() && r.Model.Model.Analytic {
		shareL = pairL.share(twoL, before.pairL, r.Model.Growth)
	}
	if r.Model.Model.Noise == process.NoNoise {
		// The flow carries kinks with it.
		shareL = max(shareL, survey.RemainingOfMiss(r.Model.Data.Missed[obs], c.Model.Data.Missed[obs], size))
	}
	roughS, roughL := march.RoughRemaining(fine, coarse, r, c)
	shareL, shareS = max(shareL, pairL.irregular(), roughL), max(shareS, pairS.irregular(), roughS)
	by := newSharesAt(shares{twoS, twoL}, shares{shareS, shareL}, len(s.Problem.Ball.Center))
	errs.Space = compare.Number(shareL*du + round*r.Model.Growth)
	// What the grid of S does to u is another thing on every grid of u.
	aliased := compare.Number(aliased(fine, r) + round + fine.MissedByPowers(r))
	errs.Interpolation = compare.Number(shareS*dU) + aliased
	// Each side answers for what it may do elsewhere: a part that is booked on the other
	// one is lost when only that is refined next.
	if more := compare.Number(elsewhere(fine, r, coarse, by.ofS())) - errs.Interpolation; more > 0 && finerS {
		errs.Interpolation += more
	}
	if more := compare.Number(elsewhere(fine, r, coarse, by.ofL())) - errs.Space; more > 0 && finerL {
		errs.Space += more
	}
	if more := compare.Number(elsewhere(fine, r, coarse, by)) - errs.Space - errs.Interpolation; more > 0 {
		if finerL && (!finerS || errs.Space >= errs.Interpolation) {
			errs.Space += more
		} else {
			errs.Interpolation += more
		}
	}
	if !finerL {
		errs.Space = before.Row.Errors.Space
	}
	if !finerS {
		errs.Interpolation = before.ofS + aliased
	}
	errs.Time = compare.Number(r.TimeError())
	errs.Sup = compare.Number(value - r.Best + fit.SupTolerance*value)
	errs.Tail = compare.Number(math.NaN())
	if unit.ToHorizon(s.Setup) && r.Tail.By == "" && row.Steps >= s.LastStep(eta.Value) {
		r.Tail = march.TailState{By: march.ByHorizon}
	}
	if r.Tail.By == march.ByHorizon {
		h := s.Until()
		row.Horizon, row.Tail = &h, false
	}
	if r.Tail.By != "" {
		row.ClosedBy = &r.Tail.By
		errs.Tail = compare.Number(r.Tail.Bound)
	}
	out := Outcome{obs: obs, Row: row, curve: curveOf(fine, r, eta)}
	out.pairL, out.pairS = pairL, pairS
	out.expanded = s.expansion(fine, r)
	errs = &out.Row.Errors
	out.target = max(fit.DiscretisationShare*s.Problem.Accuracy*value, fit.CertifiedFloor*s.Size[obs]/2)
	// Two levels agree on what both of them miss.
	hides, hid := unit.Hides(s.Setup, fine, r), unit.Hides(s.Setup, coarse, c)
	hiddenL := max(survey.Unresolved(hides.Layer, hid.Layer, out.target, value), unit.ThinLayer(s.Setup, fine, r))
	hiddenS := hides.Step
	// What is missed of rough coefficients falls slowly on any grid, and two levels differ by it.
	if r.Model.Rough.Spacing == 0 {
		hiddenL = max(hiddenL, survey.Unresolved(hides.L, hid.L, out.target, value))
	}
	if fine.Rough.Spacing == 0 {
		hiddenS = max(hiddenS, survey.Unresolved(hides.S, hid.S, out.target, value))
	}
	if finerL {
		errs.Space = max(errs.Space, compare.Number(r.Model.Data.Missed[obs]), compare.Number(hiddenL))
	}
	if finerS {
		errs.Interpolation = max(errs.Interpolation, compare.Number(fine.Data.Missed[obs]), compare.Number(hiddenS))
	}
	// Impossible values are errors of the finer levels, whatever was refined.
	overS, overL := s.impossible(fine, r)
	errs.Interpolation, errs.Space = max(errs.Interpolation, aliased+compare.Number(overS)), max(errs.Space, compare.Number(overL))
	out.widest = s.widest(fine, r)
	if overS+overL > 0 && value > out.widest {
		errs.Space = max(errs.Space, compare.Number(value)) // no gap is that large: nothing is known
	}
	out.narrow = finerL && hiddenL > out.target || finerS && hiddenS > out.target || before.narrow && !(finerL && finerS)
	out.ofS = errs.Interpolation - aliased
	out.resolved = float64(errs.Space+errs.Interpolation+errs.Time+errs.Sup) <= out.target
	if fine.Shots {
		f := fieldSetOf(fine, r, eta)
		fine.JudgeDerivatives(&f, r, coarse, [2]bool{finerL, finerS}, [2]float64{shareL, shareS}, before.fields)
		out.fields = &f
	}
	return out
}

// excess says that an error is above the largest that certifies, or not known at all.
func excess(total, limit float64) string {
	if math.IsNaN(total) {
		return compare.Say("the error, which may be %.2g, is not known", limit)
	}
	return compare.Say("error %.2g is above the accuracy %.2g", total, limit)
}

// certify decides whether a row of a model is certified and says why not.
func (s *Kind) certify(out *Outcome, model int, eta compare.Rate) {
	row := &out.Row
	out.ofFields = row.Errors
	row.Invariant = s.Invariant(eta.Value)
	if row.Reason != nil {
		if !row.Invariant {
			both := "the ball is not invariant, as a step leaves it; besides, " + *row.Reason
			row.Reason = &both
		}
		return
	}
	e, closed := &row.Errors, row.ClosedBy != nil
	row.Error = e.Total(closed)
	growing := unit.Growing(s.Setup, s.Problem.Models[model], out.obs, eta.Value)
	if growing == "" {
		out.hold()
	}
	total := row.Error
	size := s.Size[out.obs]
	limit := max(s.Problem.Accuracy*float64(row.Gap), fit.CertifiedFloor*size)
	reason := ""
	switch {
	case !row.Invariant:
		reason = s.Leaves(eta)
	case math.IsInf(float64(e.Taper), 1):
		reason = unit.OutwardEnds
	case e.Quadrature != e.Quadrature:
		reason = fit.NoRule
	case !(float64(total) <= limit) && s.mostOf(e, total) != "":
		reason = fmt.Sprintf("%s, most of it from %s", excess(float64(total), limit), s.mostOf(e, total))
	case !(float64(total) <= limit):
		reason = fmt.Sprintf("%s at %d nodes per axis: %s", excess(float64(total), limit), row.Nodes, out.limit)
		if out.narrow {
			reason += "; the loss has features between the nodes"
		}
		reason += s.endable(row, model)
	case !closed:
		reason = compare.Say("the supremum over n is not closed at t = %.3g: the one-step error shows no decay above its floor", s.Problem.Time(row.Steps, eta.Value))
	}
	if reason == "" {
		reason = growing
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
