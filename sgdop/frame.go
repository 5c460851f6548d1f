package sgdop

import (
	"fmt"

	"kolmo/grid"
	"kolmo/internal/kernel"
)

// check panics if u is no field on the grid.
func (s *frame) check(u []float64) {
	if len(u) != s.g.Len() {
		panic(fmt.Sprintf("sgdop: a field of length %d on a grid of %d nodes", len(u), s.g.Len()))
	}
}

// factorBytes returns the memory of the factors.
func (s *frame) factorBytes() int64 {
	n, m := int64(s.g.Len()), int64(s.chain.Images())
	wide := int64(0)
	for k := range s.g.Dim() {
		wide += int64(s.g.Axis(k).Width(s.width))
	}
	bytes := n * m * (8*wide + 4)
	if s.chain.Moving() {
		return bytes + 8*n*m
	}
	return bytes + 8*m
}

// workBytes returns the memory of the workspaces of an operator that keeps no
// weights.
func (s *frame) workBytes() int64 {
	m := int64(s.chain.Images())
	per := int64(1)
	for k := range s.g.Dim() {
		per += int64(s.g.Axis(k).Width(s.width)) + 2
	}
	return rowParts * 8 * m * per
}

// inside returns the nodes in the ball, all for nil.
func (s *frame) inside(ball *grid.Ball) []int {
	var list []int
	x := make([]float64, s.g.Dim())
	for i := range s.g.Len() {
		if s.g.PointTo(x, i); ball == nil || ball.Contains(x) {
			list = append(list, i)
		}
	}
	return list
}

// between is the number of points that supremum looks at in every interval, its
// first node included.
const between = 3

// supremum returns the largest |interpolant of u| at the nodes and between them.
func (s *frame) supremum(u []float64) float64 {
	points := make([][]float64, s.g.Dim())
	for k := range points {
		axis := s.g.Axis(k)
		for i := range axis.Len() - 1 {
			a, b := axis.Node(i), axis.Node(i+1)
			for j := range between {
				points[k] = append(points[k], a+(b-a)*float64(j)/between)
			}
		}
		points[k] = append(points[k], axis.Hi())
	}
	t := grid.NewTransfer(s.g, points, s.width)
	fine := make([]float64, t.Len())
	t.ApplyTo(fine, u)
	return kernel.MaxAbs(fine)
}

// PointLaw returns the law concentrated at x as weights of the nodes: those that
// interpolate there, so that sum_i p_i u(x_i) is the interpolant of u at x. len(x)
// must be the dimension, or it panics. A law of several points is the mean of
// theirs.
func (s *frame) PointLaw(x []float64) []float64 {
	d := s.g.Dim()
	if len(x) != d {
		panic(fmt.Sprintf("sgdop: a point of %d coordinates on a grid of %d axes", len(x), d))
	}
	p := []float64{1}
	at := []int{0}
	for k := range d {
		axis := s.g.Axis(k)
		w := make([]float64, axis.Width(s.width))
		base := axis.WindowTo(w, x[k], s.width)
		var q []float64
		var nodes []int
		for j, v := range w {
			for i := range p {
				q = append(q, v*p[i])
				nodes = append(nodes, at[i]+(base+j)*s.g.Stride(k))
			}
		}
		p, at = q, nodes
	}
	law := make([]float64, s.g.Len())
	for i, v := range p {
		law[at[i]] += v
	}
	return law
}
