package gap

import (
	"context"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
)

// closures adds to the errors of a model that is done what its closures do: twice the
// change of u on a wider box, or under another order where that cannot be had. Rows that
// are no longer resolved go on there if the choice is kolmo's, else on finer grids as
// long as that helps.
func (r *refinement) closures(ctx context.Context, c *climber) error {
	s, fine, l := r.s, c.held, c.heldAt
	if fine == nil {
		return nil // no outcome has an error in space
	}
	m := s.Problem.Models[c.model]
	other, next, err := s.OtherClosures(fine, march.Planned{Model: c.model, S: fine.Level, L: l}, func(list []march.Planned) ([]*march.Engine, error) {
		return s.Engines(ctx, s.Cache, r.eta, list, s.Share, false)
	})
	if err != nil || other == nil {
		return err
	}
	resolved, free, most := true, true, 0.0
	for o := range s.Problem.Observables {
		key := [2]int{o, c.model}
		out := r.final[key]
		free = free && out.limit == ""
		_, du, dG := difference(fine, fine.RowOf(m, o), other)
		e := &out.Row.Errors
		// Where no other closures can be had nothing is known: NaN.
		off := fit.OrderSafety * max(du, dG)
		e.Space += compare.Number(off)
		out.resolved = float64(e.Space+e.Interpolation+e.Time+e.Sup) <= out.target
		if !out.resolved && out.limit == "" {
			out.limit = "the closures at the ends of the box, where the noise does not vanish, need a wider box or a higher order (space: auto)"
		}
		r.final[key] = out
		resolved = resolved && out.resolved
		most = max(most, off/out.target)
	}
	if resolved || !free || s.Problem.Solver.Nodes != nil || !s.Invariant(r.eta.Value) {
		return nil
	}
	if next.Order < l.Order { // it was only to compare with
		next.Order = l.Order + unit.ClosureStep
	}
	if own := s.Problem.Solver.Order == 0; other.ModelOf(m).Err == nil && (next.Kind == l.Kind || s.Problem.Solver.Space == compare.SpaceAuto) && (next.Box > l.Box || own && next.Order > l.Order && next.Order <= survey.OrdersTried[len(survey.OrdersTried)-1]) {
		ladder, err := next.Method.Ladder(survey.ForL, s.Problem, nil)
		if err != nil {
			return nil
		}
		// The same spacing, compared with this level and then with its next.
		c.L.levels, c.L.at, c.done = ladder, 0, false
		for c.L.at+2 < len(ladder) && ladder[c.L.at].Largest() < l.Largest() {
			c.L.at++
		}
		return nil
	}
	if c.L.at+1 < len(c.L.levels) && (c.closure == 0 || most < closureGain*c.closure) {
		c.L.at++
		c.closure, c.done = most, false
	}
	return nil
}

// closureGain is the ratio by which a finer grid must have lowered the closures'
// error for another one to be tried.
const closureGain = 0.7
