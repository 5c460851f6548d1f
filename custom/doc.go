// Package custom holds algorithms whose step is given by formulas,
//
//	z'_k = F_k(z, xi, zeta; eta),
//
// where z is the state, parameters and what the algorithm keeps beside them, xi the sample
// and zeta further independent noise. In F_k may stand eta, sqrt(eta), the gradient of the
// sample's loss, grad(x), and that at another point, grad(x; x = x + eta*v), also nested.
//
// Nothing is differentiated by hand: gradients are differentiated as expressions, and the
// moments of a step follow from its power series in sqrt(eta) and in z (expr.Series). With
// Delta = F - z = sqrt(eta) D1 + eta D2 + eta^(3/2) D3 + eta^2 D4 + ..
//
//	m12 = E D2,   m14 = E D4,   m22 = E D1 D1^T,   m24 = E [D2 D2^T + D1 D3^T + D3 D1^T].
//
// [Parse] reads a formula, [New] makes the algorithm, and package derived its diffusions.
package custom
