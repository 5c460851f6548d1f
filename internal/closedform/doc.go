// Package closedform gives exact values of SGD with linear gradients and of
// its diffusion approximations. It is the reference that tests compare the
// solvers with: it imports nothing else of this module and shares no method
// with it (no grid in space, no time stepping).
//
// The sample loss has the gradient grad f(x;xi) = A x - xi, with A symmetric
// positive definite (d x d) and xi a finite law of mean zero and covariance C:
//
//	X_{n+1} = (I - eta A) X_n + eta xi_n,       U^n(x) = E[phi(X_n) | X_0 = x]
//	u_t = b.grad u + (1/2) a:hess u,            u(x,0) = phi(x)
//
// with b and a those of one of four models (see [Model]). The observable phi
// is a quadratic or a cosine. All formulas are derived in
// doc/dev/closed-forms.md; the models are those of Li and Wang, Methods and
// Applications of Analysis 30(3), 2023, equations (1.2)-(1.7).
//
//	refs := closedform.Quad1D()
//	x2 := refs[0]                                     // phi = x^2
//	big := x2.U(0.25, 4, []float64{2})                // U^4(2)
//	u := x2.Diffusion(closedform.SecondOrder, 0.25, 1, []float64{2})
//	gap, n, x, attained := x2.Gap(closedform.SecondOrder, 0.25, 2)
//	if !attained {
//		n = closedform.Limit // the supremum is reached as n -> infinity only
//	}
package closedform
