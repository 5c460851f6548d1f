// Package grid holds tensor-product grids on boxes, fields on them, polynomial
// interpolation, and balls.
//
// A field is a []float64 of length Grid.Len() that holds the values at the
// nodes, x1 contiguous: node (i1, i2, i3) is entry i1 + N1 (i2 + N2 i3). An axis
// is a strictly increasing list of nodes: uniform, the extreme points of a
// Chebyshev polynomial, clustered about a point (a layer, a kink) by the sinh map,
// or any nodes that are given. An AxisMatrix acts on all lines of a field along one
// axis; derivatives (package fd) and interpolation to other nodes are of this
// form. Interpolation uses w neighbouring nodes per axis, up to the whole axis
// (on Chebyshev nodes; barycentric formula), and extrapolates with the same
// polynomial outside the box.
//
//	x, _ := grid.Chebyshev("x1", 24, -2, 2)
//	y, _ := grid.Chebyshev("x2", 24, -2, 2)
//	g, _ := grid.New(x, y)
//	u := make([]float64, g.Len())
//	p := make([]float64, g.Dim())
//	for i := range u {
//		g.PointTo(p, i)
//		u[i] = math.Cos(p[0] + p[1])
//	}
//	in := grid.NewInterpolator(g, 0)
//	in.Locate([]float64{0.3, 0.1})
//	fmt.Println(in.Value(u)) // cos(0.4) to rounding
//
// References: Berrut and Trefethen, Barycentric Lagrange interpolation, SIAM
// Review 46 (2004) 501-517, doi:10.1137/S0036144502417715; Fornberg, Generation
// of finite difference formulas on arbitrarily spaced grids, Math. Comp. 51
// (1988) 699-706, doi:10.1090/S0025-5718-1988-0935077-0; In 't Hout and Foulon, ADI
// finite difference schemes for option pricing in the Heston model with
// correlation, Int. J. Numer. Anal. Model. 7 (2010) 303-320 (the sinh map).
package grid
