package expr

import "math"

// Function is a function that expressions may call, with its first and second
// derivatives. All are accurate near their zeros and free of overflow where the
// result is representable.
type Function struct {
	Name  string
	Arity int    // 1 or 2
	Doc   string // one line: the formula, and where it is not smooth

	unary  func(u float64) unaryJet
	binary func(u, v float64) binaryJet
}

// unaryJet is phi(u), phi'(u), phi”(u).
type unaryJet struct{ v, d, dd float64 }

// binaryJet is phi(u,v) and its partial derivatives.
type binaryJet struct{ v, du, dv, duu, duv, dvv float64 }

// Functions returns the functions in alphabetical order.
func Functions() []*Function { return append([]*Function(nil), functions...) }

func functionNames() []string {
	names := make([]string, len(functions))
	for i, f := range functions {
		names[i] = f.Name
	}
	return names
}

// lookup returns the function of the given name, or nil.
func lookup(name string) *Function {
	for _, f := range functions {
		if f.Name == name {
			return f
		}
	}
	return nil
}

var functions = []*Function{
	{Name: "abs", Arity: 1, Doc: "|u|; kink at 0, where the derivative is taken as 0", unary: abs},
	{Name: "acos", Arity: 1, Doc: "inverse cosine, |u| < 1", unary: acos},
	{Name: "asin", Arity: 1, Doc: "inverse sine, |u| < 1", unary: asin},
	{Name: "asinh", Arity: 1, Doc: "inverse hyperbolic sine", unary: asinh},
	{Name: "atan", Arity: 1, Doc: "inverse tangent", unary: atan},
	{Name: "cos", Arity: 1, Doc: "cosine, u in radians", unary: cos},
	{Name: "cosh", Arity: 1, Doc: "hyperbolic cosine", unary: cosh},
	{Name: "erf", Arity: 1, Doc: "error function, 2/sqrt(pi) times the integral of exp(-s^2) from 0 to u", unary: erf},
	{Name: "exp", Arity: 1, Doc: "exponential", unary: exp},
	{Name: "expm1", Arity: 1, Doc: "exp(u) - 1, accurate near 0", unary: expm1},
	{Name: "huber", Arity: 2, Doc: "u^2/2 for |u| <= v, v (|u| - v/2) beyond, v > 0; the second derivative jumps at |u| = v", binary: huber},
	{Name: "hypot", Arity: 2, Doc: "sqrt(u^2 + v^2) without overflow; kink at (0, 0)", binary: hypot},
	{Name: "log", Arity: 1, Doc: "natural logarithm, u > 0", unary: log},
	{Name: "log1p", Arity: 1, Doc: "log(1 + u), accurate near 0, u > -1", unary: log1p},
	{Name: "logistic", Arity: 1, Doc: "1/(1 + exp(-u))", unary: logistic},
	{Name: "max", Arity: 2, Doc: "the larger of u and v; kink where u = v, where v's derivatives are taken", binary: maximum},
	{Name: "min", Arity: 2, Doc: "the smaller of u and v; kink where u = v, where v's derivatives are taken", binary: minimum},
	{Name: "sin", Arity: 1, Doc: "sine, u in radians", unary: sin},
	{Name: "sinh", Arity: 1, Doc: "hyperbolic sine", unary: sinh},
	{Name: "softplus", Arity: 1, Doc: "log(1 + exp(u)), accurate for every u", unary: softplus},
	{Name: "sqrt", Arity: 1, Doc: "square root, u > 0", unary: sqrt},
	{Name: "tan", Arity: 1, Doc: "tangent, u in radians", unary: tan},
	{Name: "tanh", Arity: 1, Doc: "hyperbolic tangent", unary: tanh},
}

func abs(u float64) unaryJet {
	switch {
	case u > 0:
		return unaryJet{u, 1, 0}
	case u < 0:
		return unaryJet{-u, -1, 0}
	}
	return unaryJet{math.Abs(u), 0 * u, 0} // 0*u keeps NaN
}

func asin(u float64) unaryJet {
	c := (1 - u) * (1 + u)
	d := 1 / math.Sqrt(c)
	return unaryJet{math.Asin(u), d, u * d / c}
}

func acos(u float64) unaryJet {
	j := asin(u)
	return unaryJet{math.Acos(u), -j.d, -j.dd}
}

func asinh(u float64) unaryJet {
	r := math.Hypot(1, u)
	return unaryJet{math.Asinh(u), 1 / r, -u / r / r / r}
}

func atan(u float64) unaryJet {
	d := 1 / (1 + u*u)
	return unaryJet{math.Atan(u), d, -2 * u * d * d}
}

func sin(u float64) unaryJet {
	s, c := math.Sincos(u)
	return unaryJet{s, c, -s}
}

func cos(u float64) unaryJet {
	s, c := math.Sincos(u)
	return unaryJet{c, -s, -c}
}

func tan(u float64) unaryJet {
	t := math.Tan(u)
	d := 1 + t*t
	return unaryJet{t, d, 2 * t * d}
}

func sinh(u float64) unaryJet {
	s := math.Sinh(u)
	return unaryJet{s, math.Cosh(u), s}
}

