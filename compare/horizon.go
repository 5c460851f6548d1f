package compare

import (
	"context"
	"fmt"
	"math"

	"kolmo/grid"
	"kolmo/process"
)

// horizonBetas are the beta of the times beta ln(1/eta) that Proposition 2 speaks of.
var horizonBetas = []float64{0.1, 0.25, 0.4, 0.6}

// HorizonRow is the gap as a function of time up to a horizon,
//
//	gap(t) = sup_{|x|<=R} |U^n - u(., n eta)|,   t = n eta <= horizon,
//
// of one observable, model and learning rate (Proposition 2).
type HorizonRow struct {
	Observable string  `json:"observable" col:"observable"`
	Model      string  `json:"model" col:"model"`
	Eta        float64 `json:"eta" col:"eta"`
	EtaText    string  `json:"eta_text"`
	Horizon    float64 `json:"horizon"`
	// Times are n eta, of every step or, beyond 2048 steps, of every k-th and the last;
	// Gap and its Error are taken there.
	Times []Number `json:"t"`
	Gap   []Number `json:"gap"`
	Error []Number `json:"error"`
	// Plateau is the gap at the horizon. T is the last time with a gap of at most half
	// of that, interpolated between steps; null where the gap has not levelled off, the
	// plateau is not above its error or the error of T is not below T.
	Plateau      Number `json:"plateau" col:"plateau; ~PlateauError"`
	PlateauError Number `json:"plateau_error" col:"+- error; error"`
	T            Number `json:"T" col:"T; .4"`
	TError       Number `json:"T_error" col:"+- error; error"`
	// Alpha are the growth rates of the derivatives of u, |J| = 1, 2, ..
	Alpha []GrowthRate `json:"alpha"`
	// Sup are the suprema over t <= beta ln(1/eta).
	Sup       []HorizonSup `json:"sup"`
	Invariant bool         `json:"invariant"` // the ball, as in GapRow
	Reason    *string      `json:"reason"`    // why numbers are missing, or nil
}

// GrowthRate is alpha in sup |d^J u| ~ e^{alpha t}, the supremum over the nodes of the
// ball and all J of one |J|.
type GrowthRate struct {
	J     int    `json:"J"` // |J|
	Alpha Number `json:"alpha"`
	// Low and High are the least and the largest of the rates over Window and over its
	// two halves.
	Low    Number    `json:"low"`
	High   Number    `json:"high"`
	Window [2]Number `json:"window"` // times
}

// HorizonSup is the supremum of the gap over t <= T = beta ln(1/eta).
type HorizonSup struct {
	Beta float64 `json:"beta"`
	T    float64 `json:"t"`
	// Steps is the supremum over the steps n eta <= T, Gap that over all such t with the
	// gap interpolated linearly between steps. Null where T is less than a step or
	// beyond the horizon.
	Steps Number `json:"steps"`
	Gap   Number `json:"gap"`
	Error Number `json:"error"`
}

// HorizonOrder is the order in eta of sup_{t <= beta ln(1/eta)} gap(t) of one
// observable and model.
type HorizonOrder struct {
	Observable string    `json:"observable" col:"observable"`
	Model      string    `json:"model" col:"model"`
	Beta       float64   `json:"beta" col:"beta"`
	Slope      Number    `json:"slope" col:"order; .3"`        // over Etas
	Low        Number    `json:"low" col:"scatter; ..High .3"` // 95 % confidence interval
	High       Number    `json:"high"`                         //
	Etas       []float64 `json:"etas"`                         // at most the last four
	// Last is the slope at the smallest learning rate, of the parabola through the last
	// three points: the order drifts with ln(1/eta).
	Last      Number `json:"last" col:"at the smallest eta; .3"`
	LastError Number `json:"last_error"`
	// Leading is the slope over Etas of eta^k sup |e|, the leading term of the gap as it is
	// predicted (ConstantRow), over the same times: what the fitted slope is without the
	// terms of higher order in eta. Null where e is not resolved that far.
	Leading Number `json:"leading"`
	// Expected is k - alpha beta, k the model's weak order and Alpha the growth rate of
	// d^J u, |J| = J, at the smallest learning rate where it is known; J is zero where D is not.
	Expected Number `json:"expected" col:"k - alpha beta; .3"`
	Alpha    Number `json:"alpha" col:"alpha; .3"`
	J        int    `json:"J" col:"of |J|"`
	Verdict  string `json:"verdict"`
}

