package kolmogorov

import (
	"math"

	"kolmo/grid"
)

// Cutoff is the smooth step chi of Lambda = chi^2 Sigma (2.1): chi = 1 on
// |x - Center| <= R, 0 on |x - Center| >= R2, infinitely differentiable. Since
// chi multiplies the square root of Sigma, Lambda is positive semidefinite
// wherever Sigma is, and no square root is formed.
type Cutoff struct {
	Ball grid.Ball
	R2   float64
}

// At returns chi at x:
//
//	chi = g(1-s)/(g(1-s) + g(s)),   g(s) = exp(-1/s),   s = (|x-Center| - R)/(R2 - R).
func (c Cutoff) At(x []float64) float64 {
	s := (c.Ball.Distance(x) - c.Ball.R) / (c.R2 - c.Ball.R)
	switch {
	case s <= 0:
		return 1
	case s >= 1:
		return 0
	}
	// exp(-1/(1-s))/(exp(-1/(1-s)) + exp(-1/s)), scaled against underflow.
	return 1 / (1 + math.Exp(1/(1-s)-1/s))
}
