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
	if l.kind != grid.KindUniform || m == kolmogorov.Modified || m == kolmogorov.GradientFlow {
		return nil
	}
	if row := fine.rowOf(m, 0); row == nil || row.m.err != nil || row.m.growth <= calmGrowth {
		return nil
	}
	other, err := r.otherOrder(ctx, fine, l, c.model)
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

// otherOrder returns an engine for the model on the same grids with derivatives of the
// next higher order, or of the next lower one where that is unstable; nil where the
// grid has too few nodes for either.
func (r *refinement) otherOrder(ctx context.Context, fine *engine, l level, m int) (*engine, error) {
	var e *engine
	for _, step := range []int{closureStep, -closureStep} {
		o := l
		if o.order += step; o.order < 2 || o.largest() < o.order+2 {
			continue
		}
		engines, err := r.s.engines(ctx, r.s.cache, r.eta, []planned{{model: m, s: fine.lv, l: o}}, r.s.share, false)
		if err != nil {
			return nil, err
		}
		if e = engines[0]; e.rows[0].m.err == nil {
			break
		}
	}
	return e, nil
}
