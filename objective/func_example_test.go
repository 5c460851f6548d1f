package objective_test

import (
	"fmt"

	"kolmo/law"
	"kolmo/objective"
)

// f(x;xi) = (x - xi)^2/2 in Go, for xi = -1 or 1.
func ExampleNewFunc() {
	xi, err := law.Discrete([]string{"xi"}, [][]float64{{-1}, {1}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	loss, err := objective.NewFunc(1, objective.Functions{
		Loss: func(x, xi []float64) float64 { return (x[0] - xi[0]) * (x[0] - xi[0]) / 2 },
		Grad: func(dst, x, xi []float64) { dst[0] = x[0] - xi[0] },
		Hess: func(dst [][]float64, x, xi []float64) { dst[0][0] = 1 },
	}, xi)
	if err != nil {
		fmt.Println(err)
		return
	}
	var m objective.Moments
	loss.NewEvaluator().MomentsTo(&m, []float64{0.5})
	fmt.Println(m.F, m.Grad[0], m.Hess[0][0], m.Sigma[0][0])
	// Output:
	// 0.625 0.5 1 1
}
