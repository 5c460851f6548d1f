package study

import "kolmo/objective"

// Check returns the constants of the paper's assumptions for the study's ball; nil for cfg
// means the defaults. Errors are *Error.
func (s *Study) Check(cfg *objective.CheckConfig) (*objective.Assumptions, error) {
	if cfg == nil {
		cfg = new(objective.CheckConfig)
	}
	a, err := cfg.Check(s.Objective, s.Loss, s.Center, s.R, s.R2)
	if err != nil {
		return nil, s.LossError(err)
	}
	return a, nil
}
