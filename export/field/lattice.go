package field

import (
	"fmt"
	"math"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/table"
	"kolmo/grid"
)

// Lattice is where fields are told: the nodes of a grid, and the region in whose box they lie. Nodes outside it need
// have no values. It is immutable.
type Lattice struct {
	grid *grid.Grid
	// width is the number of nodes per axis of an interpolation between the grid's
	// nodes; 0 means all of them.
	width   int
	region  *grid.Ellipsoid // nil where it is not known
	outside []bool          // by node, where the region is known and the nodes are evenly spaced
}

// localWidth is the number of nodes that an interpolation uses on axes that are
// not Chebyshev's.
const localWidth = 8

// NewLattice returns the lattice of increasing nodes, a list for each axis; region may be nil. The error is that of nodes that are no grid.
func NewLattice(lines [][]float64, region *grid.Ellipsoid) (*Lattice, error) {
	l := &Lattice{region: region}
	axes := make([]*grid.Axis, len(lines))
	even := true
	for k, line := range lines {
		axis, err := axisOf(fmt.Sprintf("x%d", k+1), line)
		if err != nil {
			return nil, err
		}
		axes[k] = axis
		even = even && axis.Kind() == grid.KindUniform
		if axis.Kind() != grid.KindChebyshev {
			l.width = localWidth
		}
	}
	var err error
	if l.grid, err = grid.New(axes...); err != nil || !even || region == nil {
		return l, err
	}
	l.outside = make([]bool, l.grid.Len())
	x := make([]float64, len(lines))
	for i := range l.outside {
		l.grid.PointTo(x, i)
		l.outside[i] = !region.Contains(x)
	}
	return l, nil
}

// axisOf returns the axis with these nodes: a Chebyshev or a uniform one
// where they are those of such an axis to rounding.
func axisOf(name string, nodes []float64) (*grid.Axis, error) {
	given, err := grid.Given(name, nodes)
	if err != nil {
		return nil, err
	}
	const rounding = 1e-13 // of the axis' length
	for _, like := range []func(string, int, float64, float64) (*grid.Axis, error){grid.Uniform, grid.Chebyshev} {
		axis, err := like(name, given.Len(), given.Lo(), given.Hi())
		if err != nil {
			continue // too few nodes for this kind
		}
		same := true
		for i, x := range nodes {
			same = same && math.Abs(x-axis.Node(i)) <= rounding*(given.Hi()-given.Lo())
		}
		if same {
			return axis, nil
		}
	}
	return given, nil
}

// fillOrder are the most nodes from which a value beyond the region is extrapolated, and fillWeights their weights,
// the nearest first, by their number: those of the polynomial through all of them.
const fillOrder = 6

var fillWeights = func() (w [fillOrder + 1][]float64) {
	for m := range w {
		binomial := -1.0
		for j := 1; j <= m; j++ {
			binomial *= -float64(m-j+1) / float64(j)
			w[m] = append(w[m], binomial)
		}
	}
	return w
}()

// fill gives nodes outside the region that have no value one, so that fields can be interpolated up to its edge:
// ring by ring, by extrapolation along the axes on which the most nodes have values.
func (l *Lattice) fill(values []float64) {
	var missing []int
	for i, out := range l.outside {
		if out && !(values[i]-values[i] == 0) {
			missing = append(missing, i)
		}
	}
	for len(missing) > 0 {
		var left []int
		next := map[int]float64{}
		for _, i := range missing {
			if v, ok := l.extrapolated(values, i); ok {
				next[i] = v
			} else {
				left = append(left, i)
			}
		}
		if len(next) == 0 {
			return
		}
		for i, v := range next {
			values[i] = v
		}
		missing = left
	}
}

// extrapolated returns the value at a node by the neighbours along the axes that have one.
func (l *Lattice) extrapolated(values []float64, node int) (float64, bool) {
	best, sum, n := 1, 0.0, 0.0
	stride, rest := 1, node
	for k := range l.grid.Dim() {
		nodes := l.grid.Axis(k).Len()
		for _, step := range [2]int{1, -1} {
			room := rest % nodes
			if step > 0 {
				room = nodes - 1 - room
			}
			m := 0
			for m < min(room, fillOrder) {
				if v := values[node+(m+1)*step*stride]; v-v != 0 {
					break
				}
				m++
			}
			if m < best {
				continue
			}
			if m > best {
				best, sum, n = m, 0, 0
			}
			for j, w := range fillWeights[m] {
				sum += w * values[node+(j+1)*step*stride]
			}
			n++
		}
		rest /= nodes
		stride *= nodes
	}
	return sum / n, n > 0
}

