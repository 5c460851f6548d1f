package kernel

import (
	"fmt"
	"math"
)

// MaxProducts is the most terms of Products.
const MaxProducts = 4

// Products is a sum of products of fields, alpha sum_t A[t] X[t] over the first Terms.
type Products struct {
	Alpha float64
	Terms int
	A, X  [MaxProducts][]float64
}

// Add appends the term a x.
func (p *Products) Add(a, x []float64) {
	p.A[p.Terms], p.X[p.Terms] = a, x
	p.Terms++
}

// AddTo stores base plus the sum in dst, entry by entry, with fused multiply-adds in
// assembly: the products in their order from zero on, then the base. A nil base is zero;
// dst may be base. All must be as long as dst, or it panics. Cost: one pass, no allocation.
func (p *Products) AddTo(dst, base []float64) {
	n := len(dst)
	if base != nil && len(base) != n {
		panic(fmt.Sprintf("kernel: Products to length %d from a base of length %d", n, len(base)))
	}
	s := productsOf{n: n, alpha: p.Alpha, terms: p.Terms}
	for t := range p.Terms {
		if len(p.A[t]) != n || len(p.X[t]) != n {
			panic(fmt.Sprintf("kernel: Products of lengths %d and %d to %d", len(p.A[t]), len(p.X[t]), n))
		}
		if n > 0 {
			s.a[t], s.x[t] = &p.A[t][0], &p.X[t][0]
		}
	}
	if p.Terms == 0 || n == 0 {
		if base == nil {
			clear(dst)
		} else if n > 0 && &base[0] != &dst[0] {
			copy(dst, base)
		}
		return
	}
	s.dst = &dst[0]
	if base != nil {
		s.base = &base[0]
	}
	switch {
	case useAVX512:
		productsAVX512(&s)
	case useAVX2:
		if s.n = n &^ 3; s.n > 0 {
			productsAVX2(&s)
		}
		p.fusedTo(dst, base, s.n)
	default:
		p.plainTo(dst, base)
	}
}

// productsOf describes Products to the assembly, which knows its fields by name.
type productsOf struct {
	n         int
	dst, base *float64
	alpha     float64
	terms     int
	a, x      [MaxProducts]*float64
}

// fusedTo is AddTo for the entries from the given one on, with one rounding per term.
func (p *Products) fusedTo(dst, base []float64, from int) {
	for i := from; i < len(dst); i++ {
		sum := 0.0
		for t := range p.Terms {
			sum = math.FMA(p.A[t][i], p.X[t][i], sum)
		}
		if base == nil {
			dst[i] = p.Alpha * sum
		} else {
			dst[i] = math.FMA(p.Alpha, sum, base[i])
		}
	}
}

// plainTo is AddTo in plain Go.
func (p *Products) plainTo(dst, base []float64) {
	for i := range dst {
		sum := 0.0
		for t := range p.Terms {
			sum += p.A[t][i] * p.X[t][i]
		}
		if sum *= p.Alpha; base != nil {
			sum += base[i]
		}
		dst[i] = sum
	}
}
