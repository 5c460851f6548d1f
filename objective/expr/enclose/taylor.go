package enclose

import "kolmo/internal/interval"

type taylor = [maxDegree + 1]interval.Interval

var (
	whole = interval.Entire()
	one   = interval.Point(1)
)

// unknown is what holds where a function is not smooth or not defined.
func unknown(value interval.Interval) taylor { return taylor{value, whole, whole, whole} }

// expansions enclose phi^(k)(u)/k! for the functions of one argument, expansions2
// the Taylor coefficients of those of two.
var expansions = map[string]func(u interval.Interval) taylor{
	"abs": absTaylor, "acos": acosTaylor, "asin": asinTaylor, "asinh": asinhTaylor, "atan": atanTaylor,
	"cos": cosTaylor, "cosh": coshTaylor, "erf": erfTaylor, "exp": expTaylor, "expm1": expm1Taylor,
	"log": logTaylor, "log1p": log1pTaylor, "logistic": logisticTaylor, "sin": sinTaylor, "sinh": sinhTaylor,
	"softplus": softplusTaylor, "sqrt": sqrtTaylor, "tan": tanTaylor, "tanh": tanhTaylor,
}

var expansions2 = map[string]func(u, v interval.Interval) taylor2{
	"huber": huberTaylor, "hypot": hypotTaylor, "max": maxTaylor, "min": minTaylor,
}

func third(a interval.Interval) interval.Interval { return a.Div(interval.Point(3)) }
func half(a interval.Interval) interval.Interval  { return a.Scale(0.5) }
func sixth(a interval.Interval) interval.Interval { return a.Div(interval.Point(6)) }

// plus returns a + c.
func plus(a interval.Interval, c float64) interval.Interval { return a.Add(interval.Point(c)) }

func absTaylor(u interval.Interval) taylor {
	switch {
	case u.Lo > 0:
		return taylor{u, one}
	case u.Hi < 0:
		return taylor{u.Neg(), one.Neg()}
	}
	return taylor{u.Abs(), {Lo: -1, Hi: 1}, whole, whole}
}

// inverse is the jet of 1/u.
func inverse(u interval.Interval) taylor {
	v := u.Inv()
	return taylor{v, v.Sqr().Neg(), v.PowInt(3), v.PowInt(4).Neg()}
}

func expTaylor(u interval.Interval) taylor {
	v := u.Exp()
	return taylor{v, v, half(v), sixth(v)}
}

func expm1Taylor(u interval.Interval) taylor {
	t := expTaylor(u)
	t[0] = u.Expm1()
	return t
}

func logTaylor(u interval.Interval) taylor {
	if u.Lo < 0 {
		return unknown(whole)
	}
	v := u.Inv()
	return taylor{u.Log(), v, half(v.Sqr()).Neg(), third(v.PowInt(3))}
}

func log1pTaylor(u interval.Interval) taylor {
	t := logTaylor(plus(u, 1))
	t[0] = u.Log1p()
	return t
}

func sqrtTaylor(u interval.Interval) taylor {
	if u.Lo < 0 {
		return unknown(whole)
	}
	v := u.Sqrt()
	w := v.Inv()
	return taylor{v, half(w), w.PowInt(3).Scale(-0.125), w.PowInt(5).Scale(0.0625)}
}

func sinTaylor(u interval.Interval) taylor {
	s, c := u.Sin(), u.Cos()
	return taylor{s, c, s.Scale(-0.5), sixth(c).Neg()}
}

func cosTaylor(u interval.Interval) taylor {
	s, c := u.Sin(), u.Cos()
	return taylor{c, s.Neg(), c.Scale(-0.5), sixth(s)}
}

func tanTaylor(u interval.Interval) taylor {
	t := u.Tan()
	s := t.Sqr()
	d := plus(s, 1)
	return taylor{t, d, t.Mul(d), third(d.Mul(plus(s.Scale(3), 1)))}
}

func sinhTaylor(u interval.Interval) taylor {
	s, c := u.Sinh(), u.Cosh()
	return taylor{s, c, half(s), sixth(c)}
}

func coshTaylor(u interval.Interval) taylor {
	s, c := u.Sinh(), u.Cosh()
	return taylor{c, s, half(c), sixth(s)}
}

// tanhTaylor uses tanh' = 4 bell(2u), which does not cancel.
func tanhTaylor(u interval.Interval) taylor {
	t, d := u.Tanh(), u.Scale(2).Bell().Scale(4)
	return taylor{t, d, t.Mul(d).Neg(), d.Mul(t.Sqr().Sub(third(one)))}
}

// twoOverRootPi encloses 2/sqrt(pi) = 1.1283791670955126...
var twoOverRootPi = interval.Interval{Lo: 1.12837916709551255, Hi: 1.12837916709551260}

func erfTaylor(u interval.Interval) taylor {
	s := u.Sqr()
	d := s.Neg().Exp().Mul(twoOverRootPi)
	return taylor{u.Erf(), d, u.Mul(d).Neg(), third(d.Mul(plus(s.Scale(2), -1)))}
}

// logisticTaylor uses s” = -s' tanh(u/2) and s”' = s' (1 - 6 s').
func logisticTaylor(u interval.Interval) taylor {
	d := u.Bell()
	return taylor{u.Logistic(), d, half(d.Mul(half(u).Tanh())).Neg(), sixth(d.Mul(plus(d.Scale(-6), 1)))}
}

func softplusTaylor(u interval.Interval) taylor {
	t := logisticTaylor(u)
	return taylor{u.Softplus(), t[0], half(t[1]), third(t[2])}
}

