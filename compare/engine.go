package compare

import (
	"context"
	"math"

	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/process"
	"kolmo/sgdop"
)

// plan is what an engine computes: S at one level, and models, each at its own.
type plan struct {
	s      level
	models []*process.Diffusion
	levels []level
}

// engine advances U^n and u(., n eta) of several models together, for one eta at
// one level, and follows the gap of every (model, observable).
type engine struct {
	p       *Problem
	eta     float64
	workers int
	scales
	chainRun
	looks
	models []*modelRun
	rows   []*rowRun
	block  int  // SGD steps between meetings
	shots  bool // fields are kept, in the models' snapshots
	// everyRho asks for the one-step errors of every step, everyGap for polished gaps
	// of every step and steps to the last one although all rows are closed.
	everyRho, everyGap bool
}

// scales are what runs are measured by.
type scales struct {
	mu   float64   // least curvature of f on the ball
	rate float64   // the problem's fastest rate
	size []float64 // sup |phi| over the ball, per observable
	*offsets
}

// chainRun is U^n on the grid of S.
type chainRun struct {
	lv     level
	width  int
	data   *gridData       // of the grid of S
	s      *sgdop.Operator // nil once the engine is at rest
	note   string          // S's, about its storage
	sMiss  []float64       // what a step of S misses, per observable, relative to |phi|
	powers *chainPowers    // of U; nil where S is stepped
	uMiss  []float64       // what these miss, relative to |phi|, by step
	u      [][]float64     // U at the last step, per observable
	uOut   [][][]float64   // [step][observable]
	// stepMiss is, per observable, by how much the grid's S phi misses S phi in the ball.
	stepMiss []float64
}

// looks are the points at which fields on the grid of S are looked at, and what was seen.
type looks struct {
	q           *points // where levels are compared
	sphere      *sphereMatrix
	search      *points // where maxima are looked for
	dense       *points // denser ones; nil until asked for
	denseSphere *sphereMatrix
	trace       trace
	uTrace      *sampler
	starts      *outset
}

// modelRun is one model on its grid.
type modelRun struct {
	model  *process.Diffusion
	level  level
	data   *gridData
	op     *kolmogorov.Operator
	growth float64
	inward bool  // the drift points inward on the sphere around inBall
	inBall []int // nodes of its grid in the ball that keeps its process
	err    error
	// closed tells that all rows are closed: the model stands still, and its rows'
	// numbers do not depend on how long others take.
	closed bool
	shots  *snapshots // nil where no fields are kept
}

// open reports that the model is still advanced.
func (m *modelRun) open() bool { return m.err == nil && !m.closed }

// trace lists the steps at which the points' values are kept.
type trace struct {
	n []int
	u [][][]float64 // [entry][observable] U at the points
}

// traceSpacing is the time between trace entries, in units of one over the problem's
// fastest rate.
const traceSpacing = 0.1

// firstTraces is the number of first steps that are all traced.
const firstTraces = 8

func (e *engine) traced(n int) bool { return n <= firstTraces || n%e.stride(n, traceSpacing) == 0 }

// thinnedFrom is the number of looks from which every second one is left out, and again
// at every doubling of the time: a slow problem takes many times the fastest rate's, and
// what is seen late changes slowly.
const thinnedFrom = 256

// stride is the number of steps between looks at about step n that are as far apart as
// spacing, in units of one over the problem's fastest rate, or farther late.
func (e *engine) stride(n int, spacing float64) int {
	stride := 1
	if apart := spacing / (e.rate * e.eta); apart < math.MaxInt32 {
		stride = max(1, int(math.Round(apart)))
	}
	for n >= thinnedFrom*stride {
		stride *= 2
	}
	return stride
}

// blockSteps is the number of SGD steps that every side advances on its own
// before they are compared.
const blockSteps = 16