// HorizonTime is the slope of T(eta) in ln(1/eta) of one observable and model.
type HorizonTime struct {
	Observable string    `json:"observable"`
	Model      string    `json:"model"`
	Slope      Number    `json:"slope"`
	Low        Number    `json:"low"` // 95 % confidence interval
	High       Number    `json:"high"`
	Etas       []float64 `json:"etas"` // at most the last four
	// Last is the slope at the smallest learning rate, of the parabola through the last
	// three points: the correction to T falls with eta.
	Last      Number `json:"last"`
	LastError Number `json:"last_error"`
	// PlateauOrder is the order p of the plateaus in eta over Etas, and Expected
	// (k - p)/alpha: eta^k e^{alpha T} ~ eta^p.
	PlateauOrder Number `json:"plateau_order"`
	Expected     Number `json:"expected"`
	Verdict      string `json:"verdict"`
}

// checkHorizon refuses a horizon study of too many steps.
func (s *gapStudy) checkHorizon() error {
	if h, largest := s.horizon(), s.p.Etas[0]; s.p.transient() && h < largest.Value {
		return &InputError{Key: "horizon", Msg: fmt.Sprintf("t = %g ends before the first step of eta = %s, and suprema are over t <= horizon; want a longer horizon", s.until(), largest.Text)}
	}
	smallest := s.p.Etas[len(s.p.Etas)-1]
	if h := s.horizon(); s.p.has(StudyHorizon) && h > mostSteps*smallest.Value {
		return &InputError{Key: "horizon", Msg: fmt.Sprintf("t = %g is more than %d steps of eta = %s; want a shorter horizon", h, mostSteps, smallest.Text)}
	}
	return nil
}

// horizonUnit is what the study found for one model at one learning rate.
type horizonUnit struct{ Rows []asJSON[HorizonRow] } // per observable

// horizons follows the gaps of some models to the horizon on the grids that the gap study
// ended on.
func (s *gapStudy) horizons(ctx context.Context, i int, models []int) error {
	models, err := missing(s, &s.toTheEnd, StudyHorizon, i, models)
	if err != nil || models == nil {
		return err
	}
	eta := s.p.Etas[i]
	coarse, err := s.toHorizon(ctx, s.cache, s.plans(i, models, 0), eta, 0.3)
	if err != nil {
		return err
	}
	// A third plan shows how the differences fall.
	var third []planned
	for _, m := range models {
		u := s.units.at(i, m)
		third = append(third, u.plan(s, m, 0).below(u.plan(s, m, 1)))
	}
	coarser, err := s.toHorizon(ctx, s.cache, third, eta, 0.4)
	if err != nil {
		return err
	}
	// The coarse plan once more under richer rules, if xi's law has them.
	rich := make([][]*engine, len(models)) // per model, of every rule
	for _, cache := range s.richer {
		engines, err := s.toHorizon(ctx, cache, s.plans(i, models, 0), eta, 0.6)
		if err != nil {
			return err
		}
		for k, e := range engines {
			rich[k] = append(rich[k], e)
		}
	}
	list := s.plans(i, models, 1)
	fine, err := s.toHorizon(ctx, s.cache, list, eta, 0.9)
	if err != nil {
		return err
	}
	for k, m := range models {
		model := s.p.Models[m]
		// What closures do, as for gaps.
		closed, _, err := s.otherClosures(fine[k], list[k], func(list []planned) ([]*engine, error) {
			return s.toHorizon(ctx, s.cache, list, eta, 1)
		})
		if err != nil {
			return err
		}
		u := new(horizonUnit)
		for o := range s.p.Observables {
			r := horizonRuns{fine: fine[k].rowOf(model, o), coarse: coarse[k].rowOf(model, o)}
			r.near = fine[k].near(r.fine, coarse[k], r.coarse)
			r.misread = fine[k].misread(r.fine)
			r.before = coarse[k].near(r.coarse, coarser[k], coarser[k].rowOf(model, o))
			r.rules, _ = coarse[k].under(r.coarse, rich[k])
			if closed != nil {
				r.closed = closed.rowOf(model, o)
			}
			u.Rows = append(u.Rows, asJSON[HorizonRow]{s.horizonRow(r, eta)})
		}
		if err := keep(s, &s.toTheEnd, StudyHorizon, i, m, u); err != nil {
			return err
		}
	}
	return nil
}

