// Package sgd is stochastic gradient descent as a process: the chain
//
//	x' = x - eta grad f(x;xi)
//
// and the four diffusions that approximate it (Li and Wang, equations 1.4 to 1.7, 2.1
// and 2.2), with the leading coefficients of their one-step defects. It is the only
// place that knows this step and the names of these models.
package sgd
