// Package montecarlo runs stochastic gradient descent itself: it estimates
//
//	U^n(x) = E[phi(X_n) | X_0 = x],   X_{n+1} = X_n - eta grad f(X_n;xi_n)   (1.2),
//
// by means over paths drawn at random, with their standard errors. It is the check
// of everything that is computed without sampling: it knows the loss and draws xi from its
// law itself, and shares neither grids nor quadratures with the rest.
//
//	e, err := montecarlo.SGD(ctx, loss, eta, observables, starts, []int{1, 10, 100}, &montecarlo.Config{Paths: 1_000_000, Seed: 1})
//	...
//	m := e.Means[point][step][observable] // m.Value +- m.Error
//
// Paths are run in blocks, each with a random stream of its own, seeded by the
// study's seed, the starting point and the block: results depend on the seed and the
// number of paths, and not on the workers.
//
// Symbols: x in R^d; xi the sample; eta the learning rate; n the step; phi an
// observable. The equation number is that of Li and Wang, On uniform-in-time diffusion
// approximation for stochastic gradient descent, Methods Appl. Anal. 30 (2023) 95-112.
package montecarlo
