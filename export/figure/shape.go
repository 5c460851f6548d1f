package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// shape is the outline of a marker of radius r around p.
type shape func(p vg.Point, r vg.Length) vg.Path

// shapes are the markers in the order of the palette.
var shapes = []shape{disc, diamond, triangle, square, triangleDown, hexagon}

func disc(p vg.Point, r vg.Length) vg.Path {
	var path vg.Path
	path.Move(vg.Point{X: p.X + r, Y: p.Y})
	path.Arc(p, r, 0, 2*math.Pi)
	path.Close()
	return path
}

// regular is a regular polygon with n corners, the first at the given angle.
func regular(p vg.Point, r vg.Length, n int, angle float64) vg.Path {
	var path vg.Path
	for k := range n {
		sin, cos := math.Sincos(angle + 2*math.Pi*float64(k)/float64(n))
		q := vg.Point{X: p.X + r*vg.Length(cos), Y: p.Y + r*vg.Length(sin)}
		if k == 0 {
			path.Move(q)
		} else {
			path.Line(q)
		}
	}
	path.Close()
	return path
}

// The factors give the polygons about the area of the disc.

func diamond(p vg.Point, r vg.Length) vg.Path  { return regular(p, 1.3*r, 4, math.Pi/2) }
func triangle(p vg.Point, r vg.Length) vg.Path { return regular(p, 1.4*r, 3, math.Pi/2) }
func square(p vg.Point, r vg.Length) vg.Path   { return regular(p, 1.25*r, 4, math.Pi/4) }
func triangleDown(p vg.Point, r vg.Length) vg.Path {
	return regular(p, 1.4*r, 3, -math.Pi/2)
}
func hexagon(p vg.Point, r vg.Length) vg.Path { return regular(p, 1.1*r, 6, 0) }

// drawMarker draws the marker of s at p, filled with its colour, or hollow. A
// thin white edge keeps markers apart where they overlap.
func drawMarker(c draw.Canvas, s Series, p vg.Point, hollow bool) {
	path := s.Shape(p, s.Radius)
	if hollow {
		c.SetColor(paper)
		c.Fill(path)
		c.SetLineStyle(draw.LineStyle{Color: s.Color, Width: 1.2})
	} else {
		c.SetColor(s.Color)
		c.Fill(path)
		c.SetLineStyle(draw.LineStyle{Color: paper, Width: 0.5})
	}
	c.Stroke(path)
}
