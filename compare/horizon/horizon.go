package horizon

import (
	"context"
	"math"

	"kolmo/compare"
	"kolmo/compare/constant"
	"kolmo/compare/gap"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/process"
)

// HorizonBetas are the beta of the times beta ln(1/eta) that Proposition 2 speaks of.
var HorizonBetas = []float64{0.1, 0.25, 0.4, 0.6}

// Unit is what the study found for one model at one learning rate.
type Unit struct {
	Rows []unit.JSON[compare.HorizonRow]
} // per observable

// Study declares the kind.
var Study = unit.Kind{
	Name: compare.StudyHorizon, OnGaps: true, Share: 1,
	New: func(s *unit.Setup) unit.Study { return New(s, gap.Of(s), constant.Of(s)) },
}

// Kind is the study of the gap up to a horizon (Proposition 2), on the grids of the gaps.
type Kind struct {
	*unit.Setup
	gaps      *gap.Kind
	constants *constant.Kind
	units     unit.Table[Unit]
}

// New returns the study of a setup on the grids of its gaps, beside its constants.
func New(s *unit.Setup, gaps *gap.Kind, constants *constant.Kind) *Kind {
	return &Kind{Setup: s, gaps: gaps, constants: constants}
}

// Run follows the gaps of some models to the horizon on the grids that the gap study
// ended on.
func (s *Kind) Run(ctx context.Context, i int, models []int) error {
	models, err := unit.Missing(s.Setup, &s.units, compare.StudyHorizon, i, models)
	if err != nil || models == nil {
		return err
	}
	eta := s.Problem.Etas[i]
	coarse, err := s.toHorizon(ctx, s.Cache, s.gaps.Plans(i, models, 0), eta, 0.3)
	if err != nil {
		return err
	}
	// A third plan shows how the differences fall.
	var third []march.Planned
	for _, m := range models {
		u := s.gaps.Units.At(i, m)
		third = append(third, u.PlanOf(s.Problem, m, 0).Below(u.PlanOf(s.Problem, m, 1)))
	}
	coarser, err := s.toHorizon(ctx, s.Cache, third, eta, 0.4)
	if err != nil {
		return err
	}
	// The coarse plan once more under richer rules, if xi's law has them.
	rich := make([][]*march.Engine, len(models)) // per model, of every rule
	for _, cache := range s.Richer {
		engines, err := s.toHorizon(ctx, cache, s.gaps.Plans(i, models, 0), eta, 0.6)
		if err != nil {
			return err
		}
		for k, e := range engines {
			rich[k] = append(rich[k], e)
		}
	}
	list := s.gaps.Plans(i, models, 1)
	fine, err := s.toHorizon(ctx, s.Cache, list, eta, 0.9)
	if err != nil {
		return err
	}
	for k, m := range models {
		model := s.Problem.Models[m]
		// What closures do, as for gaps.
		closed, _, err := s.OtherClosures(fine[k], list[k], func(list []march.Planned) ([]*march.Engine, error) {
			return s.toHorizon(ctx, s.Cache, list, eta, 1)
		})
		if err != nil {
			return err
		}
		ends, err := s.nearer(ctx, list[k], eta)
		if err != nil {
			return err
		}
		u, gaps := new(Unit), s.gaps.Units.At(i, m).Finished()
		for o := range s.Problem.Observables {
			r := HorizonRuns{Fine: fine[k].RowOf(model, o), Coarse: coarse[k].RowOf(model, o), gap: &gaps[o]}
			r.near = near(fine[k], r.Fine, coarse[k], r.Coarse)
			r.misread = misread(fine[k], r.Fine)
			if r.Fine.Model.Err == nil {
				r.between = max(march.BetweenNodes(fine[k], r.Fine)+survey.LargestMiss(fine[k].StepMiss[o]), unit.ThinLayer(s.Setup, fine[k], r.Fine))
			}
			r.before = near(coarse[k], r.Coarse, coarser[k], coarser[k].RowOf(model, o))
			r.rules, _ = coarse[k].Under(r.Coarse, rich[k])
			if closed != nil {
				r.closed = closed.RowOf(model, o)
			}
			if ends != nil {
				r.ends = ends.RowOf(model, o)
				r.moved = near(fine[k], r.Fine, ends, r.ends)
			}
			u.Rows = append(u.Rows, unit.JSON[compare.HorizonRow]{V: s.HorizonRow(r, eta)})
		}
		if err := unit.Keep(s.Setup, &s.units, compare.StudyHorizon, i, m, u); err != nil {
			return err
		}
	}
	return nil
}

