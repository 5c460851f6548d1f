package assumptions

import (
	"math"
	"slices"

	"kolmo/objective"
	"kolmo/objective/expr"
)

// Scan sizes: points in the ball, and the largest number of point-sample pairs,
// which bounds the time to well under a second.
const (
	scanPoints = 1500
	scanPairs  = 4_000_000
)

// A climb to a pole: by steps of climbStep R, and of half the length after a turn that has not gained climbGain, down to
// climbEnd R. What rises by poleRise from the points that were looked at is taken for one.
const (
	climbStep = 0.1
	climbGain = 1.01
	climbEnd  = 1e-17
	poleRise  = 1e10
)

// CheckFinite evaluates the loss with its first and second derivatives, for every
// node of the law, and the observables' values on a set of points of the closed
// ball |x - center| <= r, the sphere and the center included. From where the second derivatives,
// and each observable, are largest it climbs to see whether there is a pole between the points. It
// returns the first *objective.NonFiniteError found, and nil otherwise; a weaker singularity
// between the points is not seen.
func CheckFinite(l *objective.Loss, observables []objective.Observable, center []float64, r float64) error {
	e := newSamples(l)
	phi := make([]func([]float64) float64, len(observables))
	for i, o := range observables {
		phi[i] = o.NewFunc()
	}
	budget := max(60, min(scanPoints, scanPairs/l.Law().Len()))
	var found *objective.NonFiniteError
	bend, peaks := peak{}, make([]peak, len(phi))
	ballPoints(center, r, budget, func(x []float64) bool {
		if found = e.checkAt(x, &bend); found != nil {
			return false
		}
		for i, f := range phi {
			y := f(x)
			if !finite(y) {
				found = &objective.NonFiniteError{What: observables[i].Name(), X: slices.Clone(x), Sample: -1, Part: "value"}
				return false
			}
			peaks[i].see(math.Abs(y), x, -1)
		}
		return true
	})
	climb := func(p peak, what, part string, at func(x []float64, p *peak)) {
		if found == nil && p.pole(center, r, at) {
			found = &objective.NonFiniteError{What: what, X: p.x, Sample: p.sample, Part: part, Pole: p.value}
		}
	}
	climb(bend, objective.WhatLoss, "second derivative", e.bend)
	for i, f := range phi {
		climb(peaks[i], observables[i].Name(), "value", func(x []float64, p *peak) { p.see(math.Abs(f(x)), x, -1) })
	}
	if found == nil {
		return nil
	}
	if found.Sample >= 0 {
		found.Nodes = l.Describe(found.Sample)
	}
	return found
}

// peak is where something was seen to be largest.
type peak struct {
	value  float64
	x      []float64
	sample int
}

func (p *peak) see(v float64, x []float64, sample int) {
	if v > p.value {
		p.value, p.x, p.sample = v, append(p.x[:0], x...), sample
	}
}

// pole climbs from the peak along the axes within the ball, and reports whether what at sees rises
// as to a pole. The peak is then there.
func (p *peak) pole(center []float64, r float64, at func(x []float64, p *peak)) bool {
	if p.x == nil {
		return false
	}
	low, y := p.value, make([]float64, len(center))
	p.x = slices.Clone(p.x)
	for step := climbStep; step > climbEnd; {
		before := p.value
		from := slices.Clone(p.x)
		for i := range from {
			for _, s := range [2]float64{step * r, -step * r} {
				copy(y, from)
				y[i] += s
				if distance(y, center) <= r {
					at(y, p)
				}
			}
		}
		if math.IsInf(p.value, 1) {
			break
		}
		if !(p.value > climbGain*before) {
			step /= 2
		}
	}
	return p.value > poleRise*low
}

// bend shows the second derivatives at x to p.
func (e *samples) bend(x []float64, p *peak) {
	if err := e.checkAt(x, p); err != nil {
		p.see(math.Inf(1), err.X, err.Sample)
	}
}

// checkAt evaluates every sample at x and reports the first that is not finite. bend, if it is not
// nil, sees the second derivatives.
func (e *samples) checkAt(x []float64, bend *peak) *objective.NonFiniteError {
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
				if bend != nil {
					for l, y := range e.machine.Hess(i, j) {
						bend.see(math.Abs(y), x, k+l)
					}
				}
			}
		}
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// samples evaluates the samples of a loss one by one.
type samples struct {
	d       int
	weights []float64
	machine *expr.Machine
}

// newSamples returns all nodes of the loss.
func newSamples(l *objective.Loss) *samples {
	return &samples{d: l.Dim(), weights: l.Law().Weights, machine: l.NewMachine()}
}

// only returns some of the nodes, without weights.
func only(l *objective.Loss, ids []int) *samples {
	nodes := l.Nodes()
	columns := make([][]float64, len(nodes.Columns))
	for i, all := range nodes.Columns {
		for _, k := range ids {
			columns[i] = append(columns[i], all[k])
		}
	}
	p, err := expr.Compile(l.Expr(), expr.Inputs{Parameters: l.Parameters(), Variables: nodes.Variables})
	if err != nil {
		panic(err) // objective.New has compiled it before
	}
	return &samples{d: l.Dim(), weights: make([]float64, len(ids)), machine: p.Bind(len(ids), columns).NewMachine()}
}
