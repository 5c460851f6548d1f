// Backward solves one backward Kolmogorov equation with a given drift and diffusion,
//
//	u_t = b.grad u + (1/2) a:hess u,   u(x,0) = x^2,   b = -x,   a = (1 + x^2)/4.
//
// Its solution is the mean of X_t^2 for dX = -X dt + (1/2) sqrt(1 + X^2) dW from x.
// It is known: x^2 e^{-7t/4} + (1 - e^{-7t/4})/7.
package main

import (
	"fmt"
	"log"
	"math"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov"
)

func main() {
	// Twelve Chebyshev nodes on |x| <= 2; the drift points inward at both ends.
	g, err := grid.Box(grid.KindChebyshev, []int{12}, []float64{0}, 2)
	if err != nil {
		log.Fatal(err)
	}
	equation := kolmogorov.Equation{
		Drift:     func(b, x []float64) { b[0] = -x[0] },
		Diffusion: func(a [][]float64, x []float64) { a[0][0] = (1 + x[0]*x[0]) / 4 },
		Initial:   func(x []float64) float64 { return x[0] * x[0] },
	}
	u, err := equation.Solve(g, 0.5, 4, fd.FullWidth) // at t = 0.5, 1, 1.5, 2
	if err != nil {
		log.Fatal(err)
	}
	x := []float64{1.5}
	for j, field := range u {
		t := 0.5 * float64(j+1)
		fade := math.Exp(-1.75 * t)
		fmt.Printf("u(1.5, %.1f) = %.9f, exactly %.9f\n", t, g.Value(field, x), x[0]*x[0]*fade+(1-fade)/7)
	}
}
