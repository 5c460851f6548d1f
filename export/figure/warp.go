package figure

import (
	"math"

	"gonum.org/v1/plot/vg"

	"kolmo/compare"
)

// Warp is a change of coordinates: fields are given over q, and drawn over z. It is immutable; its functions may be
// called by one goroutine at a time.
type Warp struct {
	Names []string // of the coordinates z
	// To stores z of q, and From q of z.
	To   func(z, q []float64)
	From func(q, z []float64)
}

// of reports that the warp is of d coordinates; a nil one is of none.
func (w *Warp) of(d int) bool { return w != nil && len(w.Names) == d }

// to returns z of q, which a nil warp leaves as it is.
func (w *Warp) to(q ...float64) []float64 {
	z := make([]float64, len(q))
	if w == nil {
		copy(z, q)
		return z
	}
	w.To(z, q)
	return z
}

// point returns z of a point of the plane.
func (w *Warp) point(q point) point {
	z := w.to(q.x, q.y)
	return point{z[0], z[1]}
}

// outlinePoints is the number of points of a circle that is drawn over other coordinates.
const outlinePoints = 360

// outline returns the circle of a raster over z.
func (w *Warp) outline(r *Raster) []point {
	line := make([]point, outlinePoints)
	for k := range line {
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / outlinePoints)
		line[k] = w.point(point{r.cx + r.R*cos, r.cy + r.R*sin})
	}
	return line
}

// frame returns the corners of the smallest box around the circle of a raster over z.
func (w *Warp) frame(r *Raster) (lo, hi point) {
	if w == nil {
		return point{r.x[0], r.y[0]}, point{r.x[len(r.x)-1], r.y[len(r.y)-1]}
	}
	lo, hi = point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, p := range w.outline(r) {
		lo, hi = point{min(lo.x, p.x), min(lo.y, p.y)}, point{max(hi.x, p.x), max(hi.y, p.y)}
	}
	return lo, hi
}

// edge returns the circle's path, where x and y place points of the panel.
func (w *Warp) edge(r *Raster, x, y func(float64) vg.Length) vg.Path {
	if w == nil {
		center := vg.Point{X: x(r.cx), Y: y(r.cy)}
		return disc(center, x(r.cx+r.R)-center.X)
	}
	var path vg.Path
	for k, p := range w.outline(r) {
		if at := (vg.Point{X: x(p.x), Y: y(p.y)}); k == 0 {
			path.Move(at)
		} else {
			path.Line(at)
		}
	}
	path.Close()
	return path
}

// line returns a raster on a line over z.
func (w *Warp) line(a *compare.Raster) *compare.Raster {
	b := *a
	b.X1 = make([]float64, len(a.X1))
	for i, q := range a.X1 {
		b.X1[i] = w.to(q)[0]
	}
	lo, hi := w.to(a.Center[0] - a.R)[0], w.to(a.Center[0] + a.R)[0]
	b.Center, b.R = []float64{lo/2 + hi/2}, hi/2-lo/2
	b.At = w.to(a.At...)
	return &b
}
