// Package given has diffusions that a study gives by formulas of its own,
//
//	dX = b(X; eta) dt + a(X; eta)^(1/2) dW,
//
// where b_k and a_kl are expressions of the parameters, of eta and of means over the law
// of a step's sample: mean(e) and cov(e, e'), in which grad(x) and hess(x, y) are
// derivatives of the sample's loss.
//
// [Parse] reads a formula, [Model] collects those of a diffusion, and [New] puts such
// diffusions beside those of a dynamics of a loss.
package given
