package fit

import (
	"math"
)

// What a quadrature of the law of xi errs by is told by two richer ones, each of several
// times the points of the one before where these are affordable (law.Rule). own - rich is
// the error but for what the richest errs by itself, which is told by the other. One rule
// alone may agree with the own by chance, or because both are blind to the same
// oscillation; and so may two numbers, where the fields they are taken from do not.

const (
	// RichSafety multiplies the difference from the richest rule.
	RichSafety = 1.25
	// quadratureNear is the share of the largest gap from which what the rules differ by at
	// a point counts in full: at one point they may agree by chance.
	quadratureNear = 0.9
)

// NoRule is the reason of rows without an error by the quadrature.
const NoRule = "the error of the quadrature over xi could not be estimated: no run under a richer rule succeeded"

// RuleError returns the error of a number by the own rule, from those by richer ones, the
// richest last; where there is but one, twice the difference from it.
func RuleError(own float64, rich []float64) float64 {
	if len(rich) == 0 {
		return 0
	}
	last := rich[len(rich)-1]
	if len(rich) == 1 {
		return OrderSafety * math.Abs(own-last)
	}
	e := RichSafety * math.Abs(own-last)
	for _, v := range rich[:len(rich)-1] {
		e += OrderSafety * math.Abs(v-last)
	}
	return e
}

// Excess returns by how much a supremum may be off for what the field errs by at a point: by
// all of it where the field is nearly the supremum, and elsewhere by how much it may exceed
// that.
func Excess(value, err, supremum float64) float64 {
	if math.Abs(value) < quadratureNear*supremum {
		return err + math.Abs(value) - supremum
	}
	return err
}
