// Package exit finds how long the chain and the diffusions take on average to leave an interval of
// the line or a box of the plane, the mean exit time. T = eta + S_D T for the chain, S_D being the step that is
// killed outside D, and L T = -1 with T = 0 where paths leave for a diffusion.
//
// Both are solved as a chain of finitely many states that is killed. On the line, and for diffusions of the plane, this is by
// an elimination that only adds and multiplies positive numbers, but for strong correlations: times that grow like
// e^{B/eta} lose no digits. For chains of the plane
// it is by GMRES with a bound of its relative error from both sides.
//
//	at := &exit.Place{Lo: -1, Hi: 1, X: 0}
//	t, _, err := exit.OfChain(chain, at, 1000) // in steps
package exit
