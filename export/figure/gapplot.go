package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kolmo/compare"
	"kolmo/export/results"
	"kolmo/export/table"
)

// gapPoint is a gap in decimal logarithms. low and high are the ends of its
// error bar; low is -Inf where the error reaches the gap.
type gapPoint struct {
	x, y, low, high float64
	certified       bool
	joined          bool   // to the point before, which is at the next smaller eta
	eta, text       string // for whoever points at it
}

// gapSeries is the points of one model, eta increasing.
type gapSeries struct {
	model  string
	style  Series
	points []gapPoint
}

// gapPanel draws the gaps of one observable.
type gapPanel struct {
	title     string
	series    []gapSeries
	left      int // rows that have no logarithm and are left out
	triangles []slopeTriangle
}

var _ plot.Plotter = (*gapPanel)(nil)

// GapFigure returns the picture of the gaps against eta, both logarithmic: one
// panel per observable, one colour and marker per model, the error estimates as
// bars, hollow markers for rows that are not certified, and triangles of the
// slopes 1 and 2 where they cover nothing. Gaps that are zero or not finite have
// no place on a logarithmic axis; the axis label counts them, and no line passes them. It returns nil if no gap has.
func GapFigure(r *compare.Result) *Figure {
	return OfGaps(r, results.TitleOf(r), "hollow: not certified", func(string) string { return "gap  sup |Uⁿ − u(·, nη)|" })
}

// OfGaps draws the gaps of r under a title, with what a hollow marker means and the
// label of the y axis of an observable's panel. An observable without points has no panel, and is
// named below; without any it returns nil.
func OfGaps(r *compare.Result, title, hollowMeans string, yLabel func(observable string) string) *Figure {
	observables, models := results.Names(r)
	look := Styles(r, models)
	values, texts := results.Etas(r)
	points := map[string]gapPanel{}
	var empty []string
	for _, o := range observables {
		if p := newGapPanel(r, o, models, look, values); len(p.series) > 0 {
			points[o] = *p
		} else {
			empty = append(empty, o)
		}
	}
	observables = slices.DeleteFunc(observables, func(o string) bool { return slices.Contains(empty, o) })
	if len(observables) == 0 {
		return nil
	}
	f := &Figure{Title: title, PanelW: 300, PanelH: 270}
	f.Cols, f.Rows = arrange(len(observables))
	if f.Cols == 1 {
		f.PanelW, f.PanelH = 400, 310
	}
	for _, m := range models {
		f.Legend = append(f.Legend, LegendEntry{m, lineThumb(look[m])})
	}
	if results.Uncertified(r) > 0 {
		hollow := Series{Color: SoftInk, Shape: disc, Radius: 3.4}
		f.Legend = append(f.Legend, LegendEntry{hollowMeans, func(c draw.Canvas) {
			drawMarker(c, hollow, vg.Point{X: c.Max.X - 6, Y: c.Center().Y}, true)
		}})
	}
	f.Legend = append(f.Legend, notDrawn(zeroNote, empty)...)
	f.Panels = func(c draw.Canvas) {
		plots := make([][]*plot.Plot, f.Rows)
		panels := make([]*gapPanel, len(observables))
		for j := range plots {
			plots[j] = make([]*plot.Plot, f.Cols)
			for i := range plots[j] {
				if k := j*f.Cols + i; k < len(observables) {
					p := points[observables[k]]
					panels[k] = &p
					plots[j][i] = panels[k].plot(observables[k], values, texts, f.PanelW)
					plots[j][i].Y.Label.Text = yLabel(observables[k])
				}
			}
		}
		for range 8 { // lower the axis until the triangles have room
			boxes := plot.Align(plots, f.Tiles(), c)
			again := false
			for k := range panels {
				p := plots[k/f.Cols][k%f.Cols]
				if !panels[k].placeTriangles(p, p.DataCanvas(boxes[k/f.Cols][k%f.Cols])) {
					p.Y.Min -= 0.12 * (p.Y.Max - p.Y.Min)
					p.Y.Tick.Marker = plot.ConstantTicks(decadeTicks(p.Y.Min, p.Y.Max, mostDecades))
					again = true
				}
			}
			if !again {
				break
			}
		}
		boxes := plot.Align(plots, f.Tiles(), c)
		for k := range panels {
			p := plots[k/f.Cols][k%f.Cols]
			box := boxes[k/f.Cols][k%f.Cols]
			if !panels[k].placeTriangles(p, p.DataCanvas(box)) {
				panels[k].triangles = nil
			}
			f.DrawPanel(p, box)
		}
	}
	return f
}

