package figure

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kolmo/compare"
	"kolmo/export/results"
	"kolmo/export/table"
)

// Sizes of the picture of the fields.
const (
	headerLine  = vg.Length(17) // above each row of panels
	curveWidth  = vg.Length(290)
	curveHeight = vg.Length(160)
	MapWidth    = vg.Length(232)
	MapHeight   = vg.Length(190)
)

// What the fields are called in the pictures.
const (
	NameMean = "u(·, nη), diffusion"
	NameGap  = "gap Uⁿ − u"
)

// NameU is what U^n is called, by the chain whose mean it is.
func NameU(r *compare.Result) string { return "Uⁿ, " + results.ChainName(r) }

// AxesOf returns the names of three axes: those given, then x2, x3.
func AxesOf(names []string) []string {
	axes := make([]string, 3)
	for k := range axes {
		axes[k] = "x" + strconv.Itoa(k+1)
		if k < len(names) {
			axes[k] = table.Clean(names[k])
		}
	}
	return axes
}

// fieldRow is a row of panels under a common header.
type fieldRow struct {
	header string
	curve  *compare.Raster // d = 1: U and u beside each other, and their difference
	chain  string          // the name of U
	maps   []Map           // d = 2 and 3
}

// FieldFigure returns the picture of U^n, u(., n eta) and their signed difference at
// the step where the gap was reached, for the first observable and, per model, the
// smallest eta that has a raster: as curves if d = 1, over the disc in colours with
// contour lines if d = 2, on three slices through the worst point if d = 3 (U and u
// for the first model alone). axes are the names of the parameters; nil means x1, x2,
// x3. With a warp of as many coordinates, at most two, it is drawn over these.
// It returns nil if r has no raster that can be drawn.
func FieldFigure(r *compare.Result, axes []string, over *Warp) *Figure {
	rasters := FieldRasters(r)
	if len(rasters) == 0 {
		return nil
	}
	d := RasterDim(&rasters[0])
	if d > 2 || !over.of(d) {
		over = nil
	} else {
		axes = over.Names
	}
	axes = AxesOf(axes)
	if over != nil && d == 1 {
		for k := range rasters {
			rasters[k] = *over.line(&rasters[k])
		}
		over = nil
	}
	var rows []fieldRow
	gaps := results.Gaps(r)
	for k := range rasters {
		a := &rasters[k]
		row := gaps[results.Key{Observable: a.Observable, Model: a.Model, Eta: a.Eta}]
		rows = append(rows, fieldRows(a, row, NameU(r), axes, k == 0)...)
	}
	for _, row := range rows {
		for i := range row.maps {
			row.maps[i].Over = over
		}
	}
	f := &Figure{
		Title: "Uⁿ and u at the n of the largest gap, observable " + rasters[0].Observable + ", " + results.TitleOf(r),
		Cols:  len(rows[0].maps), Rows: len(rows), PanelW: MapWidth, PanelH: MapHeight + headerLine,
	}
	for k := range rasters {
		f.seen = strings.TrimPrefix(f.seen+"; "+seenOf(&rasters[k], over), "; ")
	}
	f.Legend = []LegendEntry{{"worst point", func(c draw.Canvas) { DrawWorst(c, vg.Point{X: c.Max.X - 6, Y: c.Center().Y}) }}}
	ball := func(text string) LegendEntry {
		return LegendEntry{text, func(c draw.Canvas) {
			c.StrokeLine2(BallLine(), c.Min.X, c.Center().Y, c.Max.X, c.Center().Y)
		}}
	}
	if rows[0].curve != nil {
		f.Cols, f.PanelW, f.PanelH = 2, curveWidth, curveHeight+headerLine
		f.Legend = append(f.Legend, ball("ends of the ball"))
		for _, l := range curveLines(nil, NameU(r)) {
			f.Legend = append(f.Legend, l.Entry())
		}
	} else {
		f.Legend = append(f.Legend, ball("edge of the ball"))
	}
	f.Panels = func(c draw.Canvas) { drawFieldRows(f, c, rows, axes) }
	return f
}

