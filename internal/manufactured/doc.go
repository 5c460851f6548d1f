// Package manufactured makes backward Kolmogorov equations with variable
// coefficients and mixed terms whose solutions are known, in one to three
// dimensions on [-1,1]^d. Tests and doc/dev/verification.md compare the solvers with
// them; the package imports nothing else of this module.
//
// The equation has no source term to manufacture with, so the drift takes its
// place: with a function v, v_1 = dv/dx1 > 0, any a and any b_2, b_3,
//
//	b_1 = (-lambda v - (1/2) a:hess v - b_2 v_2 - b_3 v_3)/v_1
//
// makes u(x,t) = e^{-lambda t} v(x) a solution of u_t = b.grad u + (1/2) a:hess u.
// Here v is x1 and some plane waves, and the drift points inward on all faces.
package manufactured
