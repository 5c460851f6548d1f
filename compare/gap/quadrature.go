package gap

import (
	"context"
	"math"

	"kolmo/compare"
	"kolmo/compare/march"
)

// quadrature estimates the error of the quadrature over xi: the coarse levels once more,
// and under the richer rules.
func (r *refinement) quadrature(ctx context.Context, done []*climber) error {
	s := r.s
	if s.Problem.Dynamics.Law().Exact || len(done) == 0 {
		return nil
	}
	var list []march.Planned
	for _, c := range done {
		list = append(list, march.Planned{Model: c.model, S: c.S.levels[max(0, c.S.at-1)], L: c.level(max(0, c.L.at-1))})
	}
	own, err := s.Engines(ctx, s.Cache, r.eta, list, s.Share, false)
	if err != nil {
		return err
	}
	rich := make([][]*march.Engine, len(done)) // per model, of every rule
	for _, cache := range s.Richer {
		engines, err := s.Engines(ctx, cache, r.eta, list, s.Share, false)
		if err != nil {
			return err
		}
		for i, e := range engines {
			rich[i] = append(rich[i], e)
		}
	}
	for i, c := range done {
		for o := range s.Problem.Observables {
			e := math.NaN()
			if u, ok := own[i].Under(own[i].RowOf(s.Problem.Models[c.model], o), rich[i]); ok && len(rich[i]) > 0 {
				e = u.Supremum()
			}
			key := [2]int{o, c.model}
			out := r.final[key]
			out.Row.Errors.Quadrature = compare.Number(e)
			r.final[key] = out
		}
	}
	return nil
}