// seenOf says between which values the difference lies and where it is largest.
func seenOf(a *compare.Raster, over *Warp) string {
	values := a.Values
	for _, s := range a.Slices {
		values = append(values, s.Values...)
	}
	lo, hi := Bounds(values)
	at := make([]compare.Number, len(a.At))
	for k, z := range over.to(a.At...) {
		at[k] = compare.Number(z)
	}
	text := fmt.Sprintf("%s: Uⁿ − u between %s and %s, largest at %s", PanelTitle(a.Model, table.Eta(a.Eta, a.EtaText), a.T), table.Short(lo), table.Short(hi), table.Point(at, 2))
	if a.Held != "" {
		text += ", all at " + a.Held
	}
	return text
}

// fieldRows returns the rows of one raster, the gap of which is that of a row, nil where none is known.
func fieldRows(a *compare.Raster, of *compare.GapRow, chain string, axes []string, first bool) []fieldRow {
	header, known := PanelTitle(a.Model, table.Eta(a.Eta, a.EtaText), a.T), 0.0
	if of != nil {
		known = float64(of.Error)
		if !of.Certified {
			header += ", not certified"
		}
	}
	if len(a.Slices) == 0 && a.X2 == nil {
		return []fieldRow{{header: header, curve: a, chain: chain}}
	}
	if len(a.Slices) == 0 {
		u, mean, gap := planeMaps(a, known, axes)
		u.Title, mean.Title, gap.Title = chain, NameMean, NameGap
		return []fieldRow{{header: header, maps: []Map{u, mean, gap}}}
	}
	rows := []fieldRow{{header: header + ": " + chain}, {header: header + ": " + NameMean}, {header: header + ": " + NameGap}}
	for k := range a.Slices {
		s := &a.Slices[k]
		u, mean, gap := planeMaps(s, known, axes)
		for i, m := range []Map{u, mean, gap} {
			m.Title = sliceTitle(axes[s.Normal], s.Offset, a.At[s.Normal])
			rows[i].maps = append(rows[i].maps, m)
		}
	}
	// Slices of one field have one scale.
	var lo, hi [3]float64
	for i := range rows {
		lo[i], hi[i] = Bounds(nil)
		for _, m := range rows[i].maps {
			lo[i], hi[i] = min(lo[i], m.Raster.Lo), max(hi[i], m.Raster.Hi)
		}
	}
	var colors [3]ColorMap
	colors[0], colors[1] = ValueMaps(lo[0], hi[0], lo[1], hi[1])
	colors[2] = NewColorMap(lo[2], hi[2])
	for i := range rows {
		for k := range rows[i].maps {
			rows[i].maps[k].Colors = colors[i]
		}
	}
	if !first {
		return rows[2:]
	}
	return rows
}

// sliceTitle says where a slice lies on an axis, and where the worst point does if that is
// not on the slice, which shows its projection then.
func sliceTitle(axis string, offset, worst float64) string {
	title := axis + " = " + Minus(table.Fixed(offset, 3))
	if at := Minus(table.Fixed(worst, 3)); title != axis+" = "+at {
		title += " (worst point: " + at + ")"
	}
	return title
}

// planeMaps returns the maps of U, u and the difference, which has the error known; a must be drawable.
func planeMaps(a *compare.Raster, known float64, axes []string) (u, mean, gap Map) {
	var maps [3]Map
	for i, v := range [][]float64{a.U, a.Diffusion, a.Values} {
		r, _ := NewRasterOf(a, v)
		maps[i] = Map{Raster: r, At: a.At, XLabel: table.Clean(axes[a.Axes[0]]), YLabel: table.Clean(axes[a.Axes[1]]), Colors: NewColorMap(r.Lo, r.Hi)}
		if a.Axes == [2]int{} {
			maps[i].XLabel, maps[i].YLabel = table.Clean(axes[0]), table.Clean(axes[1])
		}
	}
	maps[2].Error = known
	maps[0].Colors, maps[1].Colors = ValueMaps(maps[0].Raster.Lo, maps[0].Raster.Hi, maps[1].Raster.Lo, maps[1].Raster.Hi)
	return maps[0], maps[1], maps[2]
}

