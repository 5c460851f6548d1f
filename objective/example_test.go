package objective_test

import (
	"fmt"

	"kolmo/law"
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
	var m objective.Moments
	loss.NewEvaluator().MomentsTo(&m, []float64{0.5})
	fmt.Println(m.F, m.Grad[0], m.Hess[0][0], m.Sigma[0][0])
	// Output:
	// 0.625 0.5 1 1
}
