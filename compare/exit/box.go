package exit

// Box is an open box of the plane, and a point of it that times are taken from. Coordinates are
// the user's.
type Box struct {
	Lo, Hi, X [2]float64
	Kept      [2]bool // along axes whose ends no path passes
}

// holds reports whether a value along an axis lies inside; one that is kept is moved to where rounding has it from.
func (at *Box) holds(k int, v float64) (float64, bool) {
	if at.Kept[k] {
		return min(max(v, at.Lo[k]), at.Hi[k]), true
	}
	return v, v > at.Lo[k] && v < at.Hi[k]
}

// axis returns the ends of equal cells along an axis.
func (at *Box) axis(k, cells int) []float64 {
	x := make([]float64, cells+1)
	for i := range x {
		x[i] = at.Lo[k] + (at.Hi[k]-at.Lo[k])*float64(i)/float64(cells)
	}
	x[cells] = at.Hi[k]
	return x
}

// nodes returns the ends of cells, those along the last axis one after the other.
func (at *Box) nodes(cells [2]int) [][]float64 {
	var points [][]float64
	for _, x := range at.axis(0, cells[0]) {
		for _, y := range at.axis(1, cells[1]) {
			points = append(points, []float64{x, y})
		}
	}
	return points
}

// locate returns the cell of a point along an axis, and the share of the cell before it.
func (at *Box) locate(k int, x float64, cells int) (cell int, share float64) {
	s := (x - at.Lo[k]) / (at.Hi[k] - at.Lo[k]) * float64(cells)
	cell = min(max(int(s), 0), cells-1)
	return cell, s - float64(cell)
}

// read returns the value at the point of a field on the ends of equal cells, those along the last axis
// one after the other.
func (at *Box) read(mean []float64, cells [2]int) float64 {
	i, s := at.locate(0, at.X[0], cells[0])
	j, r := at.locate(1, at.X[1], cells[1])
	t := 0.0
	for _, c := range [4]struct {
		k int
		w float64
	}{{0, (1 - s) * (1 - r)}, {1, (1 - s) * r}, {cells[1] + 1, s * (1 - r)}, {cells[1] + 2, s * r}} {
		if c.w != 0 { // 0 times infinity is none
			t += c.w * mean[i*(cells[1]+1)+j+c.k]
		}
	}
	return t
}

// inner is axis with its ends moved inside: times jump there.
func (at *Box) inner(k, cells int) []float64 {
	x := at.axis(k, cells)
	if at.Kept[k] {
		return x
	}
	h := inside * (at.Hi[k] - at.Lo[k]) / float64(cells)
	x[0], x[cells] = x[0]+h, x[cells]-h
	return x
}

// meets reports that a corner of the cell that the point lies in is marked.
func (at *Box) meets(marked []bool, cells int) bool {
	i, _ := at.locate(0, at.X[0], cells)
	j, _ := at.locate(1, at.X[1], cells)
	k := i*(cells+1) + j
	return marked[k] || marked[k+1] || marked[k+cells+1] || marked[k+cells+2]
}

// smooth is read of a smooth field, by cubics through four nodes along each axis.
func (at *Box) smooth(mean []float64, cells [2]int) float64 {
	var first [2]int
	var w [2][4]float64
	for k, n := range cells {
		first[k], w[k] = cubic((at.X[k]-at.Lo[k])/(at.Hi[k]-at.Lo[k])*float64(n), n+1)
	}
	t := 0.0
	for i, u := range w[0] {
		for j, v := range w[1] {
			if u*v != 0 { // 0 times infinity is none
				t += u * v * mean[(first[0]+i)*(cells[1]+1)+first[1]+j]
			}
		}
	}
	return t
}
