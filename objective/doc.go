// Package objective holds expected losses, the observables and the reading of data.
//
// A loss f(x;xi) of the parameters x in R^d, d <= 3, and of a sample xi is an
// expression; the law of xi (package law) is a finite sum of nodes xi_k with
// weights w_k. At a point x an Evaluator gives
//
//	f       = sum_k w_k f(x;xi_k)
//	grad f  = sum_k w_k g_k,            g_k = grad f(x;xi_k)
//	hess f  = sum_k w_k hess f(x;xi_k)
//	Sigma   = sum_k w_k (g_k - grad f) (g_k - grad f)^T     (1.6)
//
// with derivatives by automatic differentiation (package expr), sums compensated
// and Sigma by a second, centred pass. The equation numbers are those of Li and
// Wang, On uniform-in-time diffusion approximation for stochastic gradient
// descent, Methods and Applications of Analysis 30(3), 2023. A Batch is the same for
// means over batches: it evaluates the samples and leaves the law of their mean to law.Batches.
//
//	scope := expr.Scope{Parameters: []string{"x"}, Variables: []string{"xi"}}
//	e, err := expr.Parse("(x - xi)^2/2", scope)
//	...
//	xi, err := law.Discrete([]string{"xi"}, [][]float64{{-1}, {1}}, nil)
//	...
//	loss, err := objective.New(scope.Parameters, e, xi)
//	...
//	var m objective.Moments
//	loss.NewEvaluator().MomentsTo(&m, []float64{0.5})
//	fmt.Println(m.F, m.Grad[0], m.Sigma[0][0])   // 0.625 0.5 1
package objective
