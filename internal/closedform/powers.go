package closedform

import "math"

// seriesLimit is the largest z for which logDefect sums its series; beyond it
// the direct formula loses no digits that matter.
const seriesLimit = 0.5

// logDefect returns log(1-z) + z + kappa z^2 for 0 < z < 1: the excess of one
// factor 1 - eta a over exp(-eta b), z = eta a. For kappa = 1/2 it is
// -z^3/3 - z^4/4 - .., for kappa = 0 it is -z^2/2 - z^3/3 - ..
func logDefect(z, kappa float64) float64 {
	if z > seriesLimit {
		return math.Log1p(-z) + z + kappa*z*z
	}
	sum := (kappa - 0.5) * z * z
	for k, p := 3, z*z*z; ; k, p = k+1, p*z {
		term := p / float64(k)
		sum -= term
		if term <= 1e-18*math.Abs(sum) {
			return sum
		}
	}
}

// powers are l^n, l = 1 - eta a, and e^{-b n eta}, per pair or per eigenvalue.
type powers struct {
	z, b   []float64 // eta a_i and eta b_i
	defect []float64 // logDefect(z_i), NaN if z_i >= 1
}

func newPowers(s *system, kappa, eta float64) powers {
	p := powers{z: make([]float64, s.d), b: s.rates(kappa, eta), defect: make([]float64, s.d)}
	for i, a := range s.a {
		p.z[i] = eta * a
		p.b[i] *= eta
		p.defect[i] = math.NaN()
		if p.z[i] < 1 {
			p.defect[i] = logDefect(p.z[i], kappa)
		}
	}
	return p
}

// single returns l_i^n, e^{-b_i n eta} and their difference, without
// cancellation where l_i > 0.
func (p powers) single(i, n int) (l, m, diff float64) {
	if n == Limit {
		return 0, 0, 0
	}
	l = math.Pow(1-p.z[i], float64(n))
	m = math.Exp(-p.b[i] * float64(n))
	return l, m, difference(l, m, p.defect[i]*float64(n))
}

// pair returns (l_i l_j)^n, e^{-(b_i+b_j) n eta} and their difference.
func (p powers) pair(i, j, n int) (l, m, diff float64) {
	if n == Limit {
		return 0, 0, 0
	}
	l = math.Pow((1-p.z[i])*(1-p.z[j]), float64(n))
	m = math.Exp(-(p.b[i] + p.b[j]) * float64(n))
	return l, m, difference(l, m, (p.defect[i]+p.defect[j])*float64(n))
}

// difference returns l - m, where log(l/m) is known unless it is NaN.
func difference(l, m, logRatio float64) float64 {
	if math.IsNaN(logRatio) {
		return l - m
	}
	return m * math.Expm1(logRatio)
}

// decayed returns 1 - e^{-rate t}.
func decayed(rate, t float64) float64 { return -math.Expm1(-rate * t) }
