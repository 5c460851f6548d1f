package export

import (
	"cmp"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kolmo/compare"
)

// curvePlotter draws fields of a raster with d = 1 as curves.
type curvePlotter struct {
	raster *compare.Raster
	lines  []line
	mark   []float64 // the values of the curve that the worst point is on
	zero   bool      // draw the line of zero
}

var _ plot.Plotter = (*curvePlotter)(nil)

// curveLines returns how U, called chain, and u are drawn, with the values of a unless that is nil.
func curveLines(a *compare.Raster, chain string) []line {
	l := []line{
		{Label: chain, Color: okabeIto[5], Width: 3},
		{Label: nameMean, Color: ink, Width: 1.1, Dashes: []vg.Length{5, 3}},
	}
	if a != nil {
		l[0].X, l[0].Y = a.X1, a.U
		l[1].X, l[1].Y = a.X1, a.Diffusion
	}
	return l
}

// valuePanel returns the plot of U, called chain, and u of a raster with d = 1.
func valuePanel(a *compare.Raster, chain, axis string) *plot.Plot {
	v := &curvePlotter{raster: a, lines: curveLines(a, chain), mark: a.Diffusion}
	return v.panel(axis, "Uⁿ and u", false)
}

// gapCurvePanel returns the plot of the difference.
func gapCurvePanel(a *compare.Raster, axis string) *plot.Plot {
	v := &curvePlotter{raster: a, mark: a.Values, zero: true,
		lines: []line{{X: a.X1, Y: a.Values, Color: okabeIto[0]}}}
	return v.panel(axis, nameGap, true) // its size is to be seen, not only its shape
}

// panel returns the axes; those of values start at zero if fromZero says so.
func (v *curvePlotter) panel(axis, label string, fromZero bool) *plot.Plot {
	a := v.raster
	p := newPanel("")
	p.X.Min, p.X.Max = a.Center[0]-1.05*a.R, a.Center[0]+1.05*a.R
	lo, hi := bounds(nil)
	for _, l := range v.lines {
		least, most := bounds(l.Y)
		lo, hi = min(lo, least), max(hi, most)
	}
	if fromZero {
		lo, hi = min(lo, 0), max(hi, 0)
	}
	if size := max(math.Abs(lo), math.Abs(hi)); hi-lo <= 1e-6*size || size == 0 {
		if size == 0 {
			size = 1
		}
		lo, hi = lo-size/10, hi+size/10 // what is constant is not magnified to noise
	}
	pad := 0.08 * (hi - lo)
	p.Y.Min, p.Y.Max = lo-pad, hi+pad
	p.X.Label.Text, p.Y.Label.Text = clean(axis), label
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		ticks, scale := linearTicks(axis.Min, axis.Max, 7)
		axis.Tick.Marker = plot.ConstantTicks(ticks)
		axis.Label.Text = withScale(axis.Label.Text, scale)
	}
	p.Add(newGrid(), v)
	return p
}

// Plot implements plot.Plotter.
func (v *curvePlotter) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	a := v.raster
	if v.zero {
		c.StrokeLine2(draw.LineStyle{Color: softInk, Width: axisWidth}, c.Min.X, y(0), c.Max.X, y(0))
	}
	for _, end := range []float64{a.Center[0] - a.R, a.Center[0] + a.R} {
		c.StrokeLine2(ballLine(), x(end), c.Min.Y, x(end), c.Max.Y)
	}
	values := record(c, p, p.Y.Label.Text, p.X.Label.Text)
	for _, l := range v.lines {
		values.add(cmp.Or(l.Label, nameGap), len(l.Y), func(i int) (float64, float64, any, string) {
			return l.X[i], l.Y[i], roundTo(l.X[i]), shortNumber(l.Y[i])
		})
		strokeRuns(c, l.style(), l.X, l.Y, x, y)
	}
	if f, ok := valueAt(a, v.mark); ok {
		drawWorst(c, vg.Point{X: x(a.At[0]), Y: y(f)})
	}
}

// strokeRuns strokes the curve through the points with finite values.
func strokeRuns(c draw.Canvas, sty draw.LineStyle, xs, ys []float64, x, y func(float64) vg.Length) {
	var run []vg.Point
	flush := func() {
		c.StrokeLines(sty, run)
		run = nil
	}
	for i, f := range ys {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			flush()
			continue
		}
		run = append(run, vg.Point{X: x(xs[i]), Y: y(f)})
	}
	flush()
}

// valueAt returns the value of a curve at the worst point; false if there is none.
func valueAt(a *compare.Raster, values []float64) (float64, bool) {
	if len(a.At) != 1 {
		return 0, false
	}
	i, s := cell(a.X1, a.At[0])
	if s < -1e-9 || s > 1+1e-9 {
		return 0, false
	}
	f := values[i]*(1-s) + values[i+1]*s
	switch { // a node beside the end of the ball has no value
	case math.IsNaN(values[i]):
		f = values[i+1]
	case math.IsNaN(values[i+1]):
		f = values[i]
	}
	return f, !math.IsNaN(f) && !math.IsInf(f, 0)
}
