package export

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kolmo/compare"
)

// eigenTable has the eigenfunctions, a row per point inside the ball.
func eigenTable(r *compare.Result) *csvTable {
	type point struct {
		K     int            `json:"k"`
		X1    compare.Number `json:"x1"`
		X2    compare.Number `json:"x2"`
		Real  compare.Number `json:"real"`
		Imag  compare.Number `json:"imag"`
		Error compare.Number `json:"error"`
	}
	t := partTable(r.Eigenfunctions, func(f *compare.Eigenfunction) (partOf, []point) {
		var points []point
		for i, v := range f.Real {
			if v != v {
				continue
			}
			p := point{K: f.K, X1: f.X1[i%len(f.X1)], X2: compare.Number(math.NaN()), Real: v, Error: f.Error}
			if f.X2 != nil {
				p.X2 = f.X2[i/len(f.X1)]
			}
			if f.Imag != nil {
				p.Imag = f.Imag[i]
			}
			points = append(points, p)
		}
		return partOf{Model: f.Model, Eta: f.Eta, EtaText: f.EtaText}, points
	})
	return t
}

// mostModes is the number of the slowest modes whose eigenfunctions are drawn.
const mostModes = 2

// eigenShown returns the eigenfunctions with values that are drawn: of the k slowest rates, each at the
// smallest learning rate at which the chain's is there.
func eigenShown(r *compare.Result, k int) []*compare.Eigenfunction {
	var at []*compare.Eigenfunction
	for i := range r.Eigenfunctions {
		f := &r.Eigenfunctions[i]
		if f.K != k || f.Real == nil {
			continue
		}
		switch {
		case f.Model == processes(r)[0] && (at == nil || f.Eta < at[0].Eta):
			at = []*compare.Eigenfunction{f}
		case at != nil && f.Model != at[0].Model && f.Eta == at[0].Eta:
			at = append(at, f)
		}
	}
	return at
}

// eigenPanels draws the slowest eigenfunctions on the line, the real parts of those that turn.
func eigenPanels(r *compare.Result, look map[string]series) []linePanel {
	var out []linePanel
	for k := 1; k <= mostModes; k++ {
		shown := eigenShown(r, k)
		if shown == nil || shown[0].X2 != nil {
			continue
		}
		p := linePanel{Title: eigenTitle(shown[0]), XLabel: "x", YLabel: "eigenfunction"}
		for _, f := range shown {
			l := line{Label: f.Model, Color: look[f.Model].Color, Dashes: look[f.Model].Dashes}
			for i, x := range f.X1 {
				l.X, l.Y = append(l.X, float64(x)), append(l.Y, float64(f.Real[i]))
			}
			p.Lines = append(p.Lines, l)
		}
		out = append(out, p)
	}
	return out
}

func eigenTitle(f *compare.Eigenfunction) string {
	return fmt.Sprintf("k = %d, η = %s", f.K, formatEta(f.Eta, f.EtaText))
}

// eigenMaps draws the chain's slowest eigenfunctions in the plane, and those of the first model that has
// them too.
func eigenMaps(r *compare.Result) []*fieldMap {
	var out []*fieldMap
	for k := 1; k <= mostModes; k++ {
		shown := eigenShown(r, k)
		for _, f := range shown[:min(2, len(shown))] {
			if f.X2 == nil {
				continue
			}
			a := &compare.Raster{Center: f.Center, R: f.R, X1: floats(f.X1), X2: floats(f.X2)}
			plane, ok := newRaster2Of(a, floats(f.Real))
			if !ok {
				continue
			}
			out = append(out, &fieldMap{title: clean(f.Model) + ", " + eigenTitle(f), xLabel: "x1", yLabel: "x2", raster: plane, colors: newColorMap(plane.lo, plane.hi)})
		}
	}
	return out
}

// floats returns numbers as they are computed with.
func floats(v []compare.Number) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}

// withMaps returns a figure with rows of maps below its panels.
func withMaps(f *Figure, maps []*fieldMap) *Figure {
	if len(maps) == 0 {
		return f
	}
	g := *f
	g.cols = max(g.cols, 2)
	g.panelW = max(g.panelW, mapWidth)
	below := (len(maps) + g.cols - 1) / g.cols
	g.rows += below
	g.panels = func(c draw.Canvas) {
		upper := vg.Length(f.rows)*g.panelH + vg.Length(f.rows-1)*figureSpace
		rest := c.Size().Y - upper - figureSpace
		f.panels(draw.Crop(c, 0, 0, rest+figureSpace, 0))
		tiles := draw.Tiles{Cols: g.cols, Rows: below, PadX: figureSpace, PadY: figureSpace}
		low := draw.Crop(c, 0, 0, 0, -upper-figureSpace)
		for i, m := range maps {
			m.draw(tiles.At(low, i%g.cols, i/g.cols), g.resolution())
		}
	}
	return &g
}

// eigenReasons are why certified rates have no eigenfunction.
func eigenReasons(r *compare.Result) []string {
	var all reasons
	for i := range r.Eigenfunctions {
		if f := &r.Eigenfunctions[i]; f.Reason != "" {
			all.add(&f.Reason, fmt.Sprintf("%s, eta = %s, k = %d", f.Model, f.EtaText, f.K))
		}
	}
	return all.lines("no eigenfunction")
}
