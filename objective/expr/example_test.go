package expr_test

import (
	"fmt"

	"kolmo/objective/expr"
)

func Example() {
	scope := expr.Scope{Parameters: []string{"x"}, Variables: []string{"xi"}}
	e, err := expr.Parse("(x - xi)^2/2", scope)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := expr.Compile(e, expr.Inputs{Parameters: scope.Parameters, Variables: scope.Variables})
	if err != nil {
		fmt.Println(err)
		return
	}
	m := p.Bind(2, [][]float64{{-1, 1}}).NewMachine() // two samples
	m.Point([]float64{0.5}, nil, 2)
	n := m.Block(0)
	fmt.Println(e)
	fmt.Println(m.Value()[:n], m.Grad(0)[:n], m.Hess(0, 0)[:n])
	// Output:
	// (x - xi)^2/2
	// [1.125 0.125] [1.5 -0.5] [1 1]
}

func ExampleParse_error() {
	_, err := expr.Parse("(x - xi)//2", expr.Scope{Parameters: []string{"x"}, Variables: []string{"xi"}})
	fmt.Println(err)
	// Output:
	// offset 8: // is not an operator; write one / for division
}
