package objective

import (
	"fmt"
	"math"
	"strings"

	"kolmo/objective/expr"
)

// WhatLoss is the What of a NonFiniteError about the loss.
const WhatLoss = "loss"

// NonFiniteError reports a loss or an observable that is not finite at a point.
type NonFiniteError struct {
	What   string    // WhatLoss or the name of an observable
	X      []float64 // the point
	Sample int       // node of the law, -1 for an observable or where xi is no node
	Part   string    // "value", "gradient" or "second derivative"
	Nodes  string    // the sample variables at that node, may be empty
}

// Error implements error.
func (e *NonFiniteError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "the %s of ", e.Part)
	if e.What == WhatLoss {
		b.WriteString("the loss")
	} else {
		fmt.Fprintf(&b, "the observable %s", e.What)
	}
	b.WriteString(" is not finite at x = (")
	for i, v := range e.X {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%.6g", v)
	}
	b.WriteByte(')')
	switch {
	case e.Sample >= 0 && e.Nodes != "":
		fmt.Fprintf(&b, " for sample %d (%s)", e.Sample, e.Nodes)
	case e.Sample >= 0:
		fmt.Fprintf(&b, " for sample %d", e.Sample)
	case e.Nodes != "":
		fmt.Fprintf(&b, " for %s", e.Nodes)
	}
	return b.String()
}

// Scan sizes: points in the ball, and the largest number of point-sample pairs,
// which bounds the time to well under a second.
const (
	scanPoints = 1500
	scanPairs  = 4_000_000
)

// CheckFinite evaluates the loss with its first and second derivatives, for every
// node of the law, and the observables' values on a set of points of the closed
// ball |x - center| <= r, the sphere and the center included. It returns the first
// *NonFiniteError found, and nil otherwise; a singularity between the points is
// not seen.
func CheckFinite(l *Loss, observables []Observable, center []float64, r float64) error {
	e := l.newEvaluator()
	phi := make([]func([]float64) float64, len(observables))
	for i, o := range observables {
		phi[i] = o.NewFunc()
	}
	budget := max(60, min(scanPoints, scanPairs/l.law.Len()))
	var found error
	ballPoints(center, r, budget, func(x []float64) bool {
		if err := e.checkAt(x); err != nil {
			err.Nodes = l.Describe(err.Sample)
			found = err
			return false
		}
		for i, f := range phi {
			if !finite(f(x)) {
				found = &NonFiniteError{What: observables[i].Name(), X: append([]float64(nil), x...), Sample: -1, Part: "value"}
				return false
			}
		}
		return true
	})
	return found
}

// checkAt evaluates every sample at x and reports the first that is not finite.
func (e *evaluator) checkAt(x []float64) *NonFiniteError {
	e.machine.Point(x, nil, 2)
	for k := 0; k < len(e.weights); k += expr.Lanes {
		e.machine.Block(k)
		bad := func(part string, v []float64) *NonFiniteError {
			for l, y := range v {
				if !finite(y) {
					return &NonFiniteError{What: WhatLoss, X: append([]float64(nil), x...), Sample: k + l, Part: part}
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

// NonFinite reports that a function is not finite somewhere.
func (e *NonFiniteError) NonFinite() bool { return true }
