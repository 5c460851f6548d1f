package compare

import (
	"math"

	"kolmo/grid"
	"kolmo/process"
)

// stationaryScale returns, per field, the size of what a limit of SGD and one of a model
// with noise may differ by, found without a model: eta times the larger of the limit's
// distance from the value at the minimiser and the variance under the invariant law over
// the field's size.
func (s *stationaryKind) stationaryScale(v *stationarySide, eta float64) []float64 {
	rest := s.atRest()
	scale := make([]float64, len(v.null))
	for f := range scale {
		e, _ := v.limit(f)
		scale[f] = v.spread[f] / s.fieldSize(f)
		if rest != nil {
			scale[f] = max(scale[f], math.Abs(e.value-rest[f].value))
		}
		if scale[f] *= eta; scale[f]-scale[f] != 0 {
			scale[f] = 0
		}
	}
	return scale
}

// stationaryShare is the share of the accuracy that a limit may err by, relative to its
// scale, by dimension: on the line grids cost little.
var stationaryShare = [grid.MaxDim + 1]float64{0, discretisationShare / 100, discretisationShare, discretisationShare}

// overTarget adds to the errors what of phi and of the loss lies between the nodes and returns the largest
// ratio of a limit's error to its target, which is no less than the range at which a run ends: rounding, summed
// over all steps, leaves not much less.
func (s *stationaryKind) overTarget(v *stationarySide, scale []float64) float64 {
	worst := 0.0
	for f, size := range scale {
		target := max(stationaryShare[len(s.p.Ball.Center)]*s.p.Accuracy*size, settledRange/2*s.fieldSize(f))
		if f < len(s.size) {
			v.add(f, unseen(v.missed[0][f], v.missed[1][f], target, size)+unseen(v.hides[0][f], v.hides[1][f], target, math.Inf(1)))
		}
		e, _ := v.limit(f)
		if e.err-e.err != 0 {
			return math.Inf(1)
		}
		worst = max(worst, e.err/target)
	}
	return worst
}

// atRest returns the values at the minimiser x* of f of the observables and then of the
// coordinates from the centre, the limits of gradient-flow; nil where x* is not known.
// Their errors are what x* and rounding leave.
func (s *stationaryKind) atRest() []estimate {
	if s.target == nil || s.target.own == nil {
		return nil
	}
	x := append([]float64(nil), s.target.own.Point...)
	off := s.target.own.Left + minimizerRounding*s.p.Ball.R
	moved := 0.0
	for k := range x {
		moved = math.Hypot(moved, s.target.ruleError(func(d *process.Rest) float64 { return d.Point[k] }))
	}
	off += moved
	h := max(restSpacing*s.p.Ball.R, off)
	var rest []estimate
	for o, phi := range s.p.Observables {
		f := phi.NewFunc()
		e := estimate{f(x), roundoff * s.size[o]}
		for k, c := range x {
			slope := 0.0
			for _, sign := range []float64{1, -1} {
				x[k] = c + sign*h
				slope = max(slope, math.Abs(f(x)-e.value)/h)
			}
			x[k] = c
			e.err += slope * off
		}
		rest = append(rest, e)
	}
	for k, c := range s.p.Ball.Center {
		rest = append(rest, estimate{x[k] - c, off})
	}
	return rest
}

// restSpacing is the step, relative to R, of the slopes of observables at the minimiser.
const restSpacing = 1e-6
