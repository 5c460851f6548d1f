// Package reshuffle is gradient descent over epochs: one step goes through all N samples once,
// in a random order, every order equally likely,
//
//	x_j = x_{j-1} - eta grad f(x_{j-1};xi_{order(j)}),   j = 1 .. N.
//
// Let g_i and H_i be the gradient and the Hessian of the loss of sample i. The moments are
//
//	m12 = -sum g_i,   m14 = (1/2) [(sum H_i)(sum g_i) - sum H_i g_i].
//
// No step has noise of order eta: m22 = 0, m24 = m12 m12^T.
//
// An epoch takes the time N eta, so that in this time the second-order model has the drift
// -grad (f + (eta/4) mean |g_i|^2) and no noise: the covariance of a step is O(eta^4).
//
// S is the mean over all orders, up to 120 of them: samples that are the same make orders that
// are. Beyond that it is found by a recursion over the sets of samples that have come, whose laws
// are kept on few points; see sets.go. What that does is told by laws on more points.
package reshuffle
