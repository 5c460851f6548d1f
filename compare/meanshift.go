package compare

import (
	"fmt"
	"math"

	"kolmo/process"
)

// MeanShiftRow is the displacement of the stationary mean from the minimiser x* of f,
// per unit eta,
//
//	(E_pi X - x*)/eta,
//
// of SGD or of a model, beside the first-order prediction -(1/2) H^{-1} (T:C), H C + C H
// = Sigma, H and T the second and third derivatives of f at x* (section 4.1; zero for
// gradient-flow).
type MeanShiftRow struct {
	Process   string   `json:"process"` // the chain, or a model
	Eta       float64  `json:"eta"`
	EtaText   string   `json:"eta_text"`
	Minimizer []Number `json:"minimizer"`
	Shift     []Number `json:"shift"`
	Error     Number   `json:"error"` // largest of Shift's entries
	Predicted []Number `json:"predicted"`
	// PredictedError is the largest of Predicted's entries.
	PredictedError Number `json:"predicted_error"`
	// Remainder is |Shift - Predicted|, of order eta, and Relative its ratio to
	// |Predicted|, null where that is zero.
	Remainder      Number  `json:"remainder"`
	RemainderError Number  `json:"remainder_error"`
	Relative       Number  `json:"relative"`
	Reason         *string `json:"reason"` // nil, or why the row does not count
}

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
	return ruleError(number(d.own), rich)
}

// displacement predicts the displacement of the stationary mean.
func (s *stationaryKind) displacement() (*displacements, error) {
	if s.mu <= 0 {
		return &displacements{reason: s.notConvex() + noLimit}, nil
	}
	pair := new(displacements)
	own, ok := s.p.Dynamics.Rest(s.p.Ball)
	if !ok {
		pair.reason = "f has no minimiser in the ball where its third derivatives exist"
		return pair, nil
	}
	pair.own = own
	for _, cache := range s.richer {
		rich, ok := cache.p.Dynamics.Rest(s.p.Ball)
		if !ok {
			return &displacements{reason: "f has a minimiser in the ball, where its third derivatives exist, under one quadrature of xi's law and none under a richer one"}, nil
		}
		pair.richer = append(pair.richer, rich)
	}
	return pair, nil
}

// minimizerRounding is the rounding error of x*, relative to R.
const minimizerRounding = 1e-14

// meanShift returns the row of a model, of the chain where it is nil. Without noise a model
// rests at the minimiser; with noise its mean moves as that of the chain where their
// run values agree to second order, and nothing is predicted where they do not.
func (s *stationaryKind) meanShift(m *process.Diffusion, side *stationarySide, target *displacements, eta Rate) MeanShiftRow {
	name := s.p.Dynamics.Name()
	if m != nil {
		name = m.Name
	}
	nan := Number(math.NaN())
	row := MeanShiftRow{Process: name, Eta: eta.Value, EtaText: eta.Text, Minimizer: []Number{}, Shift: []Number{}, Error: nan,
		Predicted: []Number{}, PredictedError: nan, Remainder: nan, RemainderError: nan, Relative: nan}
	reason := target.reason
	switch {
	case reason != "":
	case side.err != nil:
		reason = instability(side.err)
	case !s.invariant(eta.Value):
		reason = fmt.Sprintf("the ball is not invariant at eta = %s", eta.Text)
	}
	if target.own != nil && side != nil && side.err == nil {
		row.Error, row.PredictedError = 0, Number(target.own.Error)
		off, size := 0.0, 0.0
		for k, c := range s.p.Ball.Center {
			x := target.own.Point[k]
			moved := target.ruleError(func(d *process.Rest) float64 { return d.Point[k] })
			f := len(s.p.Observables) + k
			e, gap := side.limit(f)
			if gap > 0 {
				reason = "null vectors and long runs disagree by more than their errors"
			}
			shift, predicted := (e.value-(x-c))/eta.Value, target.own.PerEta[k]
			row.PredictedError = max(row.PredictedError, Number(target.own.Error+target.ruleError(func(d *process.Rest) float64 { return d.PerEta[k] })))
			switch {
			case m == nil || m.StationaryOrder == 2:
			case m.Noise == process.NoNoise && !m.OwnRest:
				predicted, row.PredictedError = 0, 0
			default:
				predicted, row.PredictedError = math.NaN(), nan
			}
			row.Minimizer = append(row.Minimizer, Number(x))
			row.Shift, row.Predicted = append(row.Shift, Number(shift)), append(row.Predicted, Number(predicted))
			err := Number((e.err + moved + minimizerRounding*s.p.Ball.R) / eta.Value)
			if !(err <= row.Error) {
				row.Error = err
			}
			off, size = math.Hypot(off, shift-predicted), math.Hypot(size, predicted)
		}
		row.Remainder = Number(off)
		row.RemainderError = Number(math.Sqrt(float64(len(s.p.Ball.Center)))) * (row.Error + row.PredictedError)
		if size > float64(row.PredictedError) {
			row.Relative = Number(off / size)
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
func (s *stationaryKind) meanShiftResults(res *Result) {
	for m := -1; m < len(s.p.Models); m++ {
		name := s.p.Dynamics.Name()
		if m >= 0 {
			name = s.p.Models[m].Name
		}
		var series []*GapRow
		for i := range s.p.Etas {
			var r MeanShiftRow
			switch {
			case m >= 0:
				r = s.units.at(i, m).Model.V
			case s.chain[i] != nil:
				r = s.chain[i].Shift.V
			default:
				r = s.meanShift(nil, nil, s.target, s.p.Etas[i])
			}
			res.MeanShift = append(res.MeanShift, r)
			if r.Reason == nil && r.Relative == r.Relative {
				series = append(series, &GapRow{Eta: r.Eta, Gap: r.Remainder, Error: r.RemainderError, Certified: true})
			}
		}
		order := fitOrder(meanName, &process.Diffusion{Name: name, Order: 1}, series)
		order.Verdict = orderVerdict(order, "mean shift per unit eta = prediction + O(eta)", "the remainder")
		if m < 0 || s.p.Models[m].StationaryOrder == 2 {
			res.MeanShiftOrder = append(res.MeanShiftOrder, order)
		}
	}
}

// meanName stands for the observable in the orders of mean shifts.
const meanName = "mean"
