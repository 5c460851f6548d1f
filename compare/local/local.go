package local

import (
	"context"
	"fmt"
	"math"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/gap"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
)

// Unit is what the study found for one model at one learning rate.
type Unit struct {
	Rows   []unit.JSON[compare.LocalErrorRow] // per observable
	Curves []compare.LocalCurve
	seen   []float64 // per observable: the half-width of the rate's interval but for modes that are not seen
}

// Study declares the kind.
var Study = unit.Kind{
	Name: compare.StudyLocalError, OnGaps: true, Share: 1,
	New: func(s *unit.Setup) unit.Study { return New(s, gap.Of(s)) },
}

// Kind is the study of one-step errors (Lemma 3), on the grids of the gaps.
type Kind struct {
	*unit.Setup
	gaps  *gap.Kind
	units unit.Table[Unit]
	least map[leastKey]float64
}

// New returns the study of a setup on the grids of its gaps.
func New(s *unit.Setup, gaps *gap.Kind) *Kind {
	return &Kind{Setup: s, gaps: gaps, least: map[leastKey]float64{}}
}

// Run measures the one-step errors of some models, first on the grids that their
// gaps ended on.
func (s *Kind) Run(ctx context.Context, i int, models []int) error {
	models, err := unit.Missing(s.Setup, &s.units, compare.StudyLocalError, i, models)
	if err != nil || models == nil {
		return err
	}
	eta := s.Problem.Etas[i]
	coarse, err := s.rhoEngines(ctx, s.Cache, eta, s.gaps.Plans(i, models, 0), 0.3)
	if err != nil {
		return err
	}
	list := s.gaps.Plans(i, models, 1)
	fine, err := s.rhoEngines(ctx, s.Cache, eta, list, 0.6)
	if err != nil {
		return err
	}
	// The same under richer rules, if xi's law has them.
	rich := make([][]*march.Engine, len(models)) // per model, of every rule
	for _, cache := range s.Richer {
		engines, err := s.rhoEngines(ctx, cache, eta, list, 0.9)
		if err != nil {
			return err
		}
		for k, e := range engines {
			rich[k] = append(rich[k], e)
		}
	}
	for k, m := range models {
		p, own := list[k], fine[k]
		var u *Unit
		for round := 0; ; round++ {
			other, _, err := s.OtherClosures(fine[k], p, func(list []march.Planned) ([]*march.Engine, error) {
				return s.rhoEngines(ctx, s.Cache, eta, list, s.Share)
			})
			if err != nil {
				return err
			}
			others, err := s.nearer(ctx, p, eta)
			if err != nil {
				return err
			}
			if other != nil {
				others = append(others, otherRun{other, func(int) float64 { return 1 }, "what the closures at the ends of the box do is not known: no other order is stable"})
			}
			old := u
			u = s.localUnit(i, m, fine[k], coarse[k], others, own, rich[k])
			if old != nil && old.worst(s.Setup) < u.worst(s.Setup) {
				u = old
			}
			next, ok := p.Finer(s.Problem)
			if round == unit.LocalRounds[len(s.Problem.Ball.Center)] || !ok || s.Problem.Solver.Nodes != nil || !(u.worst(s.Setup) > localAccuracy) {
				break
			}
			more, err := s.rhoEngines(ctx, s.Cache, eta, []march.Planned{next}, 1)
			if err != nil {
				return err
			}
			p, coarse[k], fine[k] = next, fine[k], more[0]
		}
		coarse[k], fine[k] = nil, nil
		if err := unit.Keep(s.Setup, &s.units, compare.StudyLocalError, i, m, u); err != nil {
			return err
		}
	}
	return nil
}

// localAccuracy is the relative error of the one-step error and of its rate above which
// finer grids are tried than the gap asked for, and localRounds how many of them, by
// dimension.
const localAccuracy = 0.05

