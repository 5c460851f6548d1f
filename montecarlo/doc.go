// Package montecarlo runs a chain itself: it estimates
//
//	U^n(x) = E[phi(X_n) | X_0 = x]
//
// by means over paths drawn at random, with their standard errors. It is the check
// of everything that is computed without sampling: it takes random
// steps as their law has them, and shares neither grids nor quadratures with the rest.
//
//	e, err := montecarlo.Run(ctx, chain, observables, starts, []int{1, 10, 100}, &montecarlo.Config{Paths: 1_000_000, Seed: 1})
//	...
//	m := e.Means[point][step][observable] // m.Value +- m.Error
//
// Paths are run in blocks, each with a random stream of its own, seeded by the
// study's seed, the starting point and the block: results depend on the seed and the
// number of paths, and not on the workers.
//
// Symbols: x the state; n the step; phi an observable.
package montecarlo
