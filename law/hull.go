package law

import "slices"

// mostHull is the largest number of nodes of a hull.
const mostHull = 4096

// reach returns values of a bounded law that reach to the ends of its support: the
// ends and the middle of a continuous one, all values of a finite one; nil for an
// unbounded law.
func reach(m Marginal) []float64 {
	var lo, hi float64
	switch m := m.(type) {
	case Uniform:
		lo, hi = m.Low, m.High
	case Truncated:
		lo, hi = m.Low, m.High
	case Beta:
		lo, hi = 0, 1
	default:
		n := m.Atoms()
		if n == 0 {
			return nil
		}
		nodes := make([]float64, n)
		if m.RuleTo(nodes, make([]float64, n)) != nil {
			return nil
		}
		return nodes
	}
	return []float64{lo, lo/2 + hi/2, hi}
}

// hull returns nodes that reach to the ends of a continuous law: a quadrature's
// lie inside its support, and what must hold for every xi, such as the invariance
// of a ball, is looked for at both. They are the tensor product of the variables'
// reaches, without the middles where those are too many; nil if a support is
// unbounded or all are finite.
func hull(variables []Variable) *Samples {
	values := make([][]float64, len(variables))
	names := make([]string, len(variables))
	continuous := false
	for i, v := range variables {
		names[i] = v.Name
		if values[i] = reach(v.Law); values[i] == nil {
			return nil
		}
		continuous = continuous || v.Law.Atoms() == 0
	}
	if !continuous {
		return nil
	}
	if product(values) > mostHull {
		for i, v := range variables {
			if v.Law.Atoms() == 0 {
				values[i] = []float64{values[i][0], values[i][2]}
			}
		}
	}
	total := product(values)
	if total > mostHull {
		return nil
	}
	columns := make([][]float64, len(variables))
	w := make([]float64, total)
	for k := range w {
		w[k] = 1 / float64(total)
	}
	stride := 1
	for i, v := range values {
		columns[i] = make([]float64, total)
		for k := range w {
			columns[i][k] = v[k/stride%len(v)]
		}
		stride *= len(v)
	}
	s, err := newSamples(names, columns, w)
	if err != nil {
		return nil
	}
	return s
}

// product returns the number of nodes of a tensor product, or more than mostHull.
func product(values [][]float64) int {
	total := 1
	for _, v := range values {
		if total *= len(v); total > mostHull {
			return mostHull + 1
		}
	}
	return total
}

// noWeight is the weight of a node that is there without counting: nodes of weight
// zero are dropped, and this one is lost in any sum.
const noWeight = 1e-300

// Hull returns nodes at the ends of a bounded continuous law's support, or nil: a
// quadrature's lie inside.
func (s *Samples) Hull() *Samples { return s.hull }

// WithHull returns the law with the nodes of its hull added behind its own, without
// weight: means are the same, and what is said of every sample is said of the ends of the
// support too. It returns the law itself where it has no hull.
func (s *Samples) WithHull() (*Samples, error) {
	h := s.hull
	if h == nil {
		return s, nil
	}
	columns := make([][]float64, len(h.columns))
	for i := range columns {
		columns[i] = slices.Concat(s.columns[i], h.columns[i])
	}
	weights := slices.Clone(s.weights)
	for range h.Len() {
		weights = append(weights, noWeight)
	}
	all, err := newSamples(h.variables, columns, weights)
	if err != nil {
		return nil, err
	}
	all.unbounded, all.finer = s.unbounded, s.finer
	return all, nil
}