// zeroNote is what the legend says of observables that no logarithmic axis has a place for.
const zeroNote = "not drawn, zero or undefined: "

// notDrawn is an entry of the legend that says what is not drawn: why, with the names of what is not.
func notDrawn(why string, names []string) []LegendEntry {
	if len(names) == 0 {
		return nil
	}
	sty := TextStyle(LabelSize, draw.XLeft)
	text := why + Shorten(table.Clean(names[0]), sty, 220, false)
	for i, name := range names[1:] {
		if more := fmt.Sprintf(" and %d more", len(names)-1-i); i+2 < len(names) && sty.Width(text+"; "+name+more) > 280 || sty.Width(text+"; "+name) > 330 {
			text += more
			break
		}
		text += "; " + table.Clean(name)
	}
	return []LegendEntry{{Text: text}}
}

const (
	mostDecades  = 8   // labels of a logarithmic axis
	leastDecades = 1.2 // its length, so that a power of ten is on it

	leastEtaDecades = 0.6 // length of the axis of eta
)

// arrange returns the columns and rows for n panels.
func arrange(n int) (cols, rows int) {
	switch {
	case n <= 3:
		cols = n
	case n == 4:
		cols = 2
	default:
		cols = 3
	}
	return cols, (n + cols - 1) / cols
}

// lineThumb draws a line with a marker for the legend.
func lineThumb(s Series) func(c draw.Canvas) {
	return func(c draw.Canvas) {
		y := c.Center().Y
		c.StrokeLine2(draw.LineStyle{Color: s.Color, Width: DataWidth, Dashes: s.Dashes}, c.Min.X, y, c.Max.X, y)
		drawMarker(c, s, c.Center(), false)
	}
}

// newGapPanel collects the points of one observable at the learning rates values.
func newGapPanel(r *compare.Result, observable string, models []string, look map[string]Series, values []float64) *gapPanel {
	p := &gapPanel{title: observable}
	for _, m := range models {
		s := gapSeries{model: m, style: look[m]}
		for _, g := range results.Groups(r) {
			if g.Observable != observable || g.Model != m {
				continue
			}
			for i := len(g.Rows) - 1; i >= 0; i-- {
				pt, ok := newGapPoint(&g.Rows[i])
				if !ok {
					p.left++
					continue
				}
				at := slices.Index(values, g.Rows[i].Eta)
				pt.joined = len(s.points) > 0 && at > 0 && s.points[len(s.points)-1].x == math.Log10(values[at-1])
				s.points = append(s.points, pt)
			}
		}
		if len(s.points) > 0 {
			p.series = append(p.series, s)
		}
	}
	return p
}

// newGapPoint returns the logarithms of a row; false if it has none.
func newGapPoint(g *compare.GapRow) (gapPoint, bool) {
	gap, e := float64(g.Gap), float64(g.Error)
	if !(gap > 0) || math.IsInf(gap, 0) || !(g.Eta > 0) || math.IsInf(g.Eta, 0) {
		return gapPoint{}, false
	}
	y := math.Log10(gap)
	pt := gapPoint{x: math.Log10(g.Eta), y: y, low: y, high: y, certified: g.Certified, eta: table.Clean(table.Eta(g.Eta, g.EtaText)),
		text: strings.Replace(table.Measured(gap, e), "+-", "±", 1)}
	if e > 0 && !math.IsInf(e, 0) {
		pt.low, pt.high = math.Inf(-1), math.Log10(gap+e)
		if e < gap {
			pt.low = math.Log10(gap - e)
		}
	}
	return pt, true
}

// bar returns the ends of the point's error bar on paper; one that reaches zero is an
// arrow of fixed length.
func (pt *gapPoint) bar(c draw.Canvas, y func(float64) vg.Length) (low, high vg.Length) {
	const arrow = vg.Length(16)
	low = y(pt.y) - arrow
	if !math.IsInf(pt.low, -1) {
		low = y(pt.low)
	}
	return max(low, c.Min.Y), min(y(pt.high), c.Max.Y)
}

