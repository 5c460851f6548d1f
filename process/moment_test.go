package process_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"kolmo/process"
)

// Values worked out by hand, and the names.
func TestMomentByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		center, x []float64
		m         int
		name      string
		want      float64
	}{
		{[]float64{0}, []float64{-3}, 1, "moment_2", 9},
		{[]float64{1}, []float64{3}, 2, "moment_4", 16},
		{[]float64{0, 0}, []float64{1, -2}, 2, "moment_4", 25},
		{[]float64{1, 0, -1}, []float64{2, 1, 1}, 3, "moment_6", 216},
		{[]float64{0.5, 0.25}, []float64{0.5, 0.25}, 4, "moment_8", 0},
	} {
		phi := process.Moment(c.center, c.m)
		if phi.Name() != c.name {
			t.Errorf("name %q, want %q", phi.Name(), c.name)
		}
		if got := phi.NewFunc()(c.x); got != c.want {
			t.Errorf("%s at %v is %v, want %v", c.name, c.x, got, c.want)
		}
	}
}

// The m-th power of the squared distance, homogeneous and blind to a common
// shift, for all centres, points and powers.
func TestMomentProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 3).Draw(t, "d")
		m := rapid.IntRange(1, 5).Draw(t, "m")
		entry := rapid.Float64Range(-4, 4)
		center := rapid.SliceOfN(entry, d, d).Draw(t, "center")
		x := rapid.SliceOfN(entry, d, d).Draw(t, "x")
		got := process.Moment(center, m).NewFunc()(x)
		square := 0.0
		y, origin := make([]float64, d), make([]float64, d)
		for k := range d {
			square += (x[k] - center[k]) * (x[k] - center[k])
			y[k] = 2 * (x[k] - center[k])
		}
		want := math.Pow(square, float64(m))
		if math.Abs(got-want) > 1e-14*want {
			t.Fatalf("|x - c|^%d is %v, want %v", 2*m, got, want)
		}
		// A power of two scales without rounding.
		if twice := process.Moment(origin, m).NewFunc()(y); twice != math.Ldexp(got, 2*m) {
			t.Fatalf("|2 (x - c)|^%d is %v, want %v", 2*m, twice, math.Ldexp(got, 2*m))
		}
	})
}

// The centre is copied, and powers that do not exist panic.
func TestMomentArguments(t *testing.T) {
	t.Parallel()
	center := []float64{1}
	phi := process.Moment(center, 1)
	center[0] = 5
	if got := phi.NewFunc()([]float64{1}); got != 0 {
		t.Errorf("the centre has moved: %v", got)
	}
	for name, f := range map[string]func(){
		"power":  func() { process.Moment([]float64{0}, 0) },
		"centre": func() { process.Moment(nil, 1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

// Evaluation does not allocate. (AllocsPerRun forbids t.Parallel.)
func TestMomentDoesNotAllocate(t *testing.T) {
	f, x := process.Moment([]float64{0, 1}, 3).NewFunc(), []float64{1, 2}
	if n := testing.AllocsPerRun(10, func() { f(x) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
