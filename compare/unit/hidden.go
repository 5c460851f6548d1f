package unit

import (
	"kolmo/compare/march"
	"kolmo/compare/survey"
)

// Hides returns what the loss and the layer in which noise ends may hide from a row of an engine at rest, which is kept. It is the
// misses of the moments times the largest derivatives of phi and of the fields at the
// worst step, and at the last one over a horizon, over the time 1/mu in which derivatives fade, or the horizon. That bounds
// the error by Gronwall's inequality as far as those derivatives are the largest.
func Hides(s *Setup, e *march.Engine, r *march.Row) *march.HiddenLoss {
	if r.Hidden != nil {
		return r.Hidden
	}
	d := e.Data.Grid.Dim()
	own, onS := r.Model.Data.Phi[r.Observable:r.Observable+1], e.Data.Phi[r.Observable:r.Observable+1]
	if r.BestN > 0 {
		own, onS = [][]float64{own[0], r.BestL}, [][]float64{onS[0], r.BestS}
	}
	span := s.Horizon()
	if s.Mu > 0 {
		span = 1 / s.Mu
	}
	q := e.Points
	if s.Problem.Transient() {
		q = s.Cache.Survey.Q // of the whole region
	}
	atS, slopes := survey.SlopesOf(q, e.Data.Grid, e.Width, onS...), []*survey.Slopes{survey.SlopesOf(q, r.Model.Data.Grid, r.Model.Level.Width, own...)}
	if ToHorizon(s) && r.End != nil {
		// Derivatives may grow until the horizon, and with them what is hidden from gaps that are smaller.
		atS = survey.SlopesOf(q, e.Data.Grid, e.Width, append(onS, r.End)...)
		slopes = append(slopes, survey.SlopesOf(q, e.Data.Grid, e.Width, r.End))
	}
	r.Hidden = &march.HiddenLoss{Step: survey.LargestMiss(e.StepMiss[r.Observable]), S: span * e.Data.Hidden.Rate(s.Problem.Dynamics.Step(), e.Eta, d, atS)}
	for _, slope := range slopes {
		r.Hidden.L = max(r.Hidden.L, span*r.Model.Data.Hidden.Rate(r.Model.Model.Weights, e.Eta, d, slope))
		if r.Model.Data.Layer != nil {
			r.Hidden.Layer = max(r.Hidden.Layer, r.Model.Data.Layer.Error(e.Eta, span, s.Cache.Survey.LayerFlow(s.Problem, e.Eta), d, slope))
		}
	}
	return r.Hidden
}

// ThinLayer returns what the layer in which noise ends does to u at any time where the grid of a row's model does not resolve it; zero where it
// does, or the model failed. No two grids tell of it.
func ThinLayer(s *Setup, e *march.Engine, r *march.Row) float64 {
	if r.Model.Err != nil || r.Model.Data.Layer == nil || !r.Model.Data.Layer.Thin() {
		return 0
	}
	return Hides(s, e, r).Layer
}
