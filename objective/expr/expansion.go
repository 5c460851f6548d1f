package expr

import (
	"math"

	"kolmo/internal/kernel"
	"kolmo/objective/expr/function"
)

// function stores a function of series: sum over k of phi^(k)(a_0)/k! (a - a_0)^k.
func (s *Series) function(v *value, dst, a series, n int) {
	var b series
	if v.b >= 0 {
		b = s.values[v.b]
	}
	if v.op == OpCall && v.fn.Arity == 2 {
		choose2(v, dst, a, b, n)
		return
	}
	if v.op == OpPow && !alone(b) {
		s.general(dst, a, b, n)
		return
	}
	most := mostTotal
	if alone(dst) {
		most = 0
	}
	s.expand(v, a[0], b, n, most)
	copy(dst[0][:n], s.coeff[0][:n])
	s.compose(dst, a, n)
}

// alone reports that a series is its value.
func alone(a series) bool {
	for _, c := range a[1:] {
		if c != nil {
			return false
		}
	}
	return true
}

// compose adds the terms of the expansion in s.coeff of order 1 and more to the others of
// dst, which it sets.
func (s *Series) compose(dst, a series, n int) {
	if alone(dst) {
		return
	}
	for k := 1; k < len(dst); k++ {
		if dst[k] != nil {
			clear(dst[k][:n])
		}
	}
	power, next := s.powers[0], s.powers[1]
	there, then := s.there[0], s.there[1]
	for k := 1; k < len(dst); k++ {
		if there[k] = a[k] != nil; there[k] {
			copy(power[k][:n], a[k])
		}
	}
	for order := 1; ; order++ {
		for k := 1; k < len(dst); k++ {
			if there[k] {
				kernel.AddTimes(dst[k][:n], s.coeff[order][:n], power[k][:n])
			}
		}
		if order == mostTotal {
			return
		}
		more := false
		for k := 1; k < len(dst); k++ {
			then[k] = false
			for _, p := range s.g.pairs[k] {
				if p[0] == 0 || p[1] == 0 || a[p[0]] == nil || !there[p[1]] {
					continue
				}
				if u, v := a[p[0]][:n], power[p[1]][:n]; then[k] {
					kernel.AddTimes(next[k][:n], u, v)
				} else {
					kernel.Times(next[k][:n], u, v)
				}
				then[k], more = true, true
			}
		}
		if !more {
			return
		}
		power, next, there, then = next, power, then, there
	}
}

// general stores a^b = exp(b log a).
func (s *Series) general(dst, a, b series, n int) {
	log, exponent := make(series, len(dst)), make(series, len(dst))
	for k := range dst {
		log[k], exponent[k] = make([]float64, Lanes), make([]float64, Lanes)
	}
	each(s, n, a[0], logExpansion)
	copy(log[0][:n], s.coeff[0])
	s.compose(log, a, n)
	s.multiply(exponent, b, log, n)
	each(s, n, exponent[0], expExpansion)
	for l := range n {
		dst[0][l] = math.Pow(a[0][l], b[0][l])
	}
	s.compose(dst, exponent, n)
}

// choose2 stores the larger or the smaller of two series, by their values.
func choose2(v *value, dst, a, b series, n int) {
	for l := range n {
		j := v.fn.Binary(a[0][l], b[0][l])
		for k, d := range dst {
			if d == nil {
				continue
			}
			d[l] = 0
			if j.DU != 0 && a[k] != nil {
				d[l] = a[k][l]
			}
			if j.DV != 0 && b[k] != nil {
				d[l] = b[k][l]
			}
		}
		dst[0][l] = j.V
	}
}

// coefficients are phi^(k)(u)/k!.
type expansion = [mostTotal + 1]float64

// each stores expansions at u in s.coeff.
func each(s *Series, n int, u []float64, phi func(u float64) expansion) {
	for l := range n {
		for k, c := range phi(u[l]) {
			s.coeff[k][l] = c
		}
	}
}

// expand stores the expansion of an operation at u up to an order in s.coeff; the exponents
// of a power are p.
func (s *Series) expand(v *value, u []float64, p series, n, order int) {
	switch v.op {
	case OpPowInt:
		for l := range n {
			c := 1.0
			for k := range order + 1 {
				if s.coeff[k][l] = 0; c != 0 {
					s.coeff[k][l] = c * function.PowInt(u[l], v.n-k)
				}
				c *= float64(v.n-k) / float64(k+1)
			}
		}
		return
	case OpPowConst, OpPow:
		for l := range n {
			e := v.c
			if v.op == OpPow {
				e = p[0][l]
			}
			c := 1.0
			for k := range order + 1 {
				if s.coeff[k][l] = 0; c != 0 {
					s.coeff[k][l] = c * math.Pow(u[l], e-float64(k))
				}
				c *= (e - float64(k)) / float64(k+1)
			}
		}
		return
	}
	if order == 0 {
		if lanes := function.Lanes[v.fn.Name]; lanes != nil {
			lanes(s.coeff[0][:n], s.coeff[1][:n], s.coeff[2][:n], u[:n])
			return
		}
		for l := range n {
			s.coeff[0][l] = v.fn.Unary(u[l]).V
		}
		return
	}
	each(s, n, u, scalarExpansions[v.fn.Name])
	for l := range n {
		s.coeff[0][l] = v.fn.Unary(u[l]).V
	}
}

