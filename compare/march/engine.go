package march

import (
	"context"

	"kolmo/compare"
	"kolmo/compare/look"
	"kolmo/compare/powers"
	"kolmo/compare/survey"
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/process"
	"kolmo/sgdop"
)

// Engine advances U^n and u(., n eta) of several models together, for one eta at
// one level, and follows the gap of every (model, observable).
type Engine struct {
	Problem *compare.Problem
	Eta     float64
	Workers int
	Scales
	ChainRun
	Looks
	Models []*Model
	Rows   []*Row
	Block  int  // SGD steps between meetings
	Shots  bool // fields are kept, in the models' snapshots
	// everyRho asks for the one-step errors of every step, everyGap for polished gaps
	// of every step and steps to the last one although all rows are closed.
	everyRho, EveryGap bool
}

// Scales are what runs are measured by.
type Scales struct {
	mu   float64   // least curvature of f on the ball
	rate float64   // the problem's fastest rate
	Size []float64 // sup |phi| over the ball, per observable
	*survey.Offsets
}

// ChainRun is U^n on the grid of S.
type ChainRun struct {
	Level  survey.Level
	Width  int
	Data   *survey.Data     // of the grid of S
	s      *sgdop.Operator  // nil once the engine is at rest
	Note   string           // S's, about its storage
	SMiss  []float64        // what a step of S misses, per observable, relative to |phi|
	Powers *powers.Powers   // of U; nil where S is stepped
	UMiss  []float64        // what these miss, relative to |phi|, by step
	u      [][]float64      // U at the last step, per observable
	uOut   [][][]float64    // [step][observable]
	Rough  survey.Roughness // of S on its grid
	// StepMiss is, per observable, by how much the grid's S phi misses S phi in parts of the ball.
	StepMiss [][]survey.StepMiss
}

// Looks are the points at which fields on the grid of S are looked at, and what was seen.
type Looks struct {
	Points      *look.Points // where levels are compared
	RhoPoints   *look.Points // and their one-step errors, if these are kept
	sphere      *look.SphereMatrix
	search      *look.Points // where maxima are looked for
	dense       *look.Points // denser ones; nil until asked for
	denseSphere *look.SphereMatrix
	Trace       trace
	uTrace      *look.Sampler
	starts      *outset
}

// Model is one model on its grid.
type Model struct {
	Model  *process.Diffusion
	Level  survey.Level
	Data   *survey.Data
	Rough  survey.Roughness // on its grid
	Op     *kolmogorov.Operator
	Growth float64
	inward bool  // the drift points inward on the sphere around inBall
	inBall []int // nodes of its grid in the ball that keeps its process
	Err    error
	// Closed tells that all rows are closed: the model stands still, and its rows'
	// numbers do not depend on how long others take.
	Closed bool
	Shots  *snapshots // nil where no fields are kept
}

// open reports that the model is still advanced.
func (m *Model) open() bool { return m.Err == nil && !m.Closed }

// BlockSteps is the number of SGD steps that every side advances on its own
// before they are compared.
const BlockSteps = 16

