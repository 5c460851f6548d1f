package unit

import (
	"kolmo/compare/survey"
	"kolmo/process"
)

// Nearer returns the setup of the dynamics whose noise ends nearer to the region, at three
// quarters of the layer, with grids of its own: what changes tells what the ends do. It is
// nil where no noise ends but by definition.
func (s *Setup) Nearer() (*Setup, error) {
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
	moved := *s
	moved.Problem, moved.Cache = &p, survey.NewCache(&p, sv, s.Config.Workers)
	s.nearer = &moved
	return s.nearer, nil
}

// richerLaws returns the caches of the study's problem under richer rules, none where the
// law of xi is a finite sum or no richer rule can be had.
func (s *Setup) richerLaws(sv *survey.Survey) []*survey.Cache {
	const rules = 2
	var caches []*survey.Cache
	d := s.Problem.Dynamics
	for range rules {
		finer, ok := d.Refine()
		if !ok {
			break
		}
		p := *s.Problem
		p.Dynamics, d = finer, finer
		caches = append(caches, survey.NewCache(&p, sv, s.Config.Workers))
	}
	return caches
}
