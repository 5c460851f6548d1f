package grid_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"kolmo/grid"
)

// balls are small and large, about 0 and far from it.
var balls = []grid.Ball{
	{Center: []float64{0}, R: 2},
	{Center: []float64{-0.3}, R: 1e-3},
	{Center: []float64{0, 0}, R: 3},
	{Center: []float64{1000, -7}, R: 0.5},
	{Center: []float64{0.5, -1, 2}, R: 1.25},
	{Center: []float64{1e6, 0, -1e6}, R: 1},
}

// slack is the rounding of coordinates about the ball.
func slack(b grid.Ball) float64 {
	s := b.R
	for _, c := range b.Center {
		s += math.Abs(c)
	}
	return 1e-15 * s
}

func TestSphereLiesOnTheSphere(t *testing.T) {
	t.Parallel()
	for _, b := range balls {
		for _, x := range b.Sphere(6) {
			if d := b.Distance(x); !(math.Abs(d-b.R) <= 4*slack(b)) {
				t.Errorf("ball %v: |%v - c| = %v", b, x, d)
			}
			if !b.Contains(x) {
				t.Errorf("ball %v does not contain %v of its sphere", b, x)
			}
		}
	}
}

func TestContains(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(7, 1))
	for _, b := range balls {
		if !b.Contains(b.Center) {
			t.Errorf("ball %v does not contain its centre", b)
		}
		for range 100 {
			x, unit := noise(rnd, len(b.Center)), 0.0
			for _, v := range x {
				unit += v * v
			}
			unit = math.Sqrt(unit)
			for _, c := range []struct {
				r    float64
				want bool
			}{{0.5, true}, {1 - 1e-7, true}, {1 + 1e-7, false}, {3, false}} {
				y := make([]float64, len(x))
				for k := range y {
					y[k] = b.Center[k] + c.r*b.R*x[k]/unit
				}
				if b.Contains(y) != c.want {
					t.Errorf("ball %v contains %v (at %g R): want %t", b, y, c.r, c.want)
				}
			}
		}
	}
}

// The projection is the nearest point: it stays inside the ball, on the ray from
// the centre, and a second projection changes nothing but rounding.
func TestProjectIsTheNearestPoint(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SampledFrom(balls).Draw(t, "ball")
		x, c := make([]float64, len(b.Center)), make([]float64, len(b.Center))
		for k := range x {
			x[k] = b.Center[k] + b.R*rapid.Float64Range(-3, 3).Draw(t, "x")
		}
		copy(c, x)
		b.Project(c)
		d := b.Distance(x)
		if d <= b.R {
			if maxDiff(c, x) != 0 {
				t.Fatalf("moved %v of the ball to %v", x, c)
			}
			return
		}
		if !b.Contains(c) {
			t.Fatalf("%v is projected to %v outside", x, c)
		}
		// |x - c| = d - R holds for the nearest point only.
		if gap := (grid.Ball{Center: c}).Distance(x); !(math.Abs(gap-(d-b.R)) <= 8*slack(b)) {
			t.Fatalf("%v is %v from its projection %v, want %v", x, gap, c, d-b.R)
		}
		again := append([]float64(nil), c...)
		if b.Project(again); !(maxDiff(again, c) <= 8*slack(b)) {
			t.Fatalf("projected again: %v, then %v", c, again)
		}
	})
}

// Points spread over a ball are of it, reach far in every direction, and no two are alike.
func TestSpreadIsInTheBall(t *testing.T) {
	t.Parallel()
	ranged := grid.Ball{Center: []float64{0.5, 1}, R: 2, Ranges: []*grid.Range{nil, {Low: 0.25, High: 3}}}
	for _, b := range append([]grid.Ball{ranged}, balls...) {
		low, high := make([]float64, len(b.Center)), make([]float64, len(b.Center))
		seen := map[string]bool{}
		for _, x := range b.Spread(32) {
			if !b.Contains(x) {
				t.Errorf("ball %v does not contain %v", b, x)
			}
			seen[fmt.Sprint(x)] = true
			for k, c := range b.Center {
				low[k], high[k] = min(low[k], x[k]-c), max(high[k], x[k]-c)
			}
		}
		for k := range low {
			if half := b.R / 2; b.Range(k) == nil && (low[k] > -half || high[k] < half) {
				t.Errorf("ball %v: points from %v to %v along axis %d", b, low[k], high[k], k)
			}
		}
		if len(seen) != 32 {
			t.Errorf("ball %v: %d points", b, len(seen))
		}
	}
}

func TestSphereIn1DIsBothEnds(t *testing.T) {
	t.Parallel()
	got := (grid.Ball{Center: []float64{1}, R: 2}).Sphere(50)
	if len(got) != 2 || got[0][0] != -1 || got[1][0] != 3 {
		t.Errorf("%v", got)
	}
}

