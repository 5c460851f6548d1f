package compare

import (
	"context"
	"fmt"
	"math"
)

// LocalErrorRow is the one-step error rho_j = sup_{|x|<=R} |S u^{j-1} - u^j|,
// u^j = u(., j eta), of one observable, model and learning rate (Lemma 3), and the
// bound of Theorem 1's proof that is telescoped from it,
//
//	gap <= sum_j rho_j.
type LocalErrorRow struct {
	Observable string  `json:"observable" col:"observable"`
	Model      string  `json:"model" col:"model"`
	Eta        float64 `json:"eta" col:"eta"`
	EtaText    string  `json:"eta_text"`
	Rho        Number  `json:"rho" col:"sup rho; ~Error"`   // sup over j
	Error      Number  `json:"error" col:"+- error; error"` // of Rho: what two grids' fields differ by, the error in t and, where closures matter, another order
	N          int     `json:"n"`                           // the j of the supremum
	// Rate is beta in rho_j ~ e^{-beta j eta}, fitted over Window (times) with its interval,
	// which is for the rate as j grows; null where rho_j does not rise above its error long
	// enough.
	Rate   Number    `json:"rate" col:"beta; .3"`
	Low    Number    `json:"low" col:"interval; ..High .3"`
	High   Number    `json:"high"`
	Window [2]Number `json:"window"`
	// Sum is the telescoped bound; of it Tail is extrapolated beyond the last step.
	Sum      Number `json:"sum" col:"sum of rho; ~SumError"`
	SumError Number `json:"sum_error" col:"+- error; error"`
	Tail     Number `json:"tail"`
	Gap      Number `json:"gap" col:"gap; ~GapError"`
	GapError Number `json:"gap_error"`
	// Holds tells that the gap is within the bound, errors counted; null where the errors
	// exceed the values.
	Holds    *bool   `json:"holds" col:"gap within sum; nil=undecided"`
	ClosedBy *string `json:"closed_by"`
	Reason   *string `json:"reason"` // why there are no numbers
}

// LocalCurve is rho_j, its running sum, and the gap at j eta: NaN where the gap is not
// followed any more, since no later step can matter to it.
type LocalCurve struct {
	Observable, Model, EtaText string
	Eta                        float64
	T, Rho, Sum, Gap           []float64
}

// localUnit is what the study found for one model at one learning rate.
type localUnit struct {
	Rows   []asJSON[LocalErrorRow] // per observable
	Curves []LocalCurve
}

// localErrors measures the one-step errors of some models, first on the grids that their
// gaps ended on.
func (s *gapStudy) localErrors(ctx context.Context, i int, models []int) error {
	models, err := missing(s, &s.local, StudyLocalError, i, models)
	if err != nil || models == nil {
		return err
	}
	eta := s.p.Etas[i]
	coarse, err := s.rhoEngines(ctx, s.cache, eta, s.plans(i, models, 0), 0.3)
	if err != nil {
		return err
	}
	list := s.plans(i, models, 1)
	fine, err := s.rhoEngines(ctx, s.cache, eta, list, 0.6)
	if err != nil {
		return err
	}
	// The same under richer rules, if xi's law has them.
	rich := make([][]*engine, len(models)) // per model, of every rule
	for _, cache := range s.richer {
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
		var u *localUnit
		for round := 0; ; round++ {
			other, _, err := s.otherClosures(fine[k], p, func(list []planned) ([]*engine, error) { return s.rhoEngines(ctx, s.cache, eta, list, s.share) })
			if err != nil {
				return err
			}
			old := u
			u = s.localUnit(i, m, fine[k], coarse[k], other, own, rich[k])
			if old != nil && old.worst(s) < u.worst(s) {
				u = old
			}
			next, ok := p.finer(len(s.p.Ball.Center))
			if round == localRounds[len(s.p.Ball.Center)] || !ok || s.p.Solver.Nodes != nil || !(u.worst(s) > localAccuracy) {
				break
			}
			more, err := s.rhoEngines(ctx, s.cache, eta, []planned{next}, 1)
			if err != nil {
				return err
			}
			p, coarse[k], fine[k] = next, fine[k], more[0]
		}
		coarse[k], fine[k] = nil, nil
		if err := keep(s, &s.local, StudyLocalError, i, m, u); err != nil {
			return err
		}
	}
	return nil
}

// localAccuracy is the relative error of the one-step error and of its rate above which
// finer grids are tried than the gap asked for, and localRounds how many of them, by
// dimension.
const localAccuracy = 0.05

var localRounds = [...]int{0, 2, 1, 0}

// localUnit turns a model's runs at two plans, and at one of another order or nil, into
// a unit; own and rich are the runs under all rules of the quadrature over xi.
func (s *gapStudy) localUnit(i, m int, fine, coarse, other, own *engine, rich []*engine) *localUnit {
	u := new(localUnit)
	model := s.p.Models[m]
	for o := range s.p.Observables {
		var another *rowRun
		if other != nil {
			another = other.rowOf(model, o)
		}
		r, c := fine.rowOf(model, o), coarse.rowOf(model, o)
		// The differences of low orders on neighbouring grids understate the error.
		share := max(orderSafety, r.remaining(c.m.level), remaining(fine.lv, coarse.lv, fine.lv.order))
		gap := &s.units.at(i, m).Rows[o].V
		rules, ok := own.under(own.rowOf(model, o), rich)
		if rules.own.m.err == nil && (!ok || len(rich) == 0 && !s.p.Dynamics.Law().Exact) {
			row, reason := s.noLocalRow(r, s.p.Etas[i], gap), noRule
			row.Reason = &reason
			u.Rows = append(u.Rows, asJSON[LocalErrorRow]{row})
			continue
		}
		var law rhoApart
		if ok && len(rich) > 0 {
			law = own.localUnderRules(rules.own, rules.rich)
		}
		row, curve := s.localRow(fine, r, c, another, law, share, s.p.Etas[i], gap)
		u.Rows = append(u.Rows, asJSON[LocalErrorRow]{row})
		if curve != nil {
			u.Curves = append(u.Curves, *curve)
		}
	}
	return u
}

