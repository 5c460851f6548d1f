package export

import (
	"image"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	colorBarGap   = vg.Length(12)
	colorBarWidth = vg.Length(9)
	colorBarSpace = vg.Length(56) // for the bar and its labels
	mapLevels     = 10            // contour lines, about
)

// fieldMap is one plane of values over the disc, in colours, with contour lines, a
// colour bar, and the circle.
type fieldMap struct {
	title          string
	xLabel, yLabel string
	raster         *raster2
	colors         colorMap
	at             []float64 // the worst point

	levels []plot.Tick
	dpi    int

	// What is computed once for the PNG and the SVG.
	painted *image.Paletted
	lines   map[float64][][]point // contour lines by level
}

// image returns the map's image, pixels wide; that of the first call is kept.
func (m *fieldMap) image(pixels int) *image.Paletted {
	if m.painted == nil || m.painted.Rect.Dx() != pixels {
		m.painted = m.raster.image(m.colors, pixels)
	}
	return m.painted
}

// contour returns the contour lines at a level and keeps them.
func (m *fieldMap) contour(level float64) [][]point {
	lines, ok := m.lines[level]
	if !ok {
		if m.lines == nil {
			m.lines = map[float64][][]point{}
		}
		lines = m.raster.contour(level)
		m.lines[level] = lines
	}
	return lines
}

var _ plot.Plotter = (*fieldMap)(nil)

// draw draws the panel and its colour bar.
func (m *fieldMap) draw(c draw.Canvas, dpi int) {
	m.dpi = dpi
	above := m.setLevels()
	p := newPanel(m.title)
	p.X.Label.Text, p.Y.Label.Text = m.xLabel, m.yLabel
	const border = 0.04 // free space around the circle, of R
	r := m.raster
	p.X.Min, p.X.Max = r.cx-(1+border)*r.r, r.cx+(1+border)*r.r
	p.Y.Min, p.Y.Max = r.cy-(1+border)*r.r, r.cy+(1+border)*r.r
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		ticks, s := linearTicks(axis.Min, axis.Max, 5)
		axis.Tick.Marker = plot.ConstantTicks(ticks)
		axis.Label.Text = withScale(axis.Label.Text, s)
	}
	p.Add(m)
	// The data area is made square by cutting the tile.
	c = draw.Crop(c, 0, -colorBarSpace, 0, 0)
	for range 2 { // twice, since padding for labels changes a little with the size
		d := p.DataCanvas(c)
		if w, h := d.Size().X, d.Size().Y; w > h {
			c = draw.Crop(c, (w-h)/2, -(w-h)/2, 0, 0)
		} else {
			c = draw.Crop(c, 0, 0, (h-w)/2, -(h-w)/2)
		}
	}
	drawPanel(p, c)
	d := p.DataCanvas(c)
	m.drawBar(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
		Min: vg.Point{X: d.Max.X + colorBarGap, Y: d.Min.Y}, Max: vg.Point{X: d.Max.X + colorBarGap + colorBarWidth, Y: d.Max.Y},
	}}, above)
}

// barLabel is the place of the colour bar's labels, which may reach into the space between
// two panels.
const barLabel = colorBarSpace - colorBarGap - colorBarWidth - 6 + figureSpace/2

// setLevels sets the levels of the contour lines, which are the ticks of the colour bar,
// and returns what stands above that: the power of ten that the labels leave out and, where
// they would be too long, the number that they are counted from.
func (m *fieldMap) setLevels() string {
	levels, scale := linearTicks(m.colors.Min, m.colors.Max, mapLevels)
	m.levels = levels
	sty := textStyle(tickSize, draw.XLeft)
	if !slices.ContainsFunc(levels, func(t plot.Tick) bool { return sty.Width(t.Label) > barLabel }) {
		return scaleText(scale)
	}
	levels, scale, offset := offsetTicks(m.colors.Min, m.colors.Max, mapLevels)
	m.levels = levels
	sign := " + "
	if offset < 0 {
		sign = " − "
	}
	// As many digits as the smallest power of ten that the offset is a multiple of.
	digits := max(0, -int(math.Ceil(math.Log10(m.colors.Max-m.colors.Min)-1e-9)))
	return strings.TrimPrefix(scaleText(scale)+sign+strconv.FormatFloat(math.Abs(offset), 'f', digits, 64), " ")
}

