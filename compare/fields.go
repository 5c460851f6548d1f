package compare

import (
	"kolmo/grid"
)

// FieldDerivative is a derivative of a field of a FieldSet, at the same steps and
// nodes.
type FieldDerivative struct {
	Name   FieldName
	Values [][]float64 // [step][node]
	Method string      // how it was computed
	// Error estimates the largest error over the ball and the steps, Name.J taken of
	// the field's error included; NaN: not known.
	Error float64
	Parts [2]float64 // of u and of U; NaN: not known
}

// FieldSet is U^n and u(., n eta) of one row on the grid of S, at some steps.
type FieldSet struct {
	Key
	Chain        string // its name
	Grid         *grid.Grid
	N            []int       // SGD steps
	U, Diffusion [][]float64 // [step][node]
	Sup          []float64   // sup of the gap over the ball at these steps
	Derivatives  []FieldDerivative
	Pace         float64 // step n ends at the time n Eta Pace
	Every        int     // all N are its multiples
	Note         string  // why Every is not what was asked for, or ""
	Own, OfS     Discretisation
}

// Discretisation is a grid and the order of accuracy on it.
type Discretisation struct {
	Space string // chebyshev or uniform
	Nodes []int  // per axis
	Order int    // of differences; Nodes - 1 for collocation
}
