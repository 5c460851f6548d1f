package assumptions

import (
	"math"

	"kolmo/objective"
	"kolmo/objective/expr"
)

// Scan sizes: points in the ball, and the largest number of point-sample pairs,
// which bounds the time to well under a second.
const (
	scanPoints = 1500
	scanPairs  = 4_000_000
)

// CheckFinite evaluates the loss with its first and second derivatives, for every
// node of the law, and the observables' values on a set of points of the closed
// ball |x - center| <= r, the sphere and the center included. It returns the first
// *objective.NonFiniteError found, and nil otherwise; a singularity between the points is
// not seen.
func CheckFinite(l *objective.Loss, observables []objective.Observable, center []float64, r float64) error {
	e := newSamples(l)
	phi := make([]func([]float64) float64, len(observables))
	for i, o := range observables {
		phi[i] = o.NewFunc()
	}
	budget := max(60, min(scanPoints, scanPairs/l.Law().Len()))
	var found error
	ballPoints(center, r, budget, func(x []float64) bool {
		if err := e.checkAt(x); err != nil {
			err.Nodes = l.Describe(err.Sample)
			found = err
			return false
		}
		for i, f := range phi {
			if !finite(f(x)) {
				found = &objective.NonFiniteError{What: observables[i].Name(), X: append([]float64(nil), x...), Sample: -1, Part: "value"}
				return false
			}
		}
		return true
	})
	return found
}

// checkAt evaluates every sample at x and reports the first that is not finite.
func (e *samples) checkAt(x []float64) *objective.NonFiniteError {
	e.machine.Point(x, nil, 2)
	for k := 0; k < len(e.weights); k += expr.Lanes {
		e.machine.Block(k)
		bad := func(part string, v []float64) *objective.NonFiniteError {
			for l, y := range v {
				if !finite(y) {
					return &objective.NonFiniteError{What: objective.WhatLoss, X: append([]float64(nil), x...), Sample: k + l, Part: part}
				}
			}
			return nil
		}
		if err := bad("value", e.machine.Value()); err != nil {
			return err
		}
		for i := range e.d {
			if err := bad("gradient", e.machine.Grad(i)); err != nil {
				return err
			}
		}
		for i := range e.d {
			for j := i; j < e.d; j++ {
				if err := bad("second derivative", e.machine.Hess(i, j)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
