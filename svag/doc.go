// Package svag is stochastic gradient descent at learning rates that fall under a noise that does
// not: at eta a step has the noise per time of gradient descent at the learning rate E that is
// imitated. That is SVAG (Li, Malladi and Arora, NeurIPS 2021, definition 4.1) with l = E/eta,
//
//	x' = x - eta g,   g = (1/2)(1 + r) grad f(x;xi) + (1/2)(1 - r) grad f(x;xi'),   r = sqrt(2 l - 1).
//
// The mean of g is grad f and its covariance l Sigma. So the family has a diffusion as its
// limit, and an order in eta is one in 1/l. The moments of a step are exactly
//
//	m12 = -grad f,   m14 = 0,   m22 = E Sigma,   m24 = grad f grad f^T.
//
// First-order and gradient-flow are both dX = -grad f dt + sqrt(E Sigma) dW. No derived model is of
// order two: the third central moment of a step is -eta^2 (3 E - eta)/2 times that of a
// sample's gradient, and the fourth is of order eta^2 as well. A diffusion's follow from its a.
//
// Noise is of order sqrt(eta) and leaves small balls, so that r is multiplied by a function that
// ends beyond the region. What is left there is the mean of two samples.
package svag
