package kolmogorov

import (
	"fmt"
	"math"

	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/objective"
)

// Model is a diffusion approximation of stochastic gradient descent.
type Model int

// The models, by their drift b and diffusion a.
const (
	GradientFlow Model = iota // b = -grad f, a = 0
	FirstOrder                // b = -grad f, a = eta Sigma
	SecondOrder               // b = -(I + (eta/2) hess f) grad f, a = eta Sigma (1.5, 1.7)
	Modified                  // b as SecondOrder, a = eta Lambda (2.1, 2.2)
)

var modelNames = [...]string{"gradient-flow", "first-order", "second-order", "modified"}

// Models returns all models.
func Models() []Model { return []Model{Modified, SecondOrder, FirstOrder, GradientFlow} }

// String returns the name the study file uses.
func (m Model) String() string {
	if m < 0 || int(m) >= len(modelNames) {
		return fmt.Sprintf("Model(%d)", int(m))
	}
	return modelNames[m]
}

// ParseModel returns the model of the given name.
func ParseModel(name string) (Model, error) {
	for i, s := range modelNames {
		if s == name {
			return Model(i), nil
		}
	}
	return 0, fmt.Errorf("kolmogorov: unknown model %q", name)
}

// WeakOrder returns the order in eta of the model's gap to SGD.
func (m Model) WeakOrder() int {
	if m == SecondOrder || m == Modified {
		return 2
	}
	return 1
}

// Moments are the moments of the loss on the nodes of a grid: At[i] at node i.
type Moments struct {
	Grid *grid.Grid
	At   []objective.Moments
}

// nodesPerTask is the number of nodes one worker evaluates at a time.
const nodesPerTask = 64

// MomentsOn evaluates f, grad f, hess f and Sigma at all nodes with the given
// number of workers (0: all processors), on which the result does not depend. o
// must have the dimension of the grid. The error is an *objective.NonFiniteError
// at the first node where a moment is not finite. Cost: one evaluation of all
// samples per node.
func MomentsOn(g *grid.Grid, o objective.Objective, workers int) (*Moments, error) {
	m := &Moments{Grid: g, At: make([]objective.Moments, g.Len())}
	tasks := (g.Len() + nodesPerTask - 1) / nodesPerTask
	errs := make([]error, tasks)
	par.Do(workers, tasks, func(task int) {
		ev := o.NewEvaluator()
		x := make([]float64, g.Dim())
		lo, hi := par.Split(g.Len(), tasks, task)
		for i := lo; i < hi; i++ {
			g.PointTo(x, i)
			ev.MomentsTo(&m.At[i], x)
			if !finite(&m.At[i], g.Dim()) {
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
	return m, nil
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

// Coefficients are the drift b and the diffusion a at the nodes of a grid:
// B[k][i] is b_k at node i and A[k][l][i], l >= k, is a_kl. Nil slices are zero.
type Coefficients struct {
	B [grid.MaxDim][]float64
	A [grid.MaxDim][grid.MaxDim][]float64
}

// Coefficients returns the model's coefficients at learning rate eta. The
// cutoff is used by Modified only. Nodes outside its ball lie beyond what the
// theory speaks of: there b and a are the same formulas. Cost: O(d^2) per node,
// d + d (d+1)/2 fields of memory.
func (m Model) Coefficients(at *Moments, eta float64, cut Cutoff) *Coefficients {
	g := at.Grid
	d, n := g.Dim(), g.Len()
	c := new(Coefficients)
	for k := range d {
		c.B[k] = make([]float64, n)
		if m == GradientFlow {
			continue
		}
		for l := k; l < d; l++ {
			c.A[k][l] = make([]float64, n)
		}
	}
	x := make([]float64, d)
	for i := range n {
		mo := &at.At[i]
		g.PointTo(x, i)
		scale := eta
		if m == Modified {
			chi := cut.At(x)
			scale *= chi * chi
		}
		for k := range d {
			b := -mo.Grad[k]
			if m == SecondOrder || m == Modified {
				for l := range d {
					b -= eta / 2 * mo.Hess[k][l] * mo.Grad[l]
				}
			}
			c.B[k][i] = b
			if m == GradientFlow {
				continue
			}
			for l := k; l < d; l++ {
				c.A[k][l][i] = scale * mo.Sigma[k][l]
			}
		}
	}
	return c
}
