package interval

import "math"

// Interval is the set of the numbers from Lo to Hi. The zero value is [0, 0].
type Interval struct{ Lo, Hi float64 }

var entire = Interval{math.Inf(-1), math.Inf(1)}

// Entire returns the whole line.
func Entire() Interval { return entire }

// Point returns [x, x], and Entire if x is not finite.
func Point(x float64) Interval {
	if math.IsNaN(x - x) {
		return entire
	}
	return Interval{x, x}
}

// Contains reports whether x is in a.
func (a Interval) Contains(x float64) bool { return a.Lo <= x && x <= a.Hi }

// IsPoint reports whether a is a single number.
func (a Interval) IsPoint() bool { return a.Lo == a.Hi }

// Bounded reports whether both ends are finite.
func (a Interval) Bounded() bool { return !math.IsInf(a.Lo, 0) && !math.IsInf(a.Hi, 0) }

// Mid returns a number of a near its middle; NaN if a is not bounded.
func (a Interval) Mid() float64 {
	if !a.Bounded() {
		return math.NaN()
	}
	m := a.Lo/2 + a.Hi/2
	return min(max(m, a.Lo), a.Hi)
}

// Width returns an upper bound of Hi - Lo.
func (a Interval) Width() float64 { return up(a.Hi - a.Lo) }

// Mag returns the largest absolute value in a.
func (a Interval) Mag() float64 { return max(math.Abs(a.Lo), math.Abs(a.Hi)) }

// Radius returns an upper bound of |x - m| over x in a.
func (a Interval) Radius(m float64) float64 { return max(up(a.Hi-m), up(m-a.Lo), 0) }

// Intersect returns the numbers that are in both; b if there are none, which
// enclosures of the same number do not allow.
func (a Interval) Intersect(b Interval) Interval {
	c := Interval{max(a.Lo, b.Lo), min(a.Hi, b.Hi)}
	if c.Lo > c.Hi {
		return b
	}
	return c
}

// unit is twice the relative rounding error, tiny the smallest number.
const (
	unit = 0x1p-52
	tiny = 0x1p-1074
)

// down returns a number below the exact result whose rounded value is x.
func down(x float64) float64 {
	if x > math.MaxFloat64 {
		return math.MaxFloat64
	}
	return x - (math.Abs(x)*unit + tiny)
}

// up returns a number above the exact result whose rounded value is x.
func up(x float64) float64 {
	if x < -math.MaxFloat64 {
		return -math.MaxFloat64
	}
	return x + (math.Abs(x)*unit + tiny)
}

// sumDown is down for sums, which are exact where they are tiny.
func sumDown(x float64) float64 {
	if x > math.MaxFloat64 {
		return math.MaxFloat64
	}
	return x - math.Abs(x)*unit
}

func sumUp(x float64) float64 {
	if x < -math.MaxFloat64 {
		return -math.MaxFloat64
	}
	return x + math.Abs(x)*unit
}

// Neg returns -a.
func (a Interval) Neg() Interval { return Interval{-a.Hi, -a.Lo} }

// Add returns a + b.
func (a Interval) Add(b Interval) Interval {
	return Interval{sumDown(a.Lo + b.Lo), sumUp(a.Hi + b.Hi)}
}

// Sub returns a - b.
func (a Interval) Sub(b Interval) Interval {
	return Interval{sumDown(a.Lo - b.Hi), sumUp(a.Hi - b.Lo)}
}

// Mul returns a b.
func (a Interval) Mul(b Interval) Interval {
	if a.Lo == 0 && a.Hi == 0 || b.Lo == 0 && b.Hi == 0 {
		return Interval{}
	}
	p, q, r, s := a.Lo*b.Lo, a.Lo*b.Hi, a.Hi*b.Lo, a.Hi*b.Hi
	lo, hi := min(p, q, r, s), max(p, q, r, s)
	if lo != lo { // 0 times infinity
		p, q, r, s = product(a.Lo, b.Lo), product(a.Lo, b.Hi), product(a.Hi, b.Lo), product(a.Hi, b.Hi)
		lo, hi = min(p, q, r, s), max(p, q, r, s)
	}
	return Interval{down(lo), up(hi)}
}

