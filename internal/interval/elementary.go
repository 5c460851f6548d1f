package interval

import "math"

// slack is the relative error granted to functions of package math.
const slack = 0x1p-49

// out returns an interval around the value y of a function of package math.
func out(y float64) Interval {
	e := math.Abs(y)*slack + tiny
	iv := Interval{y - e, y + e}
	switch {
	case y > math.MaxFloat64:
		return Interval{math.MaxFloat64, y}
	case y < -math.MaxFloat64:
		return Interval{y, -math.MaxFloat64}
	case y != y:
		return entire
	}
	return iv
}

// rising encloses an increasing function whose values lie in [lo, hi].
func (a Interval) rising(f func(float64) float64, lo, hi float64) Interval {
	return Interval{max(lo, out(f(a.Lo)).Lo), min(hi, out(f(a.Hi)).Hi)}
}

var inf = math.Inf(1)

// Exp returns e^a.
func (a Interval) Exp() Interval { return a.rising(math.Exp, 0, inf) }

// Expm1 returns e^a - 1.
func (a Interval) Expm1() Interval { return a.rising(math.Expm1, -1, inf) }

// Log returns the natural logarithm, Entire if a has negative numbers.
func (a Interval) Log() Interval {
	if a.Lo < 0 {
		return entire
	}
	return a.rising(math.Log, -inf, inf)
}

// Log1p returns log(1 + a), Entire if a has numbers below -1.
func (a Interval) Log1p() Interval {
	if a.Lo < -1 {
		return entire
	}
	return a.rising(math.Log1p, -inf, inf)
}

// Asin returns the inverse sine, Entire if a leaves [-1, 1].
func (a Interval) Asin() Interval {
	if a.Lo < -1 || a.Hi > 1 {
		return entire
	}
	return a.rising(math.Asin, -inf, inf)
}

// Acos returns the inverse cosine, Entire if a leaves [-1, 1].
func (a Interval) Acos() Interval {
	if a.Lo < -1 || a.Hi > 1 {
		return entire
	}
	return Interval{max(0, out(math.Acos(a.Hi)).Lo), out(math.Acos(a.Lo)).Hi}
}

// Atan returns the inverse tangent.
func (a Interval) Atan() Interval { return a.rising(math.Atan, -inf, inf) }

// Asinh returns the inverse hyperbolic sine.
func (a Interval) Asinh() Interval { return a.rising(math.Asinh, -inf, inf) }

// Sinh returns the hyperbolic sine.
func (a Interval) Sinh() Interval { return a.rising(math.Sinh, -inf, inf) }

// Cosh returns the hyperbolic cosine.
func (a Interval) Cosh() Interval { return a.Abs().rising(math.Cosh, 1, inf) }

// Tanh returns the hyperbolic tangent.
func (a Interval) Tanh() Interval { return a.rising(math.Tanh, -1, 1) }

// Erf returns the error function.
func (a Interval) Erf() Interval { return a.rising(math.Erf, -1, 1) }

// Logistic returns 1/(1 + e^-a).
func (a Interval) Logistic() Interval { return a.rising(logistic, 0, 1) }

// Softplus returns log(1 + e^a).
func (a Interval) Softplus() Interval { return a.rising(softplus, 0, inf) }

// Bell returns the derivative of the logistic function, 1/(2 + 2 cosh a).
func (a Interval) Bell() Interval {
	b := a.Abs()
	return Interval{max(0, out(bell(b.Hi)).Lo), min(0.25, out(bell(b.Lo)).Hi)}
}

func logistic(u float64) float64 {
	q := math.Exp(-math.Abs(u))
	if u >= 0 {
		return 1 / (1 + q)
	}
	return q / (1 + q)
}

func softplus(u float64) float64 {
	return max(u, 0) + math.Log1p(math.Exp(-math.Abs(u)))
}

func bell(u float64) float64 {
	q := math.Exp(-math.Abs(u))
	return q / ((1 + q) * (1 + q))
}

// farOut is where the trigonometric functions give up telling periods apart.
const farOut = 1e8

// Sin returns the sine.
func (a Interval) Sin() Interval { return a.wave(math.Sin, math.Pi/2) }

// Cos returns the cosine.
func (a Interval) Cos() Interval { return a.wave(math.Cos, 0) }

// wave encloses a function with period 2 pi that falls from 1 at top to -1 at
// top + pi and rises again.
func (a Interval) wave(f func(float64) float64, top float64) Interval {
	if !(a.Mag() < farOut) || a.Hi-a.Lo >= 2*math.Pi {
		return Interval{-1, 1}
	}
	p, q := out(f(a.Lo)), out(f(a.Hi))
	v := Interval{max(-1, min(p.Lo, q.Lo)), min(1, max(p.Hi, q.Hi))}
	if a.IsPoint() {
		return v
	}
	if a.reaches(top, 2*math.Pi) {
		v.Hi = 1
	}
	if a.reaches(top+math.Pi, 2*math.Pi) {
		v.Lo = -1
	}
	return v
}

// reaches reports whether a may contain a number start + k period, k an integer;
// rounding is on the side of true.
func (a Interval) reaches(start, period float64) bool {
	const margin = 1e-14
	k := math.Floor((a.Hi-start)/period + margin*(1+a.Mag()))
	return start+k*period >= a.Lo-margin*(1+a.Mag())
}

// Tan returns the tangent, Entire if a may contain a pole.
func (a Interval) Tan() Interval {
	if !(a.Mag() < farOut) || a.Hi-a.Lo >= math.Pi || a.reaches(math.Pi/2, math.Pi) {
		return entire
	}
	// math.Tan returns its argument below 1e-7, which errs by 3.4e-15.
	const more = 0x1p-47
	p, q := math.Tan(a.Lo), math.Tan(a.Hi)
	return Interval{out(p).Lo - math.Abs(p)*more, out(q).Hi + math.Abs(q)*more}
}