// worst returns the largest relative error of a unit's numbers, of those that stand above
// rounding; infinite where there is none, and zero where finer grids cannot help.
func (u *localUnit) worst(s *gapStudy) float64 {
	most := 0.0
	for o, row := range u.Rows {
		r := row.V
		if r.Reason != nil || float64(r.Rho) <= rhoRounding*s.size[o] {
			continue
		}
		for _, e := range []float64{float64(r.Error / r.Rho), float64((r.High - r.Low) / 2 / r.Rate)} {
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

// localResults collects the one-step errors and fits their orders.
func (s *gapStudy) localResults(res *Result) {
	for o, phi := range s.p.Observables {
		for m, model := range s.p.Models {
			var series []*GapRow
			for i := range s.p.Etas {
				u := s.local.at(i, m)
				r := u.Rows[o].V
				res.LocalError = append(res.LocalError, r)
				if r.Reason == nil {
					series = append(series, &GapRow{Eta: r.Eta, Gap: r.Rho, Error: r.Error, Certified: true})
				}
				for _, c := range u.Curves {
					if c.Observable == phi.Name() {
						res.LocalCurves = append(res.LocalCurves, c)
					}
				}
			}
			order := fitOrder(phi.Name(), model, series)
			order.Expected = 0
			if model.Order > 0 {
				order.Expected = model.Order + 1
			}
			order.Verdict = orderVerdict(order, fmt.Sprintf("rho <= C eta^%d", order.Expected), "the one-step error")
			res.LocalOrder = append(res.LocalOrder, order)
		}
	}
}

// localRow turns the one-step errors of a row at two plans, the finer of the engine e, into
// numbers. other is the row
// by differences of another order on the finer plan's grid, or nil, and law what the
// quadrature over xi does. share is the error over the difference from the coarse plan.
func (s *gapStudy) localRow(e *engine, fine, coarse, other *rowRun, law rhoApart, share float64, eta Rate, gap *GapRow) (LocalErrorRow, *LocalCurve) {
	row := s.noLocalRow(fine, eta, gap)
	for _, r := range []*rowRun{fine, coarse} {
		if r.m.err != nil {
			reason := instability(r.m.err)
			row.Reason = &reason
			return row, nil
		}
	}
	if fine.tail.by != "" {
		row.ClosedBy = &fine.tail.by
	}
	against := []rhoOther{{coarse, share}}
	if other != nil {
		if other.m.err != nil {
			reason := "what the closures at the ends of the box do is not known: no other order is stable"
			row.Reason = &reason
			return row, nil
		}
		against = append(against, rhoOther{other, 1})
	}
	curve := &LocalCurve{Observable: row.Observable, Model: row.Model, EtaText: row.EtaText, Eta: row.Eta}
	var errs []float64
	sum, sumError := 0.0, 0.0
	for _, p := range e.common(fine, against) {
		err := p.err + law.about(p.n) + supTolerance*p.rho + roundoff*s.size[fine.obs]
		if len(errs) == 0 || Number(p.rho) > row.Rho {
			row.Rho, row.Error, row.N = Number(p.rho), Number(err), p.n
		}
		piece := p.rho
		if k := len(errs) - 1; k >= 0 {
			n := int(math.Round(curve.T[k] / eta.Value))
			var between float64
			piece, between = geometricSum(curve.Rho[k], p.rho, p.n-n)
			sumError += between + max(err, errs[k])*float64(p.n-n)
		} else {
			sumError += err
		}
		sum += piece
		errs = append(errs, err)
		curve.T = append(curve.T, float64(p.n)*eta.Value)
		curve.Rho = append(curve.Rho, p.rho)
		curve.Sum = append(curve.Sum, sum)
		curve.Gap = append(curve.Gap, fine.gapAt(p.n))
	}
	f := confirmedRate(curve.T, curve.Rho, errs)
	row.Rate, row.Low, row.High, row.Window = Number(f.rate), Number(f.low), Number(f.high), [2]Number{Number(f.from), Number(f.to)}
	tail := 0.0
	if n := len(errs); n > 0 && f.rate > 0 {
		// The rest of the sum is a geometric series, at the slowest decay there may be.
		rate := f.rate
		if f.low > 0 {
			rate = f.low
		}
		q := math.Exp(-rate * eta.Value)
		tail = curve.Rho[n-1] * q / (1 - q)
	}
	row.Tail, row.Sum, row.SumError = Number(tail), Number(sum+tail), Number(sumError+tail)
	// Errors as large as the values decide nothing.
	if row.GapError <= row.Gap && row.SumError <= row.Sum {
		holds := row.Gap-row.GapError <= row.Sum+row.SumError
		row.Holds = &holds
	}
	return row, curve
}

// noLocalRow returns a row without numbers.
func (s *gapStudy) noLocalRow(r *rowRun, eta Rate, gap *GapRow) LocalErrorRow {
	nan := Number(math.NaN())
	return LocalErrorRow{Observable: s.p.Observables[r.obs].Name(), Model: r.m.model.Name, Eta: eta.Value, EtaText: eta.Text,
		Rho: nan, Error: nan, Rate: nan, Low: nan, High: nan, Window: [2]Number{nan, nan}, Sum: nan, SumError: nan, Tail: nan, Gap: gap.Gap, GapError: gap.Error}
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
