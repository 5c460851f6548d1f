package objective

// Objective is an expected loss f(x) = E f(x;xi) together with the law of xi
// it averages over. A value is immutable and may be shared by goroutines; the
// work is done by an Evaluator, of which every goroutine owns one.
type Objective interface {
	// Dim returns d, the number of parameters.
	Dim() int
	// Law returns the nodes' weights and what is known about the law of xi.
	Law() Law
	// NewEvaluator returns a workspace that evaluates the loss's derivatives.
	NewEvaluator() Evaluator
	// Refine returns the same loss under a richer quadrature of the law of xi,
	// for the estimate of the quadrature error, and false where the law is a
	// finite sum and nothing is to be estimated.
	Refine() (Objective, bool)
}

// Law describes the discrete law that stands for the law of xi: a finite sum
// (data, discrete) or a quadrature of a continuous one (independent).
type Law struct {
	// Weights are the probabilities w_k of the nodes xi_k; they are
	// non-negative, unless Signed, and sum to one.
	Weights []float64
	// Draws is the number of samples that one random gradient is of.
	Draws int
	// Signed reports that some weights are negative, as those of a sparse rule
	// are: then S need not be a contraction nor Sigma positive semidefinite, and
	// sum_k |w_k| says how far from it they may be.
	Signed bool
	// Exact reports that the nodes are the law and no quadrature of it.
	Exact bool
	// Unbounded reports that the support of the law that the nodes stand for is
	// unbounded, so that no ball is invariant under SGD.
	Unbounded bool
	// Moving reports that the weights depend on x, as those of a quadrature of
	// the law of a batch gradient do: Evaluator.NodesTo stores them, and Weights
	// only has their number.
	Moving bool
	// Note says in one sentence what stands for the law, for the warnings of a
	// result; empty if nothing need be said.
	Note string
	// Hull is the same loss over the ends of the law's support, where the nodes
	// are a quadrature inside it; nil where the nodes are the law, or it is
	// unbounded.
	Hull Objective
}

// Len returns the number M of nodes.
func (l Law) Len() int { return len(l.Weights) }

// Evaluator evaluates the derivatives of a loss at a point. It is a workspace:
// calls do not allocate, and one Evaluator serves one goroutine at a time.
type Evaluator interface {
	// GradsTo stores the sample gradients at x: dst[k*d+i] = d_i f(x;xi_k).
	// len(dst) must be M d and len(x) must be d.
	GradsTo(dst, x []float64)
	// NodesTo stores in grads what GradsTo does and in weights the probabilities
	// of these gradients at x: Law.Weights unless Law.Moving. len(weights) must be
	// M.
	NodesTo(weights, grads, x []float64)
	// MomentsTo stores f, grad f, hess f and Sigma at x in m.
	MomentsTo(m *Moments, x []float64)
}

// Moments are the expected loss, its derivatives and the covariance of the
// gradient at one point. Only the leading d entries are set.
type Moments struct {
	F     float64       // f(x)
	Grad  [3]float64    // grad f
	Hess  [3][3]float64 // hess f
	Sigma [3][3]float64 // Cov_xi(grad f(x;xi)), equation (1.6)
}

// Observable is a function phi of the parameters. It is immutable.
type Observable = interface {
	// Name returns the observable's name in the study.
	Name() string
	// NewFunc returns a function that evaluates phi and that one goroutine may
	// call at a time.
	NewFunc() func(x []float64) float64
}
