package closedform

import "math"

// cosine is phi = cos(k.y) in the eigenbasis.
type cosine struct {
	k []float64
}

// settled is the size below which the rest of the infinite product of
// characteristic functions is dropped, relative to the product's exponent.
const settled = 1e-17

// logPsi returns log E exp(i q.xi) for the node law in the eigenbasis, as
// log-modulus and argument. Both are exact to rounding for small q: 1 - cos is
// formed as 2 sin^2, and the argument drops its linear part because the mean
// is zero.
func (s *system) logPsi(q []float64) (logModulus, argument float64) {
	var re, im float64 // psi - 1
	for k, z := range s.nodes {
		phase := dot(q, z)
		h := math.Sin(phase / 2)
		re -= 2 * s.weights[k] * h * h
		im += s.weights[k] * math.Sin(phase)
	}
	if s.symmetric {
		im = 0
	}
	return 0.5 * math.Log1p(2*re+re*re+im*im), math.Atan2(im, 1+re)
}

// product holds log-modulus and argument of prod_{j<n} psi(eta L^j k) for
// n = 0, 1, .., extended on demand.
type product struct {
	s        *system
	eta      float64
	next     []float64 // eta L^j k for the next factor
	modulus  []float64
	argument []float64
	done     bool // later factors are one to rounding
}

func newProduct(s *system, k []float64, eta float64) *product {
	p := &product{s: s, eta: eta, modulus: []float64{0}, argument: []float64{0}}
	for _, v := range k {
		p.next = append(p.next, eta*v)
	}
	return p
}

// at returns the product of n factors, of all for Limit.
func (p *product) at(n int) (logModulus, argument float64) {
	for !p.done && (n == Limit || len(p.modulus) <= n) {
		last := len(p.modulus) - 1
		lm, arg := p.s.logPsi(p.next)
		p.modulus = append(p.modulus, p.modulus[last]+lm)
		p.argument = append(p.argument, p.argument[last]+arg)
		rest := p.rest()
		for i, a := range p.s.a {
			p.next[i] *= 1 - p.eta*a
		}
		// NaN and a vanished product end here as well: no factor can matter.
		if !(rest > settled*math.Abs(p.modulus[last+1])) || math.IsInf(p.modulus[last+1], -1) {
			p.done = true
		}
	}
	last := len(p.modulus) - 1
	if n == Limit || n > last {
		n = last
	}
	return p.modulus[n], p.argument[n]
}

// rest bounds the sum of |psi - 1| over the factors from next on:
// |psi(q) - 1| <= q.C q/2 because the mean is zero.
func (p *product) rest() float64 {
	sum := 0.0
	for i := range p.s.d {
		for j := range p.s.d {
			a, b := p.s.a[i], p.s.a[j]
			sum += p.next[i] * p.s.c[i][j] * p.next[j] / (p.eta * (a + b - p.eta*a*b))
		}
	}
	return math.Abs(sum) / 2
}

// discrete returns the real part of e^{i k.L^n y} prod_{j<n} psi(eta L^j k).
func (c *cosine) discrete(s *system, eta float64, n int, y []float64) float64 {
	lm, phase := newProduct(s, c.k, eta).at(n)
	if n != Limit {
		for i, a := range s.a {
			phase += math.Pow(1-eta*a, float64(n)) * c.k[i] * y[i]
		}
	}
	return math.Exp(lm) * math.Cos(phase)
}

// diffusion returns cos(k.M y) exp(-k.K k/2), M = e^{-Bt} and K the covariance
// of X_t.
func (c *cosine) diffusion(s *system, m Model, eta, t float64, y []float64) float64 {
	kappa, noise := m.coefficients()
	b := s.rates(kappa, eta)
	phase := 0.0
	for i := range s.d {
		phase += math.Exp(-b[i]*t) * c.k[i] * y[i]
	}
	return math.Exp(-noise*c.exponent(s, b, eta, t)) * math.Cos(phase)
}

