// Package fd holds finite-difference and collocation derivatives along the axes
// of a grid, of any order of accuracy up to the whole axis, and the banded line
// solves that implicit schemes need.
//
// Derivatives one to four exist of every even order and for the full width of any
// axis: uniform, Chebyshev, clustered by the sinh map, or of given nodes. One of
// order p uses the p+1 (p+3 for the third and fourth) nodes centred about a node
// and, next to the ends, the p+m nodes at that end (m: which derivative), so that
// every row has order p and no value outside the axis is needed: where the drift
// points inward no boundary condition exists to be imposed. On a Chebyshev axis full
// width gives spectral collocation.
//
//	x, _ := grid.Uniform("x", 41, 0, 1)
//	d, err := fd.Derivative(x, 1, 8)
//	if err != nil {
//		return err
//	}
//	u, du := x.Nodes(), make([]float64, x.Len())
//	for i, v := range u {
//		u[i] = math.Exp(v)
//	}
//	d.MulTo(du, u, 1, 1) // one line: outer = inner = 1
//
// On uniform axes the closures keep the order in the sup norm; there are few of
// them, so in L2 their error falls as h^(p+1/2). Every row is also exact on
// polynomials through its nodes.
//
// Factor prepares I - c L_k, L_k made of such derivatives along axis k, for solves
// along all lines of that axis. Rows have their own Extents, so that the wide
// closures cost only where they are. The lines of a block advance together, several
// fields in one sweep, and blocks can be shared by a caller's workers:
//
//	e := fd.ExtentsOf(d)
//	lu, err := fd.Factor(e, outer, inner, 0, func(dst []float64, line, i int) {
//		for j := range dst {
//			dst[j] = -c * b[line] * d.At(i, e.First[i]+j)
//		}
//		dst[i-e.First[i]]++
//	})
//	if err != nil {
//		return err
//	}
//	lu.SolveAllTo(fields)
//
// References: Fornberg (1988), doi:10.1090/S0025-5718-1988-0935077-0; Trefethen,
// Spectral Methods in MATLAB (2000), doi:10.1137/1.9780898719598; Welfert,
// Generation of pseudospectral differentiation matrices I, SIAM J. Numer. Anal.
// 34 (1997), doi:10.1137/S0036142993295545.
package fd
