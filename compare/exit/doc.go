// Package exit finds how long the chain and the diffusions on the line take on average to leave
// an interval D, the mean exit time. T = eta + S_D T for the chain, S_D being the step that is
// killed outside, and L T = -1 with T = 0 at the ends for a diffusion.
//
// Both are solved as a chain of finitely many states that is killed, by an elimination that only
// adds and multiplies positive numbers: times that grow like e^{B/eta} lose no digits.
//
//	at := &exit.Place{Lo: -1, Hi: 1, X: 0}
//	t, _, err := exit.OfChain(chain, at, 1000) // in steps
package exit
