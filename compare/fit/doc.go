// Package fit reads numbers off curves and rows: rates of decay, orders in eta and verdicts on them, what rules of quadrature
// leave, and whether finer grids will help. It also holds the constants that error estimates share.
package fit
