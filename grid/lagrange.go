package grid

// DerivativeWeights returns the weights c[m][i], m = 0 .. order, with which the
// polynomial through the values at the given nodes has the m-th derivative
// sum_i c[m][i] p(nodes[i]) at x (Fornberg 1988). Nodes must be distinct; x need
// not be a node. The weights are exact for polynomials of degree len(nodes)-1;
// those of derivatives beyond that degree are zero. It panics if there are no
// nodes or order is negative. Cost: O(order len(nodes)^2).
func DerivativeWeights(order int, x float64, nodes []float64) [][]float64 {
	n := len(nodes)
	flat := make([]float64, (order+1)*n)
	lagrangeTo(flat, order, x, nodes)
	c := make([][]float64, order+1)
	for m := range c {
		c[m] = flat[m*n : (m+1)*n]
	}
	return c
}

// lagrangeTo stores the weights of the derivatives 0 .. order in dst, derivative
// m at dst[m*n:(m+1)*n], without allocation.
func lagrangeTo(dst []float64, order int, x float64, nodes []float64) {
	n := len(nodes)
	clear(dst[:(order+1)*n])
	dst[0] = 1
	c1, c4 := 1.0, nodes[0]-x
	for i := 1; i < n; i++ {
		mn := min(i, order)
		c2, c5 := 1.0, c4
		c4 = nodes[i] - x
		for j := range i {
			c3 := nodes[i] - nodes[j]
			c2 *= c3
			if j == i-1 {
				for m := mn; m >= 1; m-- {
					dst[m*n+i] = c1 / c2 * (float64(m)*dst[(m-1)*n+i-1] - c5*dst[m*n+i-1])
				}
				dst[i] = -c1 / c2 * c5 * dst[i-1]
			}
			for m := mn; m >= 1; m-- {
				dst[m*n+j] = (c4*dst[m*n+j] - float64(m)*dst[(m-1)*n+j]) / c3
			}
			dst[j] = c4 * dst[j] / c3
		}
		c1 = c2
	}
}