func TestSphereIn2DIsEvenlySpaced(t *testing.T) {
	t.Parallel()
	b := grid.Ball{Center: []float64{1, -1}, R: 2}
	for density := 1; density <= 40; density++ {
		pts := b.Sphere(density)
		if len(pts)%8 != 0 {
			t.Errorf("density %d: %d points, want a multiple of 8", density, len(pts))
		}
		for i, p := range pts {
			next := grid.Ball{Center: pts[(i+1)%len(pts)]}
			got, want := next.Distance(p), 2*b.R*math.Sin(math.Pi/float64(len(pts)))
			if math.Abs(got-want) > 1e-12 || got > b.R/float64(density) {
				t.Fatalf("density %d: spacing %v, want %v <= %v", density, got, want, b.R/float64(density))
			}
		}
	}
}

// On the rings the nearest neighbour is within a factor two of R/density away, and no point
// of the sphere is farther than that from a point.
func TestSphereIn3DIsEvenlySpaced(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(8, 1))
	b := grid.Ball{Center: []float64{0, 1, -1}, R: 2}
	for _, density := range []int{2, 5, 9} {
		h := b.R / float64(density)
		pts := b.Sphere(density)
		nearest := func(x []float64, skip int) float64 {
			d := math.Inf(1)
			for i, p := range pts {
				if i != skip {
					d = min(d, grid.Ball{Center: p}.Distance(x))
				}
			}
			return d
		}
		height := 0.0
		for i, p := range pts {
			height += p[2] - b.Center[2]
			if d := nearest(p, i); d < h/2 || d > 2*h {
				t.Errorf("density %d: the neighbour of point %d is %v away, want about %v", density, i, d, h)
			}
		}
		if !(math.Abs(height) <= 1e-12*float64(len(pts))) {
			t.Errorf("density %d: the points are %v off balance", density, height)
		}
		for range 500 {
			x := noise(rnd, 3)
			r := math.Sqrt(x[0]*x[0] + x[1]*x[1] + x[2]*x[2])
			for k := range x {
				x[k] = b.Center[k] + b.R*x[k]/r
			}
			if d := nearest(x, -1); d > 1.2*h {
				t.Errorf("density %d: a hole of %v at %v, want at most about %v", density, d, x, h)
			}
		}
	}
}

// A ball with ranges is a cylinder: its coordinates with a range have no part in distances.
func TestBallWithRanges(t *testing.T) {
	t.Parallel()
	b := grid.Ball{Center: []float64{1, 9, -1}, R: 2, Ranges: []*grid.Range{nil, {Low: 0.25, High: 1}, nil}}
	fixed := grid.Ball{Center: b.Center, R: 2, Ranges: []*grid.Range{nil, {Low: 1, High: 1}, nil}}
	if b.Round() != 2 || b.Free() != 3 || fixed.Free() != 2 {
		t.Errorf("%d coordinates of the ball, dimensions %d and %d", b.Round(), b.Free(), fixed.Free())
	}
	for _, c := range []struct {
		x                   []float64
		inside, start       bool
		distance, projected float64
	}{
		{[]float64{1, 0.5, 1}, true, false, 2, 0.5},
		{[]float64{1, 1, 1}, true, true, 2, 1},
		{[]float64{1, 1.01, 1}, false, false, 2, 1},
		{[]float64{1, 0.2, -1}, false, false, 0, 0.25},
		{[]float64{4, 0.5, -1}, false, false, 3, 0.5},
	} {
		if got := b.Distance(c.x); got != c.distance {
			t.Errorf("%v is %v from the centre, want %v", c.x, got, c.distance)
		}
		if b.Contains(c.x) != c.inside || fixed.Contains(c.x) != c.start {
			t.Errorf("%v: in the set %t, among the starts %t", c.x, b.Contains(c.x), fixed.Contains(c.x))
		}
		b.Project(c.x)
		if !b.Contains(c.x) || c.x[1] != c.projected {
			t.Errorf("projected to %v", c.x)
		}
	}
	for _, set := range []grid.Ball{b, fixed} {
		ends := map[float64]int{}
		points := set.Sphere(6)
		for _, x := range points {
			ends[x[1]]++
			if !set.Contains(x) || math.Abs(set.Distance(x)-2) > 1e-14 {
				t.Errorf("%v is not on the sphere", x)
			}
		}
		if ends[1] != 40 || ends[set.Ranges[1].Low] != 40 || len(points) != 40*len(set.Ranges[1].Along(6)) {
			t.Errorf("%d points, %v", len(points), ends)
		}
	}
	g, err := b.Box(grid.KindChebyshev, []int{9})
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range [][2]float64{{-1, 3}, {0.25, 1}, {-3, 1}} {
		if a := g.Axis(k); a.Node(0) != want[0] || a.Node(8) != want[1] {
			t.Errorf("axis %d from %v to %v, want %v", k, a.Node(0), a.Node(8), want)
		}
	}
}
