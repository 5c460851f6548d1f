package schedule

import "math"

// Kind is how s falls.
type Kind string

// The kinds.
const (
	Inverse     Kind = "inverse"
	Exponential Kind = "exponential"
)

// Kinds returns all kinds.
func Kinds() []string { return []string{string(Inverse), string(Exponential)} }

// State is the name of the coordinate.
const State = "s"

// Schedule is a kind at a rate > 0.
type Schedule struct {
	Kind Kind
	Rate float64
}

// At returns s(t).
func (s Schedule) At(t float64) float64 {
	if s.Kind == Exponential {
		return math.Exp(-s.Rate * t)
	}
	return 1 / (1 + s.Rate*t)
}

// next returns s after a step at eta.
func (s Schedule) next(v, eta float64) float64 {
	if s.Kind == Exponential {
		return math.Exp(-s.Rate*eta) * v
	}
	return v / (1 + s.Rate*eta*v)
}

// moments returns the coefficients of eta and eta^2 in the move of s, and the derivative of
// the first.
func (s Schedule) moments(v float64) (first, second, slope float64) {
	if s.Kind == Exponential {
		return -s.Rate * v, s.Rate * s.Rate * v / 2, -s.Rate
	}
	return -s.Rate * v * v, s.Rate * s.Rate * v * v * v, -2 * s.Rate * v
}