// Minus writes the true Minus sign.
func Minus(s string) string {
	if s != "" && s[0] == '-' && s != table.Absent {
		return "−" + s[1:]
	}
	return s
}

// drawFieldRows draws the rows with their headers.
func drawFieldRows(f *Figure, c draw.Canvas, rows []fieldRow, axes []string) {
	plots := make([][]*plot.Plot, len(rows))
	for j := range rows {
		for i := range f.Cols {
			tile := f.Tiles().At(c, i, j)
			if i == 0 {
				drawText(c, BoldStyle(PanelSize, draw.XLeft), vg.Point{X: tile.Min.X, Y: tile.Max.Y - PanelSize}, rows[j].header)
			}
			if rows[j].curve == nil {
				rows[j].maps[i].Draw(draw.Crop(tile, 0, 0, 0, -headerLine), f.Resolution())
			}
		}
		if a := rows[j].curve; a != nil {
			plots[j] = []*plot.Plot{valuePanel(a, rows[j].chain, axes[0]), gapCurvePanel(a, axes[0])}
		}
	}
	if plots[0] == nil {
		return
	}
	boxes := plot.Align(plots, f.Tiles(), c)
	for j := range plots {
		for i, p := range plots[j] {
			box := boxes[j][i]
			box.Max.Y -= headerLine
			DrawPanel(p, box)
		}
	}
}

// BallLine is the line that marks the ball.
func BallLine() draw.LineStyle { return draw.LineStyle{Color: Ink, Width: 1.2} }

// FieldRasters returns the rasters to draw: those of the first observable, per
// model the one of the smallest eta, all of the dimension of the first.
func FieldRasters(r *compare.Result) []compare.Raster {
	observables, models := results.Names(r)
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
			if best >= 0 && (len(out) == 0 || RasterDim(&out[0]) == RasterDim(&r.Rasters[best])) {
				out = append(out, r.Rasters[best])
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// RasterDim returns the dimension of a raster.
func RasterDim(a *compare.Raster) int {
	switch {
	case len(a.Slices) > 0:
		return 3
	case a.X2 != nil:
		return 2
	}
	return 1
}

// drawable reports whether the raster has finite values and shapes that fit.
func drawable(a *compare.Raster) bool {
	switch RasterDim(a) {
	case 3:
		for k := range a.Slices {
			s := &a.Slices[k]
			if RasterDim(s) != 2 || !drawable(s) || max(s.Axes[0], s.Axes[1], s.Normal) > 2 || min(s.Axes[0], s.Axes[1], s.Normal) < 0 {
				return false
			}
		}
		return len(a.Slices) == 3
	case 2:
		for _, v := range [][]float64{a.U, a.Diffusion, a.Values} {
			if _, ok := NewRasterOf(a, v); !ok {
				return false
			}
		}
		return true
	}
	for _, v := range [][]float64{a.U, a.Diffusion, a.Values} {
		if lo, hi := Bounds(v); !(len(v) == len(a.X1) && lo <= hi) {
			return false
		}
	}
	return len(a.X1) > 1 && len(a.Center) == 1 && a.R > 0
}

// PanelTitle returns "modified, η = 1/128, t = 0.87".
func PanelTitle(model, eta string, t float64) string {
	return fmt.Sprintf("%s, η = %s, t = %s", table.Clean(model), table.Clean(eta), strconv.FormatFloat(math.Round(t*1e6)/1e6, 'g', 4, 64))
}
