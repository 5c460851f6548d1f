// Package derived makes a [process.Dynamics] of an algorithm's step and of the moments
// of that step; nothing of its diffusions is written by hand.
//
// Let Delta = F - z be the move of one step from the state z, and
//
//	E Delta = eta m12 + eta^2 m14 + ..,   E Delta Delta^T = eta m22 + eta^2 m24 + ..,
//	L0 = m12.grad + (1/2) m22:hess.
//
// The mean of z and z z^T after one step is that of the diffusion up to eta^2 with
//
//	gradient-flow  b = m12                              a = m22
//	first-order    b = m12                              a = m22 + eta (m24 - m12 m12^T)
//	second-order   b = m12 + eta (m14 - (1/2) L0 m12)   a = m22 + eta (m24 - m12 m12^T - sym((D m12) m22) - (1/2) L0 m22),
//
// sym(A) = (A + A^T)/2 and D m12 the Jacobian of m12. See [Moments].
//
// A [Chart] changes coordinates: the region |z - center|_P <= R becomes a ball whose box
// the drift does not leave. Chain, fields and diffusions live in the chart.
package derived