func newEngine(ctx context.Context, p *Problem, cache *gridCache, pl plan, eta float64, cfg *Config) (*engine, error) {
	lv := pl.s
	e := &engine{p: p, eta: eta, workers: cfg.Workers, block: blockSteps, chainRun: chainRun{lv: lv, width: lv.width},
		scales: scales{mu: cache.survey.mu, rate: cache.survey.rate(p.Ball.R), size: cache.survey.size, offsets: &cache.survey.offsets}}
	var err error
	if e.data, err = cache.get(lv, p.reach()); err != nil {
		return nil, err
	}
	g := e.data.g
	n := g.Len()
	e.s, err = sgdop.Assemble(ctx, g, p.Dynamics.Chain(eta), &sgdop.Config{Width: lv.width, Workers: cfg.Workers, MaxBytes: cfg.operatorBytes, Means: e.data.means, Smooth: e.data.phi})
	if err != nil {
		return nil, err
	}
	e.note = e.s.Note()
	for f := range e.data.phi {
		e.sMiss = append(e.sMiss, missSafety*e.s.Miss(f))
	}
	su := copyFields(e.data.phi)
	e.s.ApplyAllTo(cfg.Workers, su, e.data.phi)
	e.stepMiss = cache.survey.loss.oneStepMiss(g, lv.width, eta, e.data.phi, su, cfg.Workers)
	if cheaperByBasis(e.s) {
		if e.powers, err = cache.powersOf(ctx, e.s, lv, e.data, cfg.Workers); err != nil {
			return nil, err
		}
	}
	e.q = newPoints(p.Ball, pointDensity[p.Ball.Free()])
	e.sphere = newSphereMatrix(g, lv.width, e.q)
	e.search = newPoints(p.Ball, searchDensity(p.Ball.Free(), lv.largest()))
	searchSphere := newSphereMatrix(g, lv.width, e.search)
	e.uTrace = newSampler(g, lv.width, e.q, e.sphere)
	obs := len(p.Observables)
	e.u = copyFields(e.data.phi)
	e.uOut = newBlock(e.block, obs, n)
	for i, model := range pl.models {
		m := &modelRun{model: model, level: pl.levels[i]}
		var half float64
		m.level, half = m.level.onBox(p, model)
		if m.data, err = cache.get(m.level, half); err != nil {
			return nil, err
		}
		m.inward = cache.survey.inward(p, model, eta)
		mg := m.data.g
		ball := p.region(halfWidth(p, model))
		x := make([]float64, mg.Dim())
		for i := range mg.Len() {
			if mg.PointTo(x, i); ball.Contains(x) {
				m.inBall = append(m.inBall, i)
			}
		}
		e.models = append(e.models, m)
		var own *sphereMatrix // nil: the grid of S
		if !mg.Same(g) || m.level.width != lv.width {
			own = newSphereMatrix(mg, m.level.width, e.q)
		}
		for o := range obs {
			r := &rowRun{m: m, obs: o, curve: []float64{0}, largestGap: largestGap{deficit: firstDeficit, bestX: append([]float64(nil), p.Ball.Center...)}}
			r.out = newBlock(e.block, 1, mg.Len())
			r.onS = newBlock(1, e.block, n)[0]
			r.last = append([]float64(nil), e.data.phi[o]...)
			r.transfer = grid.NewGridTransfer(mg, g, m.level.width)
			r.e = make([]float64, e.block*n)
			r.bestE, r.bestL, r.bestS = make([]float64, n), make([]float64, mg.Len()), make([]float64, n)
			r.values = make([]float64, e.block*len(e.search.x))
			r.sampler = newSampler(g, lv.width, e.search, searchSphere)
			r.tracer = newSampler(g, lv.width, e.q, e.sphere)
			r.ownTracer = r.tracer
			if own != nil {
				r.ownTracer = newSampler(mg, m.level.width, e.q, own)
			}
			r.finder = newMaxFinder(g, lv.width, e.search, 3)
			e.rows = append(e.rows, r)
		}
	}
	par.Do(cfg.Workers, len(e.models), func(i int) {
		m := e.models[i]
		if m.op, m.growth, m.err = equation(m.data.fields, m.model, eta, m.level.order); m.err != nil {
			return
		}
		for _, r := range e.rows {
			if r.m != m {
				continue
			}
			// Operators own workspace: one for every row.
			if r.prop, m.err = follower(m.level, m.op.WithWorkers(1), eta, m.growth); m.err != nil {
				return
			}
			r.prop.Start(m.data.phi[r.obs : r.obs+1])
		}
	})
	return e, nil
}

// rest gives up S and the blocks of fields: what an engine found stays, and it cannot be
// advanced any more. Several engines are kept to be compared, and in three dimensions
// only one S fits in memory.
func (e *engine) rest() {
	e.s, e.powers, e.u, e.uOut = nil, nil, nil, nil
	for _, r := range e.rows {
		r.out, r.onS, r.last, r.e, r.values = nil, nil, nil, nil, nil
		r.transfer, r.sampler, r.tracer, r.ownTracer, r.finder, r.dense = nil, nil, nil, nil, nil, nil
		r.differs, r.differ, r.differed = nil, nil, [2][]float64{}
	}
}

func copyFields(u [][]float64) [][]float64 {
	c := make([][]float64, len(u))
	for i := range u {
		c[i] = append([]float64(nil), u[i]...)
	}
	return c
}

func newBlock(steps, fields, n int) [][][]float64 {
	b := make([][][]float64, steps)
	for j := range b {
		b[j] = make([][]float64, fields)
		for f := range b[j] {
			b[j][f] = make([]float64, n)
		}
	}
	return b
}

