package kolmogorov

import (
	"errors"
	"math"
)

// Propagator advances fields by SGD steps of length eta. It is a workspace: one
// goroutine at a time.
type Propagator interface {
	// AdvanceTo stores in out[j][f] the field f at (j+1) eta, for all j, from
	// the fields u; out[j][f] and u[f] have the length of the grid. out and u
	// must not overlap. The fields of the first call set the sizes by which
	// growth is judged: later calls go on with the same fields in the same
	// order, from where the last one ended. The error is *UnstableError, and out is then undefined.
	AdvanceTo(out [][][]float64, u [][]float64) error
	// TimeError bounds the truncation in t, summed over all calls, in the
	// maximum norm on the nodes and in the worst field; NaN if there is no such
	// bound.
	TimeError() float64
	// TimeErrorAt bounds the error in t at SGD step n, counted from 1 over all
	// calls, where that is known, and is TimeError otherwise.
	TimeErrorAt(n int) float64
}

// ErrStiff reports an operator that needs more than maxParts polynomials per SGD
// step.
var ErrStiff = errors.New("kolmogorov: L is too stiff for the explicit propagator on this grid; use fewer nodes or time: hundsdorfer-verwer")

// maxAbs returns max |u|, infinite where u has a NaN.
func maxAbs(u []float64) float64 {
	m := 0.0
	for _, v := range u {
		if a := math.Abs(v); a > m || math.IsNaN(a) {
			m = a
			if math.IsNaN(m) {
				return math.Inf(1)
			}
		}
	}
	return m
}
