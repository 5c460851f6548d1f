package study

import (
	"kolmo/assumptions"
	"kolmo/objective"
)

// Curvature returns the sum of the curvatures of f along the axes at the study's center, which
// is at least its largest curvature there where f is convex.
func (s *Study) Curvature() float64 {
	var m objective.Moments
	s.Objective.NewEvaluator().MomentsTo(&m, s.Center)
	var sum float64
	for k := range s.Center {
		sum += m.Hess[k][k]
	}
	return sum
}

// Check returns the constants of the paper's assumptions for the study's ball; progress may be nil, see
// assumptions.Check. It returns nil where the algorithm is none that they are about: the
// loss says nothing of its chain then. Errors are *Error.
func (s *Study) Check(progress func(share float64)) (*assumptions.Assumptions, error) {
	if !s.kind().theory {
		return nil, nil
	}
	a, err := assumptions.Check(s.Objective, s.Loss, s.Center, s.R, s.R2, progress)
	if err != nil {
		return nil, s.LossError(err)
	}
	return a, nil
}
