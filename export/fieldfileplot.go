package export

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kolmo/compare"
	"kolmo/export/nc"
)

// FieldPicture is the picture of a stored field over the ball at one step.
type FieldPicture struct {
	*Figure
	// Value is the value of the field where its absolute value is largest in the
	// ball, on the points drawn and on the sphere, and At is that point.
	Value float64
	At    []float64
}

// Picture draws a stored field over the ball at a stored step: as a curve if d = 1,
// in colours with contour lines if d = 2, on three planes parallel to the axes if
// d = 3. These pass through the ball's centre, or if largest is set through the
// point where the absolute value is largest. A file that tells no ball, a field
// that is not there or that has no finite value give a *FieldFileError.
func (f *FieldFile) Picture(field string, step int, largest bool) (*FieldPicture, error) {
	v, err := f.field(field)
	if err != nil {
		return nil, err
	}
	points := f.sampler()
	if points == nil || f.text("model") == "" || math.IsNaN(f.number("eta")) {
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
	p := &FieldPicture{Value: e.Value, At: e.At, Figure: &Figure{
		title: fmt.Sprintf("%s at n = %d, observable %s", fieldWords(v), n, f.text("observable")),
		cols:  1, rows: 1, panelW: 400, panelH: 330,
	}}
	mark := legendEntry{"largest |" + fieldWords(v) + "|", func(c draw.Canvas) { drawWorst(c, vg.Point{X: c.Max.X - 6, Y: c.Center().Y}) }}
	line := func(text string) legendEntry {
		return legendEntry{text, func(c draw.Canvas) {
			c.StrokeLine2(ballLine(), c.Min.X, c.Center().Y, c.Max.X, c.Center().Y)
		}}
	}
	a := compare.Raster{
		Model: f.text("model"), Eta: f.number("eta"), EtaText: f.text("eta_text"), N: int(n), T: t,
		Center: f.ball.Center, R: f.ball.R, At: e.At, Gap: e.Value,
	}
	switch f.grid.Dim() {
	case 1:
		p.panelH = 280
		p.legend = []legendEntry{mark, line("ends of the ball")}
		a.X1, a.Values = points.lines[0], points.buffer
		p.panels = func(c draw.Canvas) { f.curve(&a, v).Draw(c) }
	case 2:
		p.legend = []legendEntry{mark, line(ballName(f.ball.Center) + " = R")}
		a.X1, a.X2, a.Values = points.lines[0], points.lines[1], points.masked()
		p.panels = func(c draw.Canvas) { drawMap(c, &a, f.axisNames(), p.resolution()) }
	default:
		s := f.slices(values, e.At, largest)
		p.cols, p.panelW, p.panelH = 3, 190, 178
		p.legend = []legendEntry{line(ballName(f.ball.Center) + " = R")}
		if largest {
			p.legend = append([]legendEntry{mark}, p.legend...)
		}
		p.title += fmt.Sprintf(", %s", panelTitle(a.Model, formatEta(a.Eta, a.EtaText), a.T))
		p.panels = func(c draw.Canvas) { s.draw(c, p.resolution()) }
	}
	return p, nil
}

// masked returns the last values sampled, NaN outside the ball.
func (s *ballSampler) masked() []float64 {
	out := make([]float64, len(s.buffer))
	for i, v := range s.buffer {
		out[i] = math.NaN()
		if s.inside[i] {
			out[i] = v
		}
	}
	return out
}

// curve returns the panel of a field with d = 1.
func (f *FieldFile) curve(a *compare.Raster, v nc.Variable) *plot.Plot {
	p := curvePanel(a, f.axisNames()[0])
	_, scale, _ := strings.Cut(p.Y.Label.Text, "  ")
	p.Y.Label.Text = fieldWords(v)
	if scale != "" {
		p.Y.Label.Text += "  " + scale
	}
	return p
}

// axisNames returns the names of the parameters, or x1, x2, x3.
func (f *FieldFile) axisNames() []string {
	var names []string
	for _, a := range f.data.Axes {
		name := a.Name
		if parameter, ok := strings.CutPrefix(a.LongName, "parameter "); ok {
			name = parameter
		}
		names = append(names, clean(name))
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
	case gapField:
		return "Uⁿ − u"
	default:
		return clean(v.Name)
	}
}

// ballName returns "|x|", or "|x − center|" where the centre is not the origin.
func ballName(center []float64) string {
	for _, c := range center {
		if c != 0 {
			return "|x − center|"
		}
	}
	return "|x|"
}
