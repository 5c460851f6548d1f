package field

import (
	"math"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/nc"
	"kolmo/export/table"
	"kolmo/grid"
)

// slicePoints is the number of points of a plane per axis.
const slicePoints = 201

// maps returns the planes to draw of a field with d = 2 or 3: the ball's, or three
// sections, orthogonal to the third, the second and the first axis. These are
// through the centre of the ball, or with largest as near as they may be to the
// point at, which is marked. It is false where a plane has no finite value.
func (f *Stored) maps(v nc.Variable, values, at []float64, largest bool) ([]figure.Map, bool) {
	names := f.axisNames()
	var maps []figure.Map
	if f.grid.Dim() == 2 {
		m := f.section(values, [2]int{0, 1}, -1, 0)
		m.At, m.Over = at, overState(f)
		if m.Over != nil {
			m.XLabel, m.YLabel = m.Over.Names[0], m.Over.Names[1]
		}
		maps = append(maps, m)
	} else {
		for across := 2; across >= 0; across-- {
			offset := 0.0
			if largest {
				most := compare.RasterPole * f.ball.R
				offset = min(max(at[across]-f.ball.Center[across], -most), most)
			}
			plane := [3][2]int{{1, 2}, {0, 2}, {0, 1}}[across]
			m := f.section(values, plane, across, offset)
			m.Title = names[across] + " = " + figure.Minus(table.Fixed(f.ball.Center[across]+offset, 3))
			if largest {
				m.At = []float64{at[plane[0]], at[plane[1]]}
			}
			maps = append(maps, m)
		}
	}
	lo, hi := figure.Bounds(nil)
	for _, m := range maps {
		if m.Raster == nil {
			return nil, false
		}
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

// section returns the map of a field on a plane: that of the two axes, in three
// dimensions at the given offset from the centre along the axis across.
func (f *Stored) section(values []float64, plane [2]int, across int, offset float64) figure.Map {
	r := math.Sqrt(f.ball.R*f.ball.R - offset*offset)
	a := compare.Raster{Center: []float64{f.ball.Center[plane[0]], f.ball.Center[plane[1]]}, R: r}
	a.X1, a.X2 = Spread(a.Center[0], r, slicePoints), Spread(a.Center[1], r, slicePoints)
	lines := make([][]float64, f.grid.Dim())
	lines[plane[0]], lines[plane[1]] = a.X1, a.X2
	if across >= 0 {
		lines[across] = []float64{f.ball.Center[across] + offset}
	}
	t := grid.NewTransfer(f.grid, lines, f.width)
	a.Values = make([]float64, t.Len())
	t.ApplyTo(a.Values, values)
	disc := grid.Ball{Center: a.Center, R: r}
	for i := range a.Values {
		if !disc.Contains([]float64{a.X1[i%slicePoints], a.X2[i/slicePoints]}) {
			a.Values[i] = math.NaN()
		}
	}
	names := f.axisNames()
	m := figure.Map{XLabel: names[plane[0]], YLabel: names[plane[1]]}
	m.Raster, _ = figure.NewRaster(&a)
	return m
}
