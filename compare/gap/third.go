package gap

import (
	"context"

	"kolmo/compare/march"
	"kolmo/grid"
)

// Constants of what three levels show.
const (
	// thirdSafety multiplies the share q/(1-q) of the last difference where errors fall by q.
	thirdSafety = 3
	// mostTrust bounds by how much three levels may lower the share that two leave: they may
	// converge faster than those that follow, and one of them may agree with the next by chance.
	mostTrust = 50
	// unsteadyGrowth is the growth from which errors of collocation may fall so unsteadily that
	// three levels raise the share as safely as they lower it. For growth 2.7 they are off by 1.5 of
	// the last difference where q = 0.17 (studies/testdata/truth/growing-collocation.yaml).
	unsteadyGrowth = 2
	// unseenSafety multiplies the share that two levels of differences leave where no third shows how errors
	// fall: both may be too coarse for the order. Measured: 1.7 of the last difference where the order leaves 1.39
	// (studies/testdata/truth/oscillating-diffusion.yaml).
	unseenSafety = 1.5
)

// share returns the share of a pair's difference that is taken to remain as the error of its
// finer level: what two levels leave, or what the pair before shows, which may be more or less.
// Fields on the finer level grow by up to growth, and with them what it errs by.
func (p levelPair) share(two float64, before levelPair, growth float64) float64 {
	three := p.remainingAfter(before)
	safe := thirdSafety * three * max(growth, 1)
	switch {
	case three == 0 && p.fine.Kind == grid.KindUniform:
		return unseenSafety * two
	case three == 0:
		return two
	case safe < two:
		return max(safe, two/mostTrust)
	case growth > unsteadyGrowth:
		return max(two, min(safe, march.MostRemaining))
	}
	return max(two, three)
}

// third looks at a level below the last two of a model that is done with them, where of S or of the model no more
// are known, or one of them was refined alone at last: how fast its errors fall is then known, and not only bounded. On the line that costs little. A model
// that they do not resolve after all climbs on.
func (r *refinement) third(ctx context.Context, c *climber) error {
	s := r.s
	if len(s.Problem.Ball.Center) > 1 || s.Problem.Solver.Nodes != nil || c.fine != c.held || c.L.at == 0 || c.S.at == 0 {
		return nil
	}
	m := s.Problem.Models[c.model]
	fine := march.Planned{Model: c.model, S: c.S.levels[c.S.at], L: c.level(c.L.at)}
	coarse := march.Planned{Model: c.model, S: c.S.levels[c.S.at-1], L: c.level(c.L.at - 1)}
	on, _ := coarse.L.OnBox(s.Problem, m)
	above, known := c.coarse, c.coarse.Level.Same(coarse.S) && c.coarse.ModelOf(m).Level.Same(on)
	if !known { // one side was refined alone, and what the other errs by is from before
		engines, err := s.Engines(ctx, s.Cache, r.eta, []march.Planned{coarse}, s.Share, true)
		if err != nil {
			return err
		}
		above = engines[0]
	}
	for o := range s.Problem.Observables {
		out := r.final[[2]int{o, c.model}]
		known = known && out.pairL.before != nil && out.pairS.before != nil
	}
	if known {
		return nil
	}
	engines, err := s.Engines(ctx, s.Cache, r.eta, []march.Planned{coarse.Below(fine)}, s.Share, false)
	if err != nil {
		return err
	}
	below := engines[0]
	if below.ModelOf(m).Err != nil || above.ModelOf(m).Err != nil {
		return nil
	}
	resolved := true
	for o := range s.Problem.Observables {
		key := [2]int{o, c.model}
		old := r.final[key]
		row := above.RowOf(m, o)
		dU, du, dG := difference(above, row, below)
		if rest := dG - dU - du; rest > 0 {
			du += rest
		}
		before := Outcome{
			pairL: levelPair{coarse: below.ModelOf(m).Level, fine: row.Model.Level, apart: du, before: old.pairL.coarser(row.Model.Level)},
			pairS: levelPair{coarse: below.Level, fine: above.Level, apart: dU, before: old.pairS.coarser(above.Level)},
		}
		out := s.Assess(c.fine, above, r.eta, o, c.model, &before)
		out.raster, out.limit = old.raster, old.limit
		r.final[key] = out
		resolved = resolved && out.resolved
	}
	if resolved || !s.Invariant(r.eta.Value) || c.L.at+1 >= len(c.L.levels) || c.S.at+1 >= len(c.S.levels) {
		return nil
	}
	c.L.at++
	c.S.at++
	c.done = false
	return nil
}
