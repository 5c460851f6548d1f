// Package assumptions finds what the theory assumes about a loss on a ball, and proves
// what it can.
//
// Check finds the constants of Assumption 1 and of Lemmas 1 and 2 of Li and Wang, On
// uniform-in-time diffusion approximation for stochastic gradient descent, Methods
// and Applications of Analysis 30(3), 2023: a search over a polar grid, then branch and
// bound with interval arithmetic. MaxImage searches the ball's images under SGD, Displace
// finds the minimizer and how far the stationary mean lies from it, and CheckFinite
// looks for points where the loss is not finite.
//
//	a, err := assumptions.Check(loss, loss, []float64{0}, 2, 3, nil)
//	...
//	fmt.Println(a.EtaInvariant.Value, a.EtaInvariant.Status)
package assumptions
