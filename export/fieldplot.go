package export

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kolmo/compare"
)

const (
	colorBarGap   = vg.Length(12)
	colorBarWidth = vg.Length(10)
	colorBarSpace = vg.Length(58) // for the bar and its labels
	mapLevels     = 10            // contour lines, about
)

// FieldFigure returns the picture of the signed difference U^n - u(., n eta) at
// the step where the gap was reached, for the first observable and, per model,
// the smallest eta that has a raster: over the disc in colours with contour
// lines if d = 2, as a curve if d = 1. axes are the names of the parameters; nil
// means x1, x2. It returns nil if r has no raster that can be drawn.
func FieldFigure(r *compare.Result, axes []string) *Figure {
	rasters := fieldRasters(r)
	if len(rasters) == 0 {
		return nil
	}
	axes = append([]string(nil), axes...)
	for k := len(axes); k < 2; k++ {
		axes = append(axes, "x"+strconv.Itoa(k+1))
	}
	f := &Figure{
		title:  "Uⁿ − u(·, nη) at its worst n, observable " + rasters[0].Observable,
		panelW: 290, panelH: 246, cols: min(len(rasters), 2), rows: (len(rasters) + 1) / 2,
	}
	f.legend = []legendEntry{{"worst point", func(c draw.Canvas) { drawWorst(c, vg.Point{X: c.Max.X - 6, Y: c.Center().Y}) }}}
	one := rasters[0].X2 == nil
	if one {
		f.panelH = 220
		f.legend = append(f.legend, legendEntry{"ends of the ball", func(c draw.Canvas) {
			c.StrokeLine2(ballLine(), c.Min.X, c.Center().Y, c.Max.X, c.Center().Y)
		}})
	} else {
		f.legend = append(f.legend, legendEntry{"circle |x − center| = R", func(c draw.Canvas) {
			c.StrokeLine2(ballLine(), c.Min.X, c.Center().Y, c.Max.X, c.Center().Y)
		}})
	}
	f.panels = func(c draw.Canvas) {
		plots := make([][]*plot.Plot, f.rows)
		for j := range plots {
			plots[j] = make([]*plot.Plot, f.cols)
		}
		for k := range rasters {
			tile := f.tiles().At(c, k%f.cols, k/f.cols)
			if one {
				plots[k/f.cols][k%f.cols] = curvePanel(&rasters[k], axes[0])
			} else {
				drawMap(tile, &rasters[k], axes, f.resolution())
			}
		}
		if !one {
			return
		}
		boxes := plot.Align(plots, f.tiles(), c)
		for k := range rasters {
			plots[k/f.cols][k%f.cols].Draw(boxes[k/f.cols][k%f.cols])
		}
	}
	return f
}

// ballLine is the line that marks the ball.
func ballLine() draw.LineStyle { return draw.LineStyle{Color: ink, Width: 1.2} }

