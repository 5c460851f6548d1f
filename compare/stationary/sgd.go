package stationary

import (
	"context"
	"errors"
	"fmt"
	"math"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/look"
	"kolmo/compare/march"
	"kolmo/compare/powers"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/sgdop"
)

// SgdLimit is the unit of the limits of U^n at one learning rate, of the observables and
// then of the coordinates from the ball's centre. They belong to no model: they have a
// ladder of grids of their own, and every model's row has the same value and error.
type SgdLimit struct {
	Null, Run [][2]float64 // values with their errors
	Scale     []float64    // per field: see stationaryScale
	Outward   []bool       // per field: no distance bounds what the ends of the noise do
	T         float64      // where the run ended
	Shift     unit.JSON[compare.MeanShiftRow]
}

// Side returns the values by null vector and by long run.
func (u *SgdLimit) Side() *StationarySide {
	v := &StationarySide{t: u.T, outward: make([]bool, len(u.Null))}
	copy(v.outward, u.Outward)
	for f := range u.Null {
		v.Null = append(v.Null, Estimate{u.Null[f][0], u.Null[f][1]})
		v.Run = append(v.Run, Estimate{u.Run[f][0], u.Run[f][1]})
	}
	return v
}

// stationaryPatience is how many grids in a row may fail to lower the errors before no finer one is
// tried, by dimension: errors of noise that ends within the box first rise, over five grids on the line.
var stationaryPatience = [grid.MaxDim + 1]int{0, 6, 2, 2}

const (
	// stationaryGain is the ratio by which a finer grid must lower the errors.
	stationaryGain = 0.7
	// stationarySGDShare is the share of a learning rate's work, for the progress alone.
	stationarySGDShare = 0.4
)

// sgdSide is what one grid of S says.
type sgdSide struct {
	*StationarySide
	level survey.Level
	Run   *LongRun
	Off   []float64 // per field: how far the grid before is off, as against says
}

// climbSGD climbs the ladder of S from its coarsest grid until the limits of all fields
// are known to their targets, and takes the grid that knows them best.
func (s *Kind) climbSGD(ctx context.Context, eta compare.Rate) (*SgdLimit, error) {
	kind := survey.Chebyshev()
	if s.Problem.Solver.Space == compare.SpaceUniform {
		kind = survey.Uniform(s.Problem.Solver.Order)
	}
	ladder, err := kind.Ladder(survey.ForS, s.Problem, s.Problem.Solver.Nodes)
	if err != nil {
		return nil, err
	}
	var final sgdSide
	var from *LongRun // on the grid before
	var before []*StationarySide
	least := math.Inf(1)
	err = unit.Climb(ctx, len(ladder), stationaryPatience[len(s.Problem.Ball.Center)], func(k int) (sgdSide, error) {
		l := ladder[k]
		s.Progress(eta, float64(k)/float64(len(ladder)), stationarySGDShare, fmt.Sprintf("eta = %s: the invariant law of SGD on %d nodes per axis", eta.Text, l.Largest()))
		v, err := s.SgdOn(ctx, s.Cache, l, eta.Value, from)
		from = v.Run
		if k == 0 && err == nil {
			before = append(before, v.StationarySide)
		}
		return v, err
	}, func(k int, v, last sgdSide) (better, enough bool) {
		v.missed[1], v.hides[1] = last.missed[0], last.hides[0]
		v.remains(v.Off, march.Remaining(v.level, last.level, v.level.Order), before)
		before = append(before, v.StationarySide)
		scale := s.stationaryScale(v.StationarySide, eta.Value)
		worst := s.overTarget(v.StationarySide, scale)
		if final.StationarySide != nil {
			least = errorOverTarget(s, final.StationarySide, scale) // not its own scale, which it may err in
		}
		better = worst < stationaryGain*least || math.IsInf(worst, 1) && math.IsInf(least, 1)
		if final.StationarySide == nil || worst < least {
			least, final = worst, v
		}
		return better, least <= 1
	})
	if err != nil {
		return nil, err
	}
	err = s.underRules(final.StationarySide, func(cache *survey.Cache) ([]Estimate, []float64, error) {
		v, err := s.SgdOn(ctx, cache, final.level, eta.Value, final.Run)
		if err != nil {
			return nil, nil, err
		}
		return v.Null, v.Off, nil
	})
	if err != nil {
		return nil, err
	}
	if s.Noisy() {
		err := underNearer(s, nil, eta.Value, final.StationarySide, func(near *Kind) (*StationarySide, error) {
			v, err := near.SgdOn(ctx, near.Cache, final.level, eta.Value, nil)
			return v.StationarySide, err
		})
		if err != nil {
			return nil, err
		}
	}
	u := &SgdLimit{T: final.t, Outward: final.outward, Scale: s.stationaryScale(final.StationarySide, eta.Value)}
	u.Shift.V = s.meanShift(nil, final.StationarySide, s.Target, eta)
	for f := range final.Null {
		u.Null = append(u.Null, [2]float64{final.Null[f].Value, final.Null[f].Err})
		u.Run = append(u.Run, [2]float64{final.StationarySide.Run[f].Value, final.StationarySide.Run[f].Err})
	}
	return u, nil
}

