// Package function holds the functions that expressions may call, with their first and second
// derivatives.
package function

import "math"

// Function is a function that expressions may call, with its first and second
// derivatives. All are accurate near their zeros and free of overflow where the
// result is representable.
type Function struct {
	Name  string
	Arity int    // 1 or 2
	Doc   string // one line: the formula, and where it is not smooth

	Unary  func(u float64) Jet
	Binary func(u, v float64) Jet2
}

// Jet is phi(u), phi'(u), phi”(u).
type Jet struct{ V, D, DD float64 }

// Jet2 is phi(u,v) and its partial derivatives.
type Jet2 struct{ V, DU, DV, DUU, DUV, DVV float64 }

// Names returns the names of all functions.
func Names() []string {
	names := make([]string, len(All))
	for i, f := range All {
		names[i] = f.Name
	}
	return names
}

// Named returns the function of the given name, or nil.
func Named(name string) *Function {
	for _, f := range All {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// All are the functions in alphabetical order.
var All = []*Function{
	{Name: "abs", Arity: 1, Doc: "|u|; kink at 0, where the derivative is taken as 0", Unary: Abs},
	{Name: "acos", Arity: 1, Doc: "inverse cosine, |u| < 1", Unary: acos},
	{Name: "asin", Arity: 1, Doc: "inverse sine, |u| < 1", Unary: asin},
	{Name: "asinh", Arity: 1, Doc: "inverse hyperbolic sine", Unary: asinh},
	{Name: "atan", Arity: 1, Doc: "inverse tangent", Unary: atan},
	{Name: "cos", Arity: 1, Doc: "cosine, u in radians", Unary: cos},
	{Name: "cosh", Arity: 1, Doc: "hyperbolic cosine", Unary: cosh},
	{Name: "erf", Arity: 1, Doc: "error function, 2/sqrt(pi) times the integral of exp(-s^2) from 0 to u", Unary: erf},
	{Name: "exp", Arity: 1, Doc: "exponential", Unary: exp},
	{Name: "expm1", Arity: 1, Doc: "exp(u) - 1, accurate near 0", Unary: expm1},
	{Name: "huber", Arity: 2, Doc: "u^2/2 for |u| <= v, v (|u| - v/2) beyond, v > 0; the second derivative jumps at |u| = v", Binary: huber},
	{Name: "hypot", Arity: 2, Doc: "sqrt(u^2 + v^2) without overflow; kink at (0, 0)", Binary: hypot},
	{Name: "log", Arity: 1, Doc: "natural logarithm, u > 0", Unary: log},
	{Name: "log1p", Arity: 1, Doc: "log(1 + u), accurate near 0, u > -1", Unary: log1p},
	{Name: "logistic", Arity: 1, Doc: "1/(1 + exp(-u))", Unary: Logistic},
	{Name: "max", Arity: 2, Doc: "the larger of u and v; kink where u = v, where v's derivatives are taken", Binary: maximum},
	{Name: "min", Arity: 2, Doc: "the smaller of u and v; kink where u = v, where v's derivatives are taken", Binary: minimum},
	{Name: "sin", Arity: 1, Doc: "sine, u in radians", Unary: sin},
	{Name: "sinh", Arity: 1, Doc: "hyperbolic sine", Unary: sinh},
	{Name: "softplus", Arity: 1, Doc: "log(1 + exp(u)), accurate for every u", Unary: Softplus},
	{Name: "sqrt", Arity: 1, Doc: "square root, u > 0", Unary: sqrt},
	{Name: "tan", Arity: 1, Doc: "tangent, u in radians", Unary: Tan},
	{Name: "tanh", Arity: 1, Doc: "hyperbolic tangent", Unary: Tanh},
}

func Abs(u float64) Jet {
	switch {
	case u > 0:
		return Jet{u, 1, 0}
	case u < 0:
		return Jet{-u, -1, 0}
	}
	return Jet{math.Abs(u), 0 * u, 0} // 0*u keeps NaN
}

func asin(u float64) Jet {
	c := (1 - u) * (1 + u)
	d := 1 / math.Sqrt(c)
	return Jet{math.Asin(u), d, u * d / c}
}

func acos(u float64) Jet {
	j := asin(u)
	return Jet{math.Acos(u), -j.D, -j.DD}
}

func asinh(u float64) Jet {
	r := math.Hypot(1, u)
	return Jet{math.Asinh(u), 1 / r, -u / r / r / r}
}

func atan(u float64) Jet {
	d := 1 / (1 + u*u)
	return Jet{math.Atan(u), d, -2 * u * d * d}
}

func sin(u float64) Jet {
	s, c := math.Sincos(u)
	return Jet{s, c, -s}
}

func cos(u float64) Jet {
	s, c := math.Sincos(u)
	return Jet{c, -s, -c}
}

func Tan(u float64) Jet {
	t := math.Tan(u)
	d := 1 + t*t
	return Jet{t, d, 2 * t * d}
}

func sinh(u float64) Jet {
	s := math.Sinh(u)
	return Jet{s, math.Cosh(u), s}
}

func cosh(u float64) Jet {
	c := math.Cosh(u)
	return Jet{c, math.Sinh(u), c}
}

// Tanh uses tanh' = 4 q/(1 + q)^2, q = exp(-2|u|), which does not cancel for
// large |u| as 1 - tanh^2 does.
func Tanh(u float64) Jet {
	t, q := math.Tanh(u), math.Exp(-2*math.Abs(u))
	d := 4 * q / ((1 + q) * (1 + q))
	return Jet{t, d, -2 * t * d}
}

func erf(u float64) Jet {
	d := 2 / math.Sqrt(math.Pi) * math.Exp(-u*u)
	if d == 0 {
		return Jet{math.Erf(u), 0, 0}
	}
	return Jet{math.Erf(u), d, -2 * u * d}
}

func exp(u float64) Jet {
	v := math.Exp(u)
	return Jet{v, v, v}
}

func expm1(u float64) Jet {
	v := math.Exp(u)
	return Jet{math.Expm1(u), v, v}
}

func log(u float64) Jet {
	d := 1 / u
	return Jet{math.Log(u), d, -d * d}
}

func log1p(u float64) Jet {
	d := 1 / (1 + u)
	return Jet{math.Log1p(u), d, -d * d}
}

func sqrt(u float64) Jet {
	v := math.Sqrt(u)
	return Jet{v, 1 / (2 * v), -1 / (4 * u * v)}
}

// Logistic works with q = exp(-|u|) <= 1: nothing overflows, and the derivative
// q/(1 + q)^2 keeps its relative accuracy in both tails.
func Logistic(u float64) Jet {
	q := math.Exp(-math.Abs(u))
	p := 1 / (1 + q)
	d := q * p * p
	dd := d * (1 - q) * p
	if u >= 0 {
		return Jet{p, d, -dd}
	}
	return Jet{q * p, d, dd}
}

// Softplus(u) = max(u, 0) + log1p(exp(-|u|)); its derivative is logistic.
func Softplus(u float64) Jet {
	q := math.Exp(-math.Abs(u))
	p := 1 / (1 + q)
	d := q * p
	if u >= 0 {
		return Jet{u + math.Log1p(q), p, d * p}
	}
	return Jet{math.Log1p(q), d, d * p}
}

func hypot(u, v float64) Jet2 {
	r := math.Hypot(u, v)
	a, b := u/r, v/r
	return Jet2{r, a, b, b * b / r, -a * b / r, a * a / r}
}

func huber(u, v float64) Jet2 {
	switch {
	case !(v > 0) || math.IsNaN(u):
		n := math.NaN()
		return Jet2{n, n, n, n, n, n}
	case math.Abs(u) <= v:
		return Jet2{V: u * u / 2, DU: u, DUU: 1}
	}
	s := math.Copysign(1, u)
	return Jet2{V: v * (math.Abs(u) - v/2), DU: s * v, DV: math.Abs(u) - v, DUV: s, DVV: -1}
}

func minimum(u, v float64) Jet2 {
	if u < v {
		return Jet2{V: u, DU: 1}
	}
	return Jet2{V: math.Min(u, v), DV: 1}
}

func maximum(u, v float64) Jet2 {
	if u > v {
		return Jet2{V: u, DU: 1}
	}
	return Jet2{V: math.Max(u, v), DV: 1}
}

// maxUnrolled is the largest |n| for which u^n is computed by multiplication;
// beyond it math.Pow is both faster and more accurate.
const maxUnrolled = 64

// PowInt returns u^n for an integer n, with 0^0 = 1.
func PowInt(u float64, n int) float64 {
	switch {
	case n < 0:
		return 1 / PowInt(u, -n)
	case n > maxUnrolled:
		return math.Pow(u, float64(n))
	}
	v := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			v *= u
		}
		u *= u
	}
	return v
}

