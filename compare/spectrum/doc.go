// Package spectrum finds the leading eigenvalues of S and of the models' L (section 4.1) as
// rates with error estimates, from matrices on several grids, and tells those of an operator
// from those of the grids.
package spectrum
