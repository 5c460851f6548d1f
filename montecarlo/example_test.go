package montecarlo_test

import (
	"context"
	"fmt"
	"math"

	"kolmo/law"
	"kolmo/montecarlo"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/sgd"
)

type square struct{}

func (square) Name() string { return "square" }

func (square) NewFunc() func(x []float64) float64 {
	return func(x []float64) float64 { return x[0] * x[0] }
}

// The second moment of stochastic gradient descent on f(x;xi) = (x - xi)^2/2 with xi
// normal, from x = 0: E X_n^2 = eta (1 - (1-eta)^{2n})/(2 - eta).
func Example() {
	xi, err := law.Independent([]law.Variable{{Name: "xi", Law: law.Normal{Mean: 0, Std: 1}}}, 8)
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := expr.Parse("(x - xi)^2/2", expr.Scope{Parameters: []string{"x"}, Variables: xi.Variables()})
	if err != nil {
		fmt.Println(err)
		return
	}
	loss, err := objective.New([]string{"x"}, e, xi)
	if err != nil {
		fmt.Println(err)
		return
	}
	const eta, n = 0.25, 10
	r, err := montecarlo.Run(context.Background(), sgd.NewChain(loss, eta), []objective.Observable{square{}}, [][]float64{{0}}, []int{n}, &montecarlo.Config{Paths: 50_000, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	m := r.Means[0][0][0]
	exact := eta * (1 - math.Pow(1-eta, 2*n)) / (2 - eta)
	fmt.Println("within four standard errors:", math.Abs(m.Value-exact) < 4*m.Error)
	fmt.Println("standard error below 1 %:", m.Error < 0.01*exact)
	// Output:
	// within four standard errors: true
	// standard error below 1 %: true
}