// exponent returns k.K k/2, K_ij = eta C_ij (1 - e^{-(b_i+b_j)t})/(b_i+b_j).
func (c *cosine) exponent(s *system, b []float64, eta, t float64) float64 {
	sum := 0.0
	for i := range s.d {
		for j := range s.d {
			rate := b[i] + b[j]
			sum += c.k[i] * c.k[j] * eta * s.c[i][j] * decayed(rate, t) / rate
		}
	}
	return sum / 2
}

// cosineSequence is the sequence of the fields U^n - u(., n eta).
type cosineSequence struct {
	c     *cosine
	s     *system
	eta   float64
	noise float64
	b     []float64
	p     powers
	prod  *product
}

func (c *cosine) sequence(s *system, m Model, eta float64) sequence {
	kappa, noise := m.coefficients()
	return &cosineSequence{
		c: c, s: s, eta: eta, noise: noise, b: s.rates(kappa, eta),
		p: newPowers(s, kappa, eta), prod: newProduct(s, c.k, eta),
	}
}

// cosineField is A cos(p.y + theta) - rho cos(m.y). The differences p - m and
// A - rho are stored apart from their operands, to full relative accuracy.
type cosineField struct {
	amp, rho, ampDiff float64
	theta             float64
	p, m, pDiff       []float64
}

func (cs *cosineSequence) field(n int) field {
	t := math.Inf(1)
	if n != Limit {
		t = float64(n) * cs.eta
	}
	lm, theta := cs.prod.at(n)
	e := cs.noise * cs.c.exponent(cs.s, cs.b, cs.eta, t)
	f := &cosineField{amp: math.Exp(lm), rho: math.Exp(-e), theta: theta}
	f.ampDiff = f.rho * math.Expm1(lm+e)
	for i, k := range cs.c.k {
		l, m, diff := cs.p.single(i, n)
		f.p = append(f.p, k*l)
		f.m = append(f.m, k*m)
		f.pDiff = append(f.pDiff, k*diff)
	}
	return f
}

// tail bounds |field(m) - field(Limit)| over B(0,R) for all m >= n.
func (cs *cosineSequence) tail(n int, radius float64) float64 {
	var pp, mm, rest float64
	b := cs.b
	for i, ki := range cs.c.k {
		l, m, _ := cs.p.single(i, n)
		pp += ki * ki * l * l
		mm += ki * ki * m * m
		for j, kj := range cs.c.k {
			ll, mmij, _ := cs.p.pair(i, j, n)
			a := cs.s.a
			// Tails of the two exponents: |psi - 1| <= q.C q/2, and d/dt of K.
			rest += math.Abs(ki*kj*cs.s.c[i][j]) * cs.eta / 2 *
				(math.Abs(ll)/(a[i]+a[j]-cs.eta*a[i]*a[j]) + cs.noise*mmij/(b[i]+b[j]))
		}
	}
	phase := math.Sqrt(pp) * radius
	if cs.s.symmetric {
		phase *= phase / 2 // 1 - cos
	}
	return phase + mm*radius*radius/2 + rest
}

func (f *cosineField) at(y []float64) float64 {
	beta := dot(f.m, y)
	delta := dot(f.pDiff, y) + f.theta
	// cos(beta+delta) - cos(beta) = -2 sin(beta + delta/2) sin(delta/2)
	return -2*f.amp*math.Sin(beta+delta/2)*math.Sin(delta/2) + f.ampDiff*math.Cos(beta)
}

// derivatives returns gradient and Hessian, for d <= 2.
func (f *cosineField) derivatives(y []float64) (g [2]float64, h [2][2]float64) {
	sa, ca := math.Sincos(dot(f.p, y) + f.theta)
	sb, cb := math.Sincos(dot(f.m, y))
	for i := range f.p {
		g[i] = -f.amp*f.p[i]*sa + f.rho*f.m[i]*sb
		for j := range f.p {
			h[i][j] = -f.amp*f.p[i]*f.p[j]*ca + f.rho*f.m[i]*f.m[j]*cb
		}
	}
	return g, h
}

func (f *cosineField) sup(radius float64) (float64, []float64) {
	return supremum(f, len(f.p), radius)
}
