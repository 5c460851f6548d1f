// Package process describes what kolmo compares: a Markov chain with a small
// parameter eta, and the diffusions that approximate it.
//
// A [Dynamics] is the family of chains
//
//	z' = F(z, xi; eta),   (S u)(z) = E u(F(z, xi; eta)),
//
// with what its diffusions are made of. Packages above ask a [Chain] for the images of
// a point and their probabilities, and a [Diffusion] for its drift b, its diffusion a
// and a few traits; neither is known by its name. Package sgd is the first Dynamics.
package process
