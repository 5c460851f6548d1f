package march

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/look"
	"kolmo/compare/survey"
	"kolmo/grid"
)

// cylinder is a grid of the box of |x - 1| <= 2, s in [0, 1], and fields on it.
func cylinder(t *testing.T, f func(x, s float64) float64) (*grid.Grid, []float64) {
	t.Helper()
	g, err := (grid.Ball{Center: []float64{1, 0}, R: 2, Ranges: []*grid.Range{nil, {Low: 0, High: 1}}}).Box(grid.KindChebyshev, []int{24})
	if err != nil {
		t.Fatal(err)
	}
	u, x := make([]float64, g.Len()), make([]float64, 2)
	for i := range u {
		g.PointTo(x, i)
		u[i] = f(x[0], x[1])
	}
	return g, u
}

// Maxima are found inside ranges and at their ends, and where starts are one slice, in that.
func TestMaximaWithRanges(t *testing.T) {
	t.Parallel()
	g, u := cylinder(t, func(x, s float64) float64 { return math.Cos(x-1.3) * math.Cos(2*(s-0.6)) })
	outward, v := cylinder(t, func(x, s float64) float64 { return math.Exp(x/2) * math.Cos(2*(s-0.6)) })
	for _, c := range []struct {
		g         *grid.Grid
		field     []float64
		low, high float64
		x, s      float64
	}{
		{g, u, 0, 1, 1.3, 0.6},
		{g, u, 0, 0.5, 1.3, 0.5},
		{g, u, 0.8, 1, 1.3, 0.8},
		{g, u, 1, 1, 1.3, 1},
		{outward, v, 0, 1, 3, 0.6},
		{outward, v, 1, 1, 3, 1},
	} {
		ball := grid.Ball{Center: []float64{1, 1}, R: 2, Ranges: []*grid.Range{nil, {Low: c.low, High: c.high}}}
		q := look.NewPoints(ball, 8)
		for _, x := range q.X {
			if !ball.Contains(x) {
				t.Fatalf("%v is no point of the set", x)
			}
		}
		values := make([]float64, len(q.X))
		look.NewSampler(c.g, 0, q, look.NewSphereMatrix(c.g, 0, q)).SampleTo(values, c.field, 1)
		m := look.NewMaxFinder(c.g, 0, q, 3)
		m.Find(c.field, values)
		if math.Abs(m.Best[0]-c.x) > 1e-6 || math.Abs(m.Best[1]-c.s) > 1e-6 {
			t.Errorf("s in [%g, %g]: the maximum is at %v, want (%g, %g)", c.low, c.high, m.Best, c.x, c.s)
		}
	}
}

// Fields are cut where paths start.
func TestOutsetIsTheStartingSlice(t *testing.T) {
	t.Parallel()
	f := func(x, s float64) float64 { return math.Sin(x) * (1 + s*s) }
	g, u := cylinder(t, f)
	e := &Engine{Problem: &compare.Problem{Ball: grid.Ball{Center: []float64{1, 0.25}, R: 2, Ranges: []*grid.Range{nil, {Low: 0.25, High: 0.25}}}}, ChainRun: ChainRun{Data: &survey.Data{Grid: g}}}
	o := e.Outset()
	if o.G.Dim() != 1 || len(o.Ball.Center) != 1 || o.Ball.Center[0] != 1 || o.Ball.R != 2 {
		t.Fatalf("a grid of dimension %d in %v", o.G.Dim(), o.Ball)
	}
	for i, v := range o.Of(u) {
		if x := o.G.Axis(0).Node(i); math.Abs(v-f(x, 0.25)) > 1e-13 {
			t.Errorf("%v at %v, want %v", v, x, f(x, 0.25))
		}
	}
	if x := o.Point([]float64{0.5, 0.25}); len(x) != 1 || x[0] != 0.5 {
		t.Errorf("point %v", x)
	}
}

// Where starts differ in a range, fields are cut in the middle, and pictures anywhere.
func TestOutsetOfAnInterval(t *testing.T) {
	t.Parallel()
	f := func(x, s float64) float64 { return math.Sin(x) * (1 + s*s) }
	g, u := cylinder(t, f)
	e := &Engine{Problem: &compare.Problem{Ball: grid.Ball{Center: []float64{1, 0.75}, R: 2, Ranges: []*grid.Range{nil, {Low: 0.5, High: 1}}}}, ChainRun: ChainRun{Data: &survey.Data{Grid: g}}}
	o := e.Outset()
	if o.G.Dim() != 1 || len(o.Ball.Center) != 1 || o.Ball.Ranges != nil {
		t.Fatalf("a grid of dimension %d in %v", o.G.Dim(), o.Ball)
	}
	for i, v := range o.Of(u) {
		if x := o.G.Axis(0).Node(i); math.Abs(v-f(x, 0.75)) > 1e-13 {
			t.Errorf("%v at %v, want %v", v, x, f(x, 0.75))
		}
	}
	if all := o.Points([][]float64{{0, 1, 2}}, []float64{2, 0.9}); len(all[0]) != 3 || len(all[1]) != 1 || all[1][0] != 0.9 {
		t.Errorf("points %v", all)
	}
}
