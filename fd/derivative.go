package fd

import (
	"fmt"

	"kolmo/grid"
)

// FullWidth as an order makes a derivative use all nodes of its axis: spectral
// collocation on a Chebyshev axis. On a uniform axis the weights grow as 2^n; that
// is for few nodes only.
const FullWidth = 0

// MaxDerivative is the highest derivative.
const MaxDerivative = 4

// Derivative returns the matrix of the m-th derivative, m = 1 .. MaxDerivative,
// along the axis, of the given even order of accuracy, or of full width:
//
//	(D u)_i = sum_j c_ij u_j,   j in the window of row i.
//
// A row uses the nodes centred about its own, order+1 for m = 1 and 2 and order+3
// for m = 3 and 4, and, where these reach over an end, the order+m nodes at that
// end; it is exact for polynomials through its nodes and maps constants to zero to
// rounding. On a uniform axis the error is O(h^order) in the sup norm; in L2 the
// closures' part is O(h^(order+1/2)). On axes that are images of a uniform one
// under a smooth map, as those of the sinh map and Chebyshev's away from its ends,
// it is O(n^-order): there, too, the even derivatives' centred rows gain an order
// from their symmetry. On given nodes that follow no map their order is one less
// inside. Rounding adds about 1e-16 sum_j |c_ij| |u|, some 1e-16 h^-m |u| with the
// local spacing h; for full width on n Chebyshev nodes in [-1,1] that is 1e-16
// n^(2m)/(2m-1)!! |u| in the rows at the ends, and some 1e-16 n^m |u| on the inner
// half of the nodes: with 64 nodes 1e-13, 5e-10, 1e-7 and 1e-4 for m = 1 .. 4 and
// in the middle 4e-15, 1e-12, 2e-11 and 5e-9. The error returned is a derivative or order that does not
// exist or an axis with fewer than order+m nodes (full width: m+1). Source:
// Fornberg (1988); the diagonal as minus the sum of the others, Welfert (1997).
func Derivative(a *grid.Axis, m, order int) (*grid.AxisMatrix, error) {
	if m < 1 || m > MaxDerivative {
		return nil, fmt.Errorf("fd: derivative %d: want 1 to %d", m, MaxDerivative)
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
	half := order/2 + (m-1)/2
	return fromWindows(a, m, func(i int) (base, width int) {
		switch base = i - half; {
		case base < 0:
			return 0, order + m
		case base+2*half+1 > n:
			return n - order - m, order + m
		}
		return base, 2*half + 1
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
// one's matrix d by the recurrence
//
//	c^(k)_ij = k (c^(1)_ij c^(k-1)_ii - c^(k-1)_ij/(x_i - x_j)),   j != i,
//
// with negative sums on the diagonals (Welfert 1997).
func collocation(a *grid.Axis, m int, d []float64) *grid.AxisMatrix {
	n := a.Len()
	rows := make([]grid.Row, n)
	for i := range rows {
		first := d[i*n : (i+1)*n]
		c := append([]float64(nil), first...)
		for k := 2; k <= m; k++ {
			diagonal := c[i]
			for j := range c {
				if j != i {
					c[j] = float64(k) * (first[j]*diagonal - c[j]/(a.Node(i)-a.Node(j)))
				}
			}
			centre(c, i)
		}
		rows[i] = grid.Row{Weights: c}
	}
	return grid.NewAxisMatrix(rows, n)
}
