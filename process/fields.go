package process

import "kolmo/grid"

// Fields are what drifts and diffusions are made of and what does not depend on eta, at
// points: the nodes of a grid, or any.
type Fields interface {
	// Grid returns the grid, nil where the points are any.
	Grid() *grid.Grid
	// Len returns the number of points.
	Len() int
	// PointTo stores point i in x.
	PointTo(x []float64, i int)
	// FlowTo stores the drift of the limit eta -> 0 at point i in b, of length D, and its
	// Jacobian d_l b_k in jacobian[k*D+l], of length D^2.
	FlowTo(b, jacobian []float64, i int)
	// Noise returns the trace of the covariance of a step over eta^2 at point i.
	Noise(i int) float64
	// Parts returns the scalar fields that drifts, diffusions and defects are made of, in
	// the same order for all fields of a dynamics.
	Parts() []FieldPart
	// NewObserver returns a function that evaluates an observable at point i, given as x
	// too, perhaps from what the fields have of it. One goroutine may call it at a time.
	NewObserver(phi Observable) func(x []float64, i int) float64
}

// Part names one of the scalar fields.
type Part struct {
	Role Role
	// Order is the power of eta with which it enters a drift, counted from zero.
	Order int
	// K and L are the coordinates; both are the same for a vector's entry, and K <= L for
	// a symmetric matrix's.
	K, L int
	// Of is empty for a part that all diffusions share, and names what the other parts are
	// of: the coefficients of one diffusion at one eta.
	Of string
}

// Role says what a part is an entry of.
type Role int

// The roles of parts.
const (
	InDrift     Role = iota // a drift
	InDiffusion             // a diffusion
	InDefect                // a defect only
)

// FieldPart is a part with its values.
type FieldPart struct {
	Part
	At func(i int) float64
}

// Weights returns the factor with which a part enters b or a at eta; zero: it does not.
type Weights func(p Part, eta float64) float64
