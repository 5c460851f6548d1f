package export

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// line is one curve or set of points of a linePanel.
type line struct {
	Label  string // in the legend, once per label; empty: not there
	X, Y   []float64
	Color  color.NRGBA
	Dashes []vg.Length
	Width  vg.Length // 0: dataWidth
	Marker bool      // points instead of a line
	Shape  shape     // of the points; nil: discs
	Radius vg.Length // of the points; 0: pointRadius
}

// linePanel is one plot of lines; logarithmic axes leave out what has no logarithm.
type linePanel struct {
	Title, XLabel, YLabel string
	LogX, LogY            bool
	Lines                 []line
	// Decades bounds the range of a logarithmic y axis below its largest value; 0:
	// timeDecades.
	Decades float64
}

// lineFigure returns the panels side by side, at most three in a row, with one
// legend.
func lineFigure(title string, panels []linePanel) *Figure {
	f := &Figure{title: title, panelW: 240, panelH: 210}
	f.cols = min(len(panels), 3)
	f.rows = (len(panels) + f.cols - 1) / f.cols
	if f.cols == 1 {
		f.panelW, f.panelH = 400, 280
	}
	seen := map[string]bool{}
	for _, p := range panels {
		for _, l := range p.Lines {
			if l.Label == "" || seen[l.Label] {
				continue
			}
			seen[l.Label] = true
			f.legend = append(f.legend, legendEntry{clean(l.Label), l.thumb})
		}
	}
	f.panels = func(c draw.Canvas) {
		plots := make([][]*plot.Plot, f.rows)
		for j := range plots {
			plots[j] = make([]*plot.Plot, f.cols)
			for i := range plots[j] {
				if k := j*f.cols + i; k < len(panels) {
					plots[j][i] = panels[k].plot()
				}
			}
		}
		boxes := plot.Align(plots, f.tiles(), c)
		for j := range plots {
			for i, p := range plots[j] {
				if p != nil {
					drawPanel(p, boxes[j][i])
				}
			}
		}
	}
	return f
}

// pointRadius is the radius of points.
const pointRadius = vg.Length(2.8)

// thumb draws the line's picture in the legend.
func (l line) thumb(c draw.Canvas) {
	if l.Marker {
		drawMarker(c, l.look(), c.Center(), false)
		return
	}
	c.StrokeLine2(l.style(), c.Min.X, c.Center().Y, c.Max.X, c.Center().Y)
}

// style returns how the line is stroked.
func (l line) style() draw.LineStyle {
	w := l.Width
	if w == 0 {
		w = dataWidth
	}
	return draw.LineStyle{Color: l.Color, Width: w, Dashes: l.Dashes}
}

// look returns how the points are drawn.
func (l line) look() series {
	s := l.Shape
	if s == nil {
		s = disc
	}
	r := l.Radius
	if r == 0 {
		r = pointRadius
	}
	return series{Color: l.Color, Shape: s, Radius: r}
}

// at returns a coordinate on an axis, NaN where it has no place.
func at(v float64, log bool) float64 {
	if log {
		if !(v > 0) {
			return math.NaN()
		}
		v = math.Log10(v)
	}
	if math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

// plot returns the panel with its axes.
func (p *linePanel) plot() *plot.Plot {
	lo, hi := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for _, l := range p.Lines {
		for i := range min(len(l.X), len(l.Y)) {
			x, y := at(l.X[i], p.LogX), at(l.Y[i], p.LogY)
			if x != x || y != y {
				continue
			}
			lo[0], hi[0] = min(lo[0], x), max(hi[0], x)
			lo[1], hi[1] = min(lo[1], y), max(hi[1], y)
		}
	}
	for k := range lo {
		if lo[k] > hi[k] {
			lo[k], hi[k] = 0, 1
		}
	}
	if p.LogY {
		decades := p.Decades
		if decades == 0 {
			decades = timeDecades
		}
		lo[1] = max(lo[1], hi[1]-decades)
	}
	g := newPanel(clean(p.Title))
	padX, padY := 0.0, max(0.05*(hi[1]-lo[1]), 1e-9*math.Abs(hi[1]))
	if p.LogX {
		padX = max(0.05*(hi[0]-lo[0]), 0.1)
	}
	if p.LogY {
		padY = max(padY, 0.1)
	}
	if hi[0] == lo[0] && padX == 0 {
		padX = 0.5
	}
	if padY == 0 {
		padY = 0.5
	}
	g.X.Min, g.X.Max, g.Y.Min, g.Y.Max = lo[0]-padX, hi[0]+padX, lo[1]-padY, hi[1]+padY
	g.X.Label.Text, g.Y.Label.Text = p.XLabel, p.YLabel
	if p.LogX {
		g.X.Tick.Marker = plot.ConstantTicks(decadeTicks(g.X.Min, g.X.Max, mostDecades))
	} else {
		ticks, scale := linearTicks(g.X.Min, g.X.Max, 5)
		g.X.Tick.Marker = plot.ConstantTicks(ticks)
		g.X.Label.Text += "  " + scaleText(scale)
	}
	if p.LogY {
		g.Y.Tick.Marker = plot.ConstantTicks(decadeTicks(g.Y.Min, g.Y.Max, mostDecades))
	} else {
		ticks, scale := linearTicks(g.Y.Min, g.Y.Max, 5)
		g.Y.Tick.Marker = plot.ConstantTicks(ticks)
		g.Y.Label.Text += "  " + scaleText(scale)
	}
	g.Add(newGrid(), p)
	return g
}

// Plot implements plot.Plotter.
func (p *linePanel) Plot(c draw.Canvas, g *plot.Plot) {
	tx, ty := g.Transforms(&c)
	for _, l := range p.Lines {
		var run []vg.Point
		flush := func() {
			c.StrokeLines(l.style(), c.ClipLinesXY(run)...)
			run = nil
		}
		for i := range min(len(l.X), len(l.Y)) {
			x, y := at(l.X[i], p.LogX), at(l.Y[i], p.LogY)
			if x != x || y != y {
				flush()
				continue
			}
			pt := vg.Point{X: tx(x), Y: ty(y)}
			if !l.Marker {
				run = append(run, pt)
			} else if c.Contains(pt) {
				drawMarker(c, l.look(), pt, false)
			}
		}
		flush()
	}
}
