package sgdop

import (
	"math"

	"kolmo/grid"
	"kolmo/objective"
)

// locator finds the images of a node and the weights that interpolate there. It is
// a workspace.
type locator struct {
	g     *grid.Grid
	ev    objective.Evaluator
	prob  []float64
	eta   float64
	width int
	x     []float64
	grads []float64
	base  []int                  // M x d: first node of the window of sample k
	wide  [grid.MaxDim]int       // nodes of a window along an axis, 1 beyond the last
	w     [grid.MaxDim][]float64 // M x wide: its weights along an axis
	reach reach
}

// one is the weight along an axis that is not there.
var one = []float64{1}

func newLocator(g *grid.Grid, o objective.Objective, eta float64, width int) *locator {
	m := o.Law().Len()
	a := &locator{
		g: g, ev: o.NewEvaluator(), prob: make([]float64, m), eta: eta, width: width,
		x: make([]float64, g.Dim()), grads: make([]float64, m*g.Dim()), base: make([]int, m*g.Dim()), wide: [grid.MaxDim]int{1, 1, 1},
	}
	for k := range g.Dim() {
		a.wide[k] = g.Axis(k).Width(width)
		a.w[k] = make([]float64, m*a.wide[k])
	}
	return a
}

// locate computes the interpolation weights at the images of node i.
func (a *locator) locate(i int) error {
	g := a.g
	d := g.Dim()
	g.PointTo(a.x, i)
	a.ev.NodesTo(a.prob, a.grads, a.x)
	for k := range d {
		axis := g.Axis(k)
		w := a.wide[k]
		for m := range a.prob {
			y := a.x[k] - a.eta*a.grads[m*d+k]
			if math.IsNaN(y) || math.IsInf(y, 0) {
				return &objective.NonFiniteError{What: objective.WhatLoss, Part: "gradient", X: append([]float64(nil), a.x...), Sample: m}
			}
			a.base[m*d+k] = axis.WindowTo(a.w[k][m*w:(m+1)*w], y, a.width)
		}
	}
	return nil
}

// box returns the window of sample m.
func (a *locator) box(m int) box {
	var b box
	d := a.g.Dim()
	for k := range b.lo {
		b.hi[k] = 1
		if k < d {
			b.lo[k] = int32(a.base[m*d+k])
			b.hi[k] = b.lo[k] + int32(a.wide[k])
		}
	}
	return b
}

// axis returns the weights of sample m along axis k.
func (a *locator) axis(k, m int) []float64 {
	if k >= a.g.Dim() {
		return one
	}
	w := a.wide[k]
	return a.w[k][m*w : (m+1)*w]
}

// node returns the first node of the window of sample m.
func (a *locator) node(m int) int {
	d, i := a.g.Dim(), 0
	for k := range d {
		i += a.base[m*d+k] * a.g.Stride(k)
	}
	return i
}

// reach is what the images of some nodes are like.
type reach struct {
	rows, outside int
	distance      float64
	weight, sum   float64 // largest and total probability that leaves
	lebesgue      float64
	factor        float64 // largest product of absolute sums of one image outside
}

// measure adds the images located last.
func (a *locator) measure() {
	d := a.g.Dim()
	r := &a.reach
	r.rows++
	row, leaves := 0.0, 0.0
	for m, p := range a.prob {
		out, product := false, 1.0
		for k := range d {
			axis := a.g.Axis(k)
			y := a.x[k] - a.eta*a.grads[m*d+k]
			if beyond := max(axis.Lo()-y, y-axis.Hi()); beyond > roundoff*(math.Abs(axis.Lo())+math.Abs(axis.Hi())) {
				out = true
				r.distance = max(r.distance, beyond/(axis.Hi()-axis.Lo()))
			}
			sum := 0.0
			for _, w := range a.axis(k, m) {
				sum += math.Abs(w)
			}
			product *= sum
		}
		row += math.Abs(p) * product
		if out {
			leaves += math.Abs(p)
			r.factor = max(r.factor, product)
		}
	}
	r.lebesgue = max(r.lebesgue, row)
	if leaves > 0 {
		r.outside++
		r.weight = max(r.weight, leaves)
		r.sum += leaves
	}
}

// roundoff is the distance beyond the box, in units of its ends, that rounding of
// an image explains.
const roundoff = 4e-16

// add merges what another locator has seen.
func (r *reach) add(q *reach) {
	r.rows += q.rows
	r.outside += q.outside
	r.distance = max(r.distance, q.distance)
	r.weight = max(r.weight, q.weight)
	r.sum += q.sum
	r.lebesgue = max(r.lebesgue, q.lebesgue)
	r.factor = max(r.factor, q.factor)
}

// Leakage is how far and how much the images of the nodes leave the box; beyond it
// fields are extrapolated by the polynomial of the outermost nodes.
type Leakage struct {
	// Distance is the largest distance by which an image leaves, along any axis and
	// in units of the box's width there.
	Distance float64
	// Rows is the number of nodes some image of which leaves, and Share that number
	// over all nodes.
	Rows  int
	Share float64
	// Probability is the largest probability, over the nodes, that an image leaves,
	// and Mean its mean over all nodes.
	Probability, Mean float64
	// Factor is the largest sum of absolute weights of one image outside: what
	// extrapolation can multiply errors by.
	Factor float64
}

func (r *reach) leakage() Leakage {
	n := float64(r.rows)
	return Leakage{Distance: r.distance, Rows: r.outside, Share: float64(r.outside) / n, Probability: r.weight, Mean: r.sum / n, Factor: r.factor}
}
