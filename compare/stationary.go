package compare

import (
	"context"
	"fmt"
	"math"

	"kolmo/kolmogorov"
)

// StationaryRow is the limit of U^n and of u(., n eta) as n grows (section 4.1), the
// values pi(phi) of the invariant laws of SGD and of a model, for one observable and
// learning rate, and their difference
//
//	lim U^n - lim u(., n eta).
//
// Each limit is found twice: from the null vector of S^T - I or L^T, and from a run that
// goes on until the field is constant over the ball.
type StationaryRow struct {
	Observable string  `json:"observable"`
	Model      string  `json:"model"`
	Eta        float64 `json:"eta"`
	EtaText    string  `json:"eta_text"`
	// SGD and Diffusion are of the two values those with the smaller error.
	SGD            Number `json:"sgd"`
	SGDError       Number `json:"sgd_error"`
	Diffusion      Number `json:"diffusion"`
	DiffusionError Number `json:"diffusion_error"`
	Difference     Number `json:"difference"` // SGD - Diffusion
	Error          Number `json:"error"`      // of Difference: the sum of the two
	// The values by null vectors: their errors are the difference of two grids, the
	// residual, the quadrature over xi and what of phi lies between the nodes.
	SGDNull            Number `json:"sgd_null"`
	SGDNullError       Number `json:"sgd_null_error"`
	DiffusionNull      Number `json:"diffusion_null"`
	DiffusionNullError Number `json:"diffusion_null_error"`
	// The values by long runs up to time T: the middle of the field's range over the
	// ball, whose half is part of the error in place of the residual.
	SGDRun            Number `json:"sgd_run"`
	SGDRunError       Number `json:"sgd_run_error"`
	DiffusionRun      Number `json:"diffusion_run"`
	DiffusionRunError Number `json:"diffusion_run_error"`
	T                 Number `json:"t"`
	// Agree reports that null vectors and runs agree within their errors; nil where one
	// of them is missing.
	Agree  *bool   `json:"agree"`
	Reason *string `json:"reason"` // nil, or why the row does not count
}

// estimate is a value with its error; both are NaN where there is none.
type estimate struct{ value, err float64 }

// noEstimate stands for a value that could not be had.
func noEstimate() estimate { return estimate{math.NaN(), math.NaN()} }

// best returns the estimate with the smaller error.
func best(a, b estimate) estimate {
	if a.err <= b.err || b.err != b.err {
		return a
	}
	return b
}

// conflict returns by how much two estimates differ beyond their errors.
func conflict(a, b estimate) float64 {
	return max(0, math.Abs(a.value-b.value)-a.err-b.err)
}

// stationaryOrder is the order in eta of the difference of the stationary values: an
// invariant law is the minimiser's point mass, widened by sqrt(eta). The part of order
// eta, (1/2) C : hess phi + shift . grad phi, is the same for SGD and every model with
// noise; the one without has none.
func stationaryOrder(m kolmogorov.Model) int {
	if m == kolmogorov.GradientFlow {
		return 1
	}
	return 2
}

// stationaryUnit is what the study found for one model at one learning rate.
type stationaryUnit struct {
	Rows       []asJSON[StationaryRow] // per observable
	SGD, Model asJSON[MeanShiftRow]
}

// stationary finds the limits of U^n and of u for some models at one learning rate, on
// the grids that their gaps ended on, and the displacements of the stationary means.
func (s *gapStudy) stationary(ctx context.Context, i int, models []int) error {
	models, err := missing(s, &s.limits, StudyStationary, i, models)
	if err != nil || models == nil {
		return err
	}
	if s.target == nil {
		if s.target, err = s.displacement(); err != nil {
			return err
		}
	}
	eta := s.p.Etas[i]
	found := make([]*stationaryValues, len(models))
	if s.mu > 0 {
		if found, err = s.stationaryAt(ctx, i, models); err != nil {
			return err
		}
	}
	for k, m := range models {
		u := new(stationaryUnit)
		for o := range s.p.Observables {
			u.Rows = append(u.Rows, asJSON[StationaryRow]{s.stationaryRow(found[k], o, m, eta)})
		}
		var sgd, model *stationarySide
		if found[k] != nil {
			sgd, model = found[k].sgd, found[k].model
		}
		u.SGD.V = s.meanShift(sgdProcess, sgd, s.target, eta, false)
		u.Model.V = s.meanShift(s.p.Models[m].String(), model, s.target, eta, stationaryOrder(s.p.Models[m]) == 1)
		if err := keep(s, &s.limits, StudyStationary, i, m, u); err != nil {
			return err
		}
	}
	return nil
}

