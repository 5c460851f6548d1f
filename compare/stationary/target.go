package stationary

import (
	"math"

	"kolmo/compare/fit"
	"kolmo/compare/survey"
	"kolmo/grid"
	"kolmo/process"
)

// stationaryScale returns, per field, the size of what a limit of SGD and one of a model
// with noise may differ by, found without a model: eta times the larger of the limit's
// distance from the value at the minimiser and the variance under the invariant law over
// the field's size.
func (s *Kind) stationaryScale(v *StationarySide, eta float64) []float64 {
	rest := s.AtRest()
	scale := make([]float64, len(v.Null))
	for f := range scale {
		e, _ := v.limit(f)
		scale[f] = v.spread[f] / s.FieldSize(f)
		if rest != nil {
			scale[f] = max(scale[f], math.Abs(e.Value-rest[f].Value))
		}
		if scale[f] *= eta; scale[f]-scale[f] != 0 {
			scale[f] = 0
		}
	}
	return scale
}

// stationaryShare is the share of the accuracy that a limit may err by, relative to its
// scale, by dimension: on the line grids cost little.
var stationaryShare = [grid.MaxDim + 1]float64{0, fit.DiscretisationShare / 100, fit.DiscretisationShare, fit.DiscretisationShare}

// overTarget adds to the errors what of phi and of the loss lies between the nodes and returns the largest
// ratio of a limit's error to its target, which is no less than the range at which a run ends: rounding, summed
// over all steps, leaves not much less.
func (s *Kind) overTarget(v *StationarySide, scale []float64) float64 {
	for f, size := range scale {
		target := target(s, f, size)
		if f < len(s.Size) {
			hides := 0.0 // of rough coefficients, which fall slowly on any grid, two of them differ by it
			if v.rough.Spacing == 0 {
				hides = survey.Unseen(v.hides[0][f], v.hides[1][f], target, math.Inf(1))
			}
			v.add(f, survey.Unseen(v.missed[0][f], v.missed[1][f], target, size)+hides)
		}
		if v.layer != nil {
			v.add(f, v.layer[f])
		}
	}
	return errorOverTarget(s, v, scale)
}

// errorOverTarget returns that ratio.
func errorOverTarget(s *Kind, v *StationarySide, scale []float64) (most float64) {
	for f, size := range scale {
		e, _ := v.limit(f)
		if e.Err-e.Err != 0 {
			return math.Inf(1)
		}
		most = max(most, e.Err/target(s, f, size))
	}
	return most
}

// target is the error that is aimed at of a field's limit of a scale.
func target(s *Kind, f int, scale float64) float64 {
	return max(stationaryShare[len(s.Problem.Ball.Center)]*s.Problem.Accuracy*scale, settledRange/2*s.FieldSize(f))
}

// AtRest returns the values at the minimiser x* of f of the observables and then of the
// coordinates from the centre, the limits of gradient-flow; nil where x* is not known.
// Their errors are what x* and rounding leave.
func (s *Kind) AtRest() []Estimate {
	if s.Target == nil || s.Target.own == nil {
		return nil
	}
	x := append([]float64(nil), s.Target.own.Point...)
	off := s.Target.own.Left + minimizerRounding*s.Problem.Ball.R
	moved := 0.0
	for k := range x {
		moved = math.Hypot(moved, s.Target.ruleError(func(d *process.Rest) float64 { return d.Point[k] }))
	}
	off += moved
	h := max(restSpacing*s.Problem.Ball.R, off)
	var rest []Estimate
	for o, phi := range s.Problem.Observables {
		f := phi.NewFunc()
		e := Estimate{f(x), fit.Roundoff * s.Size[o]}
		for k, c := range x {
			slope := 0.0
			for _, sign := range []float64{1, -1} {
				x[k] = c + sign*h
				slope = max(slope, math.Abs(f(x)-e.Value)/h)
			}
			x[k] = c
			e.Err += slope * off
		}
		rest = append(rest, e)
	}
	for k, c := range s.Problem.Ball.Center {
		rest = append(rest, Estimate{x[k] - c, off})
	}
	return rest
}

// restSpacing is the step, relative to R, of the slopes of observables at the minimiser.
const restSpacing = 1e-6
