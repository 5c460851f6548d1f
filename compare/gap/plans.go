package gap

import (
	"kolmo/compare/march"
	"kolmo/compare/survey"
)

// Plans returns the coarse (0) or the fine (1) levels that the gaps of some models ended
// with at a learning rate.
func (s *Kind) Plans(i int, models []int, k int) []march.Planned {
	var list []march.Planned
	for _, m := range models {
		list = append(list, s.Units.At(i, m).PlanOf(s.Problem, m, k))
	}
	return list
}

// Finest returns the finest grid of S that the models of a learning rate ended with.
func (s *Kind) Finest(i int) survey.Level {
	best := s.Units.At(i, 0).PlanOf(s.Problem, 0, 1).S
	for m := range s.Problem.Models {
		if l := s.Units.At(i, m).PlanOf(s.Problem, m, 1).S; l.Largest() > best.Largest() {
			best = l
		}
	}
	return best
}
