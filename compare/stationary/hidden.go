package stationary

import (
	"kolmo/compare/look"
	"kolmo/compare/survey"
)

// hidesFromLimits returns, per observable, what the moments of the loss that a grid misses
// do to the limit of phi's mean under a process: over the time 1/mu in which it forgets.
// rate is the error per unit of time for a field with the given derivatives.
func (s *Kind) hidesFromLimits(data *survey.Data, width int, rate func(by *survey.Slopes) float64) []float64 {
	q := look.NewPoints(s.Problem.Ball, look.PointDensity[data.Grid.Dim()])
	hides := make([]float64, len(data.Phi))
	for o, phi := range data.Phi {
		hides[o] = rate(survey.SlopesOf(q, data.Grid, width, phi)) / s.Mu
	}
	return hides
}
