package survey

import (
	"math"
	"testing"

	"kolmo/compare/look"
	"kolmo/grid"
)

// named is an observable given as a function.
type named struct {
	name string
	f    func(x []float64) float64
}

func (n named) Name() string { return n.name }

func (n named) NewFunc() func(x []float64) float64 { return n.f }

// Ranges contain all values and are at most a few percent wider than they are; where phi is not finite
// nothing is known.
func TestRangesContainTheValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		d      int
		f      func(x []float64) float64
		lo, hi float64
		wider  float64
	}{
		{"bump", 1, func(x []float64) float64 { return math.Exp(-37.21 * (x[0] - 0.724) * (x[0] - 0.724) / 2) }, 0, 1, 1e-3},
		{"corner", 1, func(x []float64) float64 { return math.Abs(x[0] - 0.1234) }, 0, 1.1234, 1e-2},
		{"bowl", 2, func(x []float64) float64 { return x[0]*x[0] + x[1]*x[1] }, 0, 1, 2e-2},
		{"wave", 3, func(x []float64) float64 { return math.Cos(x[0] + x[1] - x[2]) }, math.Cos(math.Sqrt(3)), 1, 6e-2},
	} {
		r := rangeOver(look.NewPoints(grid.Ball{Center: make([]float64, c.d), R: 1}, look.PointDensity[c.d]), named{c.name, c.f})
		if !(r.Lo <= c.lo && r.Hi >= c.hi && r.Lo >= c.lo-c.wider && r.Hi <= c.hi+c.wider) {
			t.Errorf("%s: [%g, %g], want [%g, %g], no more than %g wider", c.name, r.Lo, r.Hi, c.lo, c.hi, c.wider)
		}
	}
	if r := rangeOver(look.NewPoints(grid.Ball{Center: []float64{0}, R: 1}, 64), named{"log", func(x []float64) float64 { return math.Log(x[0]) }}); r != Anything {
		t.Errorf("log: %v, want %v", r, Anything)
	}
}

func TestValuesBeyondARange(t *testing.T) {
	t.Parallel()
	r := ValueRange{-1, 2}
	for _, c := range []struct{ at, want float64 }{{0, 0}, {-1, 0}, {2, 0}, {2.5, 0.5}, {-4, 3}} {
		if got := r.Beyond([]float64{0, c.at}); got != c.want {
			t.Errorf("beyond(%g) = %g, want %g", c.at, got, c.want)
		}
	}
	if got := Anything.Beyond([]float64{1e300}); got != 0 {
		t.Errorf("beyond of anything is %g", got)
	}
}
