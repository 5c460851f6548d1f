package process

import (
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
)

// Dynamics is a family of Markov chains with a small parameter eta, and the diffusions
// that approximate them. A value is immutable and may be shared by goroutines.
type Dynamics interface {
	// Name is the chain's name in results: "sgd".
	Name() string
	// State says what the coordinates are and where the chain lives.
	State() State
	// Law says what stands for the law of a step's randomness.
	Law() Law
	// Chain returns the chain at eta > 0.
	Chain(eta float64) Chain
	// Diffusions returns all diffusions that are known for the chain, that of the theory
	// first. The same pointers come with every call.
	Diffusions() []*Diffusion
	// On returns the fields at the nodes of a grid of the state's dimension, with the
	// given number of workers (0: all processors), on which the result does not depend.
	// The error is one that NonFinite knows, at the first node where a field is not
	// finite. Cost: one evaluation of all samples per node.
	On(g *grid.Grid, workers int) (Fields, error)
	// At is On at any points, where fields need not be finite.
	At(x [][]float64, workers int) Fields
	// Limit returns the coefficients of the limit eta -> 0 at fields on a grid.
	Limit(f Fields) *kolmogorov.Coefficients
	// ThirdMoments returns the third central moments of a step over eta^3, entry
	// i <= j <= k after entry, at points: [entry][point].
	ThirdMoments(x [][]float64, workers int) [][]float64
	// Step weighs the parts of the fields as they enter the mean and the covariance of
	// a step, over eta and to first order in it.
	Step() Weights
	// Rest is the point of rest of the limit in a ball, with the first-order displacement
	// of the stationary mean from it; false where there is none.
	Rest(ball grid.Ball) (*Rest, bool)
	// Refine returns the same dynamics under a richer quadrature of the law, for the
	// estimate of the quadrature error, and false where nothing is to be estimated.
	Refine() (Dynamics, bool)
	// Thinned returns about the same dynamics with no more than n samples, for guesses
	// about work, and the observables as it sees them; false where there are no more.
	Thinned(n int, phi []Observable) (Dynamics, []Observable, bool)
}

// Law says what stands for the law of a step's randomness.
type Law struct {
	// Images is the number of images of a point.
	Images int
	// Points is the number of points where samples are evaluated to find them; 0: one.
	Points int
	// Draws is the number of samples that one random step draws.
	Draws int
	// Exact reports that the images are the law and no quadrature of it.
	Exact bool
	// Unbounded reports that images may lie anywhere: no ball is invariant.
	Unbounded bool
	// Moving reports that the probabilities of the images depend on the point.
	Moving bool
	// Note says in one sentence what stands for the law, for the warnings of a result;
	// empty if nothing need be said.
	Note string
}

// Work is about what the images of a point take, in images of one evaluation.
func (l Law) Work() int { return max(l.Images, l.Points) }

// Rest is where the limit eta -> 0 rests and how far the stationary mean lies from there,
// E_pi z - Point = eta PerEta + O(eta^2).
type Rest struct {
	Point, PerEta []float64
	// Left is the error of Point, a length, and Error that of PerEta's entries.
	Left, Error float64
}

// ThirdMoments returns the third central moments M_ijk, i <= j <= k, of laws at points x of
// R^d, a field each. at returns a workspace that stores a law's n nodes and weights; where it
// returns false the moments are 0. No result depends on workers.
func ThirdMoments(x [][]float64, d, n, workers int, at func() func(weights, nodes, x []float64) bool) [][]float64 {
	fields := make([][]float64, d*(d+1)*(d+2)/6)
	for f := range fields {
		fields[f] = make([]float64, len(x))
	}
	par.Ranges(workers, len(x), func(lo, hi int) {
		law := at()
		weights, nodes, mean := make([]float64, n), make([]float64, n*d), make([]float64, d)
		for p := lo; p < hi; p++ {
			if !law(weights, nodes, x[p]) {
				continue
			}
			clear(mean)
			for m, w := range weights {
				for k := range d {
					mean[k] += w * nodes[m*d+k]
				}
			}
			f := 0
			for i := range d {
				for j := i; j < d; j++ {
					for k := j; k < d; k++ {
						for m, w := range weights {
							fields[f][p] += w * (nodes[m*d+i] - mean[i]) * (nodes[m*d+j] - mean[j]) * (nodes[m*d+k] - mean[k])
						}
						f++
					}
				}
			}
		}
	})
	return fields
}
