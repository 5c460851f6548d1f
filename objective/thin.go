package objective

import "math"

// Thinned returns the loss under about n of the law's nodes, evenly chosen in their order,
// with their weights in proportion. It returns l itself where the law has no more, or has
// negative weights. What it says about l is a guess, as of a sample.
func (l *Loss) Thinned(n int) *Loss {
	m := l.law.Len()
	if m <= n || l.law.Signed {
		return l
	}
	s := &Samples{variables: l.variables, columns: make([][]float64, len(l.columns)), unbounded: l.law.Unbounded}
	for i := range n {
		k := int(math.Floor((float64(i) + 0.5) * float64(m) / float64(n)))
		s.weights = append(s.weights, l.law.Weights[k])
		for c := range l.columns {
			s.columns[c] = append(s.columns[c], l.columns[c][k])
		}
	}
	normalise(s.weights)
	t, err := New(l.parameters, l.source, s)
	if err != nil {
		panic(err) // New has taken the whole
	}
	return t
}