// fieldRasters returns the rasters to draw: those of the first observable, per
// model the one of the smallest eta, all of the dimension of the first.
func fieldRasters(r *compare.Result) []compare.Raster {
	observables, models := names(r)
	for _, o := range observables {
		var out []compare.Raster
		for _, m := range models {
			best := -1
			for i := range r.Rasters {
				a := &r.Rasters[i]
				if a.Observable == o && a.Model == m && drawable(a) && (best < 0 || a.Eta < r.Rasters[best].Eta) {
					best = i
				}
			}
			if best >= 0 && (len(out) == 0 || (out[0].X2 == nil) == (r.Rasters[best].X2 == nil)) {
				out = append(out, r.Rasters[best])
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// drawable reports whether the raster has a finite value and shapes that fit.
func drawable(a *compare.Raster) bool {
	if a.X2 == nil {
		lo, hi := bounds(a.Values)
		return len(a.X1) > 1 && len(a.Values) == len(a.X1) && len(a.Center) == 1 && a.R > 0 && lo <= hi
	}
	_, ok := newRaster2(a)
	return ok
}

// mapPlotter draws the disc of one raster.
type mapPlotter struct {
	raster *raster2
	colors colorMap
	levels []plot.Tick
	at     []float64
	dpi    int
}

var _ plot.Plotter = (*mapPlotter)(nil)

// drawMap draws the panel of a raster with d = 2 and its colour bar.
func drawMap(c draw.Canvas, a *compare.Raster, axes []string, dpi int) {
	raster, ok := newRaster2(a)
	if !ok {
		return
	}
	m := &mapPlotter{raster: raster, colors: newColorMap(raster.lo, raster.hi), at: a.At, dpi: dpi}
	var scale int
	m.levels, scale = linearTicks(m.colors.Min, m.colors.Max, mapLevels)
	p := newPanel(panelTitle(a.Model, formatEta(a.Eta, a.EtaText), a.T))
	p.X.Label.Text, p.Y.Label.Text = clean(axes[0]), clean(axes[1])
	const border = 0.04 // free space around the circle, of R
	p.X.Min, p.X.Max = a.Center[0]-(1+border)*a.R, a.Center[0]+(1+border)*a.R
	p.Y.Min, p.Y.Max = a.Center[1]-(1+border)*a.R, a.Center[1]+(1+border)*a.R
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		ticks, s := linearTicks(axis.Min, axis.Max, 5)
		axis.Tick.Marker = plot.ConstantTicks(ticks)
		if s != 0 {
			axis.Label.Text += "  (" + scaleText(s) + ")"
		}
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
	p.Draw(c)
	d := p.DataCanvas(c)
	m.drawBar(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
		Min: vg.Point{X: d.Max.X + colorBarGap, Y: d.Min.Y}, Max: vg.Point{X: d.Max.X + colorBarGap + colorBarWidth, Y: d.Max.Y},
	}}, scale)
}

// pixels returns the number of pixels on a length.
func (m *mapPlotter) pixels(l vg.Length) int {
	return max(int(math.Ceil(l.Points()/72*float64(m.dpi))), 1)
}

// lineStyle returns the style of the contour line at v.
func (m *mapPlotter) lineStyle(v float64) draw.LineStyle {
	if m.colors.diverging() && math.Abs(v) < 1e-9*m.colors.Max {
		return draw.LineStyle{Color: zeroInk, Width: 1}
	}
	return draw.LineStyle{Color: lineInk, Width: 0.6}
}

// Plot implements plot.Plotter.
func (m *mapPlotter) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	r := m.raster
	box := vg.Rectangle{
		Min: vg.Point{X: x(r.x[0]), Y: y(r.y[0])},
		Max: vg.Point{X: x(r.x[len(r.x)-1]), Y: y(r.y[len(r.y)-1])},
	}
	c.DrawImage(box, r.image(m.colors, m.pixels(box.Size().X)))
	for _, t := range m.levels {
		for _, l := range r.contour(t.Value) {
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

// drawBar draws the colour bar with its ticks into c.
func (m *mapPlotter) drawBar(c draw.Canvas, scale int) {
	c.DrawImage(c.Rectangle, barImage(m.colors, m.pixels(c.Size().Y)))
	for _, t := range m.levels {
		y := c.Y((t.Value - m.colors.Min) / (m.colors.Max - m.colors.Min))
		c.StrokeLine2(m.lineStyle(t.Value), c.Min.X, y, c.Max.X, y)
		c.StrokeLine2(draw.LineStyle{Color: softInk, Width: axisWidth}, c.Max.X, y, c.Max.X+3, y)
		drawText(c, textStyle(tickSize, draw.XLeft), vg.Point{X: c.Max.X + 6, Y: y - capHeight*tickSize/2}, t.Label)
	}
	c.SetLineStyle(draw.LineStyle{Color: softInk, Width: axisWidth})
	c.Stroke(c.Rectangle.Path())
	if scale != 0 {
		drawText(c, textStyle(tickSize, draw.XLeft), vg.Point{X: c.Min.X, Y: c.Max.Y + 5}, scaleText(scale))
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
