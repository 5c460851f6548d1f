package study

import "kolmo/objective"

// Check returns the constants of the paper's assumptions for the study's ball.
// Errors are *Error.
func (s *Study) Check() (*objective.Assumptions, error) {
	a, err := objective.Check(s.Objective, s.Loss, s.Center, s.R, s.R2)
	if err != nil {
		return nil, s.LossError(err)
	}
	return a, nil
}
