package stationary

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
	"kolmo/process"
)

// Estimate is a value with its error; both are NaN where there is none.
type Estimate struct{ Value, Err float64 }

// noEstimate stands for a value that could not be had.
func noEstimate() Estimate { return Estimate{math.NaN(), math.NaN()} }

// best returns the estimate with the smaller error.
func best(a, b Estimate) Estimate {
	if a.Err <= b.Err || b.Err != b.Err {
		return a
	}
	return b
}

// conflict returns by how much two estimates differ beyond their errors.
func conflict(a, b Estimate) float64 {
	return max(0, math.Abs(a.Value-b.Value)-a.Err-b.Err)
}

// Unit is what the study found for one model at one learning rate.
type Unit struct {
	Rows  []unit.JSON[compare.StationaryRow] // per observable
	Model unit.JSON[compare.MeanShiftRow]
}

// Study declares the kind.
var Study = unit.Kind{
	Name: compare.StudyStationary, OnGaps: true, Share: 5,
	New: func(s *unit.Setup) unit.Study { return &Kind{Setup: s, gaps: gap.Of(s)} },
}

// Kind is the study of the limits of U^n and of u (section 4.1).
type Kind struct {
	*unit.Setup
	gaps   *gap.Kind
	units  unit.Table[Unit]
	chain  map[int]*SgdLimit // limits of U^n, by learning rate
	Target *displacements    // of stationary means
}

// Run finds the limits of U^n and of u for some models at one learning rate, and
// the displacements of the stationary means.
func (s *Kind) Run(ctx context.Context, i int, models []int) error {
	if s.Target == nil {
		s.Target = s.Displacement()
	}
	eta := s.Problem.Etas[i]
	// The chain's unit depends on no model, so that every shard that needs it finds the same.
	if err := unit.ChainUnit(s.Setup, &s.chain, compare.StudyStationary, i, func() (*SgdLimit, error) { return s.climbSGD(ctx, eta) }); err != nil {
		return err
	}
	chain := s.chain[i]
	models, err := unit.Missing(s.Setup, &s.units, compare.StudyStationary, i, models)
	if err != nil || models == nil {
		return err
	}
	s.Progress(eta, 0, 1, fmt.Sprintf("eta = %s: invariant laws and long runs of the models", eta.Text))
	found, err := s.modelLimits(ctx, i, models, chain.Scale)
	if err != nil {
		return err
	}
	for k, m := range models {
		u := new(Unit)
		for o := range s.Problem.Observables {
			u.Rows = append(u.Rows, unit.JSON[compare.StationaryRow]{V: s.stationaryRow(chain.Side(), found[k], o, m, eta)})
		}
		u.Model.V = s.meanShift(s.Problem.Models[m], found[k], s.Target, eta)
		if err := unit.Keep(s.Setup, &s.units, compare.StudyStationary, i, m, u); err != nil {
			return err
		}
	}
	return nil
}

// Collect collects the limits and fits the orders of their differences.
func (s *Kind) Collect(res *compare.Result) error {
	for o, phi := range s.Problem.Observables {
		for m, model := range s.Problem.Models {
			var series []*compare.GapRow
			for i := range s.Problem.Etas {
				r := s.units.At(i, m).Rows[o].V
				res.Stationary = append(res.Stationary, r)
				if r.Reason == nil {
					series = append(series, &compare.GapRow{Key: compare.Key{Eta: r.Eta}, Gap: r.Difference, Error: r.Error, Certified: true})
				}
			}
			order := fit.FitOrder(phi.Name(), model, series)
			power := map[int]string{1: "eta", 2: "eta^2"}[model.StationaryOrder]
			order.Expected = model.StationaryOrder
			order.Verdict = fit.OrderVerdict(order, "|lim U - lim u| <= C "+power, "the difference")
			res.StationaryOrder = append(res.StationaryOrder, order)
		}
	}
	s.meanShiftResults(res)
	return nil
}

// forgottenShare is how well limits are known, of the observable's range, where the loss alone does not say that
// they exist.
const forgottenShare = 0.1

// noRow returns a row without values.
func noRow(key compare.Key) compare.StationaryRow {
	nan := compare.Number(math.NaN())
	return compare.StationaryRow{Key: key, SGD: nan, SGDError: nan, Diffusion: nan, DiffusionError: nan, Difference: nan, Error: nan,
		StationaryNull: compare.StationaryNull{SGDNull: nan, SGDNullError: nan, DiffusionNull: nan, DiffusionNullError: nan},
		StationaryRun:  compare.StationaryRun{SGDRun: nan, SGDRunError: nan, DiffusionRun: nan, DiffusionRunError: nan, T: nan}}
}

