package gap

import (
	"context"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/process"
)

// taperSafety multiplies what moving the ends of the noise does to a gap.
const taperSafety = 2

// movedSetup returns the setup of the dynamics whose noise ends nearer to the region, with
// grids of its own; nil where no noise ends but by definition.
func (s *Kind) movedSetup() (*unit.Setup, error) {
	t, ok := s.Problem.Dynamics.(process.Tapered)
	if s.nearer != nil || !ok {
		return s.nearer, nil
	}
	p := *s.Problem
	p.Dynamics = t.Moved()
	p.Models = nil
	for _, m := range s.Problem.Models {
		list, err := process.Named(p.Dynamics, m.Name)
		if err != nil {
			return nil, err
		}
		p.Models = append(p.Models, list...)
	}
	sv, err := survey.New(&p, s.Config.Workers)
	if err != nil {
		return nil, err
	}
	moved := *s.Setup
	moved.Problem, moved.Cache = &p, survey.NewCache(&p, sv, s.Config.Workers)
	s.nearer = &moved
	return s.nearer, nil
}

// tapers adds to the errors of models that are done what the ends of their noise do, where
// it ends for the computation's sake: twice the change of u and of the gap when they are
// moved to three quarters of the layer, on the same levels.
func (r *refinement) tapers(ctx context.Context, done []*climber) error {
	for _, c := range done {
		m := r.s.Problem.Models[c.model]
		if !m.Tapered {
			continue
		}
		moved, err := r.s.movedSetup()
		if err != nil {
			return err
		}
		plan := march.Planned{Model: c.model, S: c.fine.Level, L: c.level(c.at)}
		engines, err := moved.Engines(ctx, moved.Cache, r.eta, []march.Planned{plan}, r.s.Share, false)
		if err != nil {
			return err
		}
		for o := range r.s.Problem.Observables {
			key := [2]int{o, c.model}
			out := r.final[key]
			if row := c.fine.RowOf(m, o); row.Model.Err == nil {
				_, du, dG := difference(c.fine, row, engines[0])
				out.Row.Errors.Taper = compare.Number(taperSafety * max(du, dG))
				r.final[key] = out
			}
		}
	}
	return nil
}