// pixels returns the number of pixels on a length.
func (m *fieldMap) pixels(l vg.Length) int {
	return max(int(math.Ceil(l.Points()/72*float64(m.dpi))), 1)
}

// lineStyle returns the style of the contour line at v.
func (m *fieldMap) lineStyle(v float64) draw.LineStyle {
	if m.colors.diverging() && math.Abs(v) < 1e-9*m.colors.Max {
		return draw.LineStyle{Color: zeroInk, Width: 1}
	}
	return draw.LineStyle{Color: lineInk, Width: 0.6}
}

// Plot implements plot.Plotter.
func (m *fieldMap) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	r := m.raster
	box := vg.Rectangle{
		Min: vg.Point{X: x(r.x[0]), Y: y(r.y[0])},
		Max: vg.Point{X: x(r.x[len(r.x)-1]), Y: y(r.y[len(r.y)-1])},
	}
	c.DrawImage(box, m.image(m.pixels(box.Size().X)))
	for _, t := range m.levels {
		for _, l := range m.contour(t.Value) {
			line := make([]vg.Point, len(l))
			for i, q := range l {
				line[i] = vg.Point{X: x(q.x), Y: y(q.y)}
			}
			c.StrokeLines(m.lineStyle(t.Value), line)
		}
	}
	center := vg.Point{X: x(r.cx), Y: y(r.cy)}
	radius := x(r.cx+r.r) - center.X
	c.SetLineStyle(ballLine())
	c.Stroke(disc(center, radius))
	if len(m.at) == 2 {
		drawWorst(c, vg.Point{X: x(m.at[0]), Y: y(m.at[1])})
	}
}

// drawBar draws the colour bar with its ticks into c, and a text above it.
func (m *fieldMap) drawBar(c draw.Canvas, above string) {
	c.DrawImage(c.Rectangle, barImage(m.colors, m.pixels(c.Size().Y)))
	for _, t := range m.levels {
		y := c.Y((t.Value - m.colors.Min) / (m.colors.Max - m.colors.Min))
		c.StrokeLine2(m.lineStyle(t.Value), c.Min.X, y, c.Max.X, y)
		c.StrokeLine2(draw.LineStyle{Color: softInk, Width: axisWidth}, c.Max.X, y, c.Max.X+3, y)
		drawText(c, textStyle(tickSize, draw.XLeft), vg.Point{X: c.Max.X + 6, Y: y - capHeight*tickSize/2}, t.Label)
	}
	c.SetLineStyle(draw.LineStyle{Color: softInk, Width: axisWidth})
	c.Stroke(c.Rectangle.Path())
	if above != "" {
		sty := textStyle(tickSize, draw.XLeft)
		x := min(c.Min.X, c.Max.X+6+barLabel-sty.Width(above)) // a long one ends with the labels
		drawText(c, sty, vg.Point{X: x, Y: c.Max.Y + 5}, above)
	}
}

// drawWorst marks the worst point: a dark cross with a light edge, which is seen
// on any colour.
func drawWorst(c draw.Canvas, p vg.Point) {
	const r = vg.Length(3.6)
	for _, s := range []draw.LineStyle{{Color: paper, Width: 3.6}, {Color: ink, Width: 1.6}} {
		d := r + s.Width/4
		c.StrokeLine2(s, p.X-d, p.Y-d, p.X+d, p.Y+d)
		c.StrokeLine2(s, p.X-d, p.Y+d, p.X+d, p.Y-d)
	}
}
