package survey

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/process"
)

// ranged is a dynamics of (x, s) of which only the state is known.
type ranged struct{ process.Dynamics }

func (ranged) State() process.State {
	return process.State{Names: []string{"x", "s"}, Center: []float64{0, 0}, Ranges: []*process.Interval{nil, {Low: 0, High: 1, StartLow: 0, StartHigh: 1}}}
}

// A drift that leads out of a range at one of its ends does not keep it, and one that does so
// inside, or by rounding, keeps it.
func TestDriftsStayInRanges(t *testing.T) {
	t.Parallel()
	p := &compare.Problem{Dynamics: ranged{}, Ball: grid.Ball{Center: []float64{0, 0}, R: 1}}
	s := &Survey{rangeEnds: rangeEnds{ends: [][]float64{{-1, 0}, {-1, 0.5}, {-1, 1}, {1, 0}, {1, 0.5}, {1, 1}}}}
	for _, c := range []struct {
		drift []float64 // of s at the points
		keeps bool
	}{
		{[]float64{1, 1, -1, 1, -1, -1}, true},
		{[]float64{0, 1, 0, 0, 1, 0}, true},
		{[]float64{-1e-15, 1, -1, 1, 1, 1e-15}, true},
		{[]float64{-0.1, 1, -1, 1, 1, -1}, false},
		{[]float64{1, 1, -1, 1, 1, 0.1}, false},
		{[]float64{1, math.NaN(), -1, 1, 1, -1}, false},
	} {
		m := &process.Diffusion{Coefficients: func(process.Fields, float64) *kolmogorov.Coefficients {
			b := new(kolmogorov.Coefficients)
			b.B[0], b.B[1] = make([]float64, len(s.ends)), c.drift
			return b
		}}
		if got := s.keepsRanges(p, m, 0.1); got != c.keeps {
			t.Errorf("%v: %v, want %v", c.drift, got, c.keeps)
		}
	}
}
