package crossing

import (
	"math"
	"testing"

	"kolmo/grid"
)

// pairOf are two grids whose times are apart; nothing else differs.
func pairOf(t, apart float64, sharp bool) (fine, coarse *crossingRun) {
	on := func(t float64, sharp bool) *crossingRun {
		s := []*search{{near: math.Inf(1), at: &crossed{t: t, slope: 1}}}
		return &crossingRun{cut: 1, u: [][]float64{{0, 1}}, first: s, line: s, missed: []float64{0}, isSharp: []bool{sharp}}
	}
	return on(t, sharp), on(t+apart, false)
}

// A mean that turns closer to the level than the error, or an observable that the grid does not see, leaves the time
// unknown, but the climb goes on where grids come closer; what comes so close is not denied either.
func TestTurnsWithinTheError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		near, missed float64
		known        bool
	}{"far": {0.1, 0, true}, "near": {1e-3, 0, false}, "unseen": {math.Inf(1), 0.1, false}} {
		f := crossingFound{space: math.Inf(1), apart: math.Inf(1)}
		for _, apart := range []float64{2e-2, 1e-3} {
			fine, coarse := pairOf(1, apart, false)
			fine.first[0].near, fine.missed[0] = c.near, c.missed
			if better := f.meet(fine, coarse, 0, [2]int{}, 0); !better {
				t.Errorf("%s: the climb ends", name)
			}
		}
		if known := !math.IsInf(f.space, 1); known != c.known || known != (f.line != nil) {
			t.Errorf("%s: the error is %g, the line %v", name, f.space, f.line)
		}
		fine, coarse := pairOf(1, 0, false)
		for _, r := range []*crossingRun{fine, coarse} {
			r.first[0].at, r.first[0].near, r.first[0].last = nil, c.near, 1
		}
		fine.u, fine.missed[0] = [][]float64{{0, 1 + 1e-3}}, 10*c.missed
		if f.meet(fine, coarse, 0, [2]int{}, 0); (f.why != "") != c.known {
			t.Errorf("%s: %q", name, f.why)
		}
	}
}

// The error of a time is a multiple of how far grids are apart, now and before, and of how fast that falls; more on grids
// on which the field is sharp, and not known where pairs hardly come closer.
func TestErrorOfPairs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		apart []float64 // of pairs, one after another
		sharp bool
		want  float64
	}{
		"first":      {[]float64{1e-3}, false, 12e-3},
		"fast":       {[]float64{1e-3, 1e-5}, false, 3 * 0.5e-3},
		"by chance":  {[]float64{8e-3, 1e-3, 1e-5}, false, 3 * 2e-3},
		"slow":       {[]float64{1e-3, 0.75e-3}, false, 3 * 3 * 0.75e-3},
		"sharp":      {[]float64{1e-3, 1e-5}, true, 9 * 0.5e-3},
		"not closer": {[]float64{1e-3, 0.9e-3}, false, 12e-3}, // as before
	} {
		f := crossingFound{space: math.Inf(1), apart: math.Inf(1)}
		for i, apart := range c.apart {
			fine, coarse := pairOf(1, apart, c.sharp && i == len(c.apart)-1)
			f.meet(fine, coarse, 0, [2]int{}, 0)
		}
		if math.Abs(f.space-c.want) > 1e-12 {
			t.Errorf("%s: %g, want %g", name, f.space, c.want)
		}
	}
}

// Sharpness is the largest step between neighbours in the ball, over the field's range there.
func TestSharpness(t *testing.T) {
	t.Parallel()
	ball := grid.Ball{Center: []float64{0}, R: 1}
	g, err := grid.Box(grid.KindUniform, []int{41}, ball.Center, 2)
	if err != nil {
		t.Fatal(err)
	}
	x, smooth, sharp := []float64{0}, make([]float64, 41), make([]float64, 41)
	for i := range smooth {
		g.PointTo(x, i)
		smooth[i], sharp[i] = x[0], math.Tanh(20*x[0])
		if i == 0 { // outside the ball
			smooth[i] = 100
		}
	}
	if v := sharpness(g, ball, smooth); math.Abs(v-0.05) > 1e-12 {
		t.Errorf("a line on 21 nodes: %g, want 1/20", v)
	}
	if v := sharpness(g, ball, sharp); !(v > 0.45 && v < 0.55) {
		t.Errorf("a layer between two nodes: %g, want about a half", v)
	}
}
