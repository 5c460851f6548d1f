package figure

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

// Map is one plane of values over the disc, in colours, with contour lines, a
// colour bar, and the circle.
type Map struct {
	Title          string
	XLabel, YLabel string
	Raster         *Raster
	Colors         ColorMap
	At             []float64 // the worst point
	Over           *Warp     // what the map is drawn over; nil: what the raster is of
	Error          float64   // of the values: no contour line shows what differs by less from its level

	levels []plot.Tick
	dpi    int

	// What is computed once for the PNG and the SVG.
	painted *image.Paletted
	lines   map[float64][][]point // contour lines by level
}

// image returns the map's image, pixels wide; that of the first call is kept.
func (m *Map) image(pixels int) *image.Paletted {
	if m.painted == nil || m.painted.Rect.Dx() != pixels {
		m.painted = m.Raster.image(m.Colors, pixels, m.Over)
	}
	return m.painted
}

// contour returns the contour lines at a level and keeps them.
func (m *Map) contour(level float64) [][]point {
	lines, ok := m.lines[level]
	if !ok {
		if m.lines == nil {
			m.lines = map[float64][][]point{}
		}
		lines = m.Raster.told(level, m.Error).contour(level)
		m.lines[level] = lines
	}
	return lines
}

var _ plot.Plotter = (*Map)(nil)

// Draw draws the panel and its colour bar.
func (m *Map) Draw(c draw.Canvas, dpi int) {
	m.dpi = dpi
	above := m.setLevels()
	p := newPanel(m.Title)
	p.X.Label.Text, p.Y.Label.Text = m.XLabel, m.YLabel
	const border = 0.04 // free space around the circle, of R
	r := m.Raster
	p.X.Min, p.X.Max = r.cx-(1+border)*r.R, r.cx+(1+border)*r.R
	p.Y.Min, p.Y.Max = r.cy-(1+border)*r.R, r.cy+(1+border)*r.R
	if m.Over != nil {
		lo, hi := m.Over.frame(r)
		x, y := border/2*(hi.x-lo.x), border/2*(hi.y-lo.y)
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = lo.x-x, hi.x+x, lo.y-y, hi.y+y
	}
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
	DrawPanel(p, c)
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
func (m *Map) setLevels() string {
	levels, scale := linearTicks(m.Colors.Min, m.Colors.Max, mapLevels)
	m.levels = levels
	sty := TextStyle(tickSize, draw.XLeft)
	if !slices.ContainsFunc(levels, func(t plot.Tick) bool { return sty.Width(t.Label) > barLabel }) {
		return scaleText(scale)
	}
	levels, scale, offset := offsetTicks(m.Colors.Min, m.Colors.Max, mapLevels)
	m.levels = levels
	sign := " + "
	if offset < 0 {
		sign = " − "
	}
	// As many digits as the smallest power of ten that the offset is a multiple of.
	digits := max(0, -int(math.Ceil(math.Log10(m.Colors.Max-m.Colors.Min)-1e-9)))
	return strings.TrimPrefix(scaleText(scale)+sign+strconv.FormatFloat(math.Abs(offset), 'f', digits, 64), " ")
}

// pixels returns the number of pixels on a length.
func (m *Map) pixels(l vg.Length) int {
	return max(int(math.Ceil(l.Points()/72*float64(m.dpi))), 1)
}

// lineStyle returns the style of the contour line at v.
func (m *Map) lineStyle(v float64) draw.LineStyle {
	if m.Colors.diverging() && math.Abs(v) < 1e-9*m.Colors.Max {
		return draw.LineStyle{Color: zeroInk, Width: 1}
	}
	return draw.LineStyle{Color: lineInk, Width: 0.6}
}

func (m *Map) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	r := m.Raster
	lo, hi := m.Over.frame(r)
	box := vg.Rectangle{
		Min: vg.Point{X: x(lo.x), Y: y(lo.y)},
		Max: vg.Point{X: x(hi.x), Y: y(hi.y)},
	}
	c.DrawImage(box, m.image(m.pixels(box.Size().X)))
	for _, t := range m.levels {
		for _, l := range m.contour(t.Value) {
			line := make([]vg.Point, len(l))
			for i, q := range l {
				q = m.Over.point(q)
				line[i] = vg.Point{X: x(q.x), Y: y(q.y)}
			}
			c.StrokeLines(m.lineStyle(t.Value), line)
		}
	}
	c.SetLineStyle(BallLine())
	c.Stroke(m.Over.edge(r, x, y))
	if len(m.At) == 2 {
		at := m.Over.to(m.At...)
		DrawWorst(c, vg.Point{X: x(at[0]), Y: y(at[1])})
	}
}

// drawBar draws the colour bar with its ticks into c, and a text above it.
func (m *Map) drawBar(c draw.Canvas, above string) {
	c.DrawImage(c.Rectangle, barImage(m.Colors, m.pixels(c.Size().Y)))
	for _, t := range m.levels {
		y := c.Y((t.Value - m.Colors.Min) / (m.Colors.Max - m.Colors.Min))
		c.StrokeLine2(m.lineStyle(t.Value), c.Min.X, y, c.Max.X, y)
		c.StrokeLine2(draw.LineStyle{Color: SoftInk, Width: axisWidth}, c.Max.X, y, c.Max.X+3, y)
		drawText(c, TextStyle(tickSize, draw.XLeft), vg.Point{X: c.Max.X + 6, Y: y - capHeight*tickSize/2}, t.Label)
	}
	c.SetLineStyle(draw.LineStyle{Color: SoftInk, Width: axisWidth})
	c.Stroke(c.Rectangle.Path())
	if above != "" {
		sty := TextStyle(tickSize, draw.XLeft)
		x := min(c.Min.X, c.Max.X+6+barLabel-sty.Width(above)) // a long one ends with the labels
		drawText(c, sty, vg.Point{X: x, Y: c.Max.Y + 5}, above)
	}
}

// DrawWorst marks the worst point: a dark cross with a light edge, which is seen
// on any colour.
func DrawWorst(c draw.Canvas, p vg.Point) {
	const r = vg.Length(3.6)
	for _, s := range []draw.LineStyle{{Color: paper, Width: 3.6}, {Color: Ink, Width: 1.6}} {
		d := r + s.Width/4
		c.StrokeLine2(s, p.X-d, p.Y-d, p.X+d, p.Y+d)
		c.StrokeLine2(s, p.X-d, p.Y+d, p.X+d, p.Y-d)
	}
}
