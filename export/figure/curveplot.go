package figure

import (
	"cmp"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kolmo/compare"
	"kolmo/export/table"
)

// CurvePlotter draws fields of a raster with d = 1 as curves.
type CurvePlotter struct {
	Raster *compare.Raster
	Lines  []Line
	Mark   []float64 // the values of the curve that the worst point is on
	Zero   bool      // draw the line of zero
}

var _ plot.Plotter = (*CurvePlotter)(nil)

// curveLines returns how U, called chain, and u are drawn, with the values of a unless that is nil.
func curveLines(a *compare.Raster, chain string) []Line {
	l := []Line{
		{Label: chain, Color: OkabeIto[5], Width: 3},
		{Label: NameMean, Color: Ink, Width: 1.1, Dashes: []vg.Length{5, 3}},
	}
	if a != nil {
		l[0].X, l[0].Y = a.X1, a.U
		l[1].X, l[1].Y = a.X1, a.Diffusion
	}
	return l
}

// valuePanel returns the plot of U, called chain, and u of a raster with d = 1.
func valuePanel(a *compare.Raster, chain, axis string) *plot.Plot {
	v := &CurvePlotter{Raster: a, Lines: curveLines(a, chain), Mark: a.Diffusion}
	return v.Panel(axis, "Uⁿ and u", false)
}

// gapCurvePanel returns the plot of the difference.
func gapCurvePanel(a *compare.Raster, axis string) *plot.Plot {
	v := &CurvePlotter{Raster: a, Mark: a.Values, Zero: true,
		Lines: []Line{{X: a.X1, Y: a.Values, Color: OkabeIto[0]}}}
	return v.Panel(axis, NameGap, true) // its size is to be seen, not only its shape
}

// Panel returns the axes; those of values start at zero if fromZero says so.
func (v *CurvePlotter) Panel(axis, label string, fromZero bool) *plot.Plot {
	a := v.Raster
	p := newPanel("")
	p.X.Min, p.X.Max = a.Center[0]-1.05*a.R, a.Center[0]+1.05*a.R
	lo, hi := Bounds(nil)
	for _, l := range v.Lines {
		least, most := Bounds(l.Y)
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
	p.X.Label.Text, p.Y.Label.Text = table.Clean(axis), label
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		ticks, scale := linearTicks(axis.Min, axis.Max, 7)
		axis.Tick.Marker = plot.ConstantTicks(ticks)
		axis.Label.Text = withScale(axis.Label.Text, scale)
	}
	p.Add(newGrid(), v)
	return p
}

func (v *CurvePlotter) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	a := v.Raster
	if v.Zero {
		c.StrokeLine2(draw.LineStyle{Color: SoftInk, Width: axisWidth}, c.Min.X, y(0), c.Max.X, y(0))
	}
	for _, end := range []float64{a.Center[0] - a.R, a.Center[0] + a.R} {
		c.StrokeLine2(BallLine(), x(end), c.Min.Y, x(end), c.Max.Y)
	}
	values := record(c, p, p.Y.Label.Text, p.X.Label.Text)
	for _, l := range v.Lines {
		values.add(cmp.Or(l.Label, NameGap), len(l.Y), func(i int) (float64, float64, any, string) {
			return l.X[i], l.Y[i], table.RoundTo(l.X[i]), table.Short(l.Y[i])
		})
		strokeRuns(c, l.style(), l.X, l.Y, x, y)
	}
	if f, ok := valueAt(a, v.Mark); ok {
		DrawWorst(c, vg.Point{X: x(a.At[0]), Y: y(f)})
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
	if _, s := Cell(a.X1, a.At[0]); s < -1e-9 || s > 1+1e-9 {
		return 0, false
	}
	f := Between(a.X1, values, a.At[0])
	return f, !math.IsNaN(f) && !math.IsInf(f, 0)
}

// Between returns the value at x of a curve through values at uniform nodes, by linear interpolation;
// a node beside the end of the ball has none, and its neighbour's counts.
func Between(nodes, values []float64, x float64) float64 {
	i, s := Cell(nodes, x)
	switch {
	case math.IsNaN(values[i]):
		return values[i+1]
	case math.IsNaN(values[i+1]):
		return values[i]
	}
	return values[i]*(1-s) + values[i+1]*s
}

// AtRate is a number of a process at a learning rate, and its ratio to the chain's, NaN if it
// has none.
type AtRate struct {
	Eta             float64
	Text            string // eta as it is shown
	Y, Err          float64
	Ratio, RatioErr float64
}

// OverChain returns the panel of the numbers of some processes against the learning rate, and
// that of their ratios if there are any; nil without numbers. What spans decades and is positive has a logarithmic axis.
func OverChain(r *compare.Result, names []string, of func(name string) []AtRate, numbers, ratios Lines) []Lines {
	look, text := Styles(r, names), map[float64]string{}
	for _, name := range names {
		l, over := look[name].Line(name), look[name].Line(name)
		for _, v := range of(name) {
			l.X, l.Y, l.YErr = append(l.X, v.Eta), append(l.Y, v.Y), append(l.YErr, v.Err)
			if v.Ratio == v.Ratio {
				over.X, over.Y, over.YErr = append(over.X, v.Eta), append(over.Y, v.Ratio), append(over.YErr, v.RatioErr)
			}
			text[v.Eta] = v.Text
		}
		if len(l.X) > 0 {
			numbers.Lines = append(numbers.Lines, l)
		}
		if len(over.X) > 0 {
			ratios.Lines = append(ratios.Lines, over)
		}
	}
	if len(numbers.Lines) == 0 {
		return nil
	}
	numbers.LogY = numbers.LogY || numbers.decades()
	numbers.SetEtas(text)
	if len(ratios.Lines) == 0 {
		return []Lines{numbers}
	}
	ratios.SetEtas(text)
	ratios.AddLevel("", 1)
	ratios.LogY = ratios.decades()
	return []Lines{numbers, ratios}
}