func asinTaylor(u interval.Interval) taylor {
	if u.Lo < -1 || u.Hi > 1 {
		return unknown(whole)
	}
	s := u.Sqr()
	c := one.Sub(u).Mul(plus(u, 1))
	c.Lo = max(0, c.Lo)
	d := c.Sqrt().Inv()
	return taylor{u.Asin(), d, half(u.Mul(d.PowInt(3))), sixth(plus(s.Scale(2), 1).Mul(d.PowInt(5)))}
}

func acosTaylor(u interval.Interval) taylor {
	t := asinTaylor(u)
	return taylor{u.Acos(), t[1].Neg(), t[2].Neg(), t[3].Neg()}
}

func atanTaylor(u interval.Interval) taylor {
	s := u.Sqr()
	d := plus(s, 1).Inv()
	return taylor{u.Atan(), d, u.Mul(d.Sqr()).Neg(), s.Sub(third(one)).Mul(d.PowInt(3))}
}

func asinhTaylor(u interval.Interval) taylor {
	s := u.Sqr()
	d := plus(s, 1).Sqrt().Inv()
	return taylor{u.Asinh(), d, half(u.Mul(d.PowInt(3))).Neg(), sixth(plus(s.Scale(2), -1).Mul(d.PowInt(5)))}
}

// powIntTaylor is the jet of u^n; terms whose factor is zero are zero.
func powIntTaylor(u interval.Interval, n int) taylor {
	t := taylor{u.PowInt(n)}
	c := one
	for k := 1; k <= maxDegree; k++ {
		if n >= 0 && k > n {
			break
		}
		c = c.Mul(interval.Point(float64(n - k + 1))).Div(interval.Point(float64(k)))
		t[k] = c.Mul(u.PowInt(n - k))
	}
	return t
}

// powTaylor is the jet of u^c for a constant c that is no integer.
func powTaylor(u, c interval.Interval) taylor {
	if u.Lo < 0 {
		return unknown(whole)
	}
	t := taylor{u.Pow(c)}
	b := one
	for k := 1; k <= maxDegree; k++ {
		b = b.Mul(plus(c, float64(1-k))).Div(interval.Point(float64(k)))
		t[k] = b.Mul(u.Pow(plus(c, float64(-k))))
	}
	return t
}

func hypotTaylor(u, v interval.Interval) (t taylor2) {
	r := interval.Hypot(u, v)
	t[0][0] = r
	w := r.Inv()
	within := interval.Interval{Lo: -1, Hi: 1}
	a, b := u.Mul(w).Intersect(within), v.Mul(w).Intersect(within)
	t[1][0], t[0][1] = a, b
	t[2][0], t[1][1], t[0][2] = half(b.Sqr().Mul(w)), a.Mul(b).Mul(w).Neg(), half(a.Sqr().Mul(w))
	s := w.Sqr()
	t[3][0] = half(a.Mul(b.Sqr()).Mul(s)).Neg()
	t[2][1] = half(b.Mul(s).Mul(plus(b.Sqr().Scale(-3), 2)))
	t[1][2] = half(a.Mul(s).Mul(plus(a.Sqr().Scale(-3), 2)))
	t[0][3] = half(b.Mul(a.Sqr()).Mul(s)).Neg()
	return t
}

func huberTaylor(u, v interval.Interval) (t taylor2) {
	m := u.Abs()
	outer := v.Mul(m.Sub(half(v)))
	switch {
	case !(v.Lo > 0):
		for i := range t {
			for j := range t[i] {
				t[i][j] = whole
			}
		}
	case m.Hi <= v.Lo:
		t[0][0], t[1][0], t[2][0] = half(u.Sqr()), u, interval.Point(0.5)
	case m.Lo > v.Hi:
		s := interval.Point(1)
		if u.Hi < 0 {
			s = s.Neg()
		}
		t[0][0], t[1][0], t[0][1] = outer, s.Mul(v), m.Sub(v)
		t[1][1], t[0][2] = s, interval.Point(-0.5)
	default: // the value rises with |u| and with v, its derivative in u with u
		t[0][0] = interval.Interval{Lo: huberAt(m.Lo, v.Lo).Lo, Hi: huberAt(m.Hi, v.Hi).Hi}
		t[1][0] = u.Min(v).Max(v.Neg())
		t[0][1] = m.Sub(v).Max(interval.Interval{})
		t[2][0] = interval.Interval{Lo: 0, Hi: 0.5}
		t[1][1] = interval.Interval{Lo: -1, Hi: 1}
		t[0][2] = interval.Interval{Lo: -0.5, Hi: 0}
		for i := range t {
			t[i][maxDegree-i] = whole
		}
	}
	return t
}

func huberAt(u, v float64) interval.Interval {
	m, w := interval.Interval{Lo: u, Hi: u}, interval.Interval{Lo: v, Hi: v}
	if u <= v {
		return half(m.Sqr())
	}
	return w.Mul(m.Sub(half(w)))
}

func minTaylor(u, v interval.Interval) taylor2 {
	return choose(u.Min(v), u, v, u.Hi < v.Lo, v.Hi <= u.Lo)
}

func maxTaylor(u, v interval.Interval) taylor2 {
	return choose(u.Max(v), u, v, u.Lo > v.Hi, v.Lo >= u.Hi)
}

// choose is the jet of a function that is u or v, where known.
func choose(value, u, v interval.Interval, first, second bool) (t taylor2) {
	t[0][0] = value
	switch {
	case first:
		t[0][0], t[1][0] = u, one
	case second:
		t[0][0], t[0][1] = v, one
	default:
		t[1][0], t[0][1] = interval.Interval{Lo: 0, Hi: 1}, interval.Interval{Lo: 0, Hi: 1}
		for i := range t {
			for j := range t[i] {
				if i+j >= 2 {
					t[i][j] = whole
				}
			}
		}
	}
	return t
}
