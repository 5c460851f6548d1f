// Package kolmogorov solves the backward Kolmogorov equation of the diffusion
// approximations of stochastic gradient descent,
//
//	u_t = L u,   L u = b.grad u + (1/2) a:hess u,   u(.,0) = phi,
//
// on the nodes of a grid. A Model gives the drift b and the diffusion a, an
// Operator is L on a grid, and a Propagator advances fields by whole SGD steps
// of length eta: Polynomial by Taylor polynomials of L whose last terms are
// below rounding, Basis by an Arnoldi basis of L that ends by its own bound, for
// collocation, HundsdorferVerwer by alternating directions. No boundary
// condition is imposed: the drift points inward and the closures are one-sided.
//
//	m, err := kolmogorov.MomentsOn(g, objective, 0)
//	c := kolmogorov.SecondOrder.Coefficients(m, eta, kolmogorov.Cutoff{})
//	op, err := kolmogorov.NewOperator(g, c, 0)
//	p := kolmogorov.NewPolynomial(op, eta)
//	err = p.AdvanceTo(out, fields) // out[j] holds the fields at (j+1) eta
//
// Beside solutions there is what describes them: Derivative is d^J u for |J| <= 4;
// Operator.Spectrum gives the leading eigenvalues of L and with Spectrum.Gap the rate
// of forgetting; Operator.Invariant the invariant measure as a functional phi ->
// pi(phi), from Operator.Transpose; NewCutoffShift how far the modified model's cutoff
// moves u in the ball. NewCoefficients takes any drift and diffusion instead of a
// Model's.
//
// Symbols: x in R^d; xi the sample; f = E f(.;xi); Sigma = Cov(grad f(x;xi))
// (1.6); eta the learning rate, which is also the time of one SGD step.
// Equation numbers are those of Li and Wang, On uniform-in-time diffusion
// approximation for stochastic gradient descent, Methods Appl. Anal. 30 (2023)
// 95-112.
package kolmogorov
