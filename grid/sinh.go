package grid

import (
	"fmt"
	"math"
)

// Sinh returns the axis of n nodes from lo to hi, both included exactly, that
// cluster about the point at: the images of equidistant s under
//
//	x = at + strength sinh(s),   x_0 = lo, x_(n-1) = hi,   i = 0 .. n-1.
//
// The spacing is proportional to sqrt(strength^2 + (x - at)^2): within about
// strength of the point it is finest and nearly constant, beyond that it grows with
// the distance. As strength grows the nodes tend to equidistant ones. The map is
// smooth, so differences keep their order in 1/n. at may lie outside the axis. The
// error is what Uniform refuses, or a point or strength that is not finite with
// strength > 0, or so small that rounding shows. Source: Tavella and Randall,
// Pricing Financial Instruments: The Finite Difference Method (2000); In 't Hout
// and Foulon, Int. J. Numer. Anal. Model. 7 (2010) 303-320.
func Sinh(name string, n int, lo, hi, at, strength float64) (*Axis, error) {
	if err := checkAxis(n, lo, hi); err != nil {
		return nil, err
	}
	if math.IsNaN(at) || math.IsInf(at, 0) {
		return nil, fmt.Errorf("grid: nodes cluster about a finite point, got %v", at)
	}
	if !(strength > 0) || math.IsInf(strength, 0) {
		return nil, fmt.Errorf("grid: nodes cluster with a finite strength > 0, got %v", strength)
	}
	from, to := math.Asinh((lo-at)/strength), math.Asinh((hi-at)/strength)
	if !(from < to) || math.IsInf(from, 0) || math.IsInf(to, 0) {
		return nil, fmt.Errorf("grid: strength %v about %v is beyond rounding for an axis from %v to %v", strength, at, lo, hi)
	}
	nodes := make([]float64, n)
	mid, half := from/2+to/2, to/2-from/2
	for i := range nodes {
		// Symmetric to the last bit where lo and hi are, about the point.
		nodes[i] = at + strength*math.Sinh(mid+half*(float64(2*i-(n-1))/float64(n-1)))
	}
	nodes[0], nodes[n-1] = lo, hi
	if err := checkNodes(nodes); err != nil {
		return nil, err
	}
	return &Axis{name: name, kind: KindSinh, nodes: nodes}, nil
}

// Given returns the axis of the given nodes, which are copied. The error is fewer
// than two nodes, or nodes that are not finite and strictly increasing.
func Given(name string, nodes []float64) (*Axis, error) {
	if len(nodes) < minNodes {
		return nil, fmt.Errorf("grid: an axis needs at least %d nodes, got %d", minNodes, len(nodes))
	}
	for i, x := range nodes {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("grid: node %d is %v, want a finite number", i, x)
		}
		if i > 0 && !(nodes[i-1] < x) {
			return nil, fmt.Errorf("grid: nodes %d and %d are %v and %v, want them to increase", i-1, i, nodes[i-1], x)
		}
	}
	return &Axis{name: name, kind: KindGiven, nodes: append([]float64(nil), nodes...)}, nil
}
