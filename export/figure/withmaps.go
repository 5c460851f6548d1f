package figure

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// WithMaps returns a figure with rows of maps below its panels.
func WithMaps(f *Figure, maps []*Map) *Figure {
	if len(maps) == 0 {
		return f
	}
	g := *f
	g.Cols = max(g.Cols, 2)
	g.PanelW = max(g.PanelW, MapWidth)
	below := (len(maps) + g.Cols - 1) / g.Cols
	g.Rows += below
	g.Panels = func(c draw.Canvas) {
		upper := vg.Length(f.Rows)*g.PanelH + vg.Length(f.Rows-1)*figureSpace
		rest := c.Size().Y - upper - figureSpace
		f.Panels(draw.Crop(c, 0, 0, rest+figureSpace, 0))
		tiles := draw.Tiles{Cols: g.Cols, Rows: below, PadX: figureSpace, PadY: figureSpace}
		low := draw.Crop(c, 0, 0, 0, -upper-figureSpace)
		for i, m := range maps {
			m.Draw(tiles.At(low, i%g.Cols, i/g.Cols), g.Resolution())
		}
	}
	return &g
}
