package compare

import (
	"kolmo/grid"
	"kolmo/kolmogorov/scheme"
	"kolmo/process"
)

// ToUser returns a point of the dynamics' coordinates as users know it.
func (p *Problem) ToUser(q []float64) []Number {
	z := q
	if c, ok := p.Dynamics.(process.Charted); ok {
		z = make([]float64, len(q))
		c.ToUser(z, q)
	}
	x := make([]Number, 0, len(z))
	for _, v := range z {
		x = append(x, Number(v))
	}
	return x
}

// FromUser is the inverse of toUser.
func (p *Problem) FromUser(x []Number) []float64 {
	z := make([]float64, len(x))
	for k, v := range x {
		z[k] = float64(v)
	}
	if c, ok := p.Dynamics.(process.Charted); ok {
		q := make([]float64, len(z))
		c.FromUser(q, z)
		return q
	}
	return z
}

// Reach is the half-width of the box of S: that of the ball which the chain keeps.
func (p *Problem) Reach() float64 {
	if t, ok := p.Dynamics.(process.Tapered); ok {
		return max(p.Ball.R, t.Reach())
	}
	return p.Ball.R
}

// Problem is what a study compares.
type Problem struct {
	Name, Title string
	Dynamics    process.Dynamics
	Observables []process.Observable
	Ball        grid.Ball            // the starting points
	Etas        []Rate               // largest first
	Models      []*process.Diffusion // of the dynamics
	Studies     []Study              // nil: gap
	Accuracy    float64              // largest total error, relative to each gap
	Horizon     float64              // last t where f is not strongly convex; 0: DefaultHorizon
	// SpectrumCount is the number of eigenvalues of a spectrum study; 0: DefaultSpectrumCount.
	SpectrumCount int
	Asked
	Solver Solver
	Fields FieldRequest
	// Curvature is the least eigenvalue of hess f on the ball as it is known from elsewhere,
	// that of package objective's Check; the study takes the smaller of it and of what it finds itself.
	// Default nil: what it finds.
	Curvature *float64
}

// Asked is what studies of times on the line and from a point are asked for; nil: nothing.
type Asked struct {
	Crossing *Crossing
	Exit     *Exit
}

// Outer returns the radius of the largest ball in which a diffusion of the dynamics lives.
func (p *Problem) Outer() float64 {
	r := p.Ball.R
	for _, d := range p.Dynamics.Diffusions() {
		r = max(r, d.Radius)
	}
	return r
}

// Region returns the set in which the dynamics lives, with the given radius: the starting
// points, and the whole of ranges of which only a part is started from.
func (p *Problem) Region(R float64) grid.Ball { return p.Dynamics.State().Whole(p.Ball.With(R)) }

// Transient reports that starting points are only a part of the region: no argument about
// them closes a supremum over all times, and suprema are over t <= horizon by definition.
func (p *Problem) Transient() bool { return p.Dynamics.State().Transient() }

// Pace is the users' time over that of the dynamics.
func (p *Problem) Pace() float64 {
	if d, ok := p.Dynamics.(process.Paced); ok {
		return d.Pace()
	}
	return 1
}

// Time returns the users' time at which step n of a learning rate ends.
func (p *Problem) Time(n int, eta float64) float64 { return float64(n) * eta * p.Pace() }

// DefaultHorizon is the last t of a study whose expected loss is not strongly convex on
// the ball, unless the study sets another.
const DefaultHorizon = 10

// Rate is a learning rate with the text the study gives it: 0.25, "1/4".
type Rate struct {
	Value float64
	Text  string
}

// Solver chooses the discretisation. The zero value leaves every choice to
// kolmo.
type Solver struct {
	Space Space
	Order int // of the uniform method; 0: chosen where there is a choice, else DefaultOrder
	Time  Time
	// Scheme takes the steps in t where Time is TimeScheme.
	Scheme scheme.Scheme
	Nodes  []int // per axis; nil: refined until the accuracy is met
}

// DefaultOrder is the order of accuracy of the uniform method.
const DefaultOrder = 8

// Space is a discretisation in x.
type Space int

// The discretisations in x.
const (
	SpaceAuto      Space = iota // whichever is predicted to cost less
	SpaceChebyshev              // collocation, interpolation by whole axes
	SpaceUniform                // finite differences, local interpolation
)

// Time is a propagation in t.
type Time int

// The propagations in t.
const (
	TimeAuto       Time = iota // polynomial, or alternating directions where L is stiff
	TimePolynomial             // Taylor polynomial of L
	TimeScheme                 // steps of Solver.Scheme
)

// FieldRequest tells which fields the result carries. The zero value asks for
// none.
type FieldRequest struct {
	Etas []float64 // learning rates
	// Every is the number of SGD steps between stored ones, 0: about twenty are stored.
	// Where these take more than about 1 GB of memory, it is doubled until they do not,
	// with a warning.
	Every       int
	Derivatives []FieldName // derivatives, besides u, U and the gap
}
