package objective

// mostHull is the largest number of nodes of a hull.
const mostHull = 4096

// ends returns the ends of the support of a bounded law.
func ends(m Marginal) (lo, hi float64, ok bool) {
	switch m := m.(type) {
	case Uniform:
		return m.Low, m.High, true
	case Truncated:
		return m.Low, m.High, true
	}
	return 0, 0, false
}

// hull returns nodes that reach to the ends of a continuous law: a quadrature's
// lie inside its support, and what must hold for every xi, such as the invariance
// of a ball, is looked for at both. They are the tensor product
// of the ends and the middles of the variables' supports, or of the ends alone
// where that is too many; nil if a support is unbounded.
func hull(variables []Variable) *Samples {
	for _, points := range []int{3, 2} {
		total := 1
		for range variables {
			if total *= points; total > mostHull {
				break
			}
		}
		if total > mostHull {
			continue
		}
		names := make([]string, len(variables))
		columns := make([][]float64, len(variables))
		w := make([]float64, total)
		stride := 1
		for i, v := range variables {
			lo, hi, ok := ends(v.Law)
			if !ok {
				return nil
			}
			names[i] = v.Name
			columns[i] = make([]float64, total)
			for k := range w {
				j := k / stride % points
				columns[i][k] = lo + (hi-lo)*float64(j)/float64(points-1)
				w[k] = 1 / float64(total)
			}
			stride *= points
		}
		if s, err := newSamples(names, columns, w); err == nil {
			return s
		}
	}
	return nil
}