func New(ctx context.Context, p *compare.Problem, cache *survey.Cache, pl Plan, eta float64, cfg *compare.Config) (*Engine, error) {
	lv := pl.S
	e := &Engine{Problem: p, Eta: eta, Workers: cfg.Workers, Block: BlockSteps, ChainRun: ChainRun{Level: lv, Width: lv.Width},
		Scales: Scales{mu: cache.Survey.Mu, rate: cache.Survey.Rate(p.Ball.R), Size: cache.Survey.Size, Offsets: &cache.Survey.Offsets}}
	var err error
	if e.Data, err = cache.Get(lv, p.Reach()); err != nil {
		return nil, err
	}
	g := e.Data.Grid
	n := g.Len()
	if e.s, err = cache.StepOn(ctx, eta, lv, e.Data, cfg); err != nil {
		return nil, err
	}
	e.Note = e.s.Note()
	for f := range e.Data.Phi {
		e.SMiss = append(e.SMiss, missSafety*e.s.Miss(f))
	}
	su := look.CopyFields(e.Data.Phi)
	e.s.ApplyAllTo(cfg.Workers, su, e.Data.Phi)
	e.Rough = cache.Rough(lv, e.Data, p.Dynamics.Step(), eta)
	e.StepMiss = cache.Survey.Loss.OneStepMiss(g, lv.Width, eta, e.Data.Phi, su, e.Rough.Spacing > 0, cfg.Workers)
	if powers.CheaperByBasis(e.s) {
		if e.Powers, err = cache.PowersOf(ctx, e.s, lv, e.Data, cfg.Workers); err != nil {
			return nil, err
		}
	}
	e.Points = look.NewPoints(p.Ball, look.PointDensity[p.Ball.Free()])
	e.sphere = look.NewSphereMatrix(g, lv.Width, e.Points)
	e.search = look.NewPoints(p.Ball, look.SearchDensity(p.Ball.Free(), lv.Largest()))
	searchSphere := look.NewSphereMatrix(g, lv.Width, e.search)
	e.uTrace = look.NewSampler(g, lv.Width, e.Points, e.sphere)
	obs := len(p.Observables)
	e.u = look.CopyFields(e.Data.Phi)
	e.uOut = look.NewBlock(e.Block, obs, n)
	for i, model := range pl.Models {
		m := &Model{Model: model, Level: pl.Levels[i]}
		var half float64
		m.Level, half = m.Level.OnBox(p, model)
		if m.Data, err = cache.Get(m.Level, half); err != nil {
			return nil, err
		}
		m.Rough = cache.Rough(m.Level, m.Data, model.Weights, eta)
		m.inward = cache.Survey.Inward(p, model, eta)
		mg := m.Data.Grid
		ball := p.Region(survey.HalfWidth(p, model))
		x := make([]float64, mg.Dim())
		for i := range mg.Len() {
			if mg.PointTo(x, i); ball.Contains(x) {
				m.inBall = append(m.inBall, i)
			}
		}
		e.Models = append(e.Models, m)
		var own *look.SphereMatrix // nil: the grid of S
		if !mg.Same(g) || m.Level.Width != lv.Width {
			own = look.NewSphereMatrix(mg, m.Level.Width, e.Points)
		}
		for o := range obs {
			r := &Row{Model: m, Observable: o, Curve: []float64{0}, largestGap: largestGap{deficit: firstDeficit, BestX: append([]float64(nil), p.Ball.Center...)}}
			r.out = look.NewBlock(e.Block, 1, mg.Len())
			r.onS = look.NewBlock(1, e.Block, n)[0]
			r.last = append([]float64(nil), e.Data.Phi[o]...)
			r.transfer = grid.NewGridTransfer(mg, g, m.Level.Width)
			r.Differences = make([]float64, e.Block*n)
			r.BestE, r.BestL, r.BestS = make([]float64, n), make([]float64, mg.Len()), make([]float64, n)
			r.values = make([]float64, e.Block*len(e.search.X))
			r.sampler = look.NewSampler(g, lv.Width, e.search, searchSphere)
			r.Tracer = look.NewSampler(g, lv.Width, e.Points, e.sphere)
			r.ownTracer = r.Tracer
			if own != nil {
				r.ownTracer = look.NewSampler(mg, m.Level.Width, e.Points, own)
			}
			r.finder = look.NewMaxFinder(g, lv.Width, e.search, 3)
			e.Rows = append(e.Rows, r)
		}
	}
	par.Do(cfg.Workers, len(e.Models), func(i int) {
		m := e.Models[i]
		if m.Op, m.Growth, m.Err = survey.Equation(m.Data.Fields, m.Model, eta, m.Level.Order); m.Err != nil {
			return
		}
		for _, r := range e.Rows {
			if r.Model != m {
				continue
			}
			// Operators own workspace: one for every row.
			if r.Prop, m.Err = follower(m.Level, m.Op.WithWorkers(1), eta, m.Growth); m.Err != nil {
				return
			}
			r.Prop.Start(m.Data.Phi[r.Observable : r.Observable+1])
		}
	})
	return e, nil
}

// Rest gives up S and the blocks of fields: what an engine found stays, and it cannot be
// advanced any more. Several engines are kept to be compared, and in three dimensions
// only one S fits in memory.
func (e *Engine) Rest() {
	e.s, e.Powers, e.u, e.uOut = nil, nil, nil, nil
	for _, r := range e.Rows {
		r.End = r.last
		r.out, r.onS, r.last, r.Differences, r.values = nil, nil, nil, nil, nil
		r.transfer, r.sampler, r.Tracer, r.ownTracer, r.finder, r.Dense = nil, nil, nil, nil, nil, nil
		r.differs, r.differ, r.differed, r.rhoLook = nil, nil, [2][]float64{}, rhoLook{}
	}
}

