package figure

import (
	"math"
	"testing"

	"gonum.org/v1/plot/vg"

	"kolmo/compare"
	"kolmo/internal/madeup"
)

// sheared is z = (2 q1 + q2, q2).
func sheared() *Warp {
	return &Warp{
		Names: []string{"w", "v_w"},
		To:    func(z, q []float64) { z[0], z[1] = 2*q[0]+q[1], q[1] },
		From:  func(q, z []float64) { q[0], q[1] = (z[0]-z[1])/2, z[1] },
	}
}

// Over other coordinates a pixel has the colour of its point's value, the disc is an ellipse, and its
// box is as wide as that.
func TestWarpedMap(t *testing.T) {
	t.Parallel()
	r, ok := NewRaster(disc2(41, func(x, y float64) float64 { return x - 3*y }))
	if !ok {
		t.Fatal("no raster")
	}
	w := sheared()
	lo, hi := w.frame(r)
	// 2 (1 + 2 cos) + (-1 + 2 sin) lies within 2 sqrt(5) of 1.
	if far := 2 * math.Sqrt(5); math.Abs(lo.x-1+far) > 1e-3 || math.Abs(hi.x-1-far) > 1e-3 || math.Abs(lo.y+3) > 1e-12 || math.Abs(hi.y-1) > 1e-12 {
		t.Errorf("the box is from %v to %v", lo, hi)
	}
	const n = 90
	m := NewColorMap(r.Lo, r.Hi)
	img, inside := r.image(m, n, w), 0
	for j := range n {
		for i := range n {
			z := []float64{lo.x + (float64(i)+0.5)/n*(hi.x-lo.x), hi.y - (float64(j)+0.5)/n*(hi.y-lo.y)}
			q := make([]float64, 2)
			w.From(q, z)
			got, want := img.Pix[j*img.Stride+i], uint8(0)
			if math.Hypot(q[0]-1, q[1]+1) <= 2 {
				want = m.index(r.At(q[0], q[1]))
				inside++
			}
			if got != want {
				t.Fatalf("pixel (%d, %d) is %d, want %d", i, j, got, want)
			}
		}
	}
	// The ellipse fills pi det/(2 sqrt(5)) of its box over 4, det = 2, of a box of sides 2 sqrt(5) and 2.
	if share := float64(inside) / (n * n); math.Abs(share-math.Pi/4*2/math.Sqrt(5)) > 0.01 {
		t.Errorf("%g of the box are inside", share)
	}
	same := func(v float64) vg.Length { return vg.Length(v) }
	path := w.edge(r, same, same)
	if p := path[0].Pos; math.Abs(float64(p.X)-5) > 1e-12 || math.Abs(float64(p.Y)+1) > 1e-12 {
		t.Errorf("the edge begins at %v", p)
	}
}

// Pictures of fields have the other coordinates' names, on a line its points too; what has another number of
// coordinates is drawn as it is.
func TestFieldFigureOver(t *testing.T) {
	t.Parallel()
	if f := FieldFigure(madeup.Result(2), []string{"y1", "y2"}, sheared()); f.seen == FieldFigure(madeup.Result(2), nil, nil).seen {
		t.Errorf("the worst point is told in the axes: %s", f.seen)
	}
	if f := FieldFigure(madeup.Result(3), nil, sheared()); f.seen != FieldFigure(madeup.Result(3), nil, nil).seen {
		t.Errorf("slices are over other coordinates: %s", f.seen)
	}
	a := compare.Raster{Center: []float64{0}, R: 2, At: []float64{1}, X1: []float64{-2, 0, 2}}
	w := &Warp{Names: []string{"w"}, To: func(z, q []float64) { z[0] = 3*q[0] + 1 }}
	if b := w.line(&a); b.X1[0] != -5 || b.X1[2] != 7 || b.Center[0] != 1 || b.R != 6 || b.At[0] != 4 {
		t.Errorf("the line is %+v", b)
	}
}
