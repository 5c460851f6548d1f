package sgdop_test

import (
	"context"
	"fmt"

	"kolmo/grid"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/sgd"
	"kolmo/sgdop"
)

// The second moment of stochastic gradient descent on f(x;xi) = (x - xi)^2/2, xi =
// -1 or 1, from x = 0: E X_n^2 = eta (1 - (1-eta)^{2n})/(2 - eta).
func Example() {
	scope := expr.Scope{Parameters: []string{"x"}, Variables: []string{"xi"}}
	e, err := expr.Parse("(x - xi)^2/2", scope)
	if err != nil {
		fmt.Println(err)
		return
	}
	xi, err := law.Discrete([]string{"xi"}, [][]float64{{-1}, {1}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	loss, err := objective.New(scope.Parameters, e, xi)
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := grid.Box(grid.KindChebyshev, []int{9}, []float64{0}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := sgdop.Assemble(context.Background(), g, sgd.NewChain(loss, 0.25), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	u, su := make([]float64, g.Len()), make([]float64, g.Len())
	x := make([]float64, 1)
	for i := range u {
		g.PointTo(x, i)
		u[i] = x[0] * x[0]
	}
	for n := 1; n <= 3; n++ {
		s.ApplyTo(su, u)
		u, su = su, u
		fmt.Printf("n = %d: %.9f\n", n, u[4])
	}
	fmt.Println("images outside the box:", s.Leakage().Rows > 0)
	// Output:
	// n = 1: 0.062500000
	// n = 2: 0.097656250
	// n = 3: 0.117431641
	// images outside the box: false
}

// The invariant law of the same SGD has mean 0 and variance eta/(2 - eta), and is
// approached by a factor 1 - eta per step.
func ExampleOperator_Invariant() {
	scope := expr.Scope{Parameters: []string{"x"}, Variables: []string{"xi"}}
	e, err := expr.Parse("(x - xi)^2/2", scope)
	if err != nil {
		fmt.Println(err)
		return
	}
	xi, err := law.Discrete([]string{"xi"}, [][]float64{{-1}, {1}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	loss, err := objective.New(scope.Parameters, e, xi)
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := grid.Box(grid.KindUniform, []int{40}, []float64{0}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := sgdop.Assemble(context.Background(), g, sgd.NewChain(loss, 0.25), &sgdop.Config{Width: 6})
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := s.Invariant(context.Background(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, covariance, bound := v.Moments()
	fmt.Printf("variance %.9f, exactly %.9f\n", covariance.At(0, 0), 0.25/1.75)
	fmt.Printf("gap %.6f, error below 1e-9: %v\n", v.Gap, bound < 1e-9)
	// Output:
	// variance 0.142857143, exactly 0.142857143
	// gap 0.250000, error below 1e-9: true
}