// PowIntJet is the jet of u^n; terms with a zero factor are zero, also where
// u^(n-1) or u^(n-2) is infinite.
func PowIntJet(u float64, n int) Jet {
	c := float64(n)
	j := Jet{V: PowInt(u, n)}
	if n != 0 {
		j.D = c * PowInt(u, n-1)
	}
	if n != 0 && n != 1 {
		j.DD = c * (c - 1) * PowInt(u, n-2)
	}
	return j
}

// PowConstJet is the jet of u^c for c that is not an integer.
func PowConstJet(u, c float64) Jet {
	return Jet{math.Pow(u, c), c * math.Pow(u, c-1), c * (c - 1) * math.Pow(u, c-2)}
}

// PowJet is the jet of u^v. For u < 0 the value and the derivatives in u exist
// where v is an integer; those in v do not.
func PowJet(u, v float64) Jet2 {
	p := math.Pow(u, v)
	j := Jet2{V: p}
	if v != 0 {
		j.DU = v * math.Pow(u, v-1)
	}
	if v != 0 && v != 1 {
		j.DUU = v * (v - 1) * math.Pow(u, v-2)
	}
	l := math.Log(u)
	if u == 0 && v > 0 { // u^v log(u)^k tends to 0
		if v <= 1 {
			j.DUV = math.Inf(-1)
		}
		return j
	}
	j.DV, j.DVV = p*l, p*l*l
	j.DUV = math.Pow(u, v-1) * (1 + v*l)
	return j
}
