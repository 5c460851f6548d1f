package compare

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/sgdop"
)

// Constants of stationary studies.
const (
	// settledRange is the range of a field over the ball, relative to its size, at which
	// it counts as constant and the run ends.
	settledRange = 1e-10
	// lookEvery is the time between looks at that range, in units of 1/mu.
	lookEvery = 0.5
	// nullTolerance is the residual at which the invariant law of S is found.
	nullTolerance = 1e-13
	// nullDense is the most nodes on which the null vector of L^T is solved for directly.
	nullDense = 1200
	// nullKrylov is the residual at which Arnoldi's method ends on larger grids; the
	// steps of the power method after it go on to rounding.
	nullKrylov = 1e-8
)

// stationaryValues are the limits of SGD and of one model at one learning rate, of the
// observables and then of the coordinates from the ball's centre.
type stationaryValues struct{ sgd, model *stationarySide }

// stationarySide is what is known of the limits of SGD or of one model.
type stationarySide struct {
	null, run []estimate
	missed    [2][]float64 // of the observables, on the fine and on the coarse grid
	hides     [2][]float64 // likewise, what the grid misses of the loss does
	t         float64      // where the run ended
	err       error        // why there is nothing
}

// stationaryAt finds the limits of some models on the last two plans of a learning rate
// and, where xi's law is a quadrature, once more under the richer one; the differences
// are errors.
func (s *gapStudy) stationaryAt(ctx context.Context, i int, models []int) ([]*stationaryValues, error) {
	eta := s.p.Etas[i]
	fine, coarse := s.plans(i, models, 1), s.plans(i, models, 0)
	caches, used := []*gridCache{s.cache, s.cache}, [][]planned{fine, coarse}
	if s.refined != nil {
		caches, used = append(caches, s.refined), append(used, coarse)
	}
	var engines [][]*engine
	var all [][]*stationaryValues // [plan][model]
	for k, list := range used {
		settled := make(map[*engine]map[*modelRun]*stationaryValues)
		es, err := s.each(ctx, caches[k], eta, list, float64(k+1)/float64(len(used)), func(e *engine, share float64) error {
			s.progress(eta, 0, share, fmt.Sprintf("eta = %s: invariant laws and long runs", eta.Text))
			var err error
			settled[e], err = s.settle(ctx, e)
			return err
		})
		if err != nil {
			return nil, err
		}
		var values []*stationaryValues
		for j, e := range es {
			values = append(values, settled[e][e.modelOf(s.p.Models[list[j].model])])
		}
		engines, all = append(engines, es), append(all, values)
	}
	for j, v := range all[0] {
		other, quad := all[1][j], all[1][j]
		if len(all) > 2 {
			quad = all[2][j]
		}
		e, c := engines[0][j], engines[1][j]
		v.sgd.compare(other.sgd, quad.sgd, remaining(e.lv, c.lv, e.lv.order))
		m := s.p.Models[models[j]]
		v.model.compare(other.model, quad.model, e.rowOf(m, 0).remaining(c.modelOf(m).level))
	}
	return all[0], nil
}

// compare adds to the errors the difference to a coarser grid, times share, and that
// of the coarser grid to a richer quadrature.
func (v *stationarySide) compare(coarse, quad *stationarySide, share float64) {
	v.missed[1], v.hides[1] = coarse.missed[0], coarse.hides[0]
	for _, other := range []*stationarySide{coarse, quad} {
		if v.err == nil {
			v.err = other.err
		}
	}
	add := func(a, b, c []estimate) {
		for f := range a {
			a[f].err += share*math.Abs(a[f].value-b[f].value) + math.Abs(b[f].value-c[f].value)
			if a[f].err-a[f].err != 0 {
				a[f] = noEstimate()
			}
		}
	}
	add(v.null, coarse.null, quad.null)
	add(v.run, coarse.run, quad.run)
}

// stationaryFields returns the observables and the coordinates from the centre on a
// grid.
func (s *gapStudy) stationaryFields(data *gridData) [][]float64 {
	fields := copyFields(data.phi)
	x := make([]float64, data.g.Dim())
	for k := range x {
		c := make([]float64, data.g.Len())
		for i := range c {
			data.g.PointTo(x, i)
			c[i] = x[k] - s.p.Ball.Center[k]
		}
		fields = append(fields, c)
	}
	return fields
}

// fieldSize returns the size of a field of stationaryFields on the ball.
func (s *gapStudy) fieldSize(f int) float64 {
	if f < len(s.size) {
		return s.size[f]
	}
	return s.p.Ball.R
}

// newSide returns a side without values.
func newSide(fields int, data *gridData, hides []float64) *stationarySide {
	v := &stationarySide{t: math.NaN()}
	v.missed[0], v.hides[0] = data.missed, hides
	for range fields {
		v.null, v.run = append(v.null, noEstimate()), append(v.run, noEstimate())
	}
	return v
}

