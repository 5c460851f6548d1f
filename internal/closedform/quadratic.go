package closedform

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// quadratic is phi = y.q y + c in the eigenbasis.
type quadratic struct {
	q [][]float64
	c float64
}

// discrete returns
//
//	y.(L^n q L^n) y + sum_ij q_ij eta^2 C_ij (1 - (l_i l_j)^n)/(1 - l_i l_j) + c.
func (q *quadratic) discrete(s *system, eta float64, n int, y []float64) float64 {
	sum := q.c
	for i := range s.d {
		for j := range s.d {
			ll := (1 - eta*s.a[i]) * (1 - eta*s.a[j])
			p, missing := 0.0, 1.0
			if n != Limit {
				p, missing = math.Pow(ll, float64(n)), 1-math.Pow(ll, float64(n))
			}
			noise := eta * s.c[i][j] * missing / (s.a[i] + s.a[j] - eta*s.a[i]*s.a[j])
			sum += q.q[i][j] * (p*y[i]*y[j] + noise)
		}
	}
	return sum
}

// diffusion returns
//
//	y.(M q M) y + sum_ij q_ij eta C_ij (1 - e^{-(b_i+b_j)t})/(b_i+b_j) + c,
//
// without the noise for the gradient flow.
func (q *quadratic) diffusion(s *system, m Model, eta, t float64, y []float64) float64 {
	kappa, noise := m.coefficients()
	b := s.rates(kappa, eta)
	sum := q.c
	for i := range s.d {
		for j := range s.d {
			rate := b[i] + b[j]
			sum += q.q[i][j] * (math.Exp(-rate*t)*y[i]*y[j] + noise*eta*s.c[i][j]*decayed(rate, t)/rate)
		}
	}
	return sum
}

// quadraticSequence is the sequence of the fields U^n - u(., n eta).
type quadraticSequence struct {
	q            *quadratic
	s            *system
	eta          float64
	kappa, noise float64
	p            powers
}

func (q *quadratic) sequence(s *system, m Model, eta float64) sequence {
	kappa, noise := m.coefficients()
	return &quadraticSequence{q: q, s: s, eta: eta, kappa: kappa, noise: noise, p: newPowers(s, kappa, eta)}
}

// quadraticField is y.g y + g0.
type quadraticField struct {
	g  [][]float64
	g0 float64
}

func (qs *quadraticSequence) field(n int) field {
	s := qs.s
	f := quadraticField{g: square(s.d)}
	for i := range s.d {
		for j := range s.d {
			q := qs.q.q[i][j]
			l, _, diff := qs.p.pair(i, j, n)
			f.g[i][j] = q * diff
			// sum is 1/eta times 1 - l_i l_j, rate is b_i + b_j.
			sum := s.a[i] + s.a[j] - qs.eta*s.a[i]*s.a[j]
			if qs.noise == 0 {
				f.g0 += q * qs.eta * s.c[i][j] * (1 - l) / sum
				continue
			}
			// (1-l)/sum - (1-m)/rate = (1-l)(1/sum - 1/rate) + (m-l)/rate, with
			// rate - sum = eta (kappa (a_i^2 + a_j^2) + a_i a_j) exactly.
			rate := (qs.p.b[i] + qs.p.b[j]) / qs.eta
			excess := qs.eta * (qs.kappa*(s.a[i]*s.a[i]+s.a[j]*s.a[j]) + s.a[i]*s.a[j])
			f.g0 += q * qs.eta * s.c[i][j] * ((1-l)*excess/(sum*rate) - diff/rate)
		}
	}
	return f
}

// tail bounds |field(m) - field(Limit)| over B(0,R) for all m >= n.
func (qs *quadraticSequence) tail(n int, radius float64) float64 {
	s := qs.s
	bound := 0.0
	for i := range s.d {
		for j := range s.d {
			l, m, _ := qs.p.pair(i, j, n)
			l = math.Abs(l)
			sum := s.a[i] + s.a[j] - qs.eta*s.a[i]*s.a[j]
			rate := (qs.p.b[i] + qs.p.b[j]) / qs.eta
			noise := qs.eta * math.Abs(s.c[i][j]) * (l/sum + qs.noise*m/rate)
			bound += math.Abs(qs.q.q[i][j]) * (radius*radius*(l+m) + noise)
		}
	}
	return bound
}

func (f quadraticField) at(y []float64) float64 {
	sum := f.g0
	for i, row := range f.g {
		sum += y[i] * dot(row, y)
	}
	return sum
}

// sup returns the supremum of |y.g y + g0| over |y| <= R and a point of it.
// On the ball y.g y takes the values R^2 [min(lambda_1,0), max(lambda_d,0)],
// lambda the eigenvalues of g, the ends at the centre or at an eigenvector.
func (f quadraticField) sup(radius float64) (float64, []float64) {
	d := len(f.g)
	sym := mat.NewSymDense(d, nil)
	for i := range d {
		for j := range i + 1 {
			sym.SetSym(i, j, f.g[i][j])
		}
	}
	best := make([]float64, d)
	value := math.Abs(f.g0)
	var eig mat.EigenSym
	if !eig.Factorize(sym, true) {
		panic("closedform: eigenvalues did not converge")
	}
	var v mat.Dense
	eig.VectorsTo(&v)
	for _, k := range []int{0, d - 1} {
		y := make([]float64, d)
		for i := range y {
			y[i] = radius * v.At(i, k)
		}
		if a := math.Abs(f.at(y)); a > value {
			value, best = a, y
		}
	}
	return value, best
}