func cosh(u float64) unaryJet {
	c := math.Cosh(u)
	return unaryJet{c, math.Sinh(u), c}
}

// tanh uses tanh' = 4 q/(1 + q)^2, q = exp(-2|u|), which does not cancel for
// large |u| as 1 - tanh^2 does.
func tanh(u float64) unaryJet {
	t, q := math.Tanh(u), math.Exp(-2*math.Abs(u))
	d := 4 * q / ((1 + q) * (1 + q))
	return unaryJet{t, d, -2 * t * d}
}

func erf(u float64) unaryJet {
	d := 2 / math.Sqrt(math.Pi) * math.Exp(-u*u)
	if d == 0 {
		return unaryJet{math.Erf(u), 0, 0}
	}
	return unaryJet{math.Erf(u), d, -2 * u * d}
}

func exp(u float64) unaryJet {
	v := math.Exp(u)
	return unaryJet{v, v, v}
}

func expm1(u float64) unaryJet {
	v := math.Exp(u)
	return unaryJet{math.Expm1(u), v, v}
}

func log(u float64) unaryJet {
	d := 1 / u
	return unaryJet{math.Log(u), d, -d * d}
}

func log1p(u float64) unaryJet {
	d := 1 / (1 + u)
	return unaryJet{math.Log1p(u), d, -d * d}
}

func sqrt(u float64) unaryJet {
	v := math.Sqrt(u)
	return unaryJet{v, 1 / (2 * v), -1 / (4 * u * v)}
}

// logistic works with q = exp(-|u|) <= 1: nothing overflows, and the derivative
// q/(1 + q)^2 keeps its relative accuracy in both tails.
func logistic(u float64) unaryJet {
	q := math.Exp(-math.Abs(u))
	p := 1 / (1 + q)
	d := q * p * p
	dd := d * (1 - q) * p
	if u >= 0 {
		return unaryJet{p, d, -dd}
	}
	return unaryJet{q * p, d, dd}
}

// softplus(u) = max(u, 0) + log1p(exp(-|u|)); its derivative is logistic.
func softplus(u float64) unaryJet {
	q := math.Exp(-math.Abs(u))
	p := 1 / (1 + q)
	d := q * p
	if u >= 0 {
		return unaryJet{u + math.Log1p(q), p, d * p}
	}
	return unaryJet{math.Log1p(q), d, d * p}
}

func hypot(u, v float64) binaryJet {
	r := math.Hypot(u, v)
	a, b := u/r, v/r
	return binaryJet{r, a, b, b * b / r, -a * b / r, a * a / r}
}

func huber(u, v float64) binaryJet {
	switch {
	case !(v > 0) || math.IsNaN(u):
		n := math.NaN()
		return binaryJet{n, n, n, n, n, n}
	case math.Abs(u) <= v:
		return binaryJet{v: u * u / 2, du: u, duu: 1}
	}
	s := math.Copysign(1, u)
	return binaryJet{v: v * (math.Abs(u) - v/2), du: s * v, dv: math.Abs(u) - v, duv: s, dvv: -1}
}

func minimum(u, v float64) binaryJet {
	if u < v {
		return binaryJet{v: u, du: 1}
	}
	return binaryJet{v: math.Min(u, v), dv: 1}
}

func maximum(u, v float64) binaryJet {
	if u > v {
		return binaryJet{v: u, du: 1}
	}
	return binaryJet{v: math.Max(u, v), dv: 1}
}

// maxUnrolled is the largest |n| for which u^n is computed by multiplication;
// beyond it math.Pow is both faster and more accurate.
const maxUnrolled = 64

// powInt returns u^n for an integer n, with 0^0 = 1.
func powInt(u float64, n int) float64 {
	switch {
	case n < 0:
		return 1 / powInt(u, -n)
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

// powIntJet is the jet of u^n; terms with a zero factor are zero, also where
// u^(n-1) or u^(n-2) is infinite.
func powIntJet(u float64, n int) unaryJet {
	c := float64(n)
	j := unaryJet{v: powInt(u, n)}
	if n != 0 {
		j.d = c * powInt(u, n-1)
	}
	if n != 0 && n != 1 {
		j.dd = c * (c - 1) * powInt(u, n-2)
	}
	return j
}

// powConstJet is the jet of u^c for c that is not an integer.
func powConstJet(u, c float64) unaryJet {
	return unaryJet{math.Pow(u, c), c * math.Pow(u, c-1), c * (c - 1) * math.Pow(u, c-2)}
}

// powJet is the jet of u^v. For u < 0 the value and the derivatives in u exist
// where v is an integer; those in v do not.
func powJet(u, v float64) binaryJet {
	p := math.Pow(u, v)
	j := binaryJet{v: p}
	if v != 0 {
		j.du = v * math.Pow(u, v-1)
	}
	if v != 0 && v != 1 {
		j.duu = v * (v - 1) * math.Pow(u, v-2)
	}
	l := math.Log(u)
	if u == 0 && v > 0 { // u^v log(u)^k tends to 0
		if v <= 1 {
			j.duv = math.Inf(-1)
		}
		return j
	}
	j.dv, j.dvv = p*l, p*l*l
	j.duv = math.Pow(u, v-1) * (1 + v*l)
	return j
}
