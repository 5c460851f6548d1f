package assumptions_test

import (
	"fmt"

	"kolmo/assumptions"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
)

func ExampleMaxImage() {
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
	value, at, sample := assumptions.MaxImage(loss, []float64{0}, 2, 0.25)
	fmt.Println(value, at, sample) // at most R = 2: the ball is invariant
	// Output:
	// 1.75 [2] 1
}
