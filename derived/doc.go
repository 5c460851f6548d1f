// Package derived makes a [process.Dynamics] of an algorithm's step and of the moments
// of that step; nothing of its diffusions is written by hand.
//
// Delta = F - z is the move of one step from the state z. Its moments are as follows.
//
//	E Delta = eta m12 + eta^2 m14 + ...
//	E Delta Delta^T = eta m22 + eta^2 m24 + ...
//	L0 = m12.grad + (1/2) m22:hess.
//
// Diffusions are made so that z and z z^T have the chain's means after one step.
//
//	gradient-flow: b = m12, a = m22.
//	first-order: b = m12, a = m22 + eta (m24 - m12 m12^T).
//	second-order: b = m12 + eta (m14 - (1/2) L0 m12),
//	a = m22 + eta (m24 - m12 m12^T - sym((D m12) m22) - (1/2) L0 m22).
//
// Here sym(A) = (A + A^T)/2, and D m12 is the Jacobian of m12. Up to eta^2 the means agree
// for second-order. See [Moments].
//
// A [Chart] changes coordinates: the region |z - center|_P <= R becomes a ball whose box
// the drift does not leave. Chain, fields and diffusions live in the chart.
package derived
