package stationary

import (
	"context"
	"math"
	"slices"

	"kolmo/compare/fit"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
)

// modelSide is what one grid of a model says.
type modelSide struct {
	*StationarySide
	level survey.Level // as planned: the modified model's box is larger
	row   *march.Row   // the model with its level and growth
	Run   *LongRun
	Off   []float64 // per field: how far the grid before is off, as against says
}

// modelLimits finds the limits of some models at a learning rate, on the last two grids of
// their gaps and, where these do not tell them to the targets, on up to localRounds finer
// ones.
func (s *Kind) modelLimits(ctx context.Context, i int, models []int, scale []float64) ([]*StationarySide, error) {
	found, errs := make([]*StationarySide, len(models)), make([]error, len(models))
	par.Do(s.Config.Workers, len(models), func(k int) {
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
func (s *Kind) modelLimit(ctx context.Context, i, m int, scale []float64) (*StationarySide, error) {
	eta, ended := s.Problem.Etas[i].Value, s.gaps.Units.At(i, m)
	d := len(s.Problem.Ball.Center)
	last, err := s.ModelOn(ctx, s.Cache, ended.PlanOf(s.Problem, m, 0).L, m, eta, nil)
	if err != nil || last.Err != nil {
		return last.StationarySide, err
	}
	next := ended.PlanOf(s.Problem, m, 1)
	var final modelSide
	least := math.Inf(1)
	for round := 0; ; round++ {
		v, err := s.ModelOn(ctx, s.Cache, next.L, m, eta, last.Run)
		if err != nil {
			return nil, err
		}
		if v.Err != nil {
			if final.StationarySide == nil {
				final = v
			}
			break
		}
		v.missed[1], v.hides[1] = last.missed[0], last.hides[0]
		// The order may not show yet in one step summed over all times.
		held, err := witnesses(ctx, s, m, eta, v)
		if err != nil {
			return nil, err
		}
		v.remains(v.Off, max(fit.OrderSafety, v.row.Remaining(last.row.Model.Level)), held)
		if err := s.closuresOfLimits(ctx, m, eta, v); err != nil {
			return nil, err
		}
		if worst := s.overTarget(v.StationarySide, scale); final.StationarySide == nil || worst < least {
			least, final = worst, v
		}
		if last = v; least <= 1 || round == unit.LocalRounds[d] && (v.rough.Spacing == 0 || d > 1) || round == roughRounds || s.Problem.Solver.Nodes != nil {
			break
		}
		finer, ok := next.Finer(s.Problem)
		if !ok && (v.rough.Spacing == 0 || finer.L.Largest() == next.L.Largest()) {
			break
		}
		next = finer // of rough coefficients the model alone
	}
	if final.Err != nil {
		return final.StationarySide, nil
	}
	err = s.underRules(final.StationarySide, func(cache *survey.Cache) ([]Estimate, []float64, error) {
		v, err := s.ModelOn(ctx, cache, final.level, m, eta, final.Run)
		if err != nil {
			return nil, nil, err
		}
		if v.Err != nil {
			final.Err = v.Err
		}
		return v.Null, v.Off, nil
	})
	if err != nil || !s.Problem.Models[m].Tapered {
		return final.StationarySide, err
	}
	return final.StationarySide, underNearer(s, s.Problem.Models[m], eta, final.StationarySide, func(near *Kind) (*StationarySide, error) {
		v, err := near.ModelOn(ctx, near.Cache, final.level, m, eta, nil)
		return v.StationarySide, err
	})
}

// roughRounds is how many finer grids are tried on the line where coefficients are rough: gaps are known on coarser ones than limits.
const roughRounds = 3

// witnessShares are the nodes of grids that a model's is held against where it misses something of rough coefficients, over its own: few enough for errors
// to have fallen, in ratios that move a kink between nodes.
var witnessShares = []float64{0.84, 0.71, 0.61, 0.52}

// witnesses finds a model's limits on such grids; none where nothing is missed, or where they are not stable.
func witnesses(ctx context.Context, s *Kind, m int, eta float64, v modelSide) (list []*StationarySide, err error) {
	if v.rough.Spacing == 0 || s.Problem.Solver.Nodes != nil {
		return nil, nil
	}
	for _, share := range witnessShares {
		l := v.level
		l.Nodes = slices.Clone(l.Nodes)
		for k, n := range l.Nodes {
			l.Nodes[k] = max(l.MinNodes(), int(share*float64(n)))
		}
		w, err := s.ModelOn(ctx, s.Cache, l, m, eta, nil)
		if err != nil {
			return nil, err
		}
		if w.Err == nil {
			list = append(list, w.StationarySide)
		}
	}
	return list, nil
}

// closuresOfLimits adds what the closures at noisy ends of the box do: the difference from
// other ones, as for the gap.
func (s *Kind) closuresOfLimits(ctx context.Context, m int, eta float64, v modelSide) error {
	if v.level.Kind == grid.KindChebyshev || !unit.ClosuresAct(v.level, s.Problem.Models[m], v.row.Model.Growth) {
		return nil
	}
	off := make([]float64, len(v.Null))
	for f := range off {
		off[f] = math.NaN() // where no other closures are stable nothing is known
	}
	for _, l := range unit.ClosureLevels(s.Problem, v.level) {
		if l.Box != v.level.Box {
			continue // the long run's fields do not reach the wider box
		}
		other, err := s.ModelOn(ctx, s.Cache, l, m, eta, v.Run)
		if err != nil {
			return err
		}
		if other.Err == nil {
			off = other.Off
			break
		}
	}
	for f, d := range off {
		v.add(f, fit.OrderSafety*d)
	}
	return nil
}

// ModelOn finds the limits of u on one grid by both methods, without what the grid errs
// by; where a method fails there is no value by it. from is the run on another grid, or
// nil. The error is the context's or that of an input.
func (s *Kind) ModelOn(ctx context.Context, cache *survey.Cache, l survey.Level, m int, eta float64, from *LongRun) (modelSide, error) {
	run := &march.Model{Model: s.Problem.Models[m]}
	var half float64
	run.Level, half = l.OnBox(s.Problem, run.Model)
	side := modelSide{level: l, row: &march.Row{Model: run}}
	var err error
	if run.Data, err = cache.Get(run.Level, half); err != nil {
		return side, err
	}
	p := &Evolution{G: run.Data.Grid, Width: l.Width, Fields: s.StationaryFields(run.Data)}
	v := newSide(len(p.Fields), run.Data)
	side.StationarySide, v.rough = v, cache.Rough(run.Level, run.Data, run.Model.Weights, eta)
	defer v.raise(&s.Cache.Survey.Offsets)
	if run.Op, run.Growth, v.Err = survey.Equation(run.Data.Fields, run.Model, eta, l.Order); v.Err != nil {
		return side, nil
	}
	op := run.Op.WithWorkers(1)
	if law, err := op.Invariant(&kolmogorov.SpectrumConfig{Dense: nullDense, Tolerance: nullKrylov}); err == nil {
		p.law = law.Weights
		v.setNull(p.Fields, law.Mean)
	}
	var prop kolmogorov.Propagator
	if from != nil {
		if prop, v.Err = run.Level.Propagator(op, eta); v.Err != nil {
			return side, nil
		}
		p.March = prop
		if side.Off, v.Err = from.against(p); v.Err != nil {
			return side, nil
		}
	}
	if prop, v.Err = run.Level.Propagator(op, eta); v.Err != nil {
		return side, nil
	}
	p.March = prop
	var inBlocks *Blocks
	if inBlocks, v.Err = s.blocksOf(run, op, eta); v.Err != nil {
		return side, nil
	}
	p.Powers, p.Stride, p.Growth = inBlocks, inBlocks.Steps, run.Growth
	if run.Level.Kind == grid.KindChebyshev && l.Scheme == nil {
		p.L, p.Block = op, eta*float64(inBlocks.Steps)
	}
	side.Run, err = s.FollowToEnd(ctx, p, eta, v)
	if ctx.Err() != nil {
		return side, ctx.Err()
	}
	v.hides[0] = s.hidesFromLimits(run.Data, run.Level.Width, side.Run, eta, func(by *survey.Slopes) float64 {
		return run.Data.Hidden.Rate(run.Model.Weights, eta, run.Data.Grid.Dim(), by)
	})
	v.layer = layerOnLimits(s, p, run.Data, side.Run, eta)
	for f := range v.Run {
		// The error in time falls as the field becomes constant; the sum bounds it.
		v.Run[f].Err += prop.TimeError() + fit.Roundoff*s.FieldSize(f)*math.Sqrt(v.t/eta)*(run.Growth-1)
		if err != nil || v.Run[f].Err-v.Run[f].Err != 0 {
			v.Run[f] = noEstimate()
		}
	}
	return side, nil
}