// run advances until every row is closed, or to step last. It reports progress
// as the step reached.
func (e *engine) run(ctx context.Context, last int, progress func(n int)) error {
	n := 0
	for n < last && (e.everyGap || !e.closed()) {
		if err := ctx.Err(); err != nil {
			return err
		}
		steps := min(e.block, last-n)
		// Each side on its own.
		e.chainRun.advance(e.workers, n, steps)
		par.Do(e.workers, len(e.rows), func(i int) { e.rows[i].advance(steps) })
		e.meetErrors()
		// The gaps.
		par.Do(e.workers, len(e.rows), func(i int) { e.rows[i].follow(e, n, steps) })
		e.meetErrors()
		// The one-step errors and what else is kept of some steps.
		for j := range steps {
			if e.everyRho {
				e.rhoStep(n+j+1, j)
			}
			if e.traced(n + j + 1) {
				e.traceStep(n+j+1, j)
			}
			if e.shots {
				e.offerFields(n+j+1, j)
			}
		}
		for f := range e.u {
			copy(e.u[f], e.uOut[steps-1][f])
		}
		for _, r := range e.rows {
			if r.m.open() {
				r.goOn(steps)
			}
		}
		e.close()
		n += steps
		if progress != nil {
			progress(n)
		}
	}
	return nil
}

// advance computes U at the steps after n: by the powers of S as far as they go, else by S.
func (e *chainRun) advance(workers, n, steps int) {
	done := 0
	if e.powers != nil {
		done = e.powers.advance(e.s, n, e.uOut[:steps])
		for j := range steps {
			e.uMiss = append(e.uMiss, e.powers.miss(n+j+1))
		}
	}
	for j := done; j < steps; j++ {
		prev := e.u
		if j > 0 {
			prev = e.uOut[j-1]
		}
		e.s.ApplyAllTo(workers, e.uOut[j], prev)
	}
}

// meetErrors makes a row's error its model's.
func (e *engine) meetErrors() {
	for _, r := range e.rows {
		if r.m.err == nil {
			r.m.err = r.err
		}
	}
}

// close marks the models whose rows are all closed.
func (e *engine) close() {
	if e.everyGap {
		return
	}
	for _, m := range e.models {
		m.closed = true
	}
	for _, r := range e.rows {
		if r.tail.by == "" {
			r.m.closed = false
		}
	}
}

// closed reports that every model that can be closed is.
func (e *engine) closed() bool {
	for _, m := range e.models {
		if m.open() {
			return false
		}
	}
	return true
}

// traceStep keeps the points' values at step n, which is entry j of the block,
// computes the one-step errors there and tries to close the rows.
func (e *engine) traceStep(n, j int) {
	m := len(e.q.x)
	e.trace.n = append(e.trace.n, n)
	var values [][]float64
	for f := range e.u {
		v := make([]float64, m)
		e.uTrace.sampleTo(v, e.uOut[j][f], 1)
		values = append(values, v)
	}
	e.trace.u = append(e.trace.u, values)

	sups := e.oneStep(j, func(r *rowRun, su []float64) float64 {
		at := make([]float64, m)
		r.tracer.sampleTo(at, su, 1)
		if e.everyRho {
			r.rhoAt[n] = at
		}
		sup := 0.0
		for _, v := range at {
			sup = max(sup, math.Abs(v))
		}
		return sup
	})
	par.Do(e.workers, len(e.rows), func(i int) {
		r := e.rows[i]
		if !r.m.open() {
			return
		}
		r.rho = append(r.rho, sups[i])
		u := make([]float64, m)
		r.ownTracer.sampleTo(u, r.out[j][0], 1)
		r.traceAtU = append(r.traceAtU, u)
		if e.everyGap {
			through := make([]float64, m)
			r.tracer.sampleTo(through, r.onS[j], 1)
			r.traceOnS = append(r.traceOnS, through)
		}
		r.close(e, n, j)
	})
}

// oneStep computes the fields S u^{j-1} - u^j of all open rows at entry j of the block
// and returns what sup says of each. S is applied to one model at a time: how many
// fields it is applied to at once may show in the last bit.
func (e *engine) oneStep(j int, sup func(r *rowRun, su []float64) float64) []float64 {
	sups := make([]float64, len(e.rows))
	for _, m := range e.models {
		if !m.open() {
			continue
		}
		var prev, su [][]float64
		var at []int
		for i, r := range e.rows {
			if r.m != m {
				continue
			}
			before := r.last
			if j > 0 {
				before = r.onS[j-1]
			}
			prev = append(prev, before)
			su = append(su, r.e[:e.data.g.Len()]) // the block's gap fields are spent
			at = append(at, i)
		}
		e.s.ApplyAllTo(e.workers, su, prev)
		par.Do(e.workers, len(at), func(i int) {
			r := e.rows[at[i]]
			for k, v := range r.onS[j] {
				su[i][k] -= v
			}
			sups[at[i]] = sup(r, su[i])
		})
	}
	return sups
}
