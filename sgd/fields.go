package sgd

import (
	"math"

	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/objective"
	"kolmo/process"
)

// Fields are f, grad f, hess f and Sigma at points. They implement process.Fields.
type Fields struct {
	o  objective.Objective
	g  *grid.Grid
	x  [][]float64 // without a grid
	at []objective.Moments
}

var _ process.Fields = (*Fields)(nil)

// nodesPerTask is the number of nodes one worker evaluates at a time.
const nodesPerTask = 64

// FieldsOn evaluates f, grad f, hess f and Sigma at all nodes with the given
// number of workers (0: all processors), on which the result does not depend. o
// must have the dimension of the grid. The error is an *objective.NonFiniteError
// at the first node where a moment is not finite. Cost: one evaluation of all
// samples per node.
func FieldsOn(g *grid.Grid, o objective.Objective, workers int) (*Fields, error) {
	f := &Fields{o: o, g: g, at: make([]objective.Moments, g.Len())}
	tasks := (g.Len() + nodesPerTask - 1) / nodesPerTask
	errs := make([]error, tasks)
	par.Do(workers, tasks, func(task int) {
		ev := o.NewEvaluator()
		x := make([]float64, g.Dim())
		lo, hi := par.Split(g.Len(), tasks, task)
		for i := lo; i < hi; i++ {
			g.PointTo(x, i)
			ev.MomentsTo(&f.at[i], x)
			if !finite(&f.at[i], g.Dim()) {
				errs[task] = &objective.NonFiniteError{What: objective.WhatLoss, Part: "value or a derivative", X: append([]float64(nil), x...), Sample: -1}
				return
			}
		}
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return f, nil
}

// finite reports that the leading d entries of all moments are.
func finite(m *objective.Moments, d int) bool {
	sum := m.F * 0
	for i := range d {
		sum += m.Grad[i] * 0
		for j := range d {
			sum += m.Hess[i][j]*0 + m.Sigma[i][j]*0
		}
	}
	return sum == 0 && !math.IsNaN(sum)
}

// Grid implements process.Fields.
func (f *Fields) Grid() *grid.Grid { return f.g }

// Len implements process.Fields.
func (f *Fields) Len() int { return len(f.at) }

// dim returns the number of parameters.
func (f *Fields) dim() int { return f.o.Dim() }

// PointTo implements process.Fields.
func (f *Fields) PointTo(x []float64, i int) {
	if f.g != nil {
		f.g.PointTo(x, i)
		return
	}
	copy(x, f.x[i])
}

// FlowTo implements process.Fields: -grad f and -hess f.
func (f *Fields) FlowTo(b, jacobian []float64, i int) {
	m := &f.at[i]
	d := len(b)
	for k := range b {
		b[k] = -m.Grad[k]
		for l := range d {
			jacobian[k*d+l] = -m.Hess[k][l]
		}
	}
}

// Noise implements process.Fields: the trace of Sigma.
func (f *Fields) Noise(i int) float64 {
	sum := 0.0
	for k := range f.dim() {
		sum += f.at[i].Sigma[k][k]
	}
	return sum
}

// NewObserver implements process.Fields. Where the observable is a function of the
// expected loss, that is taken from the moments.
func (f *Fields) NewObserver(phi process.Observable) func(x []float64, i int) float64 {
	if p, ok := phi.(*objective.Phi); ok {
		if of := p.NewFuncOf(f.o); of != nil {
			return func(x []float64, i int) float64 { return of(x, f.at[i].F) }
		}
	}
	value := phi.NewFunc()
	return func(x []float64, _ int) float64 { return value(x) }
}

// Parts implements process.Fields: grad f, hess f grad f, Sigma and hess f.
func (f *Fields) Parts() []process.FieldPart {
	var parts []process.FieldPart
	add := func(role process.Role, order, k, l int, at func(m *objective.Moments) float64) {
		parts = append(parts, process.FieldPart{Part: process.Part{Role: role, Order: order, K: k, L: l},
			At: func(i int) float64 { return at(&f.at[i]) }})
	}
	d := f.dim()
	for k := range d {
		add(process.InDrift, 0, k, k, func(m *objective.Moments) float64 { return m.Grad[k] })
		add(process.InDrift, 1, k, k, func(m *objective.Moments) float64 {
			sum := 0.0
			for l := range d {
				sum += m.Hess[k][l] * m.Grad[l]
			}
			return sum
		})
		for l := k; l < d; l++ {
			add(process.InDiffusion, 0, k, l, func(m *objective.Moments) float64 { return m.Sigma[k][l] })
			add(process.InDefect, 0, k, l, func(m *objective.Moments) float64 { return m.Hess[k][l] })
		}
	}
	return parts
}

// At returns the moments at point i, which must not be changed.
func (f *Fields) At(i int) *objective.Moments { return &f.at[i] }