// over returns what interpolates fields at the points of lines, one for each axis, taken to others by move, or to
// themselves if it is nil.
func (l *Lattice) over(lines [][]float64, move func(z, y []float64)) func(values []float64) []float64 {
	if move == nil {
		t := grid.NewTransfer(l.grid, lines, l.width)
		return func(values []float64) []float64 {
			out := make([]float64, t.Len())
			t.ApplyTo(out, values)
			return out
		}
	}
	in := grid.NewInterpolator(l.grid, l.width)
	y, z := make([]float64, len(lines)), make([]float64, len(lines))
	total := 1
	for _, line := range lines {
		total *= len(line)
	}
	return func(values []float64) []float64 {
		out := make([]float64, total)
		for i := range out {
			pointTo(y, lines, i)
			move(z, y)
			in.Locate(z)
			out[i] = in.Value(values)
		}
		return out
	}
}

// pointTo sets x to point i of a tensor product.
func pointTo(x []float64, lines [][]float64, i int) {
	for k, line := range lines {
		x[k] = line[i%len(line)]
		i /= len(line)
	}
}

// slicePoints is the number of points of a plane per axis.
const slicePoints = 201

// Planes returns what is drawn of a field with d = 2 or 3: the region, or three
// sections, orthogonal to the third, the second and the first axis. These are
// through the centre of the region, or with largest as near as they may be to the
// point at, which is marked. names are those of the axes. It is false where a plane has no finite value.
// The colours are to be set.
func (l *Lattice) Planes(names []string, values, at []float64, largest bool) ([]figure.Map, bool) {
	filled := append([]float64(nil), values...)
	l.fill(filled)
	if l.grid.Dim() == 2 {
		m := l.section(names, filled, -1, 0)
		if at != nil {
			m.At = make([]float64, 2)
			l.region.ToBall(m.At, at)
		}
		return []figure.Map{m}, m.Raster != nil
	}
	var maps []figure.Map
	for across := 2; across >= 0; across-- {
		offset := 0.0
		if largest {
			offset = l.Offset(across, at[across])
		}
		m := l.section(names, filled, across, offset)
		m.Title = names[across] + " = " + figure.Minus(table.Fixed(l.region.Center[across]+offset, 3))
		if largest {
			plane := planeOf(across)
			m.At = make([]float64, 2)
			l.region.Section(across, offset).ToBall(m.At, []float64{at[plane[0]], at[plane[1]]})
		}
		if m.Raster == nil {
			return nil, false
		}
		maps = append(maps, m)
	}
	return maps, true
}

// Offset returns how far from the centre the plane orthogonal to an axis is that is drawn for a point with the
// coordinate x there.
func (l *Lattice) Offset(across int, x float64) float64 {
	most := compare.RasterPole * l.region.Half()[across]
	return min(max(x-l.region.Center[across], -most), most)
}

// planeOf returns the axes of the plane orthogonal to an axis.
func planeOf(across int) [2]int { return [3][2]int{{1, 2}, {0, 2}, {0, 1}}[across] }

// section returns the map of a field that has values everywhere on a plane: that of the two axes, in three
// dimensions at the given offset from the centre along the axis across.
func (l *Lattice) section(names []string, values []float64, across int, offset float64) figure.Map {
	of, plane := l.region, [2]int{0, 1}
	if across >= 0 {
		of, plane = l.region.Section(across, offset), planeOf(across)
	}
	a := compare.Raster{Center: of.Center, R: of.R}
	a.X1, a.X2 = Spread(a.Center[0], a.R, slicePoints), Spread(a.Center[1], a.R, slicePoints)
	lines := make([][]float64, l.grid.Dim())
	lines[plane[0]], lines[plane[1]] = a.X1, a.X2
	if across >= 0 {
		lines[across] = []float64{l.region.Center[across] + offset}
	}
	var move func(z, y []float64)
	m := figure.Map{XLabel: names[plane[0]], YLabel: names[plane[1]]}
	if of.Metric != nil {
		m.Over = &figure.Warp{Names: []string{m.XLabel, m.YLabel}, To: of.FromBall, From: of.ToBall}
		y, z := make([]float64, 2), make([]float64, 2)
		move = func(to, from []float64) {
			copy(to, from)
			y[0], y[1] = from[plane[0]], from[plane[1]]
			of.FromBall(z, y)
			to[plane[0]], to[plane[1]] = z[0], z[1]
		}
	}
	a.Values = l.over(lines, move)(values)
	disc := of.Ball()
	for i := range a.Values {
		if !disc.Contains([]float64{a.X1[i%slicePoints], a.X2[i/slicePoints]}) {
			a.Values[i] = math.NaN()
		}
	}
	m.Raster, _ = figure.NewRaster(&a)
	return m
}
