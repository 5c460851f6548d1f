// Package kolmogorov solves the backward Kolmogorov equation of diffusions,
//
//	u_t = L u,   L u = b.grad u + (1/2) a:hess u,   u(.,0) = phi,
//
// on the nodes of a grid. Coefficients are the drift b and the diffusion a, an
// Operator is L on a grid, and a Propagator advances fields by steps
// of length eta: Polynomial by Taylor polynomials of L whose last terms are
// below rounding, Basis by an Arnoldi basis of L that ends by its own bound, for
// collocation, HundsdorferVerwer by alternating directions. No boundary
// condition is imposed: the drift points inward and the closures are one-sided.
//
//	c, err := kolmogorov.NewCoefficients(g, drift, diffusion, 0)
//	op, err := kolmogorov.NewOperator(g, c, 0)
//	p := kolmogorov.NewPolynomial(op, eta)
//	p.Start(fields)
//	err = p.Advance(out) // out[j] holds the fields at (j+1) eta
//
// Beside solutions there is what describes them: Derivative is d^J u for |J| <= 4;
// Operator.Spectrum gives the leading eigenvalues of L and with Spectrum.Gap the rate
// of forgetting; Operator.Invariant the invariant measure as a functional phi ->
// pi(phi), from Operator.Transpose. Defect and Correction are the leading terms of the
// difference from a Markov chain.
//
// Symbols: x in R^d; eta the time of one step, of stochastic gradient descent the learning
// rate. Equation numbers are those of Li and Wang, On uniform-in-time diffusion
// approximation for stochastic gradient descent, Methods Appl. Anal. 30 (2023)
// 95-112.
package kolmogorov
