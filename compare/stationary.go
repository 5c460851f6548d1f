package compare

import (
	"context"
	"fmt"
	"math"

	"kolmo/process"
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
	Observable string  `json:"observable" col:"observable"`
	Model      string  `json:"model" col:"model"`
	Eta        float64 `json:"eta" col:"eta"`
	EtaText    string  `json:"eta_text"`
	// SGD and Diffusion are of the two values those with the smaller error; SGD is the same
	// in the rows of all models, and Diffusion of gradient-flow is phi at the minimiser.
	SGD            Number `json:"sgd" col:"lim U; 0~SGDError 5g"`
	SGDError       Number `json:"sgd_error"`
	Diffusion      Number `json:"diffusion" col:"lim u; 0~DiffusionError 5g"`
	DiffusionError Number `json:"diffusion_error"`
	Difference     Number `json:"difference" col:"difference; ~Error"` // SGD - Diffusion
	Error          Number `json:"error" col:"+- error; error"`         // of Difference: the sum of the two
	// The values by null vectors: their errors are what two grids differ by as fields, the
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
	T                 Number `json:"t" col:"t; .1"`
	// Agree reports that null vectors and runs agree within their errors, and those of
	// gradient-flow with Diffusion; nil where one of them is missing.
	Agree  *bool   `json:"agree" col:"methods agree"`
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

// stationaryUnit is what the study found for one model at one learning rate.
type stationaryUnit struct {
	Rows  []asJSON[StationaryRow] // per observable
	Model asJSON[MeanShiftRow]
}

// stationary finds the limits of U^n and of u for some models at one learning rate, and
// the displacements of the stationary means.
func (s *gapStudy) stationary(ctx context.Context, i int, models []int) error {
	var err error
	if s.target == nil {
		if s.target, err = s.displacement(); err != nil {
			return err
		}
	}
	eta := s.p.Etas[i]
	var sgd *stationarySide
	if s.mu > 0 {
		u, err := s.sgdLimits(ctx, i)
		if err != nil {
			return err
		}
		sgd = u.side()
	}
	models, err = missing(s, &s.limits, StudyStationary, i, models)
	if err != nil || models == nil {
		return err
	}
	found := make([]*stationarySide, len(models))
	if s.mu > 0 {
		s.progress(eta, 0, 1, fmt.Sprintf("eta = %s: invariant laws and long runs of the models", eta.Text))
		if found, err = s.modelLimits(ctx, i, models, s.sgd[i].Scale); err != nil {
			return err
		}
	}
	for k, m := range models {
		u := new(stationaryUnit)
		for o := range s.p.Observables {
			u.Rows = append(u.Rows, asJSON[StationaryRow]{s.stationaryRow(sgd, found[k], o, m, eta)})
		}
		u.Model.V = s.meanShift(s.p.Models[m], found[k], s.target, eta)
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
			power := map[int]string{1: "eta", 2: "eta^2"}[model.StationaryOrder]
			order.Expected = model.StationaryOrder
			order.Verdict = orderVerdict(order, "|lim U - lim u| <= C "+power, "the difference")
			res.StationaryOrder = append(res.StationaryOrder, order)
		}
	}
	s.meanShiftResults(res)
}

// noLimit is the reason of rows without a limit, after what f lacks.
const noLimit = ": no limit is claimed"

// stationaryRow turns the limits of one observable, of SGD and of a model, into a row; both
// are nil where no limit is claimed.
func (s *gapStudy) stationaryRow(sgd, model *stationarySide, o, m int, eta Rate) StationaryRow {
	nan := Number(math.NaN())
	row := StationaryRow{Observable: s.p.Observables[o].Name(), Model: s.p.Models[m].Name, Eta: eta.Value, EtaText: eta.Text,
		SGD: nan, SGDError: nan, Diffusion: nan, DiffusionError: nan, Difference: nan, Error: nan, SGDNull: nan, SGDNullError: nan,
		DiffusionNull: nan, DiffusionNullError: nan, SGDRun: nan, SGDRunError: nan, DiffusionRun: nan, DiffusionRunError: nan, T: nan}
	because := func(format string, args ...any) {
		if row.Reason == nil {
			reason := fmt.Sprintf(format, args...)
			row.Reason = &reason
		}
	}
	if sgd == nil {
		because("%s", s.notConvex()+noLimit)
		return row
	}
	put := func(v, e *Number, from estimate) { *v, *e = Number(from.value), Number(from.err) }
	put(&row.SGDNull, &row.SGDNullError, sgd.null[o])
	put(&row.SGDRun, &row.SGDRunError, sgd.run[o])
	put(&row.DiffusionNull, &row.DiffusionNullError, model.null[o])
	put(&row.DiffusionRun, &row.DiffusionRunError, model.run[o])
	row.T = Number(max(sgd.t, model.t))
	a, offS := sgd.limit(o)
	b, offL := model.limit(o)
	if rest := s.atRest(); s.p.Models[m].Noise == process.NoNoise && !s.p.Models[m].OwnRest && rest != nil {
		// The flow ends at x*; the grid's values are a check.
		b = rest[o]
		offL += conflict(model.null[o], b) + conflict(model.run[o], b)
	}
	if offS+offL == offS+offL {
		agree := offS == 0 && offL == 0
		row.Agree = &agree
	}
	put(&row.SGD, &row.SGDError, a)
	put(&row.Diffusion, &row.DiffusionError, b)
	row.Difference, row.Error = row.SGD-row.Diffusion, row.SGDError+row.DiffusionError
	switch {
	case model.err != nil:
		because("%s", instability(model.err))
	case !s.invariant(eta.Value) && s.p.Dynamics.Law().Unbounded:
		because("the law of xi is unbounded: no ball is invariant")
	case !s.invariant(eta.Value):
		because("%s", s.leaves(eta))
	case row.Error != row.Error:
		because("neither the null vector nor the long run gives a value")
	case row.Agree != nil && !*row.Agree:
		because("null vectors and long runs disagree by more than their errors")
	}
	return row
}
