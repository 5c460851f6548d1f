package kolmogorov

import (
	"errors"
	"math"

	"kolmo/internal/kernel"
)

// Propagator advances fields by SGD steps of length eta. It is a workspace: one
// goroutine at a time.
type Propagator interface {
	// Start begins at t = 0 with the fields u, of the length of the grid, which are copied.
	// Their sizes are those by which growth is judged.
	Start(u [][]float64)
	// Set replaces the fields where they are, by the same less constants or scaled: time
	// and sizes go on.
	Set(u [][]float64)
	// Advance stores in out[j][f] the field f after j+1 more SGD steps; out[j][f] has
	// the length of the grid. The error is *UnstableError, and out is then undefined.
	Advance(out [][][]float64) error
	// TimeError bounds the truncation in t, summed over all steps since Start, in the
	// maximum norm on the nodes and in the worst field; NaN if there is no such
	// bound.
	TimeError() float64
	// TimeErrorAt bounds the error in t at SGD step n, counted from 1 after Start,
	// where that is known, and is TimeError otherwise.
	TimeErrorAt(n int) float64
	// KeepDifferences has every later call keep the fields whose differences tell the
	// error in t, and returns them; nil where the error is a bound and no difference.
	KeepDifferences() *Differences
}

// Differences are those between the solutions with steps of four times and twice the
// length, coarse, and twice and once the length, fine, at the SGD steps of the last call
// of Advance.
type Differences struct {
	fields [][][2][]float64 // [entry][field]
	order  int
}

// At returns the differences coarse and fine of field f at entry j. They belong to the
// propagator.
func (d *Differences) At(j, f int) (coarse, fine []float64) {
	return d.fields[j][f][0], d.fields[j][f][1]
}

// Error returns what the sizes of two differences, or of anything linear in them, say of
// the error of the shortest steps, as TimeErrorAt does.
func (d *Differences) Error(coarse, fine float64) float64 {
	return extrapolated(coarse, fine, d.order)
}

// ErrStiff reports an operator that needs more than maxParts polynomials per SGD
// step.
var ErrStiff = errors.New("kolmogorov: L is too stiff for the explicit propagator on this grid; use fewer nodes or time: hundsdorfer-verwer")

// maxAbs returns max |u|, infinite where u has a NaN.
func maxAbs(u []float64) float64 {
	if m := kernel.MaxAbs(u); m == m {
		return m
	}
	return math.Inf(1)
}
