package compare

import (
	"context"

	"kolmo/grid"
	"kolmo/process"
)

// Where the noise does not vanish at the ends of the box, the one-sided closures of
// differences act, on fine grids, like a condition that the derivative of the
// differences' order vanishes there. Its error hardly falls with the nodes, so that
// two grids of one order agree on it; it falls with the order, tenfold and more for
// every two, until the higher order is unstable. Measured, Ornstein-Uhlenbeck on [-2,2],
// phi = cos 6x, eta = 1/4, gap 0.35, 128 and 192 nodes: 2e-3, 3e-4, 4e-5, 5e-6 for the
// orders 4, 6, 8, 10, where the grids differ by 1e-4, 1e-5, 1e-6, 1e-6. Such grids show
// transient growth.
//
// On a wider box the drift at the faces is faster and the ball farther away, and the
// error smaller. f = 1.48 x^2/2 - 0.89 xi x, phi = tanh(7.1 (x + 1.144)), first-order,
// order 6, 128 nodes, eta = 1/8: 2.9e-4 of the gap 0.0115; the order 8 differs by 2e-5,
// the box of 1.25 R with the same spacing by 2.8e-4. The order 4 differs by 8e-4: where the
// box cannot be widened, because the loss ends there, a lower order says more than a higher.

// closureBox is by how much the box is widened to see what closures do, and mostBox the
// widest box over R.
const (
	closureBox = 1.25
	mostBox    = 2.5
)

// closureStep is by how much the order is changed where the box cannot be widened.
const closureStep = 2

// closures adds to the errors of a model that is done what its closures do: twice the
// change of u on a wider box, or under another order where that cannot be had. Rows that
// are no longer resolved go on there if the choice is kolmo's, else on finer grids as
// long as that helps.
func (r *refinement) closures(ctx context.Context, c *climber) error {
	s, fine, l := r.s, c.held, c.heldAt
	if fine == nil {
		return nil // no outcome has an error in space
	}
	m := s.p.Models[c.model]
	other, next, err := s.otherClosures(fine, planned{model: c.model, s: fine.lv, l: l}, func(list []planned) ([]*engine, error) {
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
		_, du, dG := difference(fine, fine.rowOf(m, o), other)
		e := &out.row.Errors
		// Where no other closures can be had nothing is known: NaN.
		off := orderSafety * max(du, dG)
		e.Space += Number(off)
		out.resolved = float64(e.Space+e.Interpolation+e.Time+e.Sup) <= out.target
		if !out.resolved && out.limit == "" {
			out.limit = "the closures at the ends of the box, where the noise does not vanish, need a wider box or a higher order (space: auto)"
		}
		r.final[key] = out
		resolved = resolved && out.resolved
		most = max(most, off/out.target)
	}
	if resolved || !free || s.p.Solver.Nodes != nil || !s.invariant(r.eta.Value) {
		return nil
	}
	if next.order < l.order { // it was only to compare with
		next.order = l.order + closureStep
	}
	if own := s.p.Solver.Order == 0; other.modelOf(m).err == nil && (next.box > l.box || own && next.order > l.order && next.order <= ordersTried[len(ordersTried)-1]) {
		ladder, err := next.method.ladder(forL, len(s.p.Ball.Center), nil)
		if err != nil {
			return nil
		}
		// The same spacing, compared with this level and then with its next.
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

// closuresAct reports that a model's closures may do something to u: differences whose
// noise reaches the faces, on a grid that shows transient growth or on a box that was
// widened for them, where they do less without it.
func closuresAct(l level, m *process.Diffusion, growth float64) bool {
	return l.kind == grid.KindUniform && m.Noise == process.NoiseAtFaces && (growth > calmGrowth || l.box > 1)
}

// closureLevels are the levels that a level is compared with to see what its closures do,
// best first: the same spacing on a wider box, and on the same grid a lower order, or a
// higher one where there is none.
func closureLevels(l level) []level {
	var list []level
	if wide := closureBox * max(1, l.box); wide <= mostBox {
		o := l
		o.box, o.asGiven = wide, false // a given grid is compared with others only
		list = append(list, o)
	}
	for _, step := range []int{-closureStep, closureStep} {
		o := l
		if o.order += step; o.order >= 2 && o.largest() >= o.order+2 {
			list = append(list, o)
		}
	}
	return list
}

// otherClosures returns an engine, made by run, for an engine's model at the first level of
// closureLevels that is stable, and that level; the last one's engine where none is, and
// nil where closures do nothing to the model or there is no such level.
func (s *setup) otherClosures(fine *engine, p planned, run func(list []planned) ([]*engine, error)) (e *engine, at level, err error) {
	m := s.p.Models[p.model]
	of := fine.modelOf(m)
	if of == nil || of.err != nil || !closuresAct(p.l, m, of.growth) {
		return nil, at, nil
	}
	for _, l := range closureLevels(p.l) {
		o := p
		o.l = l
		engines, err := run([]planned{o})
		if process.NonFinite(err) {
			continue // the loss does not reach that far
		}
		if err != nil {
			return nil, at, err
		}
		e, at = engines[0], l
		if e.modelOf(m).err == nil {
			break
		}
	}
	return e, at, nil
}
