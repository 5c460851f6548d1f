package objective_test

import (
	"fmt"

	"kolmo/objective"
	"kolmo/objective/expr"
)

func Example() {
	scope := expr.Scope{Parameters: []string{"x"}, Variables: []string{"xi"}}
	e, err := expr.Parse("(x - xi)^2/2", scope)
	if err != nil {
		fmt.Println(err)
		return
	}
	law, err := objective.Discrete([]string{"xi"}, [][]float64{{-1}, {1}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	loss, err := objective.New(scope.Parameters, e, law)
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

func ExampleMaxImage() {
	scope := expr.Scope{Parameters: []string{"x"}, Variables: []string{"xi"}}
	e, err := expr.Parse("(x - xi)^2/2", scope)
	if err != nil {
		fmt.Println(err)
		return
	}
	law, err := objective.Discrete([]string{"xi"}, [][]float64{{-1}, {1}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	loss, err := objective.New(scope.Parameters, e, law)
	if err != nil {
		fmt.Println(err)
		return
	}
	value, at, sample := objective.MaxImage(loss, []float64{0}, 2, 0.25)
	fmt.Println(value, at, sample) // at most R = 2: the ball is invariant
	// Output:
	// 1.75 [2] 1
}
