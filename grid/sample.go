package grid

// Sample returns the field of a function, its values at the nodes in their order.
// f may not change x nor keep it. Cost: one call per node.
func (g *Grid) Sample(f func(x []float64) float64) []float64 {
	u := make([]float64, g.Len())
	x := make([]float64, g.Dim())
	for i := range u {
		g.PointTo(x, i)
		u[i] = f(x)
	}
	return u
}

// Value returns a field's interpolant at a point, through all nodes of every axis. x
// must have the length Dim() and u that of the grid. It is for a few points: an
// Interpolator serves many.
func (g *Grid) Value(u, x []float64) float64 {
	in := NewInterpolator(g, 0)
	in.Locate(x)
	return in.Value(u)
}