// horizonResults collects the curves and fits their orders and times.
func (s *gapStudy) horizonResults(res *Result) error {
	if s.mu > 0 {
		res.Warnings = append(res.Warnings, fmt.Sprintf("f is convex on the ball: the gap study covers all t, the horizon study t <= %g only", s.until()))
	}
	var defects []int // the models' orders |J|
	for _, model := range s.p.Models {
		j, err := s.defectOrder(model)
		if err != nil {
			return err
		}
		defects = append(defects, j)
	}
	for o, phi := range s.p.Observables {
		for m, model := range s.p.Models {
			var series []HorizonRow
			for i := range s.p.Etas {
				series = append(series, s.toTheEnd.at(i, m).Rows[o].V)
			}
			res.Horizon = append(res.Horizon, series...)
			growth := alphaOf(series, defects[m])
			path := s.predictionOf(o, m).Path
			for b := range horizonBetas {
				order := horizonOrder(phi.Name(), model, series, b, growth)
				order.Leading = leadingSlope(path, order.Etas, order.Beta, model)
				res.HorizonOrder = append(res.HorizonOrder, order)
			}
			res.HorizonTime = append(res.HorizonTime, horizonTime(phi.Name(), model, series, growth))
		}
	}
	return nil
}

// toHorizon advances the engines of a list to the horizon and keeps what rows need of
// every step.
func (s *gapStudy) toHorizon(ctx context.Context, cache *gridCache, list []planned, eta Rate, share float64) ([]*engine, error) {
	return s.each(ctx, cache, eta, list, share, func(e *engine, share float64) error {
		e.everyGap = true
		for _, r := range e.rows {
			if r.m.err == nil {
				r.derivatives, r.dense = newDerivativeSups(e, r.m, r.m.data.phi[r.obs]), e.newDenseSearch()
			}
		}
		last := int(math.Ceil(s.horizon()/eta.Value - 1e-9))
		return e.run(ctx, last, func(n int) {
			s.progress(eta, float64(n)/float64(last), share, fmt.Sprintf("eta = %s: the gap up to t = %g", eta.Text, s.until()))
		})
	})
}

// defectOrderNodes is the number of nodes per axis, by dimension, on which third moments
// are looked at.
var defectOrderNodes = [grid.MaxDim + 1]int{0, 16, 12, 8}

// defectOrder returns the largest |J| in the leading coefficient of the model's
// one-step defect: the derivative whose growth the gap inherits; zero where it is not known.
func (s *gapStudy) defectOrder(m *process.Diffusion) (int, error) {
	if m.Defect.New == nil {
		return 0, nil
	}
	l := level{method: chebyshev()}
	for range s.p.Ball.Center {
		l.nodes = append(l.nodes, defectOrderNodes[len(s.p.Ball.Center)])
	}
	data, err := s.cache.get(l, s.p.Ball.R)
	if err != nil {
		return 0, err
	}
	df, err := m.Defect.New(data.fields, s.cfg.Workers)
	if err != nil {
		return 0, err
	}
	return df.Order(), nil
}
