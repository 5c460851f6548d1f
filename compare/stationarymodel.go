package compare

import (
	"context"
	"math"

	"kolmo/internal/par"
	"kolmo/kolmogorov"
)

// modelSide is what one grid of a model says.
type modelSide struct {
	*stationarySide
	level level   // as planned: the modified model's box is larger
	row   *rowRun // the model with its level and growth
	run   *longRun
	off   []float64 // per field: how far the grid before is off, as against says
}

// modelLimits finds the limits of some models at a learning rate, on the last two grids of
// their gaps and, where these do not tell them to the targets, on up to localRounds finer
// ones.
func (s *stationaryKind) modelLimits(ctx context.Context, i int, models []int, scale []float64) ([]*stationarySide, error) {
	found, errs := make([]*stationarySide, len(models)), make([]error, len(models))
	par.Do(s.cfg.Workers, len(models), func(k int) {
		found[k], errs[k] = s.modelLimit(ctx, i, models[k], scale)
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// modelLimit is modelLimits of one model.
func (s *stationaryKind) modelLimit(ctx context.Context, i, m int, scale []float64) (*stationarySide, error) {
	eta, ended := s.p.Etas[i].Value, s.gaps.units.at(i, m)
	d := len(s.p.Ball.Center)
	last, err := s.modelOn(ctx, s.cache, ended.plan(s.p, m, 0).l, m, eta, nil)
	if err != nil || last.err != nil {
		return last.stationarySide, err
	}
	next := ended.plan(s.p, m, 1)
	var final modelSide
	least := math.Inf(1)
	for round := 0; ; round++ {
		v, err := s.modelOn(ctx, s.cache, next.l, m, eta, last.run)
		if err != nil {
			return nil, err
		}
		if v.err != nil {
			if final.stationarySide == nil {
				final = v
			}
			break
		}
		v.missed[1], v.hides[1] = last.missed[0], last.hides[0]
		// The order may not show yet in one step summed over all times.
		share := max(orderSafety, v.row.remaining(last.row.m.level))
		for f, d := range v.off {
			v.add(f, share*d)
		}
		if err := s.closuresOfLimits(ctx, m, eta, v); err != nil {
			return nil, err
		}
		if worst := s.overTarget(v.stationarySide, scale); final.stationarySide == nil || worst < least {
			least, final = worst, v
		}
		var ok bool
		if last = v; least <= 1 || round == localRounds[d] || s.p.Solver.Nodes != nil {
			break
		}
		if next, ok = next.finer(d); !ok {
			break
		}
	}
	if final.err != nil {
		return final.stationarySide, nil
	}
	err = s.underRules(final.stationarySide, func(cache *gridCache) ([]estimate, []float64, error) {
		v, err := s.modelOn(ctx, cache, final.level, m, eta, final.run)
		if err != nil {
			return nil, nil, err
		}
		if v.err != nil {
			final.err = v.err
		}
		return v.null, v.off, nil
	})
	return final.stationarySide, err
}

// closuresOfLimits adds what the closures at noisy ends of the box do: the difference from
// other ones, as for the gap.
func (s *stationaryKind) closuresOfLimits(ctx context.Context, m int, eta float64, v modelSide) error {
	if !closuresAct(v.level, s.p.Models[m], v.row.m.growth) {
		return nil
	}
	off := make([]float64, len(v.null))
	for f := range off {
		off[f] = math.NaN() // where no other closures are stable nothing is known
	}
	for _, l := range closureLevels(v.level) {
		if l.box != v.level.box {
			continue // the long run's fields do not reach the wider box
		}
		other, err := s.modelOn(ctx, s.cache, l, m, eta, v.run)
		if err != nil {
			return err
		}
		if other.err == nil {
			off = other.off
			break
		}
	}
	for f, d := range off {
		v.add(f, orderSafety*d)
	}
	return nil
}

// modelOn finds the limits of u on one grid by both methods, without what the grid errs
// by; where a method fails there is no value by it. from is the run on another grid, or
// nil. The error is the context's or that of an input.
func (s *stationaryKind) modelOn(ctx context.Context, cache *gridCache, l level, m int, eta float64, from *longRun) (modelSide, error) {
	run := &modelRun{model: s.p.Models[m]}
	var half float64
	run.level, half = l.onBox(s.p, run.model)
	side := modelSide{level: l, row: &rowRun{m: run}}
	var err error
	if run.data, err = cache.get(run.level, half); err != nil {
		return side, err
	}
	p := &evolution{g: run.data.g, width: l.width, fields: s.stationaryFields(run.data)}
	v := newSide(len(p.fields), run.data, s.hidesFromLimits(run.data, run.level.width, func(by *slopes) float64 {
		return run.data.hidden.rate(run.model.Weights, eta, run.data.g.Dim(), by)
	}))
	side.stationarySide = v
	defer v.raise(&s.cache.survey.offsets)
	if run.op, run.growth, v.err = equation(run.data.fields, run.model, eta, l.order); v.err != nil {
		return side, nil
	}
	op := run.op.WithWorkers(1)
	if law, err := op.Invariant(&kolmogorov.SpectrumConfig{Dense: nullDense, Tolerance: nullKrylov}); err == nil {
		p.law = law.Weights
		v.setNull(p.fields, law.Mean)
	}
	var prop kolmogorov.Propagator
	if from != nil {
		if prop, v.err = run.level.propagator(op, eta); v.err != nil {
			return side, nil
		}
		p.march = prop
		if side.off, v.err = from.against(p); v.err != nil {
			return side, nil
		}
	}
	if prop, v.err = run.level.propagator(op, eta); v.err != nil {
		return side, nil
	}
	p.march = prop
	var inBlocks *blocks
	if l.scheme == nil {
		if inBlocks, v.err = s.blocksOf(run, op, eta); v.err != nil {
			return side, nil
		}
		p.powers, p.stride, p.growth = inBlocks, inBlocks.steps, run.growth
	}
	side.run, err = s.followToEnd(ctx, p, eta, v)
	if ctx.Err() != nil {
		return side, ctx.Err()
	}
	for f := range v.run {
		// The error in time falls as the field becomes constant; the sum bounds it.
		v.run[f].err += prop.TimeError() + roundoff*s.fieldSize(f)*math.Sqrt(v.t/eta)*(run.growth-1)
		if err != nil || v.run[f].err-v.run[f].err != 0 {
			v.run[f] = noEstimate()
		}
	}
	return side, nil
}
