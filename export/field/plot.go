package field

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/nc"
	"kolmo/export/table"
)

// Drawing is the picture of a stored field over the ball at one step.
type Drawing struct {
	*figure.Figure
	// Value is the value of the field where its absolute value is largest in the
	// ball, on the points drawn and on the sphere, and At is that point.
	Value float64
	At    []float64
	Names []string // of the coordinates
}

// Picture draws a stored field over the ball at a stored step: as a curve if d = 1,
// in colours with contour lines if d = 2, on three planes parallel to the axes if
// d = 3. These pass through the ball's centre, or if largest is set through the
// point where the absolute value is largest. A file that tells no ball, a field
// that is not there or that has no finite value give an *Error.
func (f *Stored) Picture(field string, step int, largest bool) (*Drawing, error) {
	v, err := f.field(field)
	if err != nil {
		return nil, err
	}
	points := f.sampler()
	own := ownAttr(v, "model") // of a file with fields of several models
	if points == nil || own == "" && (f.text("model") == "" || math.IsNaN(f.number("eta"))) {
		return nil, f.fail("lacks attributes of kolmo run that a picture needs (R, model, eta)")
	}
	values, err := f.values(v.Name, step)
	if err != nil {
		return nil, err
	}
	e := points.extremes(values)
	t, n := f.Time(step)
	if e.At == nil {
		return nil, f.fail("has no finite value of %s in the ball at n = %d", v.Name, n)
	}
	p := &Drawing{Value: e.Value, At: e.At, Figure: &figure.Figure{
		Title: fmt.Sprintf("%s at n = %d, observable %s", fieldWords(v), n, f.text("observable")), Cols: 1, Rows: 1,
	}}
	title := figure.PanelTitle(f.text("model"), table.Eta(f.number("eta"), f.text("eta_text")), t)
	if own != "" {
		p.Title, title = table.Clean(v.LongName), ""
	}
	p.Names = f.axisNames()
	at := e.At
	if e.Value == 0 { // a field that is zero is largest nowhere
		at = nil
	} else {
		p.Legend = []figure.LegendEntry{{Text: "largest absolute value", Thumb: func(c draw.Canvas) { figure.DrawWorst(c, vg.Point{X: c.Max.X - 6, Y: c.Center().Y}) }}}
	}
	ball := func(text string) {
		p.Legend = append(p.Legend, figure.LegendEntry{Text: text, Thumb: func(c draw.Canvas) {
			c.StrokeLine2(figure.BallLine(), c.Min.X, c.Center().Y, c.Max.X, c.Center().Y)
		}})
	}
	switch f.grid.Dim() {
	case 1:
		p.PanelW, p.PanelH = 400, 260
		ball("ends of the ball")
		panel, line := f.curve(v, points, at)
		p.Legend = append(p.Legend, line)
		panel.Title.Text = title
		p.Panels = func(c draw.Canvas) { p.DrawPanel(panel, c) }
	default:
		maps, ok := f.maps(v, values, e.At, largest)
		if !ok {
			return nil, f.fail("has no finite value of %s on a plane of the ball at n = %d", v.Name, n)
		}
		for k := range maps {
			if at == nil {
				maps[k].At = nil
			}
		}
		p.Cols, p.PanelW, p.PanelH = len(maps), figure.MapWidth, figure.MapHeight
		if len(maps) == 1 {
			p.PanelW, p.PanelH = 400, 330
			maps[0].Title = title
		} else {
			p.Title += ", " + title
		}
		if len(maps) > 1 && !largest {
			p.Legend = nil // the point is on none of the planes
		}
		ball("edge of the ball")
		p.Panels = func(c draw.Canvas) {
			for k := range maps {
				maps[k].Draw(p.Tiles().At(c, k, 0), p.Resolution())
			}
		}
	}
	return p, nil
}

// curve returns the panel of a field with d = 1, the values last sampled, with its entry in the legend.
func (f *Stored) curve(v nc.Variable, points *ballSampler, at []float64) (*plot.Plot, figure.LegendEntry) {
	a := &compare.Raster{Center: f.region.Center, R: f.region.Half()[0], At: at, X1: f.region.Box(ballLines[0])[0]}
	c := &figure.CurvePlotter{Raster: a, Mark: points.buffer, Lines: []figure.Line{{Label: fieldWords(v), X: a.X1, Y: points.buffer, Color: figure.OkabeIto[0]}}}
	c.Zero = v.Name == GapField
	return c.Panel(f.axisNames()[0], fieldWords(v), c.Zero), c.Lines[0].Entry()
}

// axisNames returns the names of the parameters, or x1, x2, x3.
func (f *Stored) axisNames() []string {
	var names []string
	for _, a := range f.data.Axes {
		name := a.Name
		for _, word := range []string{parameterWord, stateWord, "axis "} { // the last of files of 0.2
			if own, ok := strings.CutPrefix(a.LongName, word); ok {
				name = own
			}
		}
		names = append(names, table.Clean(name))
	}
	return names
}

// fieldWords returns how pictures call a field.
func fieldWords(v nc.Variable) string {
	switch v.Name {
	case "u":
		return "u"
	case "U":
		return "Uⁿ"
	case GapField:
		return figure.NameGap
	}
	if text := ownAttr(v, "derivative"); text != "" {
		return table.Clean(text) // "d(1,0)u" of d_1_0_u
	}
	return table.Clean(v.Name)
}

// ownAttr returns a text that the file says of a field, or "".
func ownAttr(v nc.Variable, name string) string {
	for _, a := range v.Attrs {
		if text, ok := a.Value.(string); ok && a.Name == name {
			return text
		}
	}
	return ""
}
