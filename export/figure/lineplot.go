package figure

import (
	"cmp"
	"image/color"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kolmo/export/table"
)

// Line is one curve or set of points of a linePanel.
type Line struct {
	Label  string // in the legend, once per label; empty: not there
	X, Y   []float64
	Color  color.NRGBA
	Dashes []vg.Length
	Width  vg.Length // 0: dataWidth
	Marker bool      // the points are marked
	Hollow bool      // and hollow
	NoLine bool      // and not joined
	Shape  shape     // of the points; nil: discs
	Radius vg.Length // of the points; 0: pointRadius
	// XErr and YErr are the errors of the points, drawn as bars; nil: none.
	XErr, YErr []float64
}

// Lines is one plot of lines; logarithmic axes leave out what has no logarithm.
type Lines struct {
	Title          string // cut to its place
	Suffix         string // stands behind the title and is not cut
	Note           string // a line below them
	Named          string // for whoever points at it; "": title and suffix
	XLabel, YLabel string
	LogX, LogY     bool
	FromZero       bool // the x axis begins at 0
	Lines          []Line
	// Decades bounds the range of a logarithmic y axis below its largest value; 0:
	// timeDecades.
	Decades float64
	// Etas are the learning rates, the smallest first, whose texts label the x axis;
	// nil: numbers.
	Etas  []float64
	Texts []string
}

// OfLines returns the panels in rows of cols, with one legend. Panels of a row have
// a common y axis if share says so.
func OfLines(title string, panels []Lines, cols int, share bool) *Figure {
	f := &Figure{Title: title, PanelW: 240, PanelH: 210}
	f.Cols = max(min(len(panels), cols), 1)
	f.Rows = (len(panels) + f.Cols - 1) / f.Cols
	switch {
	case f.Cols == 1:
		f.PanelW, f.PanelH = 400, 280
	case f.Cols > 3:
		f.PanelW, f.PanelH = 180, 178
	}
	seen := map[string]bool{}
	for _, p := range panels {
		for _, l := range p.Lines {
			if l.Label == "" || seen[l.Label] {
				continue
			}
			seen[l.Label] = true
			f.Legend = append(f.Legend, l.Entry())
		}
	}
	f.Panels = func(c draw.Canvas) {
		plots := make([][]*plot.Plot, f.Rows)
		for j := range plots {
			plots[j] = make([]*plot.Plot, f.Cols)
			row := panels[j*f.Cols : min((j+1)*f.Cols, len(panels))]
			common := emptySpan()
			for i := range row {
				common = common.joined(row[i].span())
			}
			for i := range row {
				s := row[i].span()
				if share {
					s = common
				}
				plots[j][i] = row[i].plot(s, f.PanelW)
			}
		}
		boxes := plot.Align(plots, f.Tiles(), c)
		for j := range plots {
			for i, p := range plots[j] {
				if p != nil {
					f.DrawPanel(p, boxes[j][i])
				}
			}
		}
	}
	return f
}

// span is the range of the values of a panel on its two axes.
type span struct{ lo, hi [2]float64 }

// emptySpan returns the span of no values.
func emptySpan() span {
	return span{[2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}}
}

// joined returns the span of both.
func (s span) joined(o span) span {
	for k := range s.lo {
		s.lo[k], s.hi[k] = min(s.lo[k], o.lo[k]), max(s.hi[k], o.hi[k])
	}
	return s
}

// pointRadius is the radius of points.
const pointRadius = vg.Length(2.8)

// Entry returns the line's entry in the legend.
func (l Line) Entry() LegendEntry { return LegendEntry{table.Clean(l.Label), l.thumb} }

// thumb draws the line's picture in the legend.
func (l Line) thumb(c draw.Canvas) {
	at := c.Center()
	if l.NoLine {
		at.X = c.Max.X - 6 // beside its text
	} else {
		c.StrokeLine2(l.style(), c.Min.X, at.Y, c.Max.X, at.Y)
	}
	if l.Marker {
		drawMarker(c, l.look(), at, l.Hollow)
	}
}

// style returns how the line is stroked.
func (l Line) style() draw.LineStyle {
	w := l.Width
	if w == 0 {
		w = DataWidth
	}
	return draw.LineStyle{Color: l.Color, Width: w, Dashes: l.Dashes}
}

