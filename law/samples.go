package law

import (
	"encoding/binary"
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

// Merged is a law in some of its variables, in which nodes that agree in these are one. It
// is immutable, and so are its slices.
type Merged struct {
	Variables []string
	Columns   [][]float64 // Columns[i][k] is variable i at node k
	Weights   []float64   // of the nodes; they sum to 1

	of *Samples
}

// Len returns the number of nodes.
func (m *Merged) Len() int { return len(m.Weights) }

// Onto returns the law in the variables that are used, with nodes that agree in these
// merged, in the order of their first occurrence, and nodes of weight zero dropped.
func (s *Samples) Onto(used func(variable string) bool) *Merged {
	m := &Merged{of: s}
	var from [][]float64
	for i, name := range s.variables {
		if used(name) {
			m.Variables = append(m.Variables, name)
			from = append(from, s.columns[i])
		}
	}
	m.Columns = make([][]float64, len(from))
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
			m.Weights[j] += w
			continue
		}
		seen[string(key)] = len(m.Weights)
		m.Weights = append(m.Weights, w)
		for i, c := range from {
			m.Columns[i] = append(m.Columns[i], c[k])
		}
	}
	normalise(m.Weights)
	return m
}

// Signed reports that some weights are negative, and returns the sum of their absolute values.
func (m *Merged) Signed() (signed bool, absolute float64) {
	for _, w := range m.Weights {
		signed = signed || w < 0
		absolute += math.Abs(w)
	}
	return signed, absolute
}

// Thinned returns the law of n of the nodes, evenly chosen in their order, with their
// weights in proportion. n must be less than their number.
func (m *Merged) Thinned(n int) *Samples {
	s := &Samples{variables: m.Variables, columns: make([][]float64, len(m.Columns)), unbounded: m.of.unbounded}
	for i := range n {
		k := int(math.Floor((float64(i) + 0.5) * float64(m.Len()) / float64(n)))
		s.weights = append(s.weights, m.Weights[k])
		for c := range m.Columns {
			s.columns[c] = append(s.columns[c], m.Columns[c][k])
		}
	}
	normalise(s.weights)
	return s
}
