package march

import (
	"kolmo/compare/survey"
	"kolmo/process"
)

// RangeOfL returns the range of a model's u: over its own ball if its noise ends there, and
// over R without noise, where it stays if the drift points inward. For other models that
// the drift keeps near the ball it is over what they reach.
func (m *Model) RangeOfL(sv *survey.Survey, obs int) survey.ValueRange {
	switch {
	case !m.inward:
		return survey.Anything
	case m.Model.Noise == process.NoiseEndsIn:
		return sv.Ranges[survey.InOuter][obs]
	case m.Model.Noise == process.NoNoise:
		return sv.Ranges[survey.InBall][obs]
	}
	return sv.Ranges[survey.InReach][obs]
}
