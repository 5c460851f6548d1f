package spectrum

import (
	"fmt"
	"math"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/table"
	"kolmo/export/view"
)

// eigenTable has the eigenfunctions, a row per point inside the ball.
func eigenTable(r *compare.Result) *table.CSV {
	type point struct {
		K     int            `json:"k"`
		X1    compare.Number `json:"x1"`
		X2    compare.Number `json:"x2"`
		Real  compare.Number `json:"real"`
		Imag  compare.Number `json:"imag"`
		Error compare.Number `json:"error"`
	}
	t := table.Parts(r.Eigenfunctions, func(f *compare.Eigenfunction) (compare.Key, []point) {
		var points []point
		for i, v := range f.InBall(f.Real) {
			if v != v {
				continue
			}
			p := point{K: f.K, X1: f.X1[i%len(f.X1)], X2: compare.Number(math.NaN()), Real: compare.Number(v), Error: f.Error}
			if f.X2 != nil {
				p.X2 = f.X2[i/len(f.X1)]
			}
			if f.Imag != nil {
				p.Imag = f.Imag[i]
			}
			points = append(points, p)
		}
		return compare.Key{Model: f.Model, Eta: f.Eta, EtaText: f.EtaText}, points
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
func eigenPanels(r *compare.Result, look map[string]figure.Series) []figure.Lines {
	var out []figure.Lines
	for k := 1; k <= mostModes; k++ {
		shown := eigenShown(r, k)
		if shown == nil || shown[0].X2 != nil {
			continue
		}
		p := figure.Lines{Title: eigenTitle(shown[0]), XLabel: "x", YLabel: "eigenfunction"}
		for _, f := range shown {
			l := figure.Line{Label: f.Model, Color: look[f.Model].Color, Dashes: look[f.Model].Dashes}
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
	return fmt.Sprintf("k = %d, η = %s", f.K, table.Eta(f.Eta, f.EtaText))
}

// eigenMaps draws the chain's slowest eigenfunctions in the plane, and those of the first model that has
// them too.
func eigenMaps(r *compare.Result) []*figure.Map {
	var out []*figure.Map
	for k := 1; k <= mostModes; k++ {
		shown := eigenShown(r, k)
		for _, f := range shown[:min(2, len(shown))] {
			if f.X2 == nil {
				continue
			}
			a := &compare.Raster{Center: f.Center, R: f.R, X1: floats(f.X1), X2: floats(f.X2)}
			plane, ok := figure.NewRasterOf(a, f.InBall(f.Real))
			if !ok {
				continue
			}
			out = append(out, &figure.Map{Title: table.Clean(f.Model) + ", " + eigenTitle(f), XLabel: "x1", YLabel: "x2", Raster: plane, Colors: figure.NewColorMap(plane.Lo, plane.Hi)})
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

// eigenReasons are why certified rates have no eigenfunction.
func eigenReasons(r *compare.Result) []string {
	var all view.Reasons
	for i := range r.Eigenfunctions {
		if f := &r.Eigenfunctions[i]; f.Reason != "" {
			all.Add(&f.Reason, fmt.Sprintf("%s, eta = %s, k = %d", f.Model, f.EtaText, f.K))
		}
	}
	return all.Lines("no eigenfunction")
}
