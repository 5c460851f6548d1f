package figure

import (
	"fmt"
	"html"
	"math"
	"strings"

	"gonum.org/v1/plot"
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
