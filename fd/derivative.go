package fd

import (
	"fmt"

	"kolmo/grid"
)

// FullWidth as an order makes a derivative use all nodes of its axis: spectral
// collocation on a Chebyshev axis. On a uniform axis the weights grow as 2^n; that
// is for few nodes only.
const FullWidth = 0

// Derivative returns the matrix of the m-th derivative (1 or 2) along the axis,
// of the given even order of accuracy, or of full width:
//
//	(D u)_i = sum_j c_ij u_j,   j in the window of row i.
//
// A row uses the order+1 nodes centred about its own and, where these reach over
// an end, the order+m nodes at that end; it is exact for polynomials through its
// nodes and maps constants to zero to rounding. On a uniform axis the error is
// O(h^order) in the sup norm; in L2 the closures' part is O(h^(order+1/2)). On a
// Chebyshev axis it is O(n^-order). The error returned is a derivative or order
// that does not exist or an axis with fewer than order+m nodes (full width: m+1).
// Source: Fornberg (1988); the diagonal as minus the sum of the others, Welfert
// (1997).
func Derivative(a *grid.Axis, m, order int) (*grid.AxisMatrix, error) {
	if m != 1 && m != 2 {
		return nil, fmt.Errorf("fd: derivative %d: want 1 or 2", m)
	}
	n := a.Len()
	if order == FullWidth {
		if n < m+1 {
			return nil, fmt.Errorf("fd: axis %s has %d nodes: derivative %d needs %d", a.Name(), n, m, m+1)
		}
		if d := a.Differentiation(); d != nil {
			return collocation(a, m, d), nil
		}
		return fromWindows(a, m, func(int) (base, width int) { return 0, n }), nil
	}
	if order < 2 || order%2 != 0 {
		return nil, fmt.Errorf("fd: order %d: want an even number from 2", order)
	}
	if n < order+m {
		return nil, fmt.Errorf("fd: axis %s has %d nodes: derivative %d of order %d needs %d", a.Name(), n, m, order, order+m)
	}
	return fromWindows(a, m, func(i int) (base, width int) {
		switch base = i - order/2; {
		case base < 0:
			return 0, order + m
		case base+order+1 > n:
			return n - order - m, order + m
		}
		return base, order + 1
	}), nil
}

// fromWindows returns the m-th derivative with the given window of nodes for each
// row.
func fromWindows(a *grid.Axis, m int, window func(i int) (base, width int)) *grid.AxisMatrix {
	nodes := a.Nodes()
	rows := make([]grid.Row, len(nodes))
	for i := range rows {
		base, width := window(i)
		c := grid.DerivativeWeights(m, nodes[i], nodes[base:base+width])[m]
		centre(c, i-base)
		rows[i] = grid.Row{Base: base, Weights: c}
	}
	return grid.NewAxisMatrix(rows, len(nodes))
}

// centre replaces the weight of the node itself by minus the sum of the others,
// so that constants are mapped to zero to rounding.
func centre(c []float64, i int) {
	sum := 0.0
	for j, w := range c {
		if j != i {
			sum += w
		}
	}
	c[i] = -sum
}

// collocation returns the spectral derivative through all nodes from the first
// one's matrix d; diagonals are negative sums (Welfert 1997).
func collocation(a *grid.Axis, m int, d []float64) *grid.AxisMatrix {
	n := a.Len()
	rows := make([]grid.Row, n)
	for i := range rows {
		c := d[i*n : (i+1)*n]
		if m == 2 {
			diagonal := c[i]
			for j, first := range c {
				if j != i {
					c[j] = 2 * first * (diagonal - 1/(a.Node(i)-a.Node(j)))
				}
			}
			centre(c, i)
		}
		rows[i] = grid.Row{Weights: c}
	}
	return grid.NewAxisMatrix(rows, n)
}
