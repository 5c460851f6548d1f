package crossing

import (
	"math"
	"math/rand/v2"
	"testing"
)

// productOf returns the coefficients of scale times the product of s - r over the roots.
func productOf(scale float64, roots ...float64) []float64 {
	a := []float64{scale}
	for _, r := range roots {
		next := make([]float64, len(a)+1)
		for k, v := range a {
			next[k] -= r * v
			next[k+1] += v
		}
		a = next
	}
	return a
}

// The first of the roots in a piece is found wherever they lie, with the derivative there; a root outside is none.
func TestFirstRootOfAPiece(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 500 {
		roots := make([]float64, 1+random.IntN(6))
		want := math.Inf(1)
		for i := range roots {
			roots[i] = 3*random.Float64() - 1
			if roots[i] > 0 {
				want = min(want, roots[i])
			}
		}
		s := newSearch(0)
		s.add(2, 0.5, productOf(-2, roots...), 0)
		if want > 1 {
			if s.at != nil || !(s.nearest() > 0) {
				t.Fatalf("roots %v: %+v, want none", roots, s)
			}
			continue
		}
		found++
		slope := -2.0 / 0.5
		for _, r := range roots {
			if r != want {
				slope *= want - r
			}
		}
		if s.at == nil || math.Abs(s.at.t-(2+want/2)) > 1e-9 || math.Abs(s.at.slope-slope) > 1e-8 || !(math.Abs(s.at.t-(2+want/2)) <= 4*s.at.time+1e-15) {
			t.Fatalf("roots %v: %+v, want %g, slope %g", roots, s.at, 2+want/2, slope)
		}
	}
	if found < 100 {
		t.Errorf("%d roots", found)
	}
}

// A turn close to the level is told within a factor of two from below, a touch and NaN as 0; constants, ways to the level
// and starts on it are none.
func TestNearestTurn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pieces    [][]float64
		low, high float64 // of near
		at        float64 // NaN: not crossed
	}{
		"turn":                    {[][]float64{{0.25 + 1e-3, -1, 1}}, 0.5e-3, 1e-3 + 1e-15, math.NaN()},
		"close turn":              {[][]float64{{0.25 + 1e-9, -1, 1}}, 0.5e-9, 1e-9 + 1e-15, math.NaN()},
		"touch":                   {[][]float64{{0.25, -1, 1}}, 0, 1e-14, math.NaN()},
		"turn between pieces":     {[][]float64{{1, -0.9}, {0.1, 0.9}}, 0.09, 0.1 + 1e-15, math.NaN()},
		"turn, then crossed":      {[][]float64{{0.25 + 1e-3, -1, 1}, {0.25 + 1e-3, -1}}, 0.5e-3, 1e-3 + 1e-15, 1.25 + 1e-3},
		"constant":                {[][]float64{{0.5}, {0.5, 0, 0}}, 0.5, 0.5, math.NaN()},
		"constant on the level":   {[][]float64{{0, 0, 0}}, math.Inf(1), math.Inf(1), math.NaN()},
		"straight through":        {[][]float64{{-0.7, 1}}, math.Inf(1), math.Inf(1), 0.7},
		"met at the end":          {[][]float64{{-1, 1}}, math.Inf(1), math.Inf(1), 1},
		"met between pieces":      {[][]float64{{-1, 0.5, 0.5}, {0, 1, 1}}, math.Inf(1), math.Inf(1), 1},
		"from the level and back": {[][]float64{{0, 1, -2}}, math.Inf(1), math.Inf(1), 0.5},
		"NaN":                     {[][]float64{{1, math.NaN(), 1}}, 0, 0, math.NaN()},
	} {
		s := newSearch(0)
		for i, p := range c.pieces {
			s.add(float64(i), 1, p, 0)
		}
		if !(c.low <= s.near && s.near <= c.high) {
			t.Errorf("%s: near is %g, want %g to %g", name, s.near, c.low, c.high)
		}
		if (s.at == nil) != (c.at != c.at) || s.at != nil && math.Abs(s.at.t-c.at) > 1e-9 {
			t.Errorf("%s: %+v, want %g", name, s.at, c.at)
		}
	}
}

// The crossing on a line is where it is by hand, to rounding.
func TestLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, level, at float64 }{{0, 1, 0.25, 0.25}, {3, 1, 1.5, 0.75}, {0, 1, 1, 1}, {1, 2, 1, math.NaN()}, {0, 1, 2, math.NaN()}, {0, math.NaN(), 2, math.NaN()}} {
		s := newSearch(c.level)
		s.add(0, 1, []float64{c.a, c.b - c.a}, 0)
		if (s.at == nil) != (c.at != c.at) || s.at != nil && (math.Abs(s.at.t-c.at) > 1e-15 || s.at.slope != c.b-c.a || s.at.time != 0) {
			t.Errorf("%+v: %+v", c, s.at)
		}
	}
}