// localUnit turns a model's runs at two plans, and the others that they are held against, into
// a unit; own and rich are the runs under all rules of the quadrature over xi.
func (s *Kind) localUnit(i, m int, fine, coarse *march.Engine, others []otherRun, own *march.Engine, rich []*march.Engine) *Unit {
	u := new(Unit)
	model := s.Problem.Models[m]
	for o := range s.Problem.Observables {
		r, c := fine.RowOf(model, o), coarse.RowOf(model, o)
		// The differences of low orders on neighbouring grids understate the error.
		ofS, ofL := march.RoughRemaining(fine, coarse, r, c)
		share := max(fit.OrderSafety, r.Remaining(c.Model.Level), march.Remaining(fine.Level, coarse.Level, fine.Level.Order), survey.RemainingOfMiss(march.BetweenNodes(fine, r), march.BetweenNodes(coarse, c), s.Size[o]), ofS, ofL)
		gap := &s.gaps.Units.At(i, m).Rows[o].V
		rules, ok := own.Under(own.RowOf(model, o), rich)
		if rules.Own.Model.Err == nil && (!ok || len(rich) == 0 && !s.Problem.Dynamics.Law().Exact) {
			row, reason := s.noLocalRow(r, s.Problem.Etas[i], gap), fit.NoRule
			row.Reason = &reason
			u.Rows, u.seen = append(u.Rows, unit.JSON[compare.LocalErrorRow]{V: row}), append(u.seen, 0)
			continue
		}
		var law rhoApart
		if ok && len(rich) > 0 {
			law = localUnderRules(own, rules.Own, rules.Rich)
		}
		row, curve, seen := s.localRow(fine, r, c, others, law, share, s.Problem.Etas[i], gap)
		u.Rows, u.seen = append(u.Rows, unit.JSON[compare.LocalErrorRow]{V: row}), append(u.seen, seen)
		if curve != nil {
			u.Curves = append(u.Curves, *curve)
		}
	}
	return u
}

// worst returns the largest relative error of a unit's numbers, of those that stand above
// rounding; infinite where there is none, and zero where finer grids cannot help.
func (u *Unit) worst(s *unit.Setup) float64 {
	most := 0.0
	for o, row := range u.Rows {
		r := row.V
		if r.Reason != nil || float64(r.Rho) <= rhoRounding*s.Size[o] {
			continue
		}
		for _, e := range []float64{float64(r.Error / r.Rho), u.seen[o] / float64(r.Rate)} {
			if e = math.Abs(e); e != e {
				e = math.Inf(1)
			}
			most = max(most, e)
		}
	}
	return most
}

// rhoRounding is the one-step error, relative to |phi|, that rounding makes.
const rhoRounding = 1e-13

// Collect collects the one-step errors and fits their orders.
func (s *Kind) Collect(res *compare.Result) error {
	for o, phi := range s.Problem.Observables {
		for m, model := range s.Problem.Models {
			var series []*compare.GapRow
			for i := range s.Problem.Etas {
				u := s.units.At(i, m)
				r := u.Rows[o].V
				res.LocalError = append(res.LocalError, r)
				if r.Reason == nil {
					series = append(series, &compare.GapRow{Key: compare.Key{Eta: r.Eta}, Gap: r.Rho, Error: r.Error, Certified: true})
				}
				for _, c := range u.Curves {
					if c.Observable == phi.Name() {
						res.LocalCurves = append(res.LocalCurves, c)
					}
				}
			}
			order := fit.FitOrder(phi.Name(), model, series)
			order.Expected = 0
			if model.Order > 0 {
				order.Expected = model.Order + 1
			}
			order.Verdict = fit.OrderVerdict(order, fmt.Sprintf("rho <= C eta^%d", order.Expected), "the one-step error")
			res.LocalOrder = append(res.LocalOrder, order)
		}
	}
	return nil
}

