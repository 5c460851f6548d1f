package custom

import (
	"kolmo/derived"
	"kolmo/grid"
	"kolmo/objective/expr"
)

// degrees returns the monomials that moments need: up to eta^2, and up to eta those in z that
// derivatives are taken of, two where sqrt(eta) occurs and one else.
func (a *algorithm) degrees() *expr.Degrees {
	return expr.NewDegrees(len(a.names), func(m expr.Degree) bool {
		z := m.X[0] + m.X[1] + m.X[2]
		if a.half {
			return m.Root <= 2 && z <= 2 || m.Root <= 4 && z == 0
		}
		return (m.Root == 0 || m.Root == 2) && z <= 1 || m.Root == 4 && z == 0
	})
}

// mean is the mean of a monomial's coefficient.
func (s *series) mean(w []float64, i, m int) float64 {
	sum := 0.0
	if c := s.series.At(i, m); m >= 0 && c != nil {
		for l, v := range w {
			sum += v * c[l]
		}
	}
	return sum
}

// product is the mean of the product of two coefficients, each less a number.
func (s *series) product(w []float64, i, m, j, n int, less, minus float64) float64 {
	a, b := s.series.At(i, m), s.series.At(j, n)
	if a == nil || b == nil {
		return 0
	}
	sum := 0.0
	for l, v := range w {
		sum += v * (a[l] - less) * (b[l] - minus)
	}
	return sum
}

func (a *algorithm) NewMoments() func(m *derived.Moments, z []float64) {
	s := a.series(a.degrees())
	d := len(a.names)
	one := func(k int) (m expr.Degree) { m.X[k] = 1; return m }
	return func(m *derived.Moments, z []float64) {
		*m = derived.Moments{}
		var hess [grid.MaxDim]derived.Matrix // of m12
		var f noiseField
		// The first moments come first: the second are centred about them.
		s.each(z, 1, func(k, n int) {
			w := a.nodes.weights[k : k+n]
			for i := range d {
				m.M12[i] += s.mean(w, i, s.at(2))
				m.M14[i] += s.mean(w, i, s.at(4))
				for j := range d {
					e := one(j)
					e.Root = 2
					m.D12[i][j] += s.mean(w, i, s.g.Index(e))
					for l := range d {
						if a.noisy {
							h := e
							h.X[l]++
							hess[i][j][l] += s.mean(w, i, s.g.Index(h)) * factorial(h)
						}
					}
				}
			}
		})
		s.each(z, 1, func(k, n int) {
			w := a.nodes.weights[k : k+n]
			for i := range d {
				for j := range d {
					m.M24[i][j] += s.product(w, i, s.at(2), j, s.at(2), m.M12[i], m.M12[j])
					if a.noisy {
						m.M24[i][j] += s.product(w, i, s.at(1), j, s.at(3), 0, 0) + s.product(w, i, s.at(3), j, s.at(1), 0, 0)
						f.add(s, w, i, j)
					}
				}
			}
		})
		for i := range d {
			for j := range d {
				m.M24[i][j] += m.M12[i] * m.M12[j]
			}
		}
		if a.noisy {
			f.finish(m, &hess, d)
		}
	}
}

// factorial is the product of the factorials of exponents of at most two.
func factorial(m expr.Degree) float64 {
	f := 1.0
	for _, e := range m.X {
		if e == 2 {
			f *= 2
		}
	}
	return f
}

// noiseField is m22 with its derivatives.
type noiseField struct {
	value derived.Matrix
	first [grid.MaxDim]derived.Matrix              // by the axis
	both  [grid.MaxDim][grid.MaxDim]derived.Matrix // by two axes
}

// add adds entry (i, j) of a block with the weights w: D1 D1^T by the product rule.
func (f *noiseField) add(s *series, w []float64, i, j int) {
	d := len(s.a.names)
	in := func(axes ...int) (int, float64) {
		m := expr.Degree{Root: 1}
		for _, k := range axes {
			m.X[k]++
		}
		return s.g.Index(m), factorial(m)
	}
	pair := func(a, b []int) float64 {
		m, p := in(a...)
		n, q := in(b...)
		return p * q * s.product(w, i, m, j, n, 0, 0)
	}
	f.value[i][j] += pair(nil, nil)
	for k := range d {
		f.first[k][i][j] += pair([]int{k}, nil) + pair(nil, []int{k})
		for l := range d {
			f.both[k][l][i][j] += pair([]int{k, l}, nil) + pair([]int{k}, []int{l}) + pair([]int{l}, []int{k}) + pair(nil, []int{k, l})
		}
	}
}

// finish stores m22, (1/2) m22:hess m12 and L0 m22.
func (f *noiseField) finish(m *derived.Moments, hess *[grid.MaxDim]derived.Matrix, d int) {
	m.M22 = f.value
	for k := range d {
		for l := range d {
			for i := range d {
				m.L12[i] += f.value[k][l] * hess[i][k][l] / 2
				for j := range d {
					m.L22[i][j] += f.value[k][l] * f.both[k][l][i][j] / 2
				}
			}
		}
		for i := range d {
			for j := range d {
				m.L22[i][j] += m.M12[k] * f.first[k][i][j]
			}
		}
	}
}
