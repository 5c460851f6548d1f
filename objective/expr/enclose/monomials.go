package enclose

import "kolmo/objective/expr"

// monomials lists the multi-indices of d variables up to degree maxDegree, by
// degree; entry 0 is the constant. A truncated Taylor polynomial is the list of
// its coefficients in this order.
type monomials struct {
	exponents [][expr.MaxParameters]int
	count     [maxDegree + 1]int // monomials of degree at most k
	products  []product          // by the degree of the result
	second    [expr.MaxParameters][expr.MaxParameters]int
	third     [expr.MaxParameters][expr.MaxParameters][expr.MaxParameters]int
}

// maxDegree is the highest order of derivatives of an Enclosure.
const maxDegree = 3

// product says that monomials a and b multiply to c, of the given degree.
type product struct{ a, b, c, degree int }

// monomialTable is indexed by d.
var monomialTable = [expr.MaxParameters + 1]*monomials{newMonomials(0), newMonomials(1), newMonomials(2), newMonomials(3)}

func newMonomials(d int) *monomials {
	m := &monomials{}
	for degree := range maxDegree + 1 {
		m.append(d, degree, 0, [expr.MaxParameters]int{})
		m.count[degree] = len(m.exponents)
	}
	for degree := range maxDegree + 1 {
		for a, p := range m.exponents {
			for b, q := range m.exponents {
				var sum [expr.MaxParameters]int
				total := 0
				for i := range sum {
					sum[i] = p[i] + q[i]
					total += sum[i]
				}
				if total == degree {
					m.products = append(m.products, product{a, b, m.index(sum), degree})
				}
			}
		}
	}
	for i := range d {
		for j := range d {
			var e [expr.MaxParameters]int
			e[i]++
			e[j]++
			m.second[i][j] = m.index(e)
			for k := range d {
				e[k]++
				m.third[i][j][k] = m.index(e)
				e[k]--
			}
		}
	}
	return m
}

// append adds the monomials of x_i, x_i+1, .. of the given degree times prefix.
func (m *monomials) append(d, degree, i int, prefix [expr.MaxParameters]int) {
	switch {
	case i == d && degree == 0:
		m.exponents = append(m.exponents, prefix)
	case i < d:
		for n := degree; n >= 0; n-- {
			prefix[i] = n
			m.append(d, degree-n, i+1, prefix)
		}
	}
}

// index returns the place of a monomial.
func (m *monomials) index(exponents [expr.MaxParameters]int) int {
	for k, e := range m.exponents {
		if e == exponents {
			return k
		}
	}
	panic("expr: no such monomial")
}

// factorial is the product of the factorials of the exponents of monomial k.
func (m *monomials) factorial(k int) float64 {
	f := 1.0
	for _, e := range m.exponents[k] {
		f *= [maxDegree + 1]float64{1, 1, 2, 6}[e]
	}
	return f
}