// settle finds the limits on an engine's grids by both methods, for each of its models.
func (s *gapStudy) settle(ctx context.Context, e *engine) (map[*modelRun]*stationaryValues, error) {
	fields := s.stationaryFields(e.data)
	sgd := newSide(len(fields), e.data, e.hidesFromLimits(nil))
	law, err := e.s.Invariant(ctx, &sgdop.InvariantConfig{Tolerance: nullTolerance, Workers: e.workers})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var late *sgdop.ConvergenceError
	if err == nil || errors.As(err, &late) {
		for f, u := range fields {
			mean, off := law.Mean(u)
			if !(law.Gap > 0) {
				off = math.Inf(1)
			}
			sgd.null[f] = estimate{mean, off + roundoff*s.fieldSize(f)}
		}
	}
	// SGD's run, then the models side by side.
	if err := s.settleSGD(ctx, e, sgd, fields); err != nil {
		return nil, err
	}
	sides := make([]*stationarySide, len(e.models))
	par.Do(e.workers, len(e.models), func(i int) {
		m := e.models[i]
		sides[i] = newSide(len(fields), m.data, e.hidesFromLimits(m))
		if sides[i].err = m.err; m.err == nil {
			s.settleModel(ctx, e, m, sides[i])
		}
	})
	values := make(map[*modelRun]*stationaryValues)
	for i, m := range e.models {
		own := *sgd // every model's errors are added to its own
		own.null, own.run = slices.Clone(sgd.null), slices.Clone(sgd.run)
		values[m] = &stationaryValues{&own, sides[i]}
	}
	return values, ctx.Err()
}

// ranges reads the fields at points of the ball: it sets the middle of their ranges with
// half of it, and reports whether all are settled.
func (s *gapStudy) ranges(run []estimate, sample *sampler, values []float64, fields [][]float64) bool {
	all := true
	for f, u := range fields {
		sample.sampleTo(values, u, 1)
		lo, hi := limits(values)
		run[f] = estimate{(lo + hi) / 2, (hi - lo) / 2}
		all = all && hi-lo <= settledRange*s.fieldSize(f)
	}
	return all
}

// followed returns the fields that a run follows: the observables, and the coordinates
// where the null vector was not found.
func (s *gapStudy) followed(v *stationarySide, fields [][]float64) [][]float64 {
	if v.null[0].err < math.Inf(1) {
		return fields[:len(s.p.Observables)]
	}
	return fields
}

// settleSGD advances U^n until it is constant over the ball.
func (s *gapStudy) settleSGD(ctx context.Context, e *engine, v *stationarySide, fields [][]float64) error {
	fields = s.followed(v, fields)
	u, next := copyFields(fields), copyFields(fields)
	values := make([]float64, len(e.q.x))
	last := s.stationaryEnd(e.eta)
	stride := max(1, int(math.Round(lookEvery/s.mu/e.eta)))
	n := 0
	for n < last && !s.ranges(v.run, e.uTrace, values, u) {
		k := min(stride, last-n)
		if err := e.s.PowerTo(ctx, e.workers, k, next, u); err != nil {
			return err
		}
		u, next = next, u
		n += k
	}
	s.ranges(v.run, e.uTrace, values, u)
	v.t = float64(n) * e.eta
	s.roundRuns(v.run[:len(fields)], n, 1)
	return nil
}

// stationaryEnd is the step at which a run ends even if it is not constant.
func (s *gapStudy) stationaryEnd(eta float64) int {
	return int(min(math.Ceil(decayTimes/s.mu/eta), mostSteps))
}

// roundRuns adds the rounding of n steps to the errors of a run.
func (s *gapStudy) roundRuns(run []estimate, n int, growth float64) {
	for f := range run {
		run[f].err += roundoff * s.fieldSize(f) * (1 + math.Sqrt(float64(n))) * growth
	}
}

// settleModel finds the limits of u on a model's grid; where a method fails there is no
// value by it. It stops when the context ends.
func (s *gapStudy) settleModel(ctx context.Context, e *engine, m *modelRun, v *stationarySide) {
	fields := s.stationaryFields(m.data)
	op := m.op.WithWorkers(1)
	if law, err := op.Invariant(&kolmogorov.SpectrumConfig{Dense: nullDense, Tolerance: nullKrylov}); err == nil {
		for f, u := range fields {
			mean, off := law.Mean(u)
			v.null[f] = estimate{mean, off}
		}
	}
	fields = s.followed(v, fields)
	prop, err := m.level.propagator(op, e.eta)
	if err != nil {
		return
	}
	width := m.level.width
	sample := newSampler(m.data.g, width, e.q, newSphereMatrix(m.data.g, width, e.q))
	values := make([]float64, len(e.q.x))
	out := newBlock(blockSteps, len(fields), m.data.g.Len())
	last, n := s.stationaryEnd(e.eta), 0
	for n < last && !s.ranges(v.run, sample, values, fields) {
		k := min(blockSteps, last-n)
		if ctx.Err() != nil || prop.AdvanceTo(out[:k], fields) != nil {
			for f := range v.run {
				v.run[f] = noEstimate()
			}
			return
		}
		for f := range fields {
			copy(fields[f], out[k-1][f])
		}
		n += k
	}
	s.ranges(v.run, sample, values, fields)
	v.t = float64(n) * e.eta
	s.roundRuns(v.run[:len(fields)], n, m.growth)
	for f := range fields {
		// The error in time falls as the field becomes constant; the sum bounds it.
		if v.run[f].err += prop.TimeError(); v.run[f].err-v.run[f].err != 0 {
			v.run[f] = noEstimate()
		}
	}
}
