// Package powers gives the powers of a chain's step on fields from one Arnoldi basis, with bounds of what they miss.
package powers
