package export

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kolmo/compare"
)

// curvePlotter draws a raster with d = 1 as a curve.
type curvePlotter struct {
	raster *compare.Raster
	style  series
}

var _ plot.Plotter = (*curvePlotter)(nil)

// curvePanel returns the plot of a raster with d = 1.
func curvePanel(a *compare.Raster, axis string) *plot.Plot {
	p := newPanel(panelTitle(a.Model, formatEta(a.Eta, a.EtaText), a.T))
	p.X.Min, p.X.Max = a.Center[0]-1.05*a.R, a.Center[0]+1.05*a.R
	lo, hi := bounds(a.Values)
	lo, hi = min(lo, 0), max(hi, 0) // the size is to be seen, not only the shape
	if lo == hi {
		lo, hi = -1, 1
	}
	pad := 0.08 * (hi - lo)
	p.Y.Min, p.Y.Max = lo-pad, hi+pad
	p.X.Label.Text, p.Y.Label.Text = clean(axis), "Uⁿ − u"
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		ticks, scale := linearTicks(axis.Min, axis.Max, 8)
		axis.Tick.Marker = plot.ConstantTicks(ticks)
		if scale != 0 {
			axis.Label.Text += "  (" + scaleText(scale) + ")"
		}
	}
	p.Add(newGrid(), &curvePlotter{raster: a, style: styles([]string{a.Model})[a.Model]})
	return p
}

// Plot implements plot.Plotter.
func (v *curvePlotter) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	a := v.raster
	c.StrokeLine2(draw.LineStyle{Color: softInk, Width: gridWidth}, c.Min.X, y(0), c.Max.X, y(0))
	for _, end := range []float64{a.Center[0] - a.R, a.Center[0] + a.R} {
		c.StrokeLine2(ballLine(), x(end), c.Min.Y, x(end), c.Max.Y)
	}
	var line []vg.Point
	flush := func() {
		c.StrokeLines(draw.LineStyle{Color: v.style.Color, Width: dataWidth}, line)
		line = nil
	}
	for i, f := range a.Values {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			flush()
			continue
		}
		line = append(line, vg.Point{X: x(a.X1[i]), Y: y(f)})
	}
	flush()
	if len(a.At) == 1 {
		if i, s := cell(a.X1, a.At[0]); s >= -1e-9 && s <= 1+1e-9 {
			f := a.Values[i]*(1-s) + a.Values[i+1]*s
			switch { // a node beside the end of the ball has no value
			case math.IsNaN(a.Values[i]):
				f = a.Values[i+1]
			case math.IsNaN(a.Values[i+1]):
				f = a.Values[i]
			}
			if !math.IsNaN(f) && !math.IsInf(f, 0) {
				drawWorst(c, vg.Point{X: x(a.At[0]), Y: y(f)})
			}
		}
	}
}
