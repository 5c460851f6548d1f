// Package momentum holds algorithms whose state is z = (x, v), parameters and velocities.
// The friction is gamma > 0, and g(x) = grad f(x;xi).
//
//	momentum: v' = v - eta (gamma v + g(x)), x' = x + eta v'.
//	nesterov: v' = v - eta (gamma v + g(x + eta (1 - eta gamma) v)), x' = x + eta v'.
//
// This is heavy ball in the scaling of Li, Tai and E, Stochastic modified equations and
// dynamics of stochastic gradient algorithms I, JMLR 20 (2019). The moments of a step have
// H = hess f, and Sigma, the covariance of g.
//
//	m12 = (v, -gamma v - grad f), m22 = 0, m24 = m12 m12^T + diag(0, Sigma).
//	m14 = (-gamma v - grad f, 0) of momentum and (-gamma v - grad f, -H v) of nesterov.
//
// Package derived makes the diffusions of them.
package momentum
