package export

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kolmo/compare"
	"kolmo/grid"
)

// planes are three sections of a ball with d = 3 by planes parallel to the axes,
// in the same colours.
type planes struct {
	sections []section3
	colors   colorMap
}

// section3 is a section of the ball: a disc in the plane x_across = at.
type section3 struct {
	title, xName, yName string
	center              [2]float64 // of the ball, in the plane
	radius              float64    // of the ball
	disc                *raster2   // nil where the plane only touches the ball
	mark                []float64  // the marked point in the plane; nil for none
}

// slicePoints is the number of points of a section per axis.
const slicePoints = 161

// touching is the radius of a section, as a part of the ball's, below which
// nothing of it would be seen.
const touching = 0.01

// slices cuts the ball through its centre, or through the point worst.
func (f *FieldFile) slices(values, worst []float64, largest bool) *planes {
	through := f.ball.Center
	if largest {
		through = worst
	}
	names := f.axisNames()
	s := &planes{}
	lo, hi := math.Inf(1), math.Inf(-1)
	for across := 2; across >= 0; across-- {
		a, b := (across+1)%3, (across+2)%3
		a, b = min(a, b), max(a, b)
		at := through[across]
		c := section3{
			title: names[across] + " = " + coordinate(at), xName: names[a], yName: names[b],
			center: [2]float64{f.ball.Center[a], f.ball.Center[b]}, radius: f.ball.R,
		}
		if largest {
			c.mark = []float64{worst[a], worst[b]}
		}
		offset := at - f.ball.Center[across]
		if r := math.Sqrt(max(f.ball.R*f.ball.R-offset*offset, 0)); r > touching*f.ball.R {
			c.disc = f.section(values, across, a, b, at, r)
		}
		if c.disc != nil {
			lo, hi = min(lo, c.disc.lo), max(hi, c.disc.hi)
		}
		s.sections = append(s.sections, c)
	}
	s.colors = newColorMap(lo, hi)
	return s
}

// coordinate returns a coordinate to three digits, with a true minus sign.
func coordinate(v float64) string {
	s := strconv.FormatFloat(math.Abs(v), 'g', 3, 64)
	if v < 0 && s != "0" {
		return "−" + s
	}
	return s
}

// section interpolates a field to the disc of radius r in the plane x_across = at.
func (f *FieldFile) section(values []float64, across, a, b int, at, r float64) *raster2 {
	plane := compare.Raster{Center: []float64{f.ball.Center[a], f.ball.Center[b]}, R: r}
	plane.X1, plane.X2 = ballLine1(plane.Center[0], r, slicePoints), ballLine1(plane.Center[1], r, slicePoints)
	lines := make([][]float64, 3)
	lines[a], lines[b], lines[across] = plane.X1, plane.X2, []float64{at}
	t := grid.NewTransfer(f.grid, lines, f.width)
	plane.Values = make([]float64, t.Len())
	t.ApplyTo(plane.Values, values)
	disc := grid.Ball{Center: plane.Center, R: r}
	for i := range plane.Values {
		if !disc.Contains([]float64{plane.X1[i%slicePoints], plane.X2[i/slicePoints]}) {
			plane.Values[i] = math.NaN()
		}
	}
	raster, ok := newRaster2(&plane)
	if !ok {
		return nil
	}
	return raster
}

// draw draws the sections side by side, and one colour bar.
func (s *planes) draw(c draw.Canvas, dpi int) {
	c = draw.Crop(c, 0, -colorBarSpace, 0, 0)
	tiles := draw.Tiles{Cols: len(s.sections), Rows: 1, PadX: figureSpace}
	levels, scale := linearTicks(s.colors.Min, s.colors.Max, mapLevels)
	m := &mapPlotter{colors: s.colors, levels: levels, dpi: dpi}
	var data draw.Canvas
	for k := range s.sections {
		data = s.sections[k].draw(tiles.At(c, k, 0), m)
	}
	m.drawBar(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
		Min: vg.Point{X: data.Max.X + colorBarGap, Y: data.Min.Y}, Max: vg.Point{X: data.Max.X + colorBarGap + colorBarWidth, Y: data.Max.Y},
	}}, scale)
}

// draw draws the section in the colours of m and returns where its data are.
func (s *section3) draw(c draw.Canvas, m *mapPlotter) draw.Canvas {
	p := newPanel(clean(s.title))
	p.X.Label.Text, p.Y.Label.Text = s.xName, s.yName
	const border = 1.04 // free space around the ball
	p.X.Min, p.X.Max = s.center[0]-border*s.radius, s.center[0]+border*s.radius
	p.Y.Min, p.Y.Max = s.center[1]-border*s.radius, s.center[1]+border*s.radius
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		ticks, scale := linearTicks(axis.Min, axis.Max, 4)
		axis.Tick.Marker = plot.ConstantTicks(ticks)
		if scale != 0 {
			axis.Label.Text += "  (" + scaleText(scale) + ")"
		}
	}
	if s.disc != nil {
		p.Add(&mapPlotter{raster: s.disc, colors: m.colors, levels: m.levels, at: s.mark, dpi: m.dpi})
	} else if s.mark != nil {
		p.Add(pointMark(*s))
	}
	for range 2 { // twice, since padding for labels changes a little with the size
		d := p.DataCanvas(c)
		if w, h := d.Size().X, d.Size().Y; w > h {
			c = draw.Crop(c, (w-h)/2, -(w-h)/2, 0, 0)
		} else {
			c = draw.Crop(c, 0, 0, (h-w)/2, -(h-w)/2)
		}
	}
	p.Draw(c)
	return p.DataCanvas(c)
}

// pointMark draws the marked point of a section that is nothing else.
type pointMark section3

var _ plot.Plotter = pointMark{}

// Plot implements plot.Plotter.
func (s pointMark) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	drawWorst(c, vg.Point{X: x(s.mark[0]), Y: y(s.mark[1])})
}
