package stationary

import (
	"fmt"
	"math"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/march"
	"kolmo/process"
)

// displacements are the prediction, and those under the richer quadratures.
type displacements struct {
	own    *process.Rest
	richer []*process.Rest
	reason string // why there is none
}

// ruleError returns the error of a number of the prediction by the quadrature over xi.
func (d *displacements) ruleError(number func(d *process.Rest) float64) float64 {
	var rich []float64
	for _, r := range d.richer {
		rich = append(rich, number(r))
	}
	return fit.RuleError(number(d.own), rich)
}

// Displacement predicts the displacement of the stationary mean.
func (s *Kind) Displacement() *displacements {
	if s.Mu <= 0 {
		return &displacements{reason: s.NotConvex() + ": no displacement from one minimiser is predicted"}
	}
	pair := new(displacements)
	own, ok := s.Problem.Dynamics.Rest(s.Problem.Ball)
	if !ok {
		pair.reason = "f has no minimiser in the ball where its third derivatives exist"
		return pair
	}
	pair.own = own
	for _, cache := range s.Richer {
		rich, ok := cache.Problem.Dynamics.Rest(s.Problem.Ball)
		if !ok {
			return &displacements{reason: "f has a minimiser in the ball, where its third derivatives exist, under one quadrature of xi's law and none under a richer one"}
		}
		pair.richer = append(pair.richer, rich)
	}
	return pair
}

// minimizerRounding is the rounding error of x*, relative to R.
const minimizerRounding = 1e-14

// meanShift returns the row of a model, of the chain where it is nil. Without noise a model
// rests at the minimiser; with noise its mean moves as that of the chain where their
// run values agree to second order, and nothing is predicted where they do not.
func (s *Kind) meanShift(m *process.Diffusion, side *StationarySide, target *displacements, eta compare.Rate) compare.MeanShiftRow {
	name := s.Problem.Dynamics.Name()
	if m != nil {
		name = m.Name
	}
	nan := compare.Number(math.NaN())
	row := compare.MeanShiftRow{Process: name, Eta: eta.Value, EtaText: eta.Text, Minimizer: []compare.Number{}, Shift: []compare.Number{}, Error: nan,
		Predicted: []compare.Number{}, PredictedError: nan, Remainder: nan, RemainderError: nan, Relative: nan}
	reason := target.reason
	switch {
	case reason != "":
	case side.Err != nil:
		reason = march.Instability(side.Err)
	case !s.Invariant(eta.Value):
		reason = fmt.Sprintf("the ball is not invariant at eta = %s", eta.Text)
	}
	if target.own != nil && side != nil && side.Err == nil {
		row.Error, row.PredictedError = 0, compare.Number(target.own.Error)
		off, size := 0.0, 0.0
		for k, c := range s.Problem.Ball.Center {
			x := target.own.Point[k]
			moved := target.ruleError(func(d *process.Rest) float64 { return d.Point[k] })
			f := len(s.Problem.Observables) + k
			e, gap := side.limit(f)
			if gap > 0 {
				reason = "null vectors and long runs disagree by more than their errors"
			}
			shift, predicted := (e.Value-(x-c))/eta.Value, target.own.PerEta[k]
			row.PredictedError = max(row.PredictedError, compare.Number(target.own.Error+target.ruleError(func(d *process.Rest) float64 { return d.PerEta[k] })))
			switch {
			case m == nil || m.StationaryOrder == 2:
			case m.Noise == process.NoNoise && !m.OwnRest:
				predicted, row.PredictedError = 0, 0
			default:
				predicted, row.PredictedError = math.NaN(), nan
			}
			row.Minimizer = append(row.Minimizer, compare.Number(x))
			row.Shift, row.Predicted = append(row.Shift, compare.Number(shift)), append(row.Predicted, compare.Number(predicted))
			err := compare.Number((e.Err + moved + minimizerRounding*s.Problem.Ball.R) / eta.Value)
			if !(err <= row.Error) {
				row.Error = err
			}
			off, size = math.Hypot(off, shift-predicted), math.Hypot(size, predicted)
		}
		row.Remainder = compare.Number(off)
		row.RemainderError = compare.Number(math.Sqrt(float64(len(s.Problem.Ball.Center)))) * (row.Error + row.PredictedError)
		if size > float64(row.PredictedError) {
			row.Relative = compare.Number(off / size)
		}
		if row.Error != row.Error && reason == "" {
			reason = "neither the null vector nor the long run gives a value"
		}
	}
	if reason != "" {
		row.Reason = &reason
	}
	return row
}

// meanShiftResults collects the rows by process and eta and fits the order of the
// remainder.
func (s *Kind) meanShiftResults(res *compare.Result) {
	for m := -1; m < len(s.Problem.Models); m++ {
		name := s.Problem.Dynamics.Name()
		if m >= 0 {
			name = s.Problem.Models[m].Name
		}
		var series []*compare.GapRow
		var before compare.MeanShiftRow
		sign := compare.Number(1)
		for i := range s.Problem.Etas {
			var r compare.MeanShiftRow
			switch {
			case m >= 0:
				r = s.units.At(i, m).Model.V
			case s.chain[i] != nil:
				r = s.chain[i].Shift.V
			default:
				r = s.meanShift(nil, nil, s.Target, s.Problem.Etas[i])
			}
			res.MeanShift = append(res.MeanShift, r)
			if r.Reason == nil && r.Relative == r.Relative {
				if opposite(before, r) {
					sign = -sign
				}
				before = r
				series = append(series, &compare.GapRow{Key: compare.Key{Eta: r.Eta}, Gap: sign * r.Remainder, Error: r.RemainderError, Certified: true})
			}
		}
		order := fit.FitOrder(meanName, &process.Diffusion{Name: name, Order: 1}, series)
		order.Verdict = fit.OrderVerdict(order, "mean shift per unit eta = prediction + O(eta)", "the remainder")
		if m < 0 || s.Problem.Models[m].StationaryOrder == 2 {
			res.MeanShiftOrder = append(res.MeanShiftOrder, order)
		}
	}
}

// opposite reports whether what two shifts leave of their predictions points in opposite
// directions, as where it crosses zero between two learning rates.
func opposite(a, b compare.MeanShiftRow) bool {
	dot := compare.Number(0)
	for k := range a.Shift {
		dot += (a.Shift[k] - a.Predicted[k]) * (b.Shift[k] - b.Predicted[k])
	}
	return dot < 0
}

// meanName stands for the observable in the orders of mean shifts.
const meanName = "mean"
