package objective

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"kolmo/objective/expr"
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
		return nil, fmt.Errorf("objective: %d columns for %d variables", len(columns), len(variables))
	}
	n := len(columns[0])
	if n == 0 {
		return nil, errors.New("objective: no rows")
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
		return nil, errors.New("objective: no values")
	}
	columns := make([][]float64, len(variables))
	for k, v := range values {
		if len(v) != len(variables) {
			return nil, fmt.Errorf("objective: value %d has %d entries for %d variables", k+1, len(v), len(variables))
		}
		for i := range v {
			columns[i] = append(columns[i], v[i])
		}
	}
	if probabilities == nil {
		return Data(variables, columns)
	}
	if len(probabilities) != n {
		return nil, fmt.Errorf("objective: %w: %d for %d values", ErrProbabilities, len(probabilities), n)
	}
	var total float64
	for _, p := range probabilities {
		if !(p >= 0) {
			return nil, fmt.Errorf("objective: %w: %g is negative", ErrProbabilities, p)
		}
		total += p
	}
	if !(math.Abs(total-1) <= sumTolerance) {
		return nil, fmt.Errorf("objective: %w: they sum to %.12g, not 1", ErrProbabilities, total)
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
			return nil, fmt.Errorf("objective: variable %s has %d values for %d nodes", variables[i], len(c), len(weights))
		}
		for _, v := range c {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("objective: variable %s has the value %v", variables[i], v)
			}
		}
	}
	return &Samples{variables: variables, columns: columns, weights: weights}, nil
}

// onto returns the columns of the variables that the loss uses and the weights,
// with nodes that agree in these variables merged, in the order of their first
// occurrence, and nodes of weight zero dropped.
func (s *Samples) onto(loss *expr.Expr) (variables []string, columns [][]float64, weights []float64) {
	var from [][]float64
	for i, name := range s.variables {
		if loss.Uses(name) {
			variables = append(variables, name)
			from = append(from, s.columns[i])
		}
	}
	columns = make([][]float64, len(from))
	seen := make(map[string]int, len(s.weights))
	key := make([]byte, 8*len(from))
	for k, w := range s.weights {
		if w == 0 {
			continue
		}
		for i, c := range from {
			binary.LittleEndian.PutUint64(key[8*i:], math.Float64bits(c[k]+0)) // +0 makes -0 and 0 equal
		}
		if j, ok := seen[string(key)]; ok {
			weights[j] += w
			continue
		}
		seen[string(key)] = len(weights)
		weights = append(weights, w)
		for i, c := range from {
			columns[i] = append(columns[i], c[k])
		}
	}
	return variables, columns, weights
}
