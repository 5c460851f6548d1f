// Package sgdop applies the exact semigroup of stochastic gradient descent,
//
//	(S u)(x) = E_xi u(x - eta grad f(x;xi)) = sum_k w_k u(x - eta g_k(x))   (1.4),
//
// on the nodes of a grid. The image of a node under one sample is no node: u is
// interpolated there, by a local polynomial or by the one through the whole
// axis, and where the image leaves the box the same polynomial is extrapolated.
// The weights of all samples are merged into one dense window per row.
//
//	s, err := sgdop.Assemble(ctx, g, objective, eta, nil)
//	s.ApplyTo(su, u)
//
// The package knows nothing of the diffusions it is compared with.
package sgdop
