package law

import "math"

// coefficients say how the moments of a batch mean follow from those of one
// sample, both central, A_r of degree r: T_2 = c[2] A_2, T_3 = c[3] A_3,
// T_4 = c[4] A_4 + p[4] (the sum of A_2 A_2 over the 3 pairings of the indices),
// T_5 = c[5] A_5 + p[5] (the sum of A_2 A_3 over the 10).
type coefficients struct {
	c, p [MatchedDegree + 1]float64
	size float64 // m
}

// coefficients returns those of b. With replacement they restate that the
// cumulants of a sum of independent terms are sums. Without, with f_j = m (m-1)
// .. (m-j+1)/(N (N-1) .. (N-j+1)) the probability that j given rows are in the
// batch, they are the sums over the partitions of r indices into j groups,
// reduced by sum_k c_k = 0 (Wishart, Biometrika 39, 1952, section 2). A batch
// of more than half the rows is the complement of a small one, which avoids
// cancellation.
func (b *Batches) coefficients() coefficients {
	var k coefficients
	m := float64(b.size)
	k.size = m
	if b.replacement {
		for r := 2; r <= MatchedDegree; r++ {
			k.c[r] = math.Pow(m, float64(1-r))
		}
		k.p[4], k.p[5] = (m-1)/(m*m*m), (m-1)/(m*m*m*m)
		return k
	}
	n := float64(b.population)
	draws, scale := m, 1/m
	if 2*m > n {
		draws, scale = n-m, -1/m
	}
	var f [MatchedDegree + 1]float64
	f[0] = 1
	for j := 1; j <= MatchedDegree; j++ {
		if float64(j) <= draws {
			f[j] = f[j-1] * (draws - float64(j-1)) / (n - float64(j-1))
		}
	}
	k.c[2] = f[1] - f[2]
	k.c[3] = f[1] - 3*f[2] + 2*f[3]
	k.c[4] = f[1] - 7*f[2] + 12*f[3] - 6*f[4]
	k.c[5] = f[1] - 15*f[2] + 50*f[3] - 60*f[4] + 24*f[5]
	k.p[4] = f[2] - 2*f[3] + f[4]
	k.p[5] = f[2] - 4*f[3] + 5*f[4] - 2*f[5]
	for r := 2; r <= MatchedDegree; r++ {
		s := math.Pow(scale, float64(r))
		k.c[r] *= n * s
		k.p[r] *= n * n * s
	}
	return k
}

// power is a monomial's exponents.
type power [3]int

// powers lists the monomials in r variables of degree 0 .. MatchedDegree, by
// degree.
func powers(r int) []power {
	var list []power
	for degree := 0; degree <= MatchedDegree; degree++ {
		for a := degree; a >= 0; a-- {
			for b := degree - a; b >= 0; b-- {
				p := power{a, b, degree - a - b}
				if r < 3 && p[2] > 0 || r < 2 && p[1] > 0 {
					continue
				}
				list = append(list, p)
			}
		}
	}
	return list
}

// hermite holds the coefficients of the orthonormal Hermite polynomials
// He_n/sqrt(n!) by degree.
var hermite = func() (h [MatchedDegree + 1][MatchedDegree + 1]float64) {
	h[0][0], h[1][1] = 1, 1
	for n := 2; n <= MatchedDegree; n++ { // He_n = y He_{n-1} - (n-1) He_{n-2}
		for j := range n + 1 {
			if j > 0 {
				h[n][j] = h[n-1][j-1]
			}
			h[n][j] -= float64(n-1) * h[n-2][j]
		}
	}
	factorial := 1.0
	for n := 1; n <= MatchedDegree; n++ {
		factorial *= float64(n)
		for j := range n + 1 {
			h[n][j] /= math.Sqrt(factorial)
		}
	}
	return h
}()

// term is a monomial with its factor in a product of Hermite polynomials.
type term struct {
	factor float64
	index  int // in powers
}

// basis are the tensor products of orthonormal Hermite polynomials in r
// variables up to degree MatchedDegree, without the constant.
type basis struct {
	r      int
	powers []power
	index  map[power]int
	terms  [][]term // of basis function j, whose degrees are powers[j+1]
}

func newBasis(r int) *basis {
	b := &basis{r: r, powers: powers(r), index: map[power]int{}}
	for i, p := range b.powers {
		b.index[p] = i
	}
	for _, p := range b.powers[1:] {
		var list []term
		for x := p[0]; x >= 0; x -= 2 {
			for y := p[1]; y >= 0; y -= 2 {
				for z := p[2]; z >= 0; z -= 2 {
					list = append(list, term{hermite[p[0]][x] * hermite[p[1]][y] * hermite[p[2]][z], b.index[power{x, y, z}]})
				}
			}
		}
		b.terms = append(b.terms, list)
	}
	return b
}

// len returns the number of basis functions.
func (b *basis) len() int { return len(b.terms) }

// project stores in dst the basis functions from values of the monomials.
func (b *basis) project(dst, monomials []float64) {
	for j, list := range b.terms {
		var s float64
		for _, t := range list {
			s += t.factor * monomials[t.index]
		}
		dst[j] = s
	}
}

// monomialsTo stores all monomials of y.
func (b *basis) monomialsTo(dst []float64, y []float64) {
	var pow [3][MatchedDegree + 1]float64
	for i := range pow {
		pow[i][0] = 1
		if i < b.r {
			for j := 1; j <= MatchedDegree; j++ {
				pow[i][j] = pow[i][j-1] * y[i]
			}
		}
	}
	for i, p := range b.powers {
		dst[i] = pow[0][p[0]] * pow[1][p[1]] * pow[2][p[2]]
	}
}

// batchMoments turns the central monomial moments of one sample, in coordinates
// in which the batch covariance is the identity, into those of the batch.
func (b *basis) batchMoments(t []float64, k coefficients) {
	third := make3(b, t)
	a := 1 / k.c[2] // one sample's covariance is a I
	for i, p := range b.powers {
		switch degree := p[0] + p[1] + p[2]; degree {
		case 0:
			t[i] = 1
		case 1:
			t[i] = 0
		case 2:
			t[i] = 0
			if p[0] == 2 || p[1] == 2 || p[2] == 2 {
				t[i] = 1
			}
		case 3:
			t[i] *= k.c[3]
		case 4:
			pairings := 1.0
			for _, n := range p {
				switch {
				case n%2 == 1:
					pairings = 0
				case n == 4:
					pairings *= 3
				}
			}
			t[i] = k.c[4]*t[i] + k.p[4]*a*a*pairings
		case 5:
			var s float64
			for axis, n := range p {
				if n >= 2 {
					rest := p
					rest[axis] -= 2
					s += float64(n*(n-1)/2) * third[rest[0]][rest[1]]
				}
			}
			t[i] = k.c[5]*t[i] + k.p[5]*a*s
		}
	}
}

// make3 returns the moments of degree 3 by their first two exponents.
func make3(b *basis, t []float64) (third [4][4]float64) {
	for i, p := range b.powers {
		if p[0]+p[1]+p[2] == 3 {
			third[p[0]][p[1]] = t[i]
		}
	}
	return third
}
