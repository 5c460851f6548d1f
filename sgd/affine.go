package sgd

import (
	"math"

	"kolmo/objective"
	"kolmo/process"
)

var _ process.Affine = (*chain)(nil)

// Scale implements process.Affine: -eta.
func (c *chain) Scale() float64 { return -c.eta }

// Directions implements process.Affine: the loss whose gradients they are.
func (c *chain) Directions() any { return c.o }

func (c *chain) NewDirector() process.Imager { return director{c.o.NewEvaluator()} }

// director finds grad f(x;xi_k).
type director struct{ ev objective.Evaluator }

func (d director) ImagesTo(weights, grads, x []float64) error {
	d.ev.NodesTo(weights, grads, x)
	for m := range grads {
		if math.IsNaN(grads[m]) || math.IsInf(grads[m], 0) {
			return notFinite(x, m/len(x))
		}
	}
	return nil
}

// notFinite returns the error of a gradient that is not finite.
func notFinite(x []float64, sample int) error {
	return &objective.NonFiniteError{What: objective.WhatLoss, Part: "gradient", X: append([]float64(nil), x...), Sample: sample}
}
