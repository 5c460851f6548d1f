package fd

import (
	"fmt"

	"kolmo/grid"
)

// FullWidth as an order makes a derivative use all nodes of its axis.
const FullWidth = 0

// Derivative returns the matrix of the m-th derivative (1 or 2) along the axis,
// of the given even order of accuracy, or of full width. The error is an order
// that does not exist or an axis with too few nodes for it.
func Derivative(a *grid.Axis, m, order int) (*grid.AxisMatrix, error) {
	if m != 1 && m != 2 {
		return nil, fmt.Errorf("fd: derivative %d: want 1 or 2", m)
	}
	if order == FullWidth {
		if d := a.Differentiation(); d != nil {
			return collocation(a, m, d), nil
		}
		order = a.Len() - m
		order -= order % 2
	}
	if order < 2 || order%2 != 0 {
		return nil, fmt.Errorf("fd: order %d: want an even number from 2", order)
	}
	n := a.Len()
	if n < order+m {
		return nil, fmt.Errorf("fd: axis %s has %d nodes: derivative %d of order %d needs %d", a.Name(), n, m, order, order+m)
	}
	nodes := a.Nodes()
	rows := make([]grid.Row, n)
	for i := range rows {
		base, width := i-order/2, order+1
		if base < 0 {
			base, width = 0, order+m
		} else if base+width > n {
			base, width = n-order-m, order+m
		}
		c := grid.DerivativeWeights(m, nodes[i], nodes[base:base+width])[m]
		centre(c, i-base)
		rows[i] = grid.Row{Base: base, Weights: c}
	}
	return grid.NewAxisMatrix(rows, n), nil
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
