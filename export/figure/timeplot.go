package figure

import (
	"cmp"
	"image/color"
	"math"
	"slices"

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

// TimeFigure returns the picture of sup_{|x|<=R} |U^n - u(., n eta)| against
// t = n eta with a logarithmic gap: a row per observable, a column per model
// (at most four), a line per eta, dashed where the row is not certified. The legend
// says which curves are missing. It returns nil if r has no curve with a positive value.
func TimeFigure(r *compare.Result) *Figure {
	var observables, models, absent, empty []string
	var values []float64
	for _, c := range r.Curves {
		if !slices.ContainsFunc(c.Gap, func(g float64) bool { return g > 0 && !math.IsInf(g, 0) }) {
			continue
		}
		observables = results.AppendNew(observables, c.Observable)
		if len(models) < MostModels {
			models = results.AppendNew(models, c.Model)
		}
		if !slices.Contains(values, c.Eta) {
			values = append(values, c.Eta)
		}
	}
	if len(observables) == 0 {
		return nil
	}
	slices.SortFunc(values, func(a, b float64) int { return cmp.Compare(b, a) })
	curves := results.Index(r.Curves, func(c *compare.Curve) results.Key {
		return results.Key{Observable: c.Observable, Model: c.Model, Eta: c.Eta}
	})
	rows, open := results.Gaps(r), false
	all, every := results.Names(r)
	for _, m := range every {
		if !slices.Contains(models, m) {
			absent = append(absent, table.Clean(m))
		}
	}
	for _, o := range all {
		if !slices.Contains(observables, o) {
			empty = append(empty, o)
		}
	}
	var panels []Lines
	for _, o := range observables {
		for k, m := range models {
			p := Lines{Title: m, Named: o + ", " + m, XLabel: "t = nη", LogY: true, FromZero: true}
			if k == 0 {
				p.YLabel = Shorten("gap, "+table.Clean(o), TextStyle(LabelSize, draw.XCenter), 130, false)
			}
			for i, eta := range values {
				at := results.Key{Observable: o, Model: m, Eta: eta}
				c, row := curves[at], rows[at]
				switch {
				case c != nil && slices.ContainsFunc(c.Gap, func(g float64) bool { return g > 0 }):
					t := thin(*c)
					l := Line{Label: "η = " + table.Eta(eta, c.EtaText), X: t.T, Y: t.Gap, Color: EtaColor(i, len(values)), Width: EtaLineWidth}
					if row != nil && !row.Certified {
						l.Dashes, open = []vg.Length{3, 2}, true
					}
					p.Lines = append(p.Lines, l)
				case row != nil:
					absent = append(absent, table.Clean(o+", "+m+", η = "+table.Eta(eta, row.EtaText)))
				}
			}
			panels = append(panels, p)
		}
	}
	f := OfLines("gap over the ball against time, "+results.TitleOf(r), panels, len(models), true)
	for i := range f.Legend { // of learning rates
		l := Line{Color: EtaColor(i, len(values)), Width: EtaLineWidth}
		f.Legend[i].Thumb = l.thumb
	}
	if open {
		l := Line{Color: SoftInk, Width: EtaLineWidth, Dashes: []vg.Length{3, 2}}
		f.Legend = append(f.Legend, LegendEntry{"dashed: not certified", l.thumb})
	}
	f.Legend = append(append(f.Legend, notDrawn("no curve: ", absent)...), notDrawn(zeroNote, empty)...)
	f.PanelW, f.PanelH = 172, 172
	if f.Cols == 1 {
		f.PanelW = 340
	}
	return f
}

// etaColors are the colours of learning rates, the largest the palest, all seen on white.
var etaColors = []color.NRGBA{{R: 0x2a, G: 0x9d, B: 0x8f, A: 0xff}, {R: 0x1f, G: 0x7f, B: 0xb0, A: 0xff}, {R: 0x25, G: 0x4f, B: 0xa5, A: 0xff}, {R: 0x10, G: 0x1f, B: 0x58, A: 0xff}}

// EtaColor returns the colour of the k-th of n learning rates.
func EtaColor(k, n int) color.NRGBA {
	return ColorMap{0, 1, etaColors}.at(float64(k) / float64(max(n-1, 1)))
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
