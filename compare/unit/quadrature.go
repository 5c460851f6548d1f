package unit

import (
	"kolmo/compare/survey"
)

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