// Row returns what the study has of a learning rate, a model and an observable.
func (s *Kind) Row(i, m, o int) *compare.HorizonRow { return &s.units.At(i, m).Rows[o].V }

// nearer follows a plan with noise that ends nearer to the region; nil where it ends by
// definition.
func (s *Kind) nearer(ctx context.Context, p march.Planned, eta compare.Rate) (*march.Engine, error) {
	if !s.Problem.Models[p.Model].Tapered && !s.Noisy() {
		return nil, nil
	}
	moved, err := s.Nearer()
	if err != nil {
		return nil, err
	}
	engines, err := New(moved, s.gaps, s.constants).toHorizon(ctx, moved.Cache, []march.Planned{p}, eta, 1)
	if err != nil {
		return nil, err
	}
	return engines[0], nil
}

// Collect collects the curves and fits their orders and times.
func (s *Kind) Collect(res *compare.Result) error {
	if s.Mu > 0 {
		res.Warnings = append(res.Warnings, compare.Say("f is convex on the ball: the gap study covers all t, the horizon study t <= %.4g only", s.Until()))
	}
	var defects []int // the models' orders |J|
	for _, model := range s.Problem.Models {
		j, err := s.DefectOrder(model)
		if err != nil {
			return err
		}
		defects = append(defects, j)
	}
	for o, phi := range s.Problem.Observables {
		for m, model := range s.Problem.Models {
			var series []compare.HorizonRow
			for i := range s.Problem.Etas {
				series = append(series, s.units.At(i, m).Rows[o].V)
			}
			res.Horizon = append(res.Horizon, series...)
			growth := alphaOf(series, defects[m])
			path := s.constants.PredictionOf(o, m).Path
			for b := range HorizonBetas {
				order := HorizonOrder(phi.Name(), model, series, b, growth)
				order.Leading = LeadingSlope(path, order.Etas, order.Beta, model)
				res.HorizonOrder = append(res.HorizonOrder, order)
			}
			res.HorizonTime = append(res.HorizonTime, HorizonTime(phi.Name(), model, series, growth))
		}
	}
	return nil
}

// toHorizon advances the engines of a list to the horizon and keeps what rows need of
// every step.
func (s *Kind) toHorizon(ctx context.Context, cache *survey.Cache, list []march.Planned, eta compare.Rate, share float64) ([]*march.Engine, error) {
	return s.Each(ctx, cache, eta, list, share, func(e *march.Engine, share float64) error {
		e.EveryGap = true
		for _, r := range e.Rows {
			if r.Model.Err == nil {
				r.Derivatives, r.Dense = march.NewDerivativeSups(e, r.Model, r.Model.Data.Phi[r.Observable]), e.NewDenseSearch()
			}
		}
		last := int(math.Ceil(s.Horizon()/eta.Value - 1e-9))
		return e.Run(ctx, last, func(n int) {
			s.Progress(eta, float64(n)/float64(last), share, compare.Say("eta = %s: the gap up to t = %g", eta.Text, s.Until()))
		})
	})
}

// defectOrderNodes is the number of nodes per axis, by dimension, on which third moments
// are looked at.
var defectOrderNodes = [grid.MaxDim + 1]int{0, 16, 12, 8}

// DefectOrder returns the largest |J| in the leading coefficient of the model's
// one-step defect: the derivative whose growth the gap inherits; zero where it is not known.
func (s *Kind) DefectOrder(m *process.Diffusion) (int, error) {
	if m.Defect.New == nil {
		return 0, nil
	}
	l := survey.Level{Method: survey.Chebyshev()}
	for range s.Problem.Ball.Center {
		l.Nodes = append(l.Nodes, defectOrderNodes[len(s.Problem.Ball.Center)])
	}
	data, err := s.Cache.Get(l, s.Problem.Ball.R)
	if err != nil {
		return 0, err
	}
	df, err := m.Defect.New(data.Fields, s.Config.Workers)
	if err != nil {
		return 0, err
	}
	return df.Order(), nil
}