// Run advances until every row is closed, or to step last. It reports progress
// as the step reached.
func (e *Engine) Run(ctx context.Context, last int, progress func(n int)) error {
	n := 0
	for n < last && (e.EveryGap || !e.closed()) {
		if err := ctx.Err(); err != nil {
			return err
		}
		steps := min(e.Block, last-n)
		// Each side on its own.
		e.ChainRun.advance(e.Workers, n, steps)
		par.Do(e.Workers, len(e.Rows), func(i int) { e.Rows[i].Advance(steps) })
		e.MeetErrors()
		// The gaps.
		par.Do(e.Workers, len(e.Rows), func(i int) { e.Rows[i].follow(e, n, steps) })
		e.MeetErrors()
		// The one-step errors and what else is kept of some steps.
		for j := range steps {
			if e.everyRho {
				e.rhoStep(n+j+1, j)
			}
			if e.Traced(n + j + 1) {
				e.traceStep(n+j+1, j)
			}
			if e.Shots {
				e.offerFields(n+j+1, j)
			}
		}
		for f := range e.u {
			copy(e.u[f], e.uOut[steps-1][f])
		}
		for _, r := range e.Rows {
			if r.Model.open() {
				r.GoOn(steps)
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
func (e *ChainRun) advance(workers, n, steps int) {
	done := 0
	if e.Powers != nil {
		done = e.Powers.Advance(e.s, n, e.uOut[:steps])
		for j := range steps {
			e.UMiss = append(e.UMiss, e.Powers.Miss(n+j+1))
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

// MeetErrors makes a row's error its model's.
func (e *Engine) MeetErrors() {
	for _, r := range e.Rows {
		if r.Model.Err == nil {
			r.Model.Err = r.err
		}
	}
}

// close marks the models whose rows are all closed.
func (e *Engine) close() {
	if e.EveryGap {
		return
	}
	for _, m := range e.Models {
		m.Closed = true
	}
	for _, r := range e.Rows {
		if r.Tail.By == "" {
			r.Model.Closed = false
		}
	}
}

// closed reports that every model that can be closed is.
func (e *Engine) closed() bool {
	for _, m := range e.Models {
		if m.open() {
			return false
		}
	}
	return true
}

// OneStep computes the fields S u^{j-1} - u^j of the open rows that ask for them at entry j of the
// block and returns what sup says of each. S is applied to one model at a time: how many
// fields it is applied to at once may show in the last bit.
func (e *Engine) OneStep(j int, sup func(r *Row, su []float64) float64) []float64 {
	sups := make([]float64, len(e.Rows))
	for _, m := range e.Models {
		if !m.open() {
			continue
		}
		var prev, su [][]float64
		var at []int
		for i, r := range e.Rows {
			if r.Model != m || !r.asksRho(e) {
				continue
			}
			before := r.last
			if j > 0 {
				before = r.onS[j-1]
			}
			prev = append(prev, before)
			su = append(su, r.Differences[:e.Data.Grid.Len()]) // the block's gap fields are spent
			at = append(at, i)
		}
		if len(at) == 0 {
			continue
		}
		e.s.ApplyAllTo(e.Workers, su, prev)
		par.Do(e.Workers, len(at), func(i int) {
			r := e.Rows[at[i]]
			for k, v := range r.onS[j] {
				su[i][k] -= v
			}
			sups[at[i]] = sup(r, su[i])
		})
	}
	return sups
}

// ModelOf returns the engine's run of a model, or nil.
func (e *Engine) ModelOf(m *process.Diffusion) *Model {
	for _, r := range e.Models {
		if r.Model == m {
			return r
		}
	}
	return nil
}

// RowOf returns the engine's row, or nil.
func (e *Engine) RowOf(m *process.Diffusion, obs int) *Row {
	for _, r := range e.Rows {
		if r.Model.Model.Name == m.Name && r.Observable == obs {
			return r
		}
	}
	return nil
}
