package compare

import (
	"context"
	"errors"
	"fmt"
	"math"

	"kolmo/sgdop"
)

// sgdLimit is the unit of the limits of U^n at one learning rate, of the observables and
// then of the coordinates from the ball's centre. They belong to no model: they have a
// ladder of grids of their own, and every model's row has the same value and error.
type sgdLimit struct {
	Null, Run [][2]float64 // values with their errors
	Scale     []float64    // per field: see stationaryScale
	T         float64      // where the run ended
	Nodes     int          // per axis, of the grid they are from
	Shift     asJSON[MeanShiftRow]
}

// side returns the values by null vector and by long run.
func (u *sgdLimit) side() *stationarySide {
	v := &stationarySide{t: u.T}
	for f := range u.Null {
		v.null = append(v.null, estimate{u.Null[f][0], u.Null[f][1]})
		v.run = append(v.run, estimate{u.Run[f][0], u.Run[f][1]})
	}
	return v
}

// sgdLimits returns the unit of a learning rate, from the study or its store, or computes
// it. It depends on no model, so that every shard that needs it finds the same.
func (s *stationaryKind) sgdLimits(ctx context.Context, i int) (*sgdLimit, error) {
	if u := s.chain[i]; u != nil {
		return u, nil
	}
	name := s.unitPrefix(StudyStationary, i) + s.p.Dynamics.Name()
	u, err := load[sgdLimit](s.setup, name)
	if err != nil {
		return nil, err
	}
	stored := u != nil
	if !stored {
		if u, err = s.climbSGD(ctx, s.p.Etas[i]); err != nil {
			return nil, err
		}
		if u, err = save(s.setup, name, u); err != nil {
			return nil, err
		}
	}
	if s.chain == nil {
		s.chain = make(map[int]*sgdLimit)
	}
	s.chain[i] = u
	s.finished(FinishedUnit{Key: name, Kind: string(StudyStationary), Model: s.p.Dynamics.Name(), Eta: s.p.Etas[i].Text, Stored: stored})
	return u, nil
}

// Constants of the ladder.
const (
	// stationaryGain is the ratio by which a finer grid must lower the errors, and
	// stationaryPatience how many grids in a row may fail to, before no finer one is tried.
	stationaryGain     = 0.7
	stationaryPatience = 2
	// stationarySGDShare is the share of a learning rate's work, for the progress alone.
	stationarySGDShare = 0.4
)

// sgdSide is what one grid of S says.
type sgdSide struct {
	*stationarySide
	level level
	run   *longRun
	off   []float64 // per field: how far the grid before is off, as against says
}

// climbSGD climbs the ladder of S from its coarsest grid until the limits of all fields
// are known to their targets, and takes the grid that knows them best.
func (s *stationaryKind) climbSGD(ctx context.Context, eta Rate) (*sgdLimit, error) {
	kind := chebyshev()
	if s.p.Solver.Space == SpaceUniform {
		kind = uniform(s.p.Solver.Order)
	}
	ladder, err := kind.ladder(forS, len(s.p.Ball.Center), s.p.Solver.Nodes)
	if err != nil {
		return nil, err
	}
	var last, final sgdSide
	least, idle := math.Inf(1), 0
	for k, l := range ladder {
		s.progress(eta, float64(k)/float64(len(ladder)), stationarySGDShare, fmt.Sprintf("eta = %s: the invariant law of SGD on %d nodes per axis", eta.Text, l.largest()))
		v, err := s.sgdOn(ctx, s.cache, l, eta.Value, last.run)
		if err != nil {
			return nil, err
		}
		if k == 0 {
			last = v
			continue
		}
		v.missed[1], v.hides[1] = last.missed[0], last.hides[0]
		for f, d := range v.off {
			v.add(f, remaining(l, last.level, l.order)*d)
		}
		worst := s.overTarget(v.stationarySide, s.stationaryScale(v.stationarySide, eta.Value))
		idle++
		if worst < stationaryGain*least {
			idle = 0
		}
		if final.stationarySide == nil || worst < least {
			least, final = worst, v
		}
		if last = v; least <= 1 || idle >= stationaryPatience && least < math.Inf(1) {
			break
		}
	}
	err = s.underRules(final.stationarySide, func(cache *gridCache) ([]estimate, []float64, error) {
		v, err := s.sgdOn(ctx, cache, final.level, eta.Value, final.run)
		if err != nil {
			return nil, nil, err
		}
		return v.null, v.off, nil
	})
	if err != nil {
		return nil, err
	}
	u := &sgdLimit{T: final.t, Nodes: final.level.largest(), Scale: s.stationaryScale(final.stationarySide, eta.Value)}
	u.Shift.V = s.meanShift(nil, final.stationarySide, s.target, eta)
	for f := range final.null {
		u.Null = append(u.Null, [2]float64{final.null[f].value, final.null[f].err})
		u.Run = append(u.Run, [2]float64{final.stationarySide.run[f].value, final.stationarySide.run[f].err})
	}
	return u, nil
}

// sgdOn finds the limits on one grid of S by both methods, without what the grid errs by;
// from is the run on the grid before, or nil.
func (s *stationaryKind) sgdOn(ctx context.Context, cache *gridCache, l level, eta float64, from *longRun) (sgdSide, error) {
	side := sgdSide{level: l}
	data, err := cache.get(l, s.p.Ball.R)
	if err != nil {
		return side, err
	}
	op, err := sgdop.Assemble(ctx, data.g, cache.p.Dynamics.Chain(eta), &sgdop.Config{Width: l.width, Workers: s.cfg.Workers, MaxBytes: s.cfg.operatorBytes, Means: data.means})
	if err != nil {
		return side, err
	}
	p := &evolution{g: data.g, width: l.width, fields: s.stationaryFields(data)}
	p.march, p.powers = &powers{op: op, workers: s.cfg.Workers}, op
	if p.growth, err = powersGrowth(ctx, op, s.cfg.Workers); err != nil {
		return side, err
	}
	v := newSide(len(p.fields), data, s.hidesFromLimits(data, l.width, func(by *slopes) float64 { return data.hidden.rate(s.p.Dynamics.Step(), eta, data.g.Dim(), by) }))
	side.stationarySide = v
	defer v.raise(&s.cache.survey.offsets)
	law, err := op.Invariant(ctx, &sgdop.InvariantConfig{Tolerance: nullTolerance, Workers: s.cfg.Workers})
	var late *sgdop.ConvergenceError
	switch {
	case ctx.Err() != nil:
		return side, ctx.Err()
	case err == nil || errors.As(err, &late):
		p.law = law.Law
		v.setNull(p.fields, law.Mean)
		for f := range v.null {
			v.null[f].err += roundoff * s.fieldSize(f)
		}
	}
	if from != nil {
		if side.off, err = from.against(p); err != nil {
			return side, err
		}
		if cache != s.cache {
			return side, nil // another law of xi, which is only compared
		}
	}
	side.run, err = s.followToEnd(ctx, p, eta, v)
	return side, err
}

// powers applies S to fields again and again.
type powers struct {
	op      *sgdop.Operator
	workers int
	u       [][]float64
}

// Start implements marcher.
func (p *powers) Start(u [][]float64) { p.u = copyFields(u) }

// Advance implements marcher.
func (p *powers) Advance(out [][][]float64) error {
	u := p.u
	for _, next := range out {
		p.op.ApplyAllTo(p.workers, next, u)
		u = next
	}
	for f := range p.u {
		copy(p.u[f], u[f])
	}
	return nil
}
