package compare

import (
	"context"
	"fmt"
	"math"
	"slices"

	"kolmo/process"
)

// groups divides a list into plans, one for every level of S; at tells which plan has
// each entry.
func groups(p *Problem, list []planned) (plans []plan, at []int) {
	for _, e := range list {
		k := slices.IndexFunc(plans, func(pl plan) bool { return pl.s.same(e.s) && pl.s.width == e.s.width })
		if k < 0 {
			k = len(plans)
			plans = append(plans, plan{s: e.s})
		}
		plans[k].models = append(plans[k].models, p.Models[e.model])
		plans[k].levels = append(plans[k].levels, e.l)
		at = append(at, k)
	}
	return plans, at
}

// each makes an engine for every plan of a list, has it advanced and puts it to rest; it
// returns every entry's engine. Entries with the same level of S share one, on which the numbers of none
// of them depend. share is that of the learning rate's work once all is done.
func (s *setup) each(ctx context.Context, cache *gridCache, eta Rate, list []planned, share float64, advance func(e *engine, share float64) error) ([]*engine, error) {
	plans, at := groups(s.p, list)
	engines := make([]*engine, len(plans))
	from := s.share
	for k, pl := range plans {
		to := from + (share-from)*float64(k+1)/float64(len(plans))
		s.megabytes = math.Ceil(float64(pl.bytes(s.p)) / 1e6)
		if most := s.cfg.Memory; most > 0 && pl.bytes(s.p) > most {
			return nil, &MemoryError{Eta: eta.Text, Nodes: pl.s.largest(), Bytes: pl.bytes(s.p), Most: most}
		}
		stage := fmt.Sprintf("eta = %s: grids of about %.0f MB, S on %d %s nodes per axis", eta.Text, s.megabytes, pl.s.largest(), pl.s.kind)
		s.progress(eta, 0, to, stage)
		e, err := newEngine(ctx, cache.p, cache, pl, eta.Value, s.cfg)
		if err != nil {
			return nil, err
		}
		s.affordable(e, eta)
		if err := advance(e, to); err != nil {
			return nil, err
		}
		e.rest()
		s.share = to
		engines[k] = e
	}
	of := make([]*engine, len(list))
	for i, k := range at {
		of[i] = engines[k]
	}
	return of, nil
}

// engines advances a list until its rows are closed. fields tells that what the study
// stores is kept.
func (s *setup) engines(ctx context.Context, cache *gridCache, eta Rate, list []planned, share float64, fields bool) ([]*engine, error) {
	return s.each(ctx, cache, eta, list, share, func(e *engine, share float64) error {
		if fields && s.wantsFields(eta) {
			if err := e.keepFields(&s.p.Fields, s.cfg.fieldBytes); err != nil {
				return err
			}
		}
		return s.follow(ctx, e, eta, share)
	})
}

// follow advances an engine until its rows are closed.
func (s *setup) follow(ctx context.Context, e *engine, eta Rate, share float64) error {
	stage := fmt.Sprintf("eta = %s: grids of about %.0f MB", eta.Text, s.megabytes)
	if n := s.steps(eta.Value); n > manySteps {
		stage += fmt.Sprintf(", about %.2g steps a run", n)
	}
	err := e.run(ctx, s.lastStep(eta.Value), func(n int) {
		s.progress(eta, min(1, float64(n)*eta.Value/s.lastT), share, stage)
	})
	if err != nil {
		return err
	}
	if k := len(e.trace.n); k > 0 {
		s.lastT = float64(e.trace.n[k-1]) * eta.Value
	}
	return nil
}

// plans returns the coarse (0) or the fine (1) levels that the gaps of some models ended
// with at a learning rate.
func (s *gapKind) plans(i int, models []int, k int) []planned {
	var list []planned
	for _, m := range models {
		list = append(list, s.units.at(i, m).plan(s.p, m, k))
	}
	return list
}

// finest returns the finest grid of S that the models of a learning rate ended with.
func (s *gapKind) finest(i int) level {
	best := s.units.at(i, 0).plan(s.p, 0, 1).s
	for m := range s.p.Models {
		if l := s.units.at(i, m).plan(s.p, m, 1).s; l.largest() > best.largest() {
			best = l
		}
	}
	return best
}

// modelOf returns the engine's run of a model, or nil.
func (e *engine) modelOf(m *process.Diffusion) *modelRun {
	for _, r := range e.models {
		if r.model == m {
			return r
		}
	}
	return nil
}

// MemoryError ends a study whose next run does not fit in the memory that it may take.
type MemoryError struct {
	Eta         string
	Nodes       int   // per axis, of S
	Bytes, Most int64 // predicted and allowed
}

// Error implements error.
func (e *MemoryError) Error() string {
	return fmt.Sprintf("eta = %s: out of memory: S on %d nodes per axis with its fields needs about %.0f MB, and %.0f MB may be taken", e.Eta, e.Nodes, float64(e.Bytes)/1e6, float64(e.Most)/1e6)
}
