package spectrum

import (
	"fmt"
	"math"

	"kolmo/compare"
	"kolmo/export/field"
	"kolmo/export/figure"
	"kolmo/export/table"
	"kolmo/export/view"
	"kolmo/grid"
)

// eigenTable has the eigenfunctions, a row per point inside the ball.
func eigenTable(r *compare.Result) *table.CSV {
	type point struct {
		K     int            `json:"k"`
		X1    compare.Number `json:"x1"`
		X2    compare.Number `json:"x2"`
		X3    compare.Number `json:"x3"`
		Real  compare.Number `json:"real"`
		Imag  compare.Number `json:"imag"`
		Error compare.Number `json:"error"`
	}
	t := table.Parts(r.Eigenfunctions, func(f *compare.Eigenfunction) (compare.Key, []point) {
		var points []point
		axes := f.Axes()
		for i, v := range f.InBall(f.Real) {
			if v != v {
				continue
			}
			nan := compare.Number(math.NaN())
			p := point{K: f.K, X1: nan, X2: nan, X3: nan, Real: compare.Number(v), Error: f.Error}
			rest := i
			for k, to := range []*compare.Number{&p.X1, &p.X2, &p.X3}[:len(axes)] {
				*to = compare.Number(axes[k][rest%len(axes[k])])
				rest /= len(axes[k])
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
		if shown == nil || len(shown[0].Axes()) > 1 {
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
// them too; in three dimensions on planes through the centre, of the slowest alone.
func eigenMaps(r *compare.Result) []*figure.Map {
	var out []*figure.Map
	for k := 1; k <= mostModes; k++ {
		shown := eigenShown(r, k)
		for _, f := range shown[:min(2, len(shown))] {
			axes := f.Axes()
			if len(axes) < 2 || len(axes) > 2 && k > 1 {
				continue
			}
			region, err := grid.NewEllipsoid(f.Center, f.R, f.Metric)
			if err != nil {
				continue // a result that is no one's
			}
			lattice, err := field.NewLattice(axes, region)
			if err != nil {
				continue
			}
			maps, ok := lattice.Planes(figure.AxesOf(f.Names), f.InBall(f.Real), nil, false)
			if !ok {
				continue
			}
			lo, hi := figure.Bounds(nil)
			for _, m := range maps {
				lo, hi = min(lo, m.Raster.Lo), max(hi, m.Raster.Hi)
			}
			for i := range maps {
				m := &maps[i]
				if m.Title == "" {
					m.Title = eigenTitle(f)
				}
				m.Title = table.Clean(f.Model) + ", " + m.Title
				m.Colors = figure.NewColorMap(lo, hi)
				out = append(out, m)
			}
		}
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