// SgdOn finds the limits on one grid of S by both methods, without what the grid errs by;
// from is the run on the grid before, or nil.
func (s *Kind) SgdOn(ctx context.Context, cache *survey.Cache, l survey.Level, eta float64, from *LongRun) (sgdSide, error) {
	side := sgdSide{level: l}
	data, err := cache.Get(l, s.Problem.Reach())
	if err != nil {
		return side, err
	}
	p := &Evolution{G: data.Grid, Width: l.Width, Fields: s.StationaryFields(data)}
	cache.Forget()
	cfg := &sgdop.Config{Width: l.Width, Workers: s.Config.Workers, MaxBytes: s.Config.OperatorBytes, Means: data.Means}
	if data.Grid.Dim() == 2 {
		cfg.Smooth = p.Fields // in space finer fields miss too much for sums over all steps
	}
	op, err := sgdop.Assemble(ctx, data.Grid, cache.Problem.Dynamics.Chain(eta), cfg)
	if err != nil {
		return side, err
	}
	p.March, p.Powers = &Powers{Op: op, workers: s.Config.Workers}, op
	if p.Growth, err = powers.PowersGrowth(ctx, op, s.Config.Workers); err != nil {
		return side, err
	}
	v := newSide(len(p.Fields), data)
	side.StationarySide, v.rough = v, cache.Rough(l, data, s.Problem.Dynamics.Step(), eta)
	defer v.raise(&s.Cache.Survey.Offsets)
	law, err := op.Invariant(ctx, &sgdop.InvariantConfig{Tolerance: nullTolerance, Workers: s.Config.Workers})
	var late *sgdop.ConvergenceError
	switch {
	case ctx.Err() != nil:
		return side, ctx.Err()
	case err == nil || errors.As(err, &late):
		p.law = law.Law
		v.setNull(p.Fields, law.Mean)
		for f := range v.Null {
			v.Null[f].Err += fit.Roundoff * s.FieldSize(f)
		}
	}
	if from != nil {
		if side.Off, err = from.against(p); err != nil {
			return side, err
		}
		if cache != s.Cache {
			return side, nil // another law of xi, which is only compared
		}
	}
	if side.Run, err = s.FollowToEnd(ctx, p, eta, v); err != nil {
		return side, err
	}
	v.hides[0] = s.hidesFromLimits(data, l.Width, side.Run, eta, func(by *survey.Slopes) float64 {
		return data.Hidden.Rate(s.Problem.Dynamics.Step(), eta, data.Grid.Dim(), by)
	})
	for f := range p.Fields {
		v.add(f, s.missedBySteps(op.Miss(f)*fit.MaxOf(p.Fields[f]), eta, f, side.Run))
	}
	return side, nil
}

// Powers applies S to fields again and again.
type Powers struct {
	Op      *sgdop.Operator
	workers int
	u       [][]float64
}

// Start implements marcher.
func (p *Powers) Start(u [][]float64) { p.u = look.CopyFields(u) }

func (p *Powers) Advance(out [][][]float64) error {
	u := p.u
	for _, next := range out {
		p.Op.ApplyAllTo(p.workers, next, u)
		u = next
	}
	for f := range p.u {
		copy(p.u[f], u[f])
	}
	return nil
}