// product is x y with 0 times infinity being 0: the ends of an interval are
// limits, not members.
func product(x, y float64) float64 {
	if x == 0 || y == 0 {
		return 0
	}
	return x * y
}

// Scale returns c a for a finite c.
func (a Interval) Scale(c float64) Interval { return a.Mul(Interval{c, c}) }

// Div returns a/b, Entire if 0 is inside b.
func (a Interval) Div(b Interval) Interval { return a.Mul(b.Inv()) }

// Inv returns 1/a.
func (a Interval) Inv() Interval {
	switch {
	case a.Lo > 0:
		return Interval{max(0, down(1/a.Hi)), up(1 / a.Lo)}
	case a.Hi < 0:
		return Interval{down(1 / a.Hi), min(0, up(1/a.Lo))}
	case a.Lo == 0 && a.Hi > 0:
		return Interval{max(0, down(1/a.Hi)), math.Inf(1)}
	case a.Hi == 0 && a.Lo < 0:
		return Interval{math.Inf(-1), min(0, up(1/a.Lo))}
	}
	return entire
}

// Abs returns |a|.
func (a Interval) Abs() Interval {
	switch {
	case a.Lo >= 0:
		return a
	case a.Hi <= 0:
		return a.Neg()
	}
	return Interval{0, a.Mag()}
}

// Min returns the smaller of two numbers of a and b.
func (a Interval) Min(b Interval) Interval { return Interval{min(a.Lo, b.Lo), min(a.Hi, b.Hi)} }

// Max returns the larger of two numbers of a and b.
func (a Interval) Max(b Interval) Interval { return Interval{max(a.Lo, b.Lo), max(a.Hi, b.Hi)} }

// Sqr returns a^2.
func (a Interval) Sqr() Interval {
	b := a.Abs()
	return Interval{max(0, down(b.Lo*b.Lo)), up(b.Hi * b.Hi)}
}

// Sqrt returns the square root, Entire if a has negative numbers.
func (a Interval) Sqrt() Interval {
	if a.Lo < 0 {
		return entire
	}
	return Interval{max(0, down(math.Sqrt(a.Lo))), up(math.Sqrt(a.Hi))}
}

// PowInt returns a^n for an integer n, with 0^0 = 1.
func (a Interval) PowInt(n int) Interval {
	switch {
	case n == 0:
		return Interval{1, 1}
	case n == 1:
		return a
	case n == 2:
		return a.Sqr()
	case n < 0:
		if n == math.MinInt {
			return entire
		}
		return a.PowInt(-n).Inv()
	case n%2 == 0:
		b := a.Abs()
		return Interval{power(b.Lo, n).Lo, power(b.Hi, n).Hi}
	}
	return Interval{power(a.Lo, n).Lo, power(a.Hi, n).Hi}
}

// power returns x^n, n > 0, by repeated squaring.
func power(x float64, n int) Interval {
	if math.IsInf(x, 0) || x == 0 {
		y := x
		if n%2 == 0 {
			y = math.Abs(x)
		}
		return Interval{y, y}
	}
	negative := x < 0 && n%2 == 1
	v, s := Interval{1, 1}, Interval{math.Abs(x), math.Abs(x)}
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			v = v.Mul(s)
		}
		s = s.Sqr()
	}
	v.Lo = max(v.Lo, 0)
	if negative {
		return v.Neg()
	}
	return v
}

// Pow returns a^c for a >= 0 and any number c of the exponent's interval, Entire
// if a has negative numbers.
func (a Interval) Pow(c Interval) Interval {
	switch {
	case a.Lo < 0:
		return entire
	case a.Lo > 0:
		return c.Mul(a.Log()).Exp()
	case c.Lo > 0 && a.Hi > 0: // 0^c = 0
		return Interval{0, Interval{a.Hi, a.Hi}.Pow(c).Hi}
	case c.Lo > 0:
		return Interval{}
	}
	return entire
}

// Hypot returns sqrt(a^2 + b^2).
func Hypot(a, b Interval) Interval {
	x, y := a.Abs(), b.Abs()
	return Interval{max(0, out(math.Hypot(x.Lo, y.Lo)).Lo), out(math.Hypot(x.Hi, y.Hi)).Hi}
}
