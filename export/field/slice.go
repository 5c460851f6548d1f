package field

import (
	"kolmo/export/figure"
	"kolmo/export/nc"
)

// maps returns the planes to draw of a field with d = 2 or 3, as Planes says, in colours they share.
func (f *Stored) maps(v nc.Variable, values, at []float64, largest bool) ([]figure.Map, bool) {
	maps, ok := f.Planes(f.axisNames(), values, at, largest)
	if !ok {
		return nil, false
	}
	lo, hi := figure.Bounds(nil)
	for _, m := range maps {
		lo, hi = min(lo, m.Raster.Lo), max(hi, m.Raster.Hi)
	}
	colors := figure.NewValueMap
	if v.Name == GapField {
		colors = figure.NewColorMap
	}
	for k := range maps {
		maps[k].Colors = colors(lo, hi)
	}
	return maps, true
}
