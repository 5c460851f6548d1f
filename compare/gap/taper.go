package gap

import (
	"context"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/unit"
)

// tapers adds to the errors of models that are done what the ends of their noise do, where
// it ends for the computation's sake, or that of the chain does. That is a multiple of the change of u and of the gap when
// they are moved to three quarters of the layer, on the same levels (unit.Fading). Of a model whose finest grid failed
// those are the levels that its rows are from.
func (r *refinement) tapers(ctx context.Context, done []*climber) error {
	for _, c := range done {
		m := r.s.Problem.Models[c.model]
		if !m.Tapered && !r.s.Noisy() || c.held == nil {
			continue
		}
		moved, err := r.s.Nearer()
		if err != nil {
			return err
		}
		plan := march.Planned{Model: c.model, S: c.held.Level, L: c.heldAt}
		engines, err := moved.Engines(ctx, moved.Cache, r.eta, []march.Planned{plan}, r.s.Share, false)
		if err != nil {
			return err
		}
		fading := unit.FadingOfGaps(r.s.Setup, m, r.eta.Value)
		for o := range r.s.Problem.Observables {
			key := [2]int{o, c.model}
			out := r.final[key]
			dU, du, dG := difference(c.held, c.held.RowOf(m, o), engines[0])
			if !m.Tapered {
				du = dU // the chain's ends alone
			}
			out.Row.Errors.Taper = compare.Number(unit.Tapered(fading.Of(o), max(du, dG)))
			r.final[key] = out
		}
	}
	return nil
}