// stationaryRow turns the limits of one observable, of SGD and of a model, into a row.
func (s *Kind) stationaryRow(sgd, model *StationarySide, o, m int, eta compare.Rate) compare.StationaryRow {
	row := noRow(compare.Key{Observable: s.Problem.Observables[o].Name(), Model: s.Problem.Models[m].Name, Eta: eta.Value, EtaText: eta.Text})
	because := func(format string, args ...any) {
		if row.Reason == nil {
			reason := compare.Say(format, args...)
			row.Reason = &reason
		}
	}
	put := func(v, e *compare.Number, from Estimate) {
		*v, *e = compare.Number(from.Value), compare.Number(from.Err)
	}
	put(&row.SGDNull, &row.SGDNullError, sgd.Null[o])
	put(&row.SGDRun, &row.SGDRunError, sgd.Run[o])
	put(&row.DiffusionNull, &row.DiffusionNullError, model.Null[o])
	put(&row.DiffusionRun, &row.DiffusionRunError, model.Run[o])
	row.T = compare.Number(max(sgd.t, model.t) * s.Problem.Pace())
	a, offS := sgd.limit(o)
	b, offL := model.limit(o)
	missed := 0.0 // of phi(x*) by the grid's values
	if rest := s.AtRest(); s.Problem.Models[m].Noise == process.NoNoise && !s.Problem.Models[m].OwnRest && rest != nil {
		// The flow ends at x*; the grid's values are a check.
		b = rest[o]
		missed = conflict(model.Null[o], b) + conflict(model.Run[o], b)
		offL += missed
	}
	if offS+offL == offS+offL {
		agree := offS == 0 && offL == 0
		row.Agree = &agree
	}
	put(&row.SGD, &row.SGDError, a)
	put(&row.Diffusion, &row.DiffusionError, b)
	row.Difference, row.Error = row.SGD-row.Diffusion, row.SGDError+row.DiffusionError
	switch {
	case model.Err != nil:
		because("%s", march.Instability(model.Err))
	case !s.Invariant(eta.Value):
		because("%s", s.Leaves(eta))
	case row.Error != row.Error && (sgd.outward[o] || model.outward[o]):
		because("%s", unit.OutwardEnds)
	case row.Error != row.Error:
		because("neither the null vector nor the long run gives a value")
	case missed > 0:
		because("phi at the point of rest, %.6g, is outside the errors of the null vector and the long run on the grid", b.Value)
	case row.Agree != nil && !*row.Agree:
		because("null vectors and long runs disagree by more than their errors")
	case unit.ToHorizon(s.Setup) && !(float64(row.Error) <= forgottenShare*s.FieldSize(o)):
		because("%s, and means do not become independent of the point up to t = %.4g", s.NotConvex(), row.T)
		none := noRow(row.Key)
		none.Reason, none.T = row.Reason, row.T
		return none
	default:
		if why := unit.Growing(s.Setup, s.Problem.Models[m], o, eta.Value); why != "" {
			because("%s", why)
		}
	}
	return row
}

// underRules adds to the errors of limits what the quadrature over xi does to them: what
// the values by null vectors differ by, or where there are none, the largest of the bounds
// off, which take no account of signs. on returns both under a richer rule.
func (s *Kind) underRules(v *StationarySide, on func(cache *survey.Cache) (null []Estimate, off []float64, err error)) error {
	if s.Problem.Dynamics.Law().Exact {
		return nil
	}
	worst, values := make([]float64, len(v.Null)), make([][]float64, len(v.Null))
	for _, cache := range s.Richer {
		null, off, err := on(cache)
		if err != nil {
			return err
		}
		for f := range worst {
			d := math.NaN()
			if f < len(off) {
				d = off[f]
			}
			worst[f], values[f] = max(worst[f], d), append(values[f], null[f].Value)
		}
	}
	for f, bound := range worst {
		d := math.NaN()
		if len(s.Richer) > 0 {
			d = fit.RuleError(v.Null[f].Value, values[f])
		}
		if d != d && len(s.Richer) > 0 {
			d = fit.OrderSafety * bound
		}
		v.add(f, d)
	}
	return nil
}
