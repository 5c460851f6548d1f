// Package spectrum finds the leading eigenvalues of matrices that stand for an operator on
// several grids, as rates with error estimates, and tells those of the operator from those
// of the grids. It knows neither chains nor diffusions.
package spectrum