// plot returns the panel's axes; width is about the panel's.
func (g *gapPanel) plot(title string, values []float64, texts []string, width vg.Length) *plot.Plot {
	p := newPanel(Shorten(table.Clean(title), BoldStyle(PanelSize, draw.XCenter), width-60, false))
	p.X.Label.Text = "learning rate η"
	if g.left > 0 {
		p.X.Label.Text += fmt.Sprintf("  (not drawn: %d zero or undefined)", g.left)
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, s := range g.series {
		for _, pt := range s.points {
			// A bar that reaches far below its point must not squeeze the rest.
			lo, hi = min(lo, max(pt.low, pt.y-0.5)), max(hi, min(pt.high, pt.y+1))
		}
	}
	pad := max(0.06*(hi-lo), 0.12, (leastDecades-(hi-lo))/2)
	p.Y.Min, p.Y.Max = lo-pad, hi+pad
	p.Y.Tick.Marker = plot.ConstantTicks(decadeTicks(p.Y.Min, p.Y.Max, mostDecades))
	p.X.Min, p.X.Max = -1, 0
	if n := len(values); n > 0 && values[0] > 0 {
		p.X.Min, p.X.Max = math.Log10(values[0]), math.Log10(values[n-1])
		pad := max(0.06*(p.X.Max-p.X.Min), (leastEtaDecades-(p.X.Max-p.X.Min))/2)
		p.X.Min, p.X.Max = p.X.Min-pad, p.X.Max+pad
		perDecade := (width - 70) / vg.Length(p.X.Max-p.X.Min)
		p.X.Tick.Marker = plot.ConstantTicks(etaTicks(values, texts, p.X.Tick.Label, perDecade))
	}
	p.Add(newGrid(), g)
	return p
}

// placeTriangles finds places for the slope triangles; false if there are none.
func (g *gapPanel) placeTriangles(p *plot.Plot, c draw.Canvas) bool {
	size := c.Size()
	sx, sy := size.X/vg.Length(p.X.Max-p.X.Min), size.Y/vg.Length(p.Y.Max-p.Y.Min)
	g.triangles = []slopeTriangle{newSlopeTriangle(1, sx, sy, size), newSlopeTriangle(2, sx, sy, size)}
	var data []segment
	x, y := p.Transforms(&c)
	for _, s := range g.series {
		for i, pt := range s.points {
			at := vg.Point{X: x(pt.x), Y: y(pt.y)}
			low, high := pt.bar(c, y)
			data = append(data, segment{vg.Point{X: at.X, Y: low}, vg.Point{X: at.X, Y: high}})
			if pt.joined {
				data = append(data, segment{vg.Point{X: x(s.points[i-1].x), Y: y(s.points[i-1].y)}, at})
			}
		}
	}
	return placeSlopes(g.triangles, c.Rectangle, data)
}

func (g *gapPanel) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, t := range g.triangles {
		t.draw(c)
	}
	for k, s := range g.series {
		line, from := make([]vg.Point, len(s.points)), 0
		for i, pt := range s.points {
			line[i] = vg.Point{X: x(pt.x), Y: y(pt.y)}
			if i+1 == len(s.points) || !s.points[i+1].joined {
				c.StrokeLines(draw.LineStyle{Color: s.style.Color, Width: DataWidth, Dashes: s.style.Dashes}, line[from:i+1])
				from = i + 1
			}
		}
		bar := draw.LineStyle{Color: s.style.Color, Width: barWidth}
		shift := barShift * (vg.Length(k) - vg.Length(len(g.series)-1)/2) // bars of models do not cover each other
		for i, pt := range s.points {
			low, high := pt.bar(c, y)
			if high-low < 0.5 {
				continue // thinner than its own line
			}
			at := line[i].X + shift
			c.StrokeLine2(bar, at, low, at, high)
			c.StrokeLine2(bar, at-capWidth/2, high, at+capWidth/2, high)
			if math.IsInf(pt.low, -1) {
				c.StrokeLines(bar, []vg.Point{{X: at - capWidth/2, Y: low + capWidth}, {X: at, Y: low}, {X: at + capWidth/2, Y: low + capWidth}})
			} else if low > c.Min.Y {
				c.StrokeLine2(bar, at-capWidth/2, low, at+capWidth/2, low)
			}
		}
	}
	values := record(c, p, g.title, "η")
	for _, s := range g.series {
		values.add(s.model, len(s.points), func(i int) (x, y float64, eta any, text string) {
			return s.points[i].x, s.points[i].y, s.points[i].eta, s.points[i].text
		})
		for _, pt := range s.points {
			drawMarker(c, s.style, vg.Point{X: x(pt.x), Y: y(pt.y)}, !pt.certified)
		}
	}
}