// stationaryResults collects the limits and fits the orders of their differences.
func (s *gapStudy) stationaryResults(res *Result) {
	for o, phi := range s.p.Observables {
		for m, model := range s.p.Models {
			var series []*GapRow
			for i := range s.p.Etas {
				r := s.limits.at(i, m).Rows[o].V
				res.Stationary = append(res.Stationary, r)
				if r.Reason == nil {
					series = append(series, &GapRow{Eta: r.Eta, Gap: Number(math.Abs(float64(r.Difference))), Error: r.Error, Certified: true})
				}
			}
			order := fitOrder(phi.Name(), model, series)
			power := map[int]string{1: "eta", 2: "eta^2"}[stationaryOrder(model)]
			order.Expected = stationaryOrder(model)
			order.Verdict = orderVerdict(order, "|lim U - lim u| <= C "+power, "the difference falls faster than that here")
			res.StationaryOrder = append(res.StationaryOrder, order)
		}
	}
	s.meanShiftResults(res)
}

// widestOrder is the width of an order's interval beyond which it says nothing.
const widestOrder = 1

// orderVerdict says what a fitted order shows of a claim.
func orderVerdict(o OrderRow, claim, faster string) string {
	switch want := float64(o.Expected); {
	case len(o.Etas) < leastVerdictEtas:
		return fmt.Sprintf("%d learning rates with a value above its error are too few for a verdict", len(o.Etas))
	case float64(o.High-o.Low) > widestOrder:
		return "no power law at these learning rates: the values do not lie on a line, as where they change sign"
	case math.Abs(float64(o.Slope)-want) <= confirmWithin:
		return claim + ": confirmed"
	case float64(o.Slope) > want:
		return claim + ": holds, " + faster
	}
	return claim + ": not seen at these learning rates"
}

// noLimit is the reason of rows without a limit.
const noLimit = "f is not convex on the ball: no limit is claimed"

// stationaryRow turns the values of one observable and model into a row; v is nil where
// no limit is claimed.
func (s *gapStudy) stationaryRow(v *stationaryValues, o, m int, eta Rate) StationaryRow {
	nan := Number(math.NaN())
	row := StationaryRow{Observable: s.p.Observables[o].Name(), Model: s.p.Models[m].String(), Eta: eta.Value, EtaText: eta.Text,
		SGD: nan, SGDError: nan, Diffusion: nan, DiffusionError: nan, Difference: nan, Error: nan, SGDNull: nan, SGDNullError: nan,
		DiffusionNull: nan, DiffusionNullError: nan, SGDRun: nan, SGDRunError: nan, DiffusionRun: nan, DiffusionRunError: nan, T: nan}
	because := func(format string, args ...any) {
		if row.Reason == nil {
			reason := fmt.Sprintf(format, args...)
			row.Reason = &reason
		}
	}
	if v == nil {
		because("%s", noLimit)
		return row
	}
	sgd, model := v.sgd, v.model
	sNull, sRun, lNull, lRun := sgd.null[o], sgd.run[o], model.null[o], model.run[o]
	// Two grids agree on what of phi and of the loss both of them miss.
	size := math.Abs(best(sNull, sRun).value - best(lNull, lRun).value)
	limit := discretisationShare * s.p.Accuracy * size
	more := func(side *stationarySide) float64 {
		return unseen(side.missed[0][o], side.missed[1][o], limit, size) + unseen(side.hides[0][o], side.hides[1][o], limit, math.Inf(1))
	}
	for _, e := range []*estimate{&sNull, &sRun} {
		e.err += more(sgd)
	}
	for _, e := range []*estimate{&lNull, &lRun} {
		e.err += more(model)
	}
	row.SGDNull, row.SGDNullError, row.SGDRun, row.SGDRunError = Number(sNull.value), Number(sNull.err), Number(sRun.value), Number(sRun.err)
	row.DiffusionNull, row.DiffusionNullError, row.DiffusionRun, row.DiffusionRunError = Number(lNull.value), Number(lNull.err), Number(lRun.value), Number(lRun.err)
	row.T = Number(max(sgd.t, model.t))
	a, b := best(sNull, sRun), best(lNull, lRun)
	off := []float64{conflict(sNull, sRun), conflict(lNull, lRun)}
	if off[0]+off[1] == off[0]+off[1] {
		agree := off[0] == 0 && off[1] == 0
		row.Agree = &agree
	}
	// Where the two methods disagree, their distance is the error.
	if off[0] > 0 {
		a.err = math.Abs(sNull.value - sRun.value)
	}
	if off[1] > 0 {
		b.err = math.Abs(lNull.value - lRun.value)
	}
	row.SGD, row.SGDError, row.Diffusion, row.DiffusionError = Number(a.value), Number(a.err), Number(b.value), Number(b.err)
	row.Difference, row.Error = row.SGD-row.Diffusion, row.SGDError+row.DiffusionError
	switch {
	case model.err != nil:
		because("%s", instability(model.err))
	case !s.invariant(eta.Value) && s.p.Objective.Law().Unbounded:
		because("the law of xi is unbounded: no ball is invariant under SGD")
	case !s.invariant(eta.Value):
		because("the ball is not invariant at eta = %s: a sample's step leaves it", eta.Text)
	case row.Error != row.Error:
		because("neither the null vector nor the long run gives a value")
	case row.Agree != nil && !*row.Agree:
		because("null vectors and long runs disagree by more than their errors")
	}
	return row
}
