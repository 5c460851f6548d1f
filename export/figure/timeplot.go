package figure

import (
	"cmp"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kolmo/compare"
	"kolmo/export/results"
	"kolmo/export/table"
)

const (
	curvePoints  = 600 // most points drawn of a curve
	MostModels   = 4   // columns
	timeDecades  = 7   // the axis ends this far below the largest value
	EtaLineWidth = vg.Length(1.1)
)

// timePanel draws the curves of one observable and model.
type timePanel struct {
	title  string
	curves []compare.Curve
	colors map[float64]color.NRGBA
}

var _ plot.Plotter = (*timePanel)(nil)

// TimeFigure returns the picture of sup_{|x|<=R} |U^n - u(., n eta)| against
// t = n eta with a logarithmic gap: a row per observable, a column per model
// (at most four), a line per eta. It returns nil if r has no curve with a
// positive value.
func TimeFigure(r *compare.Result) *Figure {
	var observables, models []string
	colors := map[float64]color.NRGBA{}
	text := map[float64]string{}
	for i := range r.Curves {
		c := &r.Curves[i]
		if _, hi := curveRange(c); !(hi > 0) {
			continue
		}
		if !slices.Contains(observables, c.Observable) {
			observables = append(observables, c.Observable)
		}
		if !slices.Contains(models, c.Model) && len(models) < MostModels {
			models = append(models, c.Model)
		}
		text[c.Eta] = table.Eta(c.Eta, c.EtaText)
	}
	if len(observables) == 0 {
		return nil
	}
	var values []float64
	for e := range text {
		values = append(values, e)
	}
	slices.SortFunc(values, func(a, b float64) int { return cmp.Compare(b, a) })
	f := &Figure{Title: "gap over the ball against time, " + results.TitleOf(r), PanelW: 172, PanelH: 172,
		Cols: len(models), Rows: len(observables)}
	if f.Cols == 1 {
		f.PanelW = 340
	}
	for k, e := range values {
		colors[e] = EtaColor(k, len(values))
		style := draw.LineStyle{Color: colors[e], Width: 2 * EtaLineWidth}
		f.Legend = append(f.Legend, LegendEntry{"η = " + table.Clean(text[e]), func(c draw.Canvas) {
			c.StrokeLine2(style, c.Min.X, c.Center().Y, c.Max.X, c.Center().Y)
		}})
	}
	f.Panels = func(c draw.Canvas) {
		plots := make([][]*plot.Plot, f.Rows)
		for j, o := range observables {
			plots[j] = timeRow(r, o, models, colors)
		}
		boxes := plot.Align(plots, f.Tiles(), c)
		for j := range plots {
			for i, p := range plots[j] {
				DrawPanel(p, boxes[j][i])
			}
		}
	}
	return f
}

// etaColors are the colours of learning rates, the largest the palest, all seen on white.
var etaColors = []color.NRGBA{{R: 0x2a, G: 0x9d, B: 0x8f, A: 0xff}, {R: 0x1f, G: 0x7f, B: 0xb0, A: 0xff}, {R: 0x25, G: 0x4f, B: 0xa5, A: 0xff}, {R: 0x10, G: 0x1f, B: 0x58, A: 0xff}}

// EtaColor returns the colour of the k-th of n learning rates.
func EtaColor(k, n int) color.NRGBA {
	return ColorMap{0, 1, etaColors}.at(float64(k) / float64(max(n-1, 1)))
}

// curveRange returns the last time and the largest finite gap of a curve.
func curveRange(c *compare.Curve) (t, gap float64) {
	for i := range min(len(c.T), len(c.Gap)) {
		if g := c.Gap[i]; !math.IsNaN(g) && !math.IsInf(g, 0) && !math.IsInf(c.T[i], 0) {
			t, gap = max(t, c.T[i]), max(gap, g)
		}
	}
	return t, gap
}

