package process

import (
	"fmt"

	"kolmo/grid"
)

// State says what the coordinates of a chain are and where it lives.
type State struct {
	Names  []string
	Center []float64
	// Metric is the symmetric positive definite matrix P, row by row, of the length
	// |z|_P = sqrt(z.P z) in which balls are balls; nil is the identity.
	Metric []float64
	// Ranges are those of coordinates that have a range of their own and do not belong to
	// the ball; nil entries, or no entries, belong to it.
	Ranges []*Interval
	// Users is the ball as a Charted dynamics' users know it; nil: these coordinates are theirs.
	Users *Users
}

// Users are the coordinates z of users that belong to the ball, and the ball in their metric.
type Users struct {
	Names []string
	Ball  *grid.Ellipsoid
}

// Interval is the range of a coordinate, and where it starts.
type Interval struct {
	Low, High, StartLow, StartHigh float64
	Clock                          *Clock // nil: it is none
}

// Clock is a coordinate that moves by itself, without noise and whatever the others do. What
// depends on it is smooth in ln(1 + Bend r), r = (z - Low)/(High - Low), and in r where Bend is 0:
// grids need few nodes along it.
type Clock struct{ Bend float64 }

// Dim returns the number D of coordinates.
func (s State) Dim() int { return len(s.Names) }

// Region is the set of states in which a chain lives: the ball |z - center|_P <= R of a
// state times the ranges of its other coordinates.
type Region struct {
	State State
	R     float64
}

// Ball returns the region as a Euclidean ball with ranges. The error says why it is none.
func (r Region) Ball() (grid.Ball, error) {
	if r.State.Metric != nil {
		return grid.Ball{}, fmt.Errorf("process: the region is a ball in another metric than the Euclidean one")
	}
	return r.State.Whole(grid.Ball{Center: r.State.Center, R: r.R}), nil
}

// Whole returns a ball with the whole ranges of the coordinates that have one.
func (s State) Whole(b grid.Ball) grid.Ball {
	return s.ranged(b, func(i *Interval) grid.Range { return grid.Range{Low: i.Low, High: i.High} })
}

// Starts returns a ball of starting points: with the parts of the ranges where these
// coordinates start.
func (s State) Starts(b grid.Ball) grid.Ball {
	return s.ranged(b, func(i *Interval) grid.Range { return grid.Range{Low: i.StartLow, High: i.StartHigh} })
}

// Transient reports that some coordinate starts in a part of its range only: what holds for
// all starting points need then not hold for where they get to.
func (s State) Transient() bool {
	for _, i := range s.Ranges {
		if i != nil && (i.StartLow > i.Low || i.StartHigh < i.High) {
			return true
		}
	}
	return false
}

// ranged returns the ball with the parts of the ranges.
func (s State) ranged(b grid.Ball, part func(i *Interval) grid.Range) grid.Ball {
	b.Ranges = nil
	for k, i := range s.Ranges {
		if i == nil {
			continue
		}
		if b.Ranges == nil {
			b.Ranges = make([]*grid.Range, len(s.Names))
		}
		r := part(i)
		b.Ranges[k] = &r
	}
	return b
}