// scalarExpansions are those of the functions of one argument; the value itself is taken
// from the function.
var scalarExpansions = map[string]func(u float64) expansion{
	"abs":  func(u float64) expansion { return expansion{math.Abs(u), function.Abs(u).D} },
	"sign": func(u float64) expansion { return expansion{function.Abs(u).D} },
	"step": func(u float64) expansion { return expansion{stepFunction.Unary(u).V} },
	"exp":  expExpansion, "expm1": expExpansion, "log": logExpansion,
	"log1p": func(u float64) expansion { return logExpansion(1 + u) },
	"sqrt": func(u float64) expansion {
		v := math.Sqrt(u)
		return expansion{v, 1 / (2 * v), -1 / (8 * v * u), 1 / (16 * v * u * u), -5 / (128 * v * u * u * u)}
	},
	"sin": func(u float64) expansion {
		s, c := math.Sincos(u)
		return expansion{s, c, -s / 2, -c / 6, s / 24}
	},
	"cos": func(u float64) expansion {
		s, c := math.Sincos(u)
		return expansion{c, -s, -c / 2, s / 6, c / 24}
	},
	"sinh": func(u float64) expansion {
		s, c := math.Sinh(u), math.Cosh(u)
		return expansion{s, c, s / 2, c / 6, s / 24}
	},
	"cosh": func(u float64) expansion {
		s, c := math.Sinh(u), math.Cosh(u)
		return expansion{c, s, c / 2, s / 6, c / 24}
	},
	"tan": func(u float64) expansion { return riccati(math.Tan(u), function.Tan(u).D, 0, 1) },
	// t' = 1 - t^2 and s' = s - s^2; the first derivative itself does not cancel.
	"tanh":     func(u float64) expansion { return riccati(math.Tanh(u), function.Tanh(u).D, 0, -1) },
	"logistic": logisticExpansion,
	"softplus": func(u float64) expansion { return integral(function.Softplus(u).V, logisticExpansion(u)) },
	"erf": func(u float64) expansion {
		// e' = -2 (u + h) e
		var e expansion
		e[0] = 2 / math.Sqrt(math.Pi) * math.Exp(-u*u)
		e[1] = -2 * u * e[0]
		for k := 1; k < mostTotal; k++ {
			e[k+1] = -2 * (u*e[k] + e[k-1]) / float64(k+1)
		}
		return integral(math.Erf(u), e)
	},
	"asin": func(u float64) expansion { return integral(math.Asin(u), inverseRoots(-2*u, -1)) },
	"acos": func(u float64) expansion {
		e := integral(0, inverseRoots(-2*u, -1))
		for k := range e {
			e[k] = -e[k]
		}
		return e
	},
	"asinh": func(u float64) expansion { return integral(math.Asinh(u), inverseRoots(2*u, 1)) },
	"atan": func(u float64) expansion {
		// d (1 + (u + h)^2) = 1
		q := 1 + u*u
		var d expansion
		d[0] = 1 / q
		d[1] = -2 * u * d[0] / q
		for k := 2; k <= mostTotal; k++ {
			d[k] = -(2*u*d[k-1] + d[k-2]) / q
		}
		return integral(math.Atan(u), d)
	},
}

func expExpansion(u float64) expansion {
	v := math.Exp(u)
	return expansion{v, v, v / 2, v / 6, v / 24}
}

func logExpansion(u float64) expansion {
	v := 1 / u
	return expansion{math.Log(u), v, -v * v / 2, v * v * v / 3, -v * v * v * v / 4}
}

func logisticExpansion(u float64) expansion {
	j := function.Logistic(u)
	return riccati(j.V, j.D, 1, -1)
}

// riccati is the expansion of y with y” = (b + 2 c y) y', from y and y'.
func riccati(y, d, b, c float64) expansion {
	e := expansion{y, d}
	for k := 1; k < mostTotal; k++ {
		// (k+1) k e_(k+1) = [(b + 2 c y) y']_(k-1)
		sum := 0.0
		for i := range k {
			f := 2 * c * e[i]
			if i == 0 {
				f += b
			}
			sum += f * float64(k-i) * e[k-i]
		}
		e[k+1] = sum / float64(k*(k+1))
	}
	return e
}

// integral is the expansion of a function from its value and that of its derivative.
func integral(value float64, d expansion) expansion {
	e := expansion{value}
	for k := range mostTotal {
		e[k+1] = d[k] / float64(k+1)
	}
	return e
}

// inverseRoots is the expansion in h of (1 + sign (u + h)^2)^(-1/2), b = 2 sign u.
func inverseRoots(b, sign float64) expansion {
	u := b / 2 * sign
	q := 1 + sign*u*u
	if sign < 0 {
		q = (1 - u) * (1 + u)
	}
	// q(h) d' = -(1/2) q'(h) d
	var d expansion
	d[0] = 1 / math.Sqrt(q)
	for k := range mostTotal {
		sum := -b / 2 * d[k] * float64(2*k+1)
		if k > 0 {
			sum -= sign * float64(k) * d[k-1]
		}
		d[k+1] = sum / (float64(k+1) * q)
	}
	return d
}