// look returns how the points are drawn.
func (l Line) look() Series {
	s := l.Shape
	if s == nil {
		s = disc
	}
	r := l.Radius
	if r == 0 {
		r = pointRadius
	}
	return Series{Color: l.Color, Shape: s, Radius: r}
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

// decades reports that all y are positive and more than two decades apart.
func (p *Lines) decades() bool {
	lo, hi := math.Inf(1), 0.0
	for _, l := range p.Lines {
		for _, y := range l.Y {
			lo, hi = min(lo, y), max(hi, y)
		}
	}
	return lo > 0 && hi > 100*lo
}

// span returns the range of the panel's values.
func (p *Lines) span() span {
	s := emptySpan()
	for _, l := range p.Lines {
		for i := range min(len(l.X), len(l.Y)) {
			x, y := at(l.X[i], p.LogX), at(l.Y[i], p.LogY)
			if x != x || y != y {
				continue
			}
			s = s.joined(span{[2]float64{x, y}, [2]float64{x, y}})
			if low, high := ends(l.Y, l.YErr, i, p.LogY); low == low && high == high {
				s.lo[1], s.hi[1] = min(s.lo[1], low), max(s.hi[1], high)
			}
		}
	}
	return s
}

// ends returns the ends of the bar of value i on an axis, NaN where they have no place.
func ends(values, errs []float64, i int, log bool) (low, high float64) {
	if i >= len(errs) {
		return math.NaN(), math.NaN()
	}
	return at(values[i]-errs[i], log), at(values[i]+errs[i], log)
}

// markedAt reports whether a marker is at an end of the x axis.
func (p *Lines) markedAt(x float64) bool {
	return slices.ContainsFunc(p.Lines, func(l Line) bool { return l.Marker && slices.Contains(l.X, x) })
}

// marked reports whether a line has markers, which need room at the ends of the axes.
func (p *Lines) marked() bool {
	return slices.ContainsFunc(p.Lines, func(l Line) bool { return l.Marker })
}

// plot returns the panel with its axes for values in s; width is about the panel's.
func (p *Lines) plot(s span, width vg.Length) *plot.Plot {
	lo, hi := s.lo, s.hi
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
	g := newPanel(p.TitleIn(width - 20))
	padX, padY := 0.0, max(0.05*(hi[1]-lo[1]), 1e-9*math.Abs(hi[1]))
	switch {
	case p.LogX:
		padX = max(0.05*(hi[0]-lo[0]), 0.1)
	case p.FromZero:
		lo[0] = min(lo[0], 0)
		if p.markedAt(hi[0]) {
			hi[0] += 0.03 * (hi[0] - lo[0]) // room for the half of a marker
		}
	case p.marked():
		padX = 0.06 * (hi[0] - lo[0])
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
	labels := 5
	if width < narrowPanel {
		labels = 4
	}
	ticks := func(a *plot.Axis, log bool) {
		if log {
			a.Tick.Marker = plot.ConstantTicks(decadeTicks(a.Min, a.Max, mostDecades))
			return
		}
		t, scale := linearTicks(a.Min, a.Max, labels)
		a.Tick.Marker = plot.ConstantTicks(t)
		a.Label.Text = withScale(a.Label.Text, scale)
	}
	ticks(&g.X, p.LogX)
	ticks(&g.Y, p.LogY)
	if p.LogX && len(p.Etas) > 0 {
		g.X.Tick.Marker = plot.ConstantTicks(etaTicks(p.Etas, p.Texts, g.X.Tick.Label, (width-70)/vg.Length(g.X.Max-g.X.Min)))
	}
	g.Add(newGrid(), p)
	return g
}

// narrowPanel is the width below which axes have fewer labels.
const narrowPanel = 200

// TitleIn returns the title in a width: of a long one only the part before Suffix is cut.
func (p *Lines) TitleIn(width vg.Length) string {
	sty := BoldStyle(PanelSize, draw.XCenter)
	title := Shorten(table.Clean(p.Title), sty, width-sty.Width(table.Clean(p.Suffix)), false) + table.Clean(p.Suffix)
	if p.Note != "" {
		title += "\n" + Shorten(table.Clean(p.Note), sty, width, false)
	}
	return title
}

func (p *Lines) Plot(c draw.Canvas, g *plot.Plot) {
	tx, ty := g.Transforms(&c)
	axis, _, _ := strings.Cut(p.XLabel, " = ")
	values := record(c, g, cmp.Or(p.Named, p.Title+p.Suffix), strings.TrimPrefix(axis, "learning rate "))
	for _, l := range p.Lines {
		values.add(l.Label, min(len(l.X), len(l.Y))*min(len(l.Label), 1), func(i int) (float64, float64, any, string) {
			return at(l.X[i], p.LogX), at(l.Y[i], p.LogY), p.shownX(l.X[i]), l.shownY(i)
		})
		var run, points []vg.Point
		flush := func() {
			if !l.NoLine {
				c.StrokeLines(l.style(), c.ClipLinesXY(run)...)
			}
			run = nil
		}
		for i := range min(len(l.X), len(l.Y)) {
			x, y := at(l.X[i], p.LogX), at(l.Y[i], p.LogY)
			if x != x || y != y {
				flush()
				continue
			}
			run = append(run, vg.Point{X: tx(x), Y: ty(y)})
			points = append(points, run[len(run)-1])
		}
		flush()
		p.bars(c, l, tx, ty)
		for _, pt := range points {
			if l.Marker && c.Contains(pt) {
				drawMarker(c, l.look(), pt, l.Hollow)
			}
		}
	}
}

// shownX returns an x as people who point at it see it: a learning rate as its study writes it.
func (p *Lines) shownX(x float64) any {
	if k := slices.Index(p.Etas, x); k >= 0 {
		return table.Clean(p.Texts[k])
	}
	return table.RoundTo(x)
}

// shownY returns the y of a point with its error, if it has one.
func (l *Line) shownY(i int) string {
	if i < len(l.YErr) && l.YErr[i] >= 0 {
		return strings.Replace(table.Measured(l.Y[i], l.YErr[i]), "+-", "±", 1)
	}
	return table.Short(l.Y[i])
}

// bars draws the errors of a line's points as far as the panel reaches; tx and ty place
// coordinates on paper.
func (p *Lines) bars(c draw.Canvas, l Line, tx, ty func(float64) vg.Length) {
	sty := draw.LineStyle{Color: l.Color, Width: barWidth}
	for i := range min(len(l.X), len(l.Y)) {
		x, y := at(l.X[i], p.LogX), at(l.Y[i], p.LogY)
		if x != x || y != y || !c.Contains(vg.Point{X: tx(x), Y: ty(y)}) {
			continue
		}
		low, high := ends(l.Y, l.YErr, i, p.LogY)
		if p.LogY && low != low {
			low = math.Inf(-1) // the bar reaches down to zero
		}
		if high > low {
			x, from, to := tx(x), c.Min.Y-1, ty(high)
			if low > math.Inf(-1) {
				from = ty(low)
			}
			c.StrokeLine2(sty, x, max(from, c.Min.Y), x, min(to, c.Max.Y))
			for _, end := range []vg.Length{from, to} {
				if end >= c.Min.Y && end <= c.Max.Y {
					c.StrokeLine2(sty, x-capWidth/2, end, x+capWidth/2, end)
				}
			}
		}
		if low, high := ends(l.X, l.XErr, i, p.LogX); high > low {
			y, from, to := ty(y), tx(low), tx(high)
			c.StrokeLine2(sty, max(from, c.Min.X), y, min(to, c.Max.X), y)
			for _, end := range []vg.Length{from, to} {
				if end >= c.Min.X && end <= c.Max.X {
					c.StrokeLine2(sty, end, y-capWidth/2, end, y+capWidth/2)
				}
			}
		}
	}
}

// SetEtas labels the x axis with learning rates, each with its text.
func (p *Lines) SetEtas(text map[float64]string) {
	p.Etas, p.Texts = slices.Sorted(maps.Keys(text)), nil
	for _, eta := range p.Etas {
		p.Texts = append(p.Texts, text[eta])
	}
}

// AddLevel adds a level line below the others, over all learning rates.
func (p *Lines) AddLevel(label string, y float64) {
	l := Line{Label: label, X: []float64{p.Etas[0], p.Etas[len(p.Etas)-1]}, Y: []float64{y, y}, Color: SoftInk, Dashes: []vg.Length{2, 2}}
	p.Lines = append([]Line{l}, p.Lines...)
}