// timeRow returns the panels of one observable, with common axes.
func timeRow(r *compare.Result, observable string, models []string, colors map[float64]color.NRGBA) []*plot.Plot {
	lo, hi, last := math.Inf(1), math.Inf(-1), 0.0
	panels := make([]*timePanel, len(models))
	for k, m := range models {
		panels[k] = &timePanel{title: observable + ", " + m, colors: colors}
		for i := range r.Curves {
			c := r.Curves[i]
			if c.Observable != observable || c.Model != m {
				continue
			}
			c = thin(c)
			panels[k].curves = append(panels[k].curves, c)
			t, g := curveRange(&c)
			last = max(last, t)
			if g > 0 {
				hi = max(hi, math.Log10(g))
			}
			for _, g := range c.Gap {
				if g > 0 {
					lo = min(lo, math.Log10(g))
				}
			}
		}
		slices.SortStableFunc(panels[k].curves, func(a, b compare.Curve) int { return cmp.Compare(b.Eta, a.Eta) })
	}
	if math.IsInf(hi, 0) {
		lo, hi = -1, 0
	}
	lo = max(lo, hi-timeDecades)
	if last == 0 {
		last = 1
	}
	row := make([]*plot.Plot, len(models))
	for k, m := range models {
		p := newPanel(table.Clean(m))
		p.X.Min, p.X.Max = 0, last
		pad := max(0.05*(hi-lo), 0.1)
		p.Y.Min, p.Y.Max = lo-pad, hi+pad
		ticks, scale := linearTicks(0, last, 4)
		p.X.Tick.Marker = plot.ConstantTicks(ticks)
		p.X.Label.Text = withScale("t = nη", scale)
		p.Y.Tick.Marker = plot.ConstantTicks(decadeTicks(p.Y.Min, p.Y.Max, mostDecades))
		if k == 0 {
			p.Y.Label.Text = Shorten("gap, "+table.Clean(observable), TextStyle(LabelSize, draw.XCenter), 130, false)
		}
		p.Add(newGrid(), panels[k])
		row[k] = p
	}
	return row
}

// thin returns the curve with at most about curvePoints points: of each stretch
// of time the least and the largest gap are kept.
func thin(c compare.Curve) compare.Curve {
	n := min(len(c.T), len(c.Gap))
	if n <= curvePoints {
		c.T, c.Gap = c.T[:n], c.Gap[:n]
		return c
	}
	stretch := (2*n + curvePoints - 1) / curvePoints
	out := c
	out.T, out.Gap = nil, nil
	for a := 0; a < n; a += stretch {
		low, high := a, a
		for i := a; i < min(a+stretch, n); i++ {
			if c.Gap[i] < c.Gap[low] {
				low = i
			}
			if c.Gap[i] > c.Gap[high] {
				high = i
			}
		}
		for _, i := range []int{min(low, high), max(low, high)} {
			if len(out.T) == 0 || c.T[i] > out.T[len(out.T)-1] {
				out.T, out.Gap = append(out.T, c.T[i]), append(out.Gap, c.Gap[i])
			}
		}
	}
	return out
}

// Plot implements plot.Plotter.
func (v *timePanel) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	values := record(c, p, v.title, timeAxis)
	for i := range v.curves {
		k := &v.curves[i]
		values.add("η = "+table.Eta(k.Eta, k.EtaText), len(k.Gap), func(i int) (float64, float64, any, string) {
			return k.T[i], math.Log10(k.Gap[i]), table.RoundTo(k.T[i]), table.Short(k.Gap[i])
		})
		var line []vg.Point
		style := draw.LineStyle{Color: v.colors[k.Eta], Width: EtaLineWidth}
		flush := func() {
			c.StrokeLines(style, c.ClipLinesXY(line)...)
			line = nil
		}
		for i, g := range k.Gap {
			if !(g > 0) || math.IsInf(g, 0) || math.IsNaN(k.T[i]) {
				flush()
				continue
			}
			line = append(line, vg.Point{X: x(k.T[i]), Y: y(math.Log10(g))})
		}
		flush()
	}
}
