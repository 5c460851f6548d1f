// Step applies S, one step of stochastic gradient descent on functions,
//
//	(S u)(x) = E u(x - eta grad f(x;xi)),
//
// to u(x) = |x|^2, for least squares f(x;xi) = (a.x - y)^2/2 over three samples, written
// as Go functions. Ten steps give the mean of |X_10|^2.
package main

import (
	"context"
	"fmt"
	"log"

	"kolmo/grid"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/sgd"
	"kolmo/sgdop"
)

func main() {
	xiLaw, err := law.Discrete([]string{"a1", "a2", "y"}, [][]float64{{1, 0, 0.5}, {0.5, 1, -0.5}, {-0.5, 1, 0.25}}, nil)
	if err != nil {
		log.Fatal(err)
	}
	residual := func(x, xi []float64) float64 { return xi[0]*x[0] + xi[1]*x[1] - xi[2] }
	loss, err := objective.NewFunc(2, objective.Functions{
		Loss: func(x, xi []float64) float64 { return residual(x, xi) * residual(x, xi) / 2 },
		Grad: func(dst, x, xi []float64) { dst[0], dst[1] = residual(x, xi)*xi[0], residual(x, xi)*xi[1] },
		Hess: func(dst [][]float64, x, xi []float64) {
			dst[0][0], dst[0][1], dst[1][0], dst[1][1] = xi[0]*xi[0], xi[0]*xi[1], xi[0]*xi[1], xi[1]*xi[1]
		},
	}, xiLaw)
	if err != nil {
		log.Fatal(err)
	}
	g, err := grid.Box(grid.KindChebyshev, []int{9}, []float64{0, 0}, 2) // nine nodes along both axes
	if err != nil {
		log.Fatal(err)
	}
	S, err := sgdop.Assemble(context.Background(), g, sgd.NewChain(loss, 0.25), nil)
	if err != nil {
		log.Fatal(err)
	}
	u, x := g.Sample(func(x []float64) float64 { return x[0]*x[0] + x[1]*x[1] }), []float64{1, -1}
	su := make([]float64, g.Len())
	for n := 1; n <= 10; n++ {
		S.ApplyTo(su, u)
		u, su = su, u
		fmt.Printf("E |X_%d|^2 = %.9f from x = (1, -1)\n", n, g.Value(u, x))
	}
}
