// Package law holds the laws of xi over which a loss is averaged.
//
// A law is a finite sum of nodes xi_k with weights w_k, either exactly (rows of a
// table, given values) or as a quadrature of independent continuous variables: a
// product of Gauss rules, a sparse combination of such, or a scrambled net. Samples
// has the nodes, Merged those that one loss can tell apart, Drawer draws xi from
// the law itself.
//
// Batches is the law of the mean of a vector g in R^d over m samples,
//
//	g_B = (1/m) sum_{k in B} g_k,
//
// enumerated, or a quadrature with its moments up to degree 5. It takes the vectors
// g_k of the nodes and no loss: what they are the gradients of, and what that makes
// an objective, is package objective's (objective.Batch), which stands on this one.
//
//	xi, err := law.Independent([]law.Variable{{Name: "xi", Law: law.Uniform{Low: -1, High: 1}}}, 12)
//	...
//	nodes := xi.Onto(func(variable string) bool { return true })
//	b, err := law.NewBatches(nodes, 1, 4, true)
//	...
//	weights, means := make([]float64, len(b.Weights())), make([]float64, len(b.Weights()))
//	b.NewWork().NodesTo(weights, means, nodes.Columns[0])   // the law of the mean of four
package law
