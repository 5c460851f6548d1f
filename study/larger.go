package study

import (
	"math"
	"strconv"

	"kolmo/assumptions"
)

// Search for a larger ball: the factors that are tried, and how finely the learning rate up
// to which it is invariant is told.
const (
	mostLarger  = 16
	ballMargin  = 2 // in the learning rate
	rateDigits  = 1e-3
	mostLargest = 64 // times the largest eta of the study
)

// LargerBall returns the smallest radius of two digits, around the study's center, for which
// no step of SGD leaves the ball up to twice the largest learning rate of the study, and the
// learning rate up to which that holds; ok is false if none is found up to 16 R. Both come from a search
// (assumptions.MaxImage), of which it makes about thirty.
func (s *Study) LargerBall() (R, upTo float64, ok bool) {
	invariant := func(R, eta float64) bool {
		v, _, _ := assumptions.MaxImage(s.Objective, s.Center, R, eta)
		return v <= R*(1+1e-12)
	}
	if s.Objective.Law().Unbounded {
		return 0, 0, false
	}
	eta := ballMargin * s.Eta[0].Value
	// The ball that is invariant need not be unique, so that the radii are tried from small
	// to large, roughly first.
	low, high := s.R, 0.0
	for f := 1.25; f <= mostLarger; f *= 1.25 {
		if invariant(f*s.R, eta) {
			high = f * s.R
			break
		}
		low = f * s.R
	}
	if high == 0 {
		return 0, 0, false
	}
	for range 6 {
		if m := (low + high) / 2; invariant(m, eta) {
			high = m
		} else {
			low = m
		}
	}
	for R = roundUp(low); !invariant(R, eta); R = roundUp(R * (1 + 1e-9)) {
		if R > high {
			return 0, 0, false
		}
	}
	// A step at a smaller rate lies between its start and a step at a larger one.
	low, high = eta, mostLargest*eta
	for high/low > 1+rateDigits {
		if m := math.Sqrt(low * high); invariant(R, m) {
			low = m
		} else {
			high = m
		}
	}
	return R, low, true
}

// roundUp returns the least number of two digits that is not below x > 0.
func roundUp(x float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(x))-1)
	y, err := strconv.ParseFloat(strconv.FormatFloat(math.Ceil(x/unit*(1-1e-12))*unit, 'g', 3, 64), 64)
	if err != nil {
		return x
	}
	return y
}
