package law

import (
	"encoding/binary"
	"math"
)

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
