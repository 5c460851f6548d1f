package kolmogorov_test

import (
	"fmt"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov"
)

// The mean of X_1^2 for dX = -X dt + sqrt(2) dW from X_0 = 0 is 1 - exp(-2).
func ExampleEquation_Solve() {
	g, err := grid.Box(grid.KindChebyshev, []int{12}, []float64{0}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	e := kolmogorov.Equation{
		Drift:     func(b, x []float64) { b[0] = -x[0] },
		Diffusion: func(a [][]float64, x []float64) { a[0][0] = 2 },
		Initial:   func(x []float64) float64 { return x[0] * x[0] },
	}
	u, err := e.Solve(g, 0.5, 2, fd.FullWidth)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.9f\n", g.Value(u[1], []float64{0}))
	// Output: 0.864664717
}
