package figure

import (
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// slopeTriangle shows a slope: its sides are a change of eta and the change
// eta^slope it brings.
type slopeTriangle struct {
	slope int
	box   vg.Rectangle // around the triangle and its label
	w, h  vg.Length    // of the triangle
}

const (
	slopeLabelHeight = vg.Length(10)
	slopeClearance   = vg.Length(9) // to data, at least
)

// newSlopeTriangle returns a triangle, not yet placed, for a panel whose decades
// are sx and sy long on paper and whose data area has the given size.
func newSlopeTriangle(slope int, sx, sy vg.Length, size vg.Point) slopeTriangle {
	w := min(0.17*size.X, vg.Length(math.Log10(4))*sx)
	h := vg.Length(slope) * w / sx * sy
	if most := 0.24 * size.Y; h > most {
		w, h = w*most/h, most
	}
	t := slopeTriangle{slope: slope, w: w, h: h}
	lw := TextStyle(noteSize, draw.XCenter).Width(t.label())
	t.box.Max = vg.Point{X: max(w, lw), Y: h + slopeLabelHeight}
	return t
}

func (t slopeTriangle) label() string { return "slope " + strconv.Itoa(t.slope) }

// movedTo returns t with the lower left corner of its box at p.
func (t slopeTriangle) movedTo(p vg.Point) slopeTriangle {
	size := t.box.Size()
	t.box = vg.Rectangle{Min: p, Max: p.Add(size)}
	return t
}

// draw draws the triangle, its right angle at the lower right, and its label.
func (t slopeTriangle) draw(c draw.Canvas) {
	mid := (t.box.Min.X + t.box.Max.X) / 2
	y := t.box.Min.Y + slopeLabelHeight
	a := vg.Point{X: mid - t.w/2, Y: y}
	b := vg.Point{X: mid + t.w/2, Y: y}
	top := vg.Point{X: b.X, Y: y + t.h}
	var p vg.Path
	p.Move(a)
	p.Line(b)
	p.Line(top)
	p.Close()
	fill := SoftInk
	fill.A = 0x22
	c.SetColor(fill)
	c.Fill(p)
	c.SetLineStyle(draw.LineStyle{Color: SoftInk, Width: 0.8})
	c.Stroke(p)
	sty := TextStyle(noteSize, draw.XCenter)
	sty.Color = SoftInk
	drawText(c, sty, vg.Point{X: mid, Y: t.box.Min.Y + 1.5}, t.label())
}

// segment is a piece of a drawn line.
type segment struct{ a, b vg.Point }

// placeSlopes places the triangles inside area, each slopeClearance away from
// the segments and from each other, as far to the lower right as that allows:
// below a curve that rises is where room is. It reports false if there is none.
func placeSlopes(ts []slopeTriangle, area vg.Rectangle, data []segment) bool {
	const steps = 48
	var taken []vg.Rectangle
	for i := len(ts) - 1; i >= 0; i-- { // the steepest is the nearest to the corner
		size := ts[i].box.Size()
		room := vg.Point{X: area.Size().X - size.X - 8, Y: area.Size().Y - size.Y - 8}
		if room.X < 0 || room.Y < 0 {
			return false
		}
		best, found := vg.Length(math.Inf(1)), false
		for ky := range steps + 1 {
			for kx := range steps + 1 {
				p := vg.Point{
					X: area.Max.X - 4 - size.X - room.X*vg.Length(kx)/steps,
					Y: area.Min.Y + 4 + room.Y*vg.Length(ky)/steps,
				}
				cost := vg.Length(kx) + vg.Length(ky)
				if cost >= best {
					continue
				}
				t := ts[i].movedTo(p)
				if clearOf(t.box, data, taken) {
					ts[i], best, found = t, cost, true
				}
			}
		}
		if !found {
			return false
		}
		taken = append(taken, ts[i].box)
	}
	return true
}

// clearOf reports whether r keeps slopeClearance from all segments and boxes.
func clearOf(r vg.Rectangle, data []segment, boxes []vg.Rectangle) bool {
	grown := vg.Rectangle{
		Min: vg.Point{X: r.Min.X - slopeClearance, Y: r.Min.Y - slopeClearance},
		Max: vg.Point{X: r.Max.X + slopeClearance, Y: r.Max.Y + slopeClearance},
	}
	for _, s := range data {
		if meets(s, grown) {
			return false
		}
	}
	for _, b := range boxes {
		if grown.Min.X < b.Max.X && b.Min.X < grown.Max.X && grown.Min.Y < b.Max.Y && b.Min.Y < grown.Max.Y {
			return false
		}
	}
	return true
}

// meets reports whether the segment has a point in the rectangle: it clips the
// segment's parameter range by the four sides.
func meets(s segment, r vg.Rectangle) bool {
	lo, hi := 0.0, 1.0
	clip := func(from, by, least, most vg.Length) bool {
		if by == 0 {
			return least <= from && from <= most
		}
		t0, t1 := float64((least-from)/by), float64((most-from)/by)
		lo, hi = max(lo, min(t0, t1)), min(hi, max(t0, t1))
		return lo <= hi
	}
	return clip(s.a.X, s.b.X-s.a.X, r.Min.X, r.Max.X) && clip(s.a.Y, s.b.Y-s.a.Y, r.Min.Y, r.Max.Y)
}
