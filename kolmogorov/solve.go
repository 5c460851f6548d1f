package kolmogorov

import "kolmo/grid"

// Equation is a backward Kolmogorov equation given by functions,
//
//	u_t = b.grad u + (1/2) a:hess u,   u(.,0) = phi.
//
// Its solution is u(x,t) = E phi(X_t) of the diffusion dX = b dt + sigma dW, sigma sigma^T = a,
// from X_0 = x.
type Equation struct {
	// Drift stores b(x) in b, of length d. Nil: no drift.
	Drift func(b, x []float64)
	// Diffusion stores both triangles of a(x) in the d x d array a, which is zero
	// before. Nil: no noise.
	Diffusion func(a [][]float64, x []float64)
	// Initial is phi.
	Initial func(x []float64) float64
}

// Solve returns the solution at the nodes of a grid at the times dt, 2 dt, .., steps
// dt: entry j is u(., (j+1) dt). order is the order of the differences, fd.FullWidth
// for all nodes of Chebyshev axes, as in NewOperator; the error in time is below
// rounding, that in space is told by another grid. No boundary condition is imposed:
// the drift should point inward at the faces of the box. The functions are called from
// several goroutines at once. Errors are those of NewCoefficients, NewOperator, of a
// grid on which L is unstable, and ErrStiff. Cost: that of NewPolynomial with one field,
// and a field per time.
func (e Equation) Solve(g *grid.Grid, dt float64, steps, order int) ([][]float64, error) {
	c, err := NewCoefficients(g, e.Drift, e.Diffusion, 0)
	if err != nil {
		return nil, err
	}
	op, err := NewOperator(g, c, order)
	if err != nil {
		return nil, err
	}
	if _, err := op.CheckGrowth(); err != nil {
		return nil, err
	}
	out, u := make([][][]float64, steps), make([][]float64, steps)
	for j := range out {
		u[j] = make([]float64, g.Len())
		out[j] = u[j : j+1]
	}
	p := NewPolynomial(op, dt)
	p.Start([][]float64{g.Sample(e.Initial)})
	return u, p.Advance(out)
}
