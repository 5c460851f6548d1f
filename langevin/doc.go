// Package langevin is stochastic gradient Langevin dynamics,
//
//	x' = x - eta g(x) + sqrt(2 eta/beta) Z,   g(x) = grad f(x;xi),   Z standard normal,
//
// whose limit is a diffusion. The moments of a step have Sigma, the covariance of g.
//
//	m12 = -grad f,   m14 = 0,   m22 = (2/beta) I,   m24 = grad f grad f^T + Sigma.
//
// Hence (1/2) m22:hess m12 = -(1/beta) grad Lap f. Z is a Gauss-Hermite quadrature. No ball is
// invariant, so that the noise is multiplied by a function that ends beyond the region.
package langevin
