package exit

import (
	"math"

	"kolmo/compare"
	"kolmo/compare/unit"
)

// noiseless is the share of the largest variance, in units of the box, below which there is none.
const noiseless = 1e-9

// noisy tells along which axes there is noise. why says where noise vanishes, or acts along a direction that is no
// axis.
func (at *Box) noisy(c *unit.Plane, points [][]float64) (noisy [2]bool, why string) {
	unit, most := [2]float64{1 / (at.Hi[0] - at.Lo[0]), 1 / (at.Hi[1] - at.Lo[1])}, [2]float64{}
	for i := range points {
		_, a, _ := c.At(i)
		for k := range most {
			most[k] = math.Max(most[k], a[k]*unit[k]*unit[k])
		}
	}
	level := noiseless * max(most[0], most[1])
	for i, x := range points {
		_, a, cross := c.At(i)
		for k := range noisy {
			v := a[k] * unit[k] * unit[k]
			if noisy[k] = most[k] > level; noisy[k] && !(v > level) {
				return noisy, compare.Say("its noise along axis %d vanishes at (%.4g, %.4g), and with it the meaning of a face that absorbs", k+1, x[0], x[1])
			}
		}
		switch scale := math.Abs(a[0] * a[1]); {
		case noisy[0] && noisy[1] && !(a[0]*a[1]-cross*cross > noiseless*scale):
			return noisy, compare.Say("its noise at (%.4g, %.4g) acts along one direction that is no axis, and differences along axes say nothing of it", x[0], x[1])
		case noisy[0] != noisy[1] && math.Abs(cross)*unit[0]*unit[1] > math.Sqrt(noiseless)*max(most[0], most[1]):
			return noisy, compare.Say("its diffusion at (%.4g, %.4g) is not positive semidefinite", x[0], x[1])
		}
	}
	if !noisy[0] && !noisy[1] {
		return noisy, "it has no noise in the box"
	}
	return noisy, ""
}

// OfModelInBox returns the mean time in which a diffusion of the plane leaves a box, L T = -1, T = 0 where paths leave.
// Along an axis with noise there are Scharfetter and Gummel's differences, and its faces absorb. Along
// one without paths are carried upwind, to first order, and a face absorbs where they are carried out.
// Covariances have second differences along the diagonals that fit their sign. Where these outweigh those along an
// axis some weights are negative, and the elimination is Gauss's without pivots. thick is the largest |2 b/a| h along axes with noise. why
// says that there is no time.
func OfModelInBox(coefficients func(points [][]float64) *unit.Plane, at *Box, cells [2]int) (t, thick float64, why string) {
	points := at.nodes(cells)
	c := coefficients(points)
	noisy, why := at.noisy(c, points)
	if why != "" {
		return math.NaN(), math.Inf(1), why
	}
	g := &stencil{at: at, cells: cells, noisy: noisy}
	for k := range g.h {
		g.h[k] = (at.Hi[k] - at.Lo[k]) / float64(cells[k])
	}
	g.inner = 1
	if cells[0] < cells[1] {
		g.inner = 0
	}
	g.band = newBand(len(points), cells[g.inner]+2)
	node := func(i int) [2]int { return [2]int{i / (cells[1] + 1), i % (cells[1] + 1)} }
	for i := range points {
		b, a, cross := c.At(i)
		thick = math.Max(thick, g.set(node(i), b, a, cross))
	}
	g.band.solve()
	mean := make([]float64, len(points))
	for i := range points {
		mean[i] = g.band.mean[g.state(node(i))]
	}
	t = at.smooth(mean, cells)
	if !(t >= 0) {
		return math.NaN(), math.Inf(1), "differences for its correlated noise have no time that is above zero on the grid"
	}
	return t, thick, ""
}

// stencil joins nodes of a grid of a box to their neighbours.
type stencil struct {
	at    *Box
	cells [2]int
	h     [2]float64
	noisy [2]bool
	inner int // the axis with the fewer nodes
	band  *band
}

// state returns the number of a node.
func (g *stencil) state(n [2]int) int {
	return n[1-g.inner]*(g.cells[g.inner]+1) + n[g.inner]
}

// set stores the rates of a node, and returns how thick cells are for its layers.
func (g *stencil) set(n [2]int, b, a [2]float64, cross float64) (thick float64) {
	s := g.state(n)
	row := g.band.row(s)
	var rates [3][3]float64
	for k := range n {
		h := g.h[k]
		up, down := math.Max(b[k], 0)/h, math.Max(-b[k], 0)/h
		if g.noisy[k] {
			z := 2 * b[k] / a[k] * h
			up, down = bernoulli(-z)*a[k]/2/h/h, bernoulli(z)*a[k]/2/h/h
			thick = math.Max(thick, math.Abs(z))
		}
		if low, high := n[k] == 0, n[k] == g.cells[k]; (low || high) && (g.noisy[k] || low && !(b[k] > 0) || high && !(b[k] < 0)) {
			g.band.out[s] = 1
			return 0
		}
		if k == 0 {
			rates[2][1] += up
			rates[0][1] += down
		} else {
			rates[1][2] += up
			rates[1][0] += down
		}
	}
	if c := math.Abs(cross) / 2 / g.h[0] / g.h[1]; g.noisy[0] && g.noisy[1] && c > 0 {
		rates[2][1] -= c
		rates[0][1] -= c
		rates[1][2] -= c
		rates[1][0] -= c
		if cross > 0 {
			rates[2][2], rates[0][0] = c, c
		} else {
			rates[2][0], rates[0][2] = c, c
		}
	}
	sum := 0.0
	for _, line := range rates {
		for _, v := range line {
			sum += v
		}
	}
	g.band.wait[s] = 1 / sum
	for i, line := range rates {
		for j, v := range line {
			if v != 0 {
				row[g.state([2]int{n[0] + i - 1, n[1] + j - 1})-s+g.band.half] += v / sum
			}
		}
	}
	return thick
}
