package sgd

import (
	"kolmo/grid"
	"kolmo/objective"
	"kolmo/process"
)

// Tapered is gradient descent whose diffusions have noise that ends beyond the ball, as that of the modified model
// does by definition. Up to the faces of a box noise that varies may make grids unstable.
// What its end does falls with the distance, and is an error: see process.Tapered.
type Tapered struct{ *Dynamics }

var _ process.Tapered = Tapered{}

// NewTapered returns gradient descent as New does; the noise of the models that have one, but for the modified one,
// ends between the radii ends, which are the ball's R or more.
func NewTapered(o objective.Objective, ball grid.Ball, R2 float64, ends [2]float64) Tapered {
	taper := &Cutoff{Ball: ball.With(ends[0]), R2: ends[1]}
	return Tapered{newDynamics(o, Cutoff{Ball: ball, R2: R2}, taper)}
}

var _ process.Endable = (*Dynamics)(nil)

// Endable implements process.Endable; see NewTapered.
func (d *Dynamics) Endable() {}

// Ends implements process.Tapered.
func (d Tapered) Ends() [2]float64 { return [2]float64{d.taper.Ball.R, d.taper.R2} }

// Moved implements process.Tapered.
func (d Tapered) Moved() process.Dynamics {
	return NewTapered(d.o, d.cut.Ball, d.cut.R2, process.NearerEnds(d.Ends(), d.cut.Ball.R))
}

// Reach implements process.Tapered: the chain has no noise of its own, and is in the ball.
func (d Tapered) Reach() float64 { return d.cut.Ball.R }

// Refine implements process.Dynamics.
func (d Tapered) Refine() (process.Dynamics, bool) {
	fine, ok := d.o.Refine()
	if !ok {
		return nil, false
	}
	return Tapered{d.With(fine)}, true
}

// Thinned implements process.Dynamics.
func (d Tapered) Thinned(n int, phi []process.Observable) (process.Dynamics, []process.Observable, bool) {
	few, seen, ok := d.Dynamics.Thinned(n, phi)
	if !ok {
		return nil, nil, false
	}
	return Tapered{few.(*Dynamics)}, seen, true
}