// localRow turns the one-step errors of a row at two plans, the finer of the engine e, into
// numbers. others are runs that it is held against, and law is what the
// quadrature over xi does. share is the error over the difference from the coarse plan. seen is the half-width of the
// rate's interval but for modes that are not seen.
func (s *Kind) localRow(e *march.Engine, fine, coarse *march.Row, others []otherRun, law rhoApart, share float64, eta compare.Rate, gap *compare.GapRow) (row compare.LocalErrorRow, curve *compare.LocalCurve, seen float64) {
	row = s.noLocalRow(fine, eta, gap)
	if reason := s.Leaves(eta); reason != "" {
		row.Reason = &reason // S takes values beyond its box there
		return row, nil, 0
	}
	for _, r := range []*march.Row{fine, coarse} {
		if r.Model.Err != nil {
			reason := march.Instability(r.Model.Err)
			row.Reason = &reason
			return row, nil, 0
		}
	}
	if fine.Tail.By != "" {
		row.ClosedBy = &fine.Tail.By
	}
	against := []rhoOther{{coarse, share}}
	for _, other := range others {
		r := other.e.RowOf(fine.Model.Model, fine.Observable)
		if r.Model.Err != nil {
			row.Reason = &other.why
			return row, nil, 0
		}
		share := other.share(fine.Observable)
		if reason := unit.Outward(share); reason != "" {
			row.Reason = &reason
			return row, nil, 0
		}
		against = append(against, rhoOther{r, share})
	}
	curve = &compare.LocalCurve{Observable: row.Observable, Model: row.Model, EtaText: row.EtaText, Eta: row.Eta}
	least := s.leastRate(fine, eta)
	between, layer := march.BetweenNodes(e, fine), unit.ThinLayer(s.Setup, e, fine)
	tips := stepTips(e, fine)
	var errs, whole []float64 // of the rate and of the numbers: what is missed at a kink is in proportion to u there, and moves no rate
	sum, sumError, step := 0.0, 0.0, s.Problem.Time(1, eta.Value)
	for _, p := range commonRho(e, fine, against) {
		// What the layer does to u becomes a constant, which a step does not see, and moves the rate at which u does.
		gone := least * s.Problem.Time(p.N-1, eta.Value)
		faded := (1 + gone) * math.Exp(-gone)
		err := max(p.Err, between, faded*layer) + law.about(p.N) + fit.SupTolerance*p.Rho + rhoRounding*s.Size[fine.Observable]
		errs = append(errs, err)
		err = max(err, faded*tips.about(p.N))
		if len(whole) == 0 || compare.Number(p.Rho) > row.Rho {
			row.Rho, row.Error, row.N = compare.Number(p.Rho), compare.Number(err), p.N
		}
		piece := p.Rho
		if k := len(whole) - 1; k >= 0 {
			n := int(math.Round(curve.T[k] / step))
			var between float64
			piece, between = geometricSum(curve.Rho[k], p.Rho, p.N-n)
			sumError += between + max(err, whole[k])*float64(p.N-n)
		} else {
			sumError += err
		}
		sum += piece
		whole = append(whole, err)
		curve.T = append(curve.T, s.Problem.Time(p.N, eta.Value))
		curve.Rho = append(curve.Rho, p.Rho)
		curve.Sum = append(curve.Sum, sum)
		curve.Gap = append(curve.Gap, fine.GapAt(p.N))
	}
	f := fit.ConfirmedRate(curve.T, curve.Rho, errs)
	seen = (f.High - f.AtLeast(least).Low) / 2
	f = f.HidingTo(least)
	row.Rate, row.Low, row.High, row.Window = compare.Number(f.Rate), compare.Number(f.Low), compare.Number(f.High), [2]compare.Number{compare.Number(f.From), compare.Number(f.To)}
	tail := 0.0
	if n := len(errs); n > 0 {
		if f.Low > 0 {
			least = min(least, f.Low)
		}
		tail = curve.Rho[n-1] * s.stepsLeft(eta, curve.T[n-1], least)
	}
	row.Tail, row.Sum, row.SumError = compare.Number(tail), compare.Number(sum+tail), compare.Number(sumError+tail)
	// Errors as large as the values decide nothing.
	if row.GapError <= row.Gap && row.SumError <= row.Sum {
		holds := row.Gap-row.GapError <= row.Sum+row.SumError
		row.Holds = &holds
	}
	return row, curve, seen
}

// noLocalRow returns a row without numbers.
func (s *Kind) noLocalRow(r *march.Row, eta compare.Rate, gap *compare.GapRow) compare.LocalErrorRow {
	nan := compare.Number(math.NaN())
	return compare.LocalErrorRow{Key: compare.Key{Observable: s.Problem.Observables[r.Observable].Name(), Model: r.Model.Model.Name, Eta: eta.Value, EtaText: eta.Text},
		Rho: nan, Error: nan, Rate: nan, Low: nan, High: nan, Window: [2]compare.Number{nan, nan}, LocalSum: compare.LocalSum{Sum: nan, SumError: nan, Tail: nan}, Gap: gap.Gap, GapError: gap.Error}
}

// geometricSum returns the sum of steps values that go on from the one before them like a
// geometric series and end with last, and by how much a straight line differs.
func geometricSum(before, last float64, steps int) (sum, diff float64) {
	if steps == 1 {
		return last, 0
	}
	m := float64(steps)
	line := before*(m-1)/2 + last*(m+1)/2
	if !(before > 0 && last > 0) {
		return line, line
	}
	v, q := before, math.Pow(last/before, 1/m)
	for range steps {
		v *= q
		sum += v
	}
	return sum, math.Abs(line - sum)
}
