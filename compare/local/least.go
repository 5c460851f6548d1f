package local

import (
	"math"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/unit"
)

// leastKey is what a least rate is of.
type leastKey struct {
	model      string
	eta        float64
	observable int
}

// leastRate returns a rate than which no mode of a row's u falls slower, over the users' time. That is the
// spectral gap of its parities less its error. Where that is not known it is mu, the rate at which the
// drift contracts, or zero without one.
func (s *Kind) leastRate(r *march.Row, eta compare.Rate) float64 {
	key := leastKey{r.Model.Model.Name, eta.Value, r.Observable}
	if least, ok := s.least[key]; ok {
		return least
	}
	least := max(0, s.Mu) / s.Problem.Pace()
	if gap, off, err := s.Cache.SpectralGap(r.Model.Model, eta.Value, r.Observable); err == nil && gap-off > 0 {
		least = gap - off
	}
	s.least[key] = least
	return least
}

// stepsLeft returns what the sum has after a time t over the one-step error there, if the later ones fall at a rate.
func (s *Kind) stepsLeft(eta compare.Rate, t, rate float64) float64 {
	step, left := s.Problem.Time(1, eta.Value), math.Inf(1)
	if unit.ToHorizon(s.Setup) { // gaps are up to there by definition
		left = max(0, float64(s.LastStep(eta.Value))-math.Round(t/step))
	}
	if rate == 0 {
		return left
	}
	return -math.Expm1(-rate*step*left) / math.Expm1(rate*step)
}
