package figure

import (
	"fmt"
	"html"
	"math"
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kolmo/export/table"
)

// MarkPanel are the values of one panel of a figure and where they lie on it, for whoever points
// at them in the report. Places are in points from the upper left corner of the figure.
type MarkPanel struct {
	Box    [4]float64   `json:"box"`  // left, top, right, bottom of the data
	X      string       `json:"x"`    // the name of the horizontal axis: "t"
	Ends   [2]float64   `json:"ends"` // of the horizontal axis, in values
	Title  string       `json:"title"`
	Series []markSeries `json:"series"`
}

// markSeries is a line or a set of points.
type markSeries struct {
	Label  string `json:"label"`
	Points []mark `json:"points"`
}

// mark is a value at a place: its coordinate as text or, in time, as a number, and its text.
type mark [4]any

// mostMarks is the most marks of a line: a finer one is read between its marks.
const mostMarks = 120

// record returns a new panel of what is recorded of a figure's values; nil where nothing is, as
// on pixels.
func record(c draw.Canvas, p *plot.Plot, title, axis string) *recorder {
	below := c.Canvas
	for { // tiles of a canvas are canvases around it
		around, ok := below.(draw.Canvas)
		if !ok {
			break
		}
		below = around.Canvas
	}
	o, ok := below.(outlines)
	if !ok || o.marks == nil {
		return nil
	}
	x, y := p.Transforms(&c)
	r := &recorder{canvas: o, x: x, y: y, box: c.Rectangle}
	left, top := r.place(c.Min.X, c.Max.Y)
	right, bottom := r.place(c.Max.X, c.Min.Y)
	*o.marks = append(*o.marks, MarkPanel{Box: [4]float64{left, top, right, bottom}, X: axis, Ends: [2]float64{p.X.Min, p.X.Max}, Title: table.Clean(title)})
	r.panel = len(*o.marks) - 1
	return r
}

// recorder takes the marks of one panel; nil takes none.
type recorder struct {
	canvas outlines
	panel  int
	x, y   func(float64) vg.Length
	box    vg.Rectangle
}

// place returns a point of the figure, from its upper left corner.
func (r *recorder) place(x, y vg.Length) (float64, float64) {
	round := func(v float64) float64 { return math.Round(10*v) / 10 }
	_, height := r.canvas.Size()
	return round(float64(x)), round(float64(height - y))
}

// add records a series of n points: at returns the i-th as coordinates of the axes, shown as
// the two texts; NaN for none. Points beyond the panel are left out.
func (r *recorder) add(label string, n int, at func(i int) (x, y float64, shownX any, shownY string)) {
	if r == nil || n == 0 {
		return
	}
	s := markSeries{Label: table.Clean(label)}
	step := max(1, float64(n-1)/(mostMarks-1))
	for k := 0.0; ; k++ {
		i := int(math.Round(k * step))
		if i >= n {
			break
		}
		x, y, shownX, shownY := at(i)
		if px, py := r.x(x), r.y(y); x == x && y == y && px >= r.box.Min.X-1 && px <= r.box.Max.X+1 && py >= r.box.Min.Y-1 && py <= r.box.Max.Y+1 {
			left, top := r.place(px, py)
			s.Points = append(s.Points, mark{left, top, shownX, shownY})
		}
	}
	if len(s.Points) > 0 {
		p := &(*r.canvas.marks)[r.panel]
		p.Series = append(p.Series, s)
	}
}

// describe says what is seen on a figure: of each series where it begins and ends, of a map what
// its author says.
func describe(title, more string, panels []MarkPanel) string {
	parts := []string{table.Clean(title)}
	if more != "" {
		parts = append(parts, more)
	}
	told, left := 0, 0
	for _, p := range panels {
		var lines []string
		for _, s := range p.Series {
			if told == mostTold {
				left++
				continue
			}
			told++
			a, b := s.Points[0], s.Points[len(s.Points)-1]
			if len(s.Points) == 1 {
				lines = append(lines, fmt.Sprintf("%s: %v at %s = %v", s.Label, a[3], p.X, a[2]))
			} else {
				lines = append(lines, fmt.Sprintf("%s: from %v at %s = %v to %v at %v", s.Label, a[3], p.X, a[2], b[3], b[2]))
			}
		}
		if len(lines) > 0 {
			parts = append(parts, p.Title+": "+strings.Join(lines, "; "))
		}
	}
	if left > 0 {
		parts = append(parts, fmt.Sprintf("%d more lines", left))
	}
	return html.EscapeString(strings.Join(parts, ". "))
}

// mostTold is the most series whose ends a description tells.
const mostTold = 16

// outlines is a canvas that draws text as filled outlines, so that an SVG looks
// the same on machines that do not have its font. Where marks is not nil, panels record there
// the values that they draw.
type outlines struct {
	vg.CanvasSizer
	marks *[]MarkPanel
}

var _ vg.CanvasSizer = outlines{}

// FillString implements vg.Canvas. It panics if the font is damaged; the fonts
// are embedded in this program.
func (c outlines) FillString(f font.Face, pt vg.Point, str string) {
	var (
		buf  sfnt.Buffer
		ppem = fixed.Int26_6(f.Face.UnitsPerEm())
		unit = f.Font.Size / vg.Length(ppem) // of a font unit
		path vg.Path
		pen  vg.Length
		prev sfnt.GlyphIndex
	)
	for _, r := range str {
		g, err := f.Face.GlyphIndex(&buf, r)
		if err != nil {
			panic(err)
		}
		if prev != 0 {
			// A font without kerning is no error.
			if k, err := f.Face.Kern(&buf, prev, g, ppem, 0); err == nil {
				pen += vg.Length(k) * unit
			}
		}
		segments, err := f.Face.LoadGlyph(&buf, g, ppem, nil)
		if err != nil {
			panic(err)
		}
		at := func(p fixed.Point26_6) vg.Point { // fonts count y downwards here
			return vg.Point{X: pt.X + pen + vg.Length(p.X)*unit, Y: pt.Y - vg.Length(p.Y)*unit}
		}
		for i, s := range segments {
			switch s.Op {
			case sfnt.SegmentOpMoveTo:
				if i > 0 {
					path.Close()
				}
				path.Move(at(s.Args[0]))
			case sfnt.SegmentOpLineTo:
				path.Line(at(s.Args[0]))
			case sfnt.SegmentOpQuadTo:
				path.QuadTo(at(s.Args[0]), at(s.Args[1]))
			case sfnt.SegmentOpCubeTo:
				path.CubeTo(at(s.Args[0]), at(s.Args[1]), at(s.Args[2]))
			}
		}
		if len(segments) > 0 {
			path.Close()
		}
		advance, err := f.Face.GlyphAdvance(&buf, g, ppem, 0)
		if err != nil {
			panic(err)
		}
		pen += vg.Length(advance) * unit
		prev = g
	}
	if len(path) > 0 {
		c.Fill(path)
	}
}

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
