// Package decay follows the derivatives of u and the moments of a model (Proposition 1), and finds how fast they fall.
package decay
