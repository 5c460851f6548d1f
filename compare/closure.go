package compare

import (
	"context"

	"kolmo/grid"
	"kolmo/kolmogorov"
)

// Where the noise does not vanish at the ends of the box, the one-sided closures of
// differences act, on fine grids, like a condition that the derivative of the
// differences' order vanishes there. Its error hardly falls with the nodes, so that
// two grids of one order agree on it; it falls with the order, tenfold and more for
// every two. Measured, Ornstein-Uhlenbeck on [-2,2], phi = cos 6x, eta = 1/4, gap
// 0.35, 128 and 192 nodes: 2e-3, 3e-4, 4e-5, 5e-6 for the orders 4, 6, 8, 10, where
// the grids differ by 1e-4, 1e-5, 1e-6, 1e-6. Such grids show transient growth.

// closureStep is by how much the order is raised to see what closures do.
const closureStep = 2

// closures adds to the errors of a model that is done what its closures do: the
// change of u under a higher order on the same grid, or a lower one where the higher
// is unstable. Rows that are no longer resolved go on, with the higher order if the
// choice is kolmo's, else on finer grids as long as that helps.
func (r *refinement) closures(ctx context.Context, c *climber) error {
	s, fine := r.s, c.fine
	l := c.level(c.at)
	m := s.p.Models[c.model]
	other, err := s.otherOrder(fine, planned{model: c.model, s: fine.lv, l: l}, func(list []planned) ([]*engine, error) {
		return s.engines(ctx, s.cache, r.eta, list, s.share, false)
	})
	if err != nil || other == nil {
		return err
	}
	resolved, free, most := true, true, 0.0
	for o := range s.p.Observables {
		key := [2]int{o, c.model}
		out := r.final[key]
		free = free && out.limit == ""
		_, du, dG := fine.difference(fine.rowOf(m, o), other)
		e := &out.row.Errors
		// Where neither order can be had nothing is known: NaN.
		e.Space += Number(max(du, dG))
		out.resolved = float64(e.Space+e.Interpolation+e.Time+e.Sup) <= out.target
		if !out.resolved && out.limit == "" {
			out.limit = "the closures at the ends of the box, where the noise does not vanish, need a higher order or space: auto"
		}
		r.final[key] = out
		resolved = resolved && out.resolved
		most = max(most, max(du, dG)/out.target)
	}
	if resolved || !free || s.p.Solver.Nodes != nil || !s.invariant(r.eta.Value) {
		return nil
	}
	if order := l.order + closureStep; s.p.Solver.Order == 0 && order <= ordersTried[len(ordersTried)-1] {
		ladder, err := uniform(order).by(l.scheme).ladder(forL, len(s.p.Ball.Center), nil)
		if err != nil {
			return nil
		}
		// The same grid, compared with this one and then with its next.
		c.ladder, c.at, c.done = ladder, 0, false
		for c.at+2 < len(ladder) && ladder[c.at].largest() < l.largest() {
			c.at++
		}
		return nil
	}
	if c.at+1 < len(c.ladder) && (c.closure == 0 || most < closureGain*c.closure) {
		c.at++
		c.closure, c.done = most, false
	}
	return nil
}

// closureGain is the ratio by which a finer grid must have lowered the closures'
// error for another one to be tried.
const closureGain = 0.7

// otherOrder returns an engine, made by run, for an engine's model on the same grids with
// derivatives of the next higher order, or of the next lower one where that is unstable;
// nil where closures do nothing to the model or the grid has too few nodes for either.
func (s *gapStudy) otherOrder(fine *engine, p planned, run func(list []planned) ([]*engine, error)) (*engine, error) {
	m := s.p.Models[p.model]
	if p.l.kind != grid.KindUniform || m == kolmogorov.Modified || m == kolmogorov.GradientFlow {
		return nil, nil
	}
	if of := fine.modelOf(m); of == nil || of.err != nil || of.growth <= calmGrowth {
		return nil, nil
	}
	var e *engine
	for _, step := range []int{closureStep, -closureStep} {
		o := p
		if o.l.order += step; o.l.order < 2 || o.l.largest() < o.l.order+2 {
			continue
		}
		engines, err := run([]planned{o})
		if err != nil {
			return nil, err
		}
		if e = engines[0]; e.modelOf(m).err == nil {
			break
		}
	}
	return e, nil
}
