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
}

// Interval is the range of a coordinate, and where it starts.
type Interval struct{ Low, High, StartLow, StartHigh float64 }

// Dim returns the number D of coordinates.
func (s State) Dim() int { return len(s.Names) }

// Region is a set of starting points: the ball |z - center|_P <= R of a state times the
// ranges of its other coordinates.
type Region struct {
	State State
	R     float64
}

// Ball returns the region as a Euclidean ball. The error says why it is none.
func (r Region) Ball() (grid.Ball, error) {
	if r.State.Metric != nil {
		return grid.Ball{}, fmt.Errorf("process: the region is a ball in another metric than the Euclidean one")
	}
	for k, i := range r.State.Ranges {
		if i != nil {
			return grid.Ball{}, fmt.Errorf("process: the coordinate %s has a range of its own", r.State.Names[k])
		}
	}
	return grid.Ball{Center: r.State.Center, R: r.R}, nil
}
