package figure

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/plot/vg"

	"kolmo/compare"
)

// Triangles keep away from curves of every slope, or are not placed.
func TestSlopeTrianglesCoverNoData(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 1))
	area := vg.Rectangle{Max: vg.Point{X: 240, Y: 200}}
	placed := 0
	for range 60 {
		var data []segment
		for range 1 + rng.IntN(4) {
			p := vg.Point{X: 15, Y: vg.Length(10 + 120*rng.Float64())}
			dy := vg.Length(rng.Float64() * 12)
			for range 5 {
				q := vg.Point{X: p.X + 42, Y: p.Y + dy}
				data = append(data, segment{p, q})
				p = q
			}
		}
		ts := []slopeTriangle{newSlopeTriangle(1, 120, 40, area.Size()), newSlopeTriangle(2, 120, 40, area.Size())}
		if !placeSlopes(ts, area, data) {
			continue
		}
		placed++
		for i, tr := range ts {
			if tr.box.Min.X < area.Min.X || tr.box.Max.X > area.Max.X || tr.box.Min.Y < area.Min.Y || tr.box.Max.Y > area.Max.Y {
				t.Errorf("triangle %v leaves the panel", tr.box)
			}
			for _, s := range data {
				for k := range 101 { // by sampling, independently of the clipping
					f := vg.Length(k) / 100
					x, y := s.a.X+f*(s.b.X-s.a.X), s.a.Y+f*(s.b.Y-s.a.Y)
					if x > tr.box.Min.X && x < tr.box.Max.X && y > tr.box.Min.Y && y < tr.box.Max.Y {
						t.Fatalf("triangle %v covers (%g, %g)", tr.box, x, y)
					}
				}
			}
			if i > 0 && tr.box.Min.X < ts[0].box.Max.X && ts[0].box.Min.X < tr.box.Max.X &&
				tr.box.Min.Y < ts[0].box.Max.Y && ts[0].box.Min.Y < tr.box.Max.Y {
				t.Error("the triangles overlap")
			}
		}
	}
	if placed < 30 {
		t.Errorf("only %d of 60 could be placed", placed)
	}
}

// The hypotenuse has the slope that the label says, in decades of both axes.
func TestSlopeTriangleHasItsSlope(t *testing.T) {
	t.Parallel()
	for _, sy := range []vg.Length{3, 40, 900} {
		for slope := 1; slope <= 2; slope++ {
			const sx = 130
			tr := newSlopeTriangle(slope, sx, sy, vg.Point{X: 240, Y: 200})
			got := float64((tr.h / sy) / (tr.w / sx))
			if math.Abs(got-float64(slope)) > 1e-12 {
				t.Errorf("sy = %g: slope %g, want %d", sy, got, slope)
			}
		}
	}
}

// disc2 is a raster of f on the disc of radius 2 around (1, -1).
func disc2(n int, f func(x, y float64) float64) *compare.Raster {
	a := &compare.Raster{Center: []float64{1, -1}, R: 2}
	for i := range n {
		s := 2 * (2*float64(i)/float64(n-1) - 1)
		a.X1, a.X2 = append(a.X1, 1+s), append(a.X2, -1+s)
	}
	for _, y := range a.X2 {
		for _, x := range a.X1 {
			v := f(x, y)
			if math.Hypot(x-1, y+1) > 2 {
				v = math.NaN()
			}
			a.Values = append(a.Values, v)
		}
	}
	return a
}

func TestRasterIsFilledByExtrapolation(t *testing.T) {
	t.Parallel()
	f := func(x, y float64) float64 { return 3 + 2*x - 5*y }
	p, ok := NewRaster(disc2(41, f))
	if !ok {
		t.Fatal("no raster")
	}
	// Next to the circle, where bilinear interpolation uses filled nodes.
	for k := range 360 {
		sin, cos := math.Sincos(float64(k) * math.Pi / 180)
		x, y := 1+1.999*cos, -1+1.999*sin
		if got, want := p.At(x, y), f(x, y); math.Abs(got-want) > 1e-9 {
			t.Fatalf("at (%g, %g): %g, want %g", x, y, got, want)
		}
	}
}

func TestContourOfACone(t *testing.T) {
	t.Parallel()
	p, _ := NewRaster(disc2(81, func(x, y float64) float64 { return math.Hypot(x-1, y+1) }))
	lines := p.contour(1.23)
	if len(lines) != 1 {
		t.Fatalf("%d lines, want one circle", len(lines))
	}
	l := lines[0]
	if l[0] != l[len(l)-1] {
		t.Error("the circle is not closed")
	}
	for _, q := range l {
		if r := math.Hypot(q.x-1, q.y+1); math.Abs(r-1.23) > 1e-3 {
			t.Fatalf("a point at radius %g", r)
		}
	}
	if n := len(p.contour(7)); n != 0 {
		t.Errorf("%d lines of a level that is not taken", n)
	}
}

func TestContourEndsOnTheCircle(t *testing.T) {
	t.Parallel()
	p, _ := NewRaster(disc2(60, func(x, y float64) float64 { return x + 0.3*y }))
	lines := p.contour(1)
	if len(lines) != 1 {
		t.Fatalf("%d lines, want one", len(lines))
	}
	for i, q := range lines[0] {
		r := math.Hypot(q.x-1, q.y+1)
		end := i == 0 || i == len(lines[0])-1
		if r > 2+1e-9 || end && math.Abs(r-2) > 1e-9 {
			t.Errorf("point %d at radius %g", i, r)
		}
	}
}

// At a saddle two lines meet; none may be lost or cross to the wrong branch.
func TestContourOfASaddle(t *testing.T) {
	t.Parallel()
	p, _ := NewRaster(disc2(40, func(x, y float64) float64 { return (x - 1) * (y + 1) }))
	for _, level := range []float64{-0.001, 0.001} {
		lines := p.contour(level)
		if len(lines) != 2 {
			t.Errorf("level %g: %d lines, want 2", level, len(lines))
		}
		for _, l := range lines {
			for _, q := range l {
				if v := (q.x - 1) * (q.y + 1); math.Abs(v-level) > 0.01 {
					t.Fatalf("level %g: a point with %g", level, v)
				}
			}
		}
	}
}
