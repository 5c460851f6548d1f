package law

import (
	"errors"
	"fmt"
	"math"
)

// Samples is a law of xi: variables, nodes and weights. It is immutable.
type Samples struct {
	variables []string
	columns   [][]float64 // columns[i][k] is variable i at node k
	weights   []float64
	unbounded bool
	finer     func(most int) (*Samples, error) // of a richer rule, with room for most nodes (0: any number); nil where the nodes are the law
	hull      *Samples                         // nodes at the ends of a bounded continuous law, or nil
	laws      []Variable                       // of independent variables, in the order of variables; nil for rows and values
}

// Len returns the number of nodes.
func (s *Samples) Len() int { return len(s.weights) }

// Variables returns the names of the sample variables.
func (s *Samples) Variables() []string { return s.variables }

// Data returns the law that draws one of n rows with equal probability:
// columns[i][k] is variable i in row k.
func Data(variables []string, columns [][]float64) (*Samples, error) {
	if len(columns) != len(variables) || len(columns) == 0 {
		return nil, fmt.Errorf("law: %d columns for %d variables", len(columns), len(variables))
	}
	n := len(columns[0])
	if n == 0 {
		return nil, errors.New("law: no rows")
	}
	w := make([]float64, n)
	for k := range w {
		w[k] = 1 / float64(n)
	}
	return newSamples(variables, columns, w)
}

// sumTolerance is how far the sum of given probabilities may be from 1.
const sumTolerance = 1e-12

// ErrProbabilities is wrapped by errors about probabilities that are negative or
// do not sum to 1.
var ErrProbabilities = errors.New("bad probabilities")

// Discrete returns the law that draws node k, values[k] = (xi_1, xi_2, ..), with
// the given probability; nil means equal probabilities. Probabilities must sum to
// 1 up to 1e-12 and are then normalised; nodes of probability 0 are dropped.
func Discrete(variables []string, values [][]float64, probabilities []float64) (*Samples, error) {
	n := len(values)
	if n == 0 {
		return nil, errors.New("law: no values")
	}
	columns := make([][]float64, len(variables))
	for k, v := range values {
		if len(v) != len(variables) {
			return nil, fmt.Errorf("law: value %d has %d entries for %d variables", k+1, len(v), len(variables))
		}
		for i := range v {
			columns[i] = append(columns[i], v[i])
		}
	}
	if probabilities == nil {
		return Data(variables, columns)
	}
	if len(probabilities) != n {
		return nil, fmt.Errorf("law: %w: %d for %d values", ErrProbabilities, len(probabilities), n)
	}
	var total float64
	for _, p := range probabilities {
		if !(p >= 0) {
			return nil, fmt.Errorf("law: %w: %g is negative", ErrProbabilities, p)
		}
		total += p
	}
	if !(math.Abs(total-1) <= sumTolerance) {
		return nil, fmt.Errorf("law: %w: they sum to %.12g, not 1", ErrProbabilities, total)
	}
	w := make([]float64, n)
	for k, p := range probabilities {
		w[k] = p / total
	}
	return newSamples(variables, columns, w)
}

func newSamples(variables []string, columns [][]float64, weights []float64) (*Samples, error) {
	for i, c := range columns {
		if len(c) != len(weights) {
			return nil, fmt.Errorf("law: variable %s has %d values for %d nodes", variables[i], len(c), len(weights))
		}
		for _, v := range c {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("law: variable %s has the value %v", variables[i], v)
			}
		}
	}
	return &Samples{variables: variables, columns: columns, weights: weights}, nil
}

// Exact reports that the nodes are the law and no quadrature of it.
func (s *Samples) Exact() bool { return s.finer == nil }

// Unbounded reports that the support of the law is unbounded.
func (s *Samples) Unbounded() bool { return s.unbounded }

// Refine returns the law under a richer rule, with room for the given number of nodes, 0 for
// any. It returns false where the nodes are the law, or the rule would have too many.
func (s *Samples) Refine(most int) (*Samples, bool) {
	if s.finer == nil {
		return nil, false
	}
	fine, err := s.finer(most)
	return fine, err == nil
}
