// Package parity holds fields by their parities under the reflections of a grid's axes, so
// that products with matrices of differentiation have half the side.
package parity
