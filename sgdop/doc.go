// Package sgdop applies the exact semigroup of stochastic gradient descent,
//
//	(S u)(x) = E_xi u(x - eta grad f(x;xi)) = sum_k w_k u(x - eta g_k(x))   (1.4),
//
// on the nodes of a grid. The image of a node under one sample is no node: u is
// interpolated there, by a local polynomial or by the one through the whole
// axis, and where the image leaves the box the same polynomial is extrapolated.
// The weights of all samples are merged into one dense window per row, or several
// where samples lie far apart; where they do not fit in memory S is applied without
// them.
//
//	s, err := sgdop.Assemble(ctx, g, objective, eta, nil)
//	...
//	for range n {
//		s.ApplyTo(su, u) // fields on g, of length g.Len()
//		u, su = su, u
//	}
//	// u holds U^n = S^n phi at the nodes if it held phi before.
//
// Powers go by stepping (PowerTo). The adjoint S^T pushes the
// law of X_n forward (AdjointTo); its fixed vector is the invariant law (Invariant).
// WidthAuto chooses the interpolation's width by accuracy and memory. What S computes
// wrongly is told by cause (EstimateErrors, Leakage, Lebesgue), and how its
// powers treat random fields by Growth. There are views as a matrix (Rows, CSR, gonum's
// mat.Matrix).
//
// Symbols: x in R^d; xi the sample, with nodes xi_k and weights w_k, k = 1 .. M;
// g_k = grad f(x;xi_k); eta the learning rate. The equation number is that of Li
// and Wang, On uniform-in-time diffusion approximation for stochastic gradient
// descent, Methods Appl. Anal. 30 (2023) 95-112; for the interpolation see
// package grid.
//
// The package knows nothing of the diffusions it is compared with.
package sgdop
