package compare

import (
	"context"

	"kolmo/process"
)

// taperSafety multiplies what moving the ends of the noise does to a gap.
const taperSafety = 2

// movedSetup returns the setup of the dynamics whose noise ends nearer to the region, with
// grids of its own; nil where no noise ends but by definition.
func (s *gapKind) movedSetup() (*setup, error) {
	t, ok := s.p.Dynamics.(process.Tapered)
	if s.nearer != nil || !ok {
		return s.nearer, nil
	}
	p := *s.p
	p.Dynamics = t.Moved()
	p.Models = nil
	for _, m := range s.p.Models {
		list, err := process.Named(p.Dynamics, m.Name)
		if err != nil {
			return nil, err
		}
		p.Models = append(p.Models, list...)
	}
	sv, err := newSurvey(&p, s.cfg.Workers)
	if err != nil {
		return nil, err
	}
	moved := *s.setup
	moved.p, moved.cache = &p, newGridCache(&p, sv, s.cfg.Workers)
	s.nearer = &moved
	return s.nearer, nil
}

// tapers adds to the errors of models that are done what the ends of their noise do, where
// it ends for the computation's sake: twice the change of u and of the gap when they are
// moved to three quarters of the layer, on the same levels.
func (r *refinement) tapers(ctx context.Context, done []*climber) error {
	for _, c := range done {
		m := r.s.p.Models[c.model]
		if !m.Tapered {
			continue
		}
		moved, err := r.s.movedSetup()
		if err != nil {
			return err
		}
		plan := planned{model: c.model, s: c.fine.lv, l: c.level(c.at)}
		engines, err := moved.engines(ctx, moved.cache, r.eta, []planned{plan}, r.s.share, false)
		if err != nil {
			return err
		}
		for o := range r.s.p.Observables {
			key := [2]int{o, c.model}
			out := r.final[key]
			if row := c.fine.rowOf(m, o); row.m.err == nil {
				_, du, dG := difference(c.fine, row, engines[0])
				out.row.Errors.Taper = Number(taperSafety * max(du, dG))
				r.final[key] = out
			}
		}
	}
	return nil
}
