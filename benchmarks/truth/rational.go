package main

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/mat"
)

// pole is a term c/(z - z0) of a rational function.
type pole struct{ residue, at complex128 }

// padeDegree is the degree of the denominator of the approximation of e^z.
const padeDegree = 6

// padePoles returns the partial fractions, one of each conjugate pair, of the approximation of Padé
// of e^z with numerator of degree 5 and denominator of degree 6. It is L-stable (Ehle 1973), of order 11,
// and its error is 5e-12 |z|^12.
func padePoles() []pole {
	const m, k = padeDegree, padeDegree - 1
	fact := func(n int) float64 { return math.Gamma(float64(n) + 1) }
	p, q := make([]complex128, k+1), make([]complex128, m+1)
	for j := range p {
		p[j] = complex(fact(k+m-j)*fact(k)/(fact(k+m)*fact(j)*fact(k-j)), 0)
	}
	for j := range q {
		q[j] = complex(fact(k+m-j)*fact(m)/(fact(k+m)*fact(j)*fact(m-j)), 0)
		if j%2 == 1 {
			q[j] = -q[j]
		}
	}
	horner := func(c []complex128, z complex128) complex128 {
		v := complex128(0)
		for j := len(c) - 1; j >= 0; j-- {
			v = v*z + c[j]
		}
		return v
	}
	dq := make([]complex128, m)
	for j := range dq {
		dq[j] = q[j+1] * complex(float64(j+1), 0)
	}
	// Durand and Kerner: all roots at once.
	roots := make([]complex128, m)
	for j := range roots {
		roots[j] = cmplx.Rect(m, 2*math.Pi*(float64(j)+0.3)/m)
	}
	for range 200 {
		for i := range roots {
			v := horner(q, roots[i]) / q[m]
			for j := range roots {
				if j != i {
					v /= roots[i] - roots[j]
				}
			}
			roots[i] -= v
		}
	}
	var poles []pole
	for _, z := range roots {
		if imag(z) > 0 {
			poles = append(poles, pole{horner(p, z) / horner(dq, z), z})
		}
	}
	return poles
}

// exponential returns e^{t l} by 2^halvings steps of the rational approximation. Every row of l must sum to
// zero; those of the result are made to sum to one.
func exponential(l *mat.Dense, t float64, halvings int) *mat.Dense {
	n, _ := l.Dims()
	h := t / math.Exp2(float64(halvings))
	e := mat.NewDense(n, n, nil)
	work := make([]complex128, n*n)
	for _, p := range padePoles() {
		for i, v := range l.RawMatrix().Data {
			work[i] = complex(h*v, 0)
		}
		for i := range n {
			work[i*n+i] -= p.at
		}
		invert(work, n)
		for i, v := range work {
			e.RawMatrix().Data[i] += 2 * real(p.residue*v)
		}
	}
	markov(e)
	for range halvings {
		var square mat.Dense
		square.Mul(e, e)
		e.Copy(&square)
		markov(e)
	}
	return e
}

// markov adds to the diagonal what the rows' sums lack to one.
func markov(m *mat.Dense) {
	n, _ := m.Dims()
	for i := range n {
		sum := 0.0
		for _, v := range m.RawRowView(i) {
			sum += v
		}
		m.Set(i, i, m.At(i, i)+1-sum)
	}
}

// invert replaces the n x n matrix a by its inverse: Gauss and Jordan with row pivots.
func invert(a []complex128, n int) {
	size := func(z complex128) float64 { return math.Abs(real(z)) + math.Abs(imag(z)) }
	swaps := make([]int, n)
	for k := range n {
		best := k
		for i := k + 1; i < n; i++ {
			if size(a[i*n+k]) > size(a[best*n+k]) {
				best = i
			}
		}
		swaps[k] = best
		pivot := a[k*n : k*n+n]
		if best != k {
			other := a[best*n : best*n+n]
			for j, v := range pivot {
				pivot[j], other[j] = other[j], v
			}
		}
		inverse := 1 / pivot[k]
		pivot[k] = 1
		for j := range pivot {
			pivot[j] *= inverse
		}
		for i := range n {
			if i == k {
				continue
			}
			row := a[i*n : i*n+n]
			factor := row[k]
			row[k] = 0
			for j, v := range pivot {
				row[j] -= factor * v
			}
		}
	}
	for k := n - 1; k >= 0; k-- {
		if s := swaps[k]; s != k {
			for i := range n {
				a[i*n+k], a[i*n+s] = a[i*n+s], a[i*n+k]
			}
		}
	}
}
