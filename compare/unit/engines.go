package unit

import (
	"context"
	"math"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/grid"
)

// Each makes an engine for every plan of a list, has it advanced and puts it to rest; it
// returns every entry's engine. Entries with the same level of S share one, on which the numbers of none
// of them depend. share is that of the learning rate's work once all is done.
func (s *Setup) Each(ctx context.Context, cache *survey.Cache, eta compare.Rate, list []march.Planned, share float64, advance func(e *march.Engine, share float64) error) ([]*march.Engine, error) {
	plans, at := march.Groups(s.Problem, list)
	engines := make([]*march.Engine, len(plans))
	from := s.Share
	for k, pl := range plans {
		to := from + (share-from)*float64(k+1)/float64(len(plans))
		s.megabytes = math.Ceil(float64(pl.Bytes(s.Problem)) / 1e6)
		if most := s.Config.Memory; most > 0 && pl.Bytes(s.Problem) > most {
			return nil, &compare.MemoryError{Eta: eta.Text, Nodes: pl.S.Largest(), Bytes: pl.Bytes(s.Problem), Most: most}
		}
		stage := compare.Say("eta = %s: grids of about %.0f MB, S on %d %s nodes per axis", eta.Text, s.megabytes, pl.S.Largest(), pl.S.Kind)
		s.Progress(eta, 0, to, stage)
		e, err := march.New(ctx, cache.Problem, cache, pl, eta.Value, s.Config)
		if err != nil {
			return nil, err
		}
		s.affordable(e, eta)
		if err := advance(e, to); err != nil {
			return nil, err
		}
		e.Rest()
		s.Share = to
		engines[k] = e
	}
	of := make([]*march.Engine, len(list))
	for i, k := range at {
		of[i] = engines[k]
	}
	return of, nil
}

// Engines advances a list until its rows are closed. fields tells that what the study
// stores is kept.
func (s *Setup) Engines(ctx context.Context, cache *survey.Cache, eta compare.Rate, list []march.Planned, share float64, fields bool) ([]*march.Engine, error) {
	return s.Each(ctx, cache, eta, list, share, func(e *march.Engine, share float64) error {
		if fields && s.wantsFields(eta) {
			if err := e.KeepFields(&s.Problem.Fields, s.Config.FieldBytes); err != nil {
				return err
			}
		}
		return s.Follow(ctx, e, eta, share)
	})
}

// Follow advances an engine until its rows are closed.
func (s *Setup) Follow(ctx context.Context, e *march.Engine, eta compare.Rate, share float64) error {
	stage := compare.Say("eta = %s: grids of about %.0f MB", eta.Text, s.megabytes)
	if n := s.Steps(eta.Value); n > manySteps {
		stage += compare.Say(", about %.2g steps a run", n)
	}
	err := e.Run(ctx, s.LastStep(eta.Value), func(n int) {
		s.Progress(eta, min(1, float64(n)*eta.Value/s.lastT), share, stage)
	})
	if err != nil {
		return err
	}
	if k := len(e.Trace.N); k > 0 {
		s.lastT = float64(e.Trace.N[k-1]) * eta.Value
	}
	return nil
}

// meter tells the watcher what share of a run's predicted work is done.
type meter struct {
	watcher   compare.Watcher // nil: nobody watches
	lastT     float64         // where the last run ended, or is guessed to
	Done      float64         // of total, the predicted work
	total     float64
	Share     float64 // of this eta
	told      float64 // the progress that was reported
	megabytes float64 // what the plan of the last engine needs
	Part      int     // of the parts of the run
	Parts     int
}

func newMeter(p *compare.Problem, cfg *compare.Config) *meter {
	m := &meter{watcher: cfg.Watcher}
	for _, eta := range p.Etas {
		m.total += 1 / eta.Value
	}
	return m
}

// Progress reports that a part of the work between the present share of a learning rate and
// another one is done.
func (m *meter) Progress(eta compare.Rate, part, share float64, stage string) {
	if m.watcher == nil {
		return
	}
	inEta := m.Share + (share-m.Share)*part
	within := min(1, (m.Done+inEta/eta.Value)/m.total)
	// A shard may have to compute other units first, which are not counted.
	m.told = max(m.told, (float64(m.Part)+within)/float64(max(m.Parts, 1)))
	m.watcher.Progress(m.told, stage)
}

// What the propagation of one model may take where the study leaves the grid to kolmo, in
// multiplications per observable and by dimension: half a minute on one core, some minutes in
// space, and more for runs of many steps. It is counted and not timed, so that results depend
// on no clock.
var MostWork = [grid.MaxDim + 1]float64{0, 4e10, 4e11, 4e12}

// workForSteps is the number of SGD steps of a run from which mostWork grows with them.
const workForSteps = 1000

// WorkError tells that a level is not run since that would take too long.
type WorkError struct {
	level  survey.Level
	needed float64 // predicted multiplications per observable
	most   float64
}

func (e *WorkError) Error() string {
	return compare.Say("u on the next finer grid, %s with %d nodes per axis, is predicted to take %.1e multiplications, %.2g times what a grid that kolmo chooses may take; solver.nodes takes any",
		e.level, e.level.Largest(), e.needed, e.needed/e.most)
}

// affordable gives the models of an engine whose run would take too long the error that says
// so. Grids that the study fixes are run however long they take.
func (s *Setup) affordable(e *march.Engine, eta compare.Rate) {
	steps, limit := s.Steps(eta.Value), s.Config.Work
	if limit == 0 {
		limit = MostWork[len(s.Problem.Ball.Center)]
	}
	for _, m := range e.Models {
		if m.Err != nil || m.Level.AsGiven {
			continue
		}
		needed := steps * m.StepWork(eta.Value)
		if most := limit * max(1, steps/workForSteps); !(needed <= most) {
			m.Err = &WorkError{level: m.Level, needed: needed, most: most}
		}
	}
}
