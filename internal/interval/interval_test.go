package interval

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// operation pairs a function on numbers with the one on intervals; f returns an
// exact value, as precise as precision bits, or nil outside its domain.
type operation struct {
	name  string
	apply func(a, b Interval) Interval
	f     func(x, y *big.Float) *big.Float
}

const precision = 200

func number(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

func bigAdd(x, y *big.Float) *big.Float { return new(big.Float).SetPrec(precision).Add(x, y) }
func bigSub(x, y *big.Float) *big.Float { return new(big.Float).SetPrec(precision).Sub(x, y) }
func bigMul(x, y *big.Float) *big.Float { return new(big.Float).SetPrec(precision).Mul(x, y) }
func bigQuo(x, y *big.Float) *big.Float {
	if y.Sign() == 0 {
		return nil
	}
	return new(big.Float).SetPrec(precision).Quo(x, y)
}

func bigSqrt(x *big.Float) *big.Float {
	if x.Sign() < 0 {
		return nil
	}
	return new(big.Float).SetPrec(precision).Sqrt(x)
}

// series sums first * r(0) * r(1) * .. until the terms vanish.
func series(first *big.Float, ratio func(k int) *big.Float) *big.Float {
	sum, term := number(0), first
	for k := range 4000 {
		sum = bigAdd(sum, term)
		if term = bigMul(term, ratio(k)); term.Sign() == 0 || sum.Sign() != 0 && term.MantExp(nil) < sum.MantExp(nil)-precision-8 {
			break
		}
	}
	return sum
}

// bigExp is exp by its series after halving the argument.
func bigExp(x *big.Float) *big.Float {
	halvings := max(0, x.MantExp(nil)+4)
	y := new(big.Float).SetPrec(precision).SetMantExp(x, -halvings)
	v := series(number(1), func(k int) *big.Float { return bigQuo(y, number(float64(k+1))) })
	for range halvings {
		v = bigMul(v, v)
	}
	return v
}

// bigLog solves exp(v) = x by Newton's method.
func bigLog(x *big.Float) *big.Float {
	if x.Sign() <= 0 {
		return nil
	}
	f, _ := x.Float64()
	v := number(math.Log(f))
	for range 3 {
		v = bigAdd(v, bigSub(bigMul(x, bigExp(new(big.Float).Neg(v))), number(1)))
	}
	return v
}

func square(x *big.Float) *big.Float { return bigMul(x, x) }

// bigSin and bigCos are series; at most |x| = 40, where they lose 60 bits.
func bigSin(x *big.Float) *big.Float {
	s := new(big.Float).Neg(square(x))
	return series(x, func(k int) *big.Float { return bigQuo(s, number(float64((2*k+2)*(2*k+3)))) })
}

func bigCos(x *big.Float) *big.Float {
	s := new(big.Float).Neg(square(x))
	return series(number(1), func(k int) *big.Float { return bigQuo(s, number(float64((2*k+1)*(2*k+2)))) })
}

// bigAtan halves the argument by atan x = 2 atan(x/(1 + sqrt(1 + x^2))).
func bigAtan(x *big.Float) *big.Float {
	const halvings = 8
	for range halvings {
		x = bigQuo(x, bigAdd(number(1), bigSqrt(bigAdd(number(1), square(x)))))
	}
	s := new(big.Float).Neg(square(x))
	sum, power := number(0), x
	for k := range 40 {
		sum = bigAdd(sum, bigQuo(power, number(float64(2*k+1))))
		power = bigMul(power, s)
	}
	return new(big.Float).SetMantExp(sum, halvings)
}

var rootPi = func() *big.Float {
	pi := bigMul(number(4), bigAtan(number(1)))
	return bigSqrt(pi)
}()

// bigErf is 2/sqrt(pi) exp(-x^2) sum 2^k x^(2k+1)/(2k+1)!!, whose terms have one sign.
func bigErf(x *big.Float) *big.Float {
	s := bigMul(number(2), square(x))
	sum := series(x, func(k int) *big.Float { return bigQuo(s, number(float64(2*k+3))) })
	return bigQuo(bigMul(number(2), bigMul(sum, bigExp(new(big.Float).Neg(square(x))))), rootPi)
}

func reciprocal(x *big.Float) *big.Float { return bigQuo(number(1), x) }

func unary(name string, g func(a Interval) Interval, f func(x *big.Float) *big.Float) operation {
	return operation{name, func(a, _ Interval) Interval { return g(a) }, func(x, _ *big.Float) *big.Float { return f(x) }}
}

func bigAsin(x *big.Float) *big.Float {
	c := bigSqrt(bigMul(bigSub(number(1), x), bigAdd(number(1), x)))
	if c == nil || c.Sign() == 0 {
		return nil
	}
	return bigAtan(bigQuo(x, c))
}

func bigTanh(x *big.Float) *big.Float {
	q := bigExp(bigMul(number(-2), x))
	return bigQuo(bigSub(number(1), q), bigAdd(number(1), q))
}

func bigPower(x *big.Float, n int) *big.Float {
	if n < 0 {
		if x.Sign() == 0 {
			return nil
		}
		return reciprocal(bigPower(x, -n))
	}
	v := number(1)
	for range n {
		v = bigMul(v, x)
	}
	return v
}

var operations = []operation{
	{"add", Interval.Add, bigAdd},
	{"sub", Interval.Sub, bigSub},
	{"mul", Interval.Mul, bigMul},
	{"div", Interval.Div, bigQuo},
	{"min", Interval.Min, func(x, y *big.Float) *big.Float {
		if x.Cmp(y) < 0 {
			return x
		}
		return y
	}},
	{"max", Interval.Max, func(x, y *big.Float) *big.Float {
		if x.Cmp(y) > 0 {
			return x
		}
		return y
	}},
	{"hypot", Hypot, func(x, y *big.Float) *big.Float { return bigSqrt(bigAdd(square(x), square(y))) }},
	{"pow", Interval.Pow, func(x, y *big.Float) *big.Float {
		if x.Sign() <= 0 {
			return nil
		}
		return bigExp(bigMul(y, bigLog(x)))
	}},
	unary("neg", Interval.Neg, func(x *big.Float) *big.Float { return new(big.Float).Neg(x) }),
	unary("abs", Interval.Abs, func(x *big.Float) *big.Float { return new(big.Float).Abs(x) }),
	unary("inv", Interval.Inv, reciprocal),
	unary("sqr", Interval.Sqr, square),
	unary("sqrt", Interval.Sqrt, bigSqrt),
	unary("pow3", func(a Interval) Interval { return a.PowInt(3) }, func(x *big.Float) *big.Float { return bigPower(x, 3) }),
	unary("pow6", func(a Interval) Interval { return a.PowInt(6) }, func(x *big.Float) *big.Float { return bigPower(x, 6) }),
	unary("pow17", func(a Interval) Interval { return a.PowInt(17) }, func(x *big.Float) *big.Float { return bigPower(x, 17) }),
	unary("pow-2", func(a Interval) Interval { return a.PowInt(-2) }, func(x *big.Float) *big.Float { return bigPower(x, -2) }),
	unary("pow-5", func(a Interval) Interval { return a.PowInt(-5) }, func(x *big.Float) *big.Float { return bigPower(x, -5) }),
	unary("exp", Interval.Exp, bigExp),
	unary("expm1", Interval.Expm1, func(x *big.Float) *big.Float { return bigSub(bigExp(x), number(1)) }),
	unary("log", Interval.Log, bigLog),
	unary("log1p", Interval.Log1p, func(x *big.Float) *big.Float { return bigLog(bigAdd(x, number(1))) }),
	unary("sin", Interval.Sin, bigSin),
	unary("cos", Interval.Cos, bigCos),
	unary("tan", Interval.Tan, func(x *big.Float) *big.Float { return bigQuo(bigSin(x), bigCos(x)) }),
	unary("asin", Interval.Asin, bigAsin),
	unary("acos", Interval.Acos, func(x *big.Float) *big.Float {
		a := bigAsin(x)
		if a == nil {
			return nil
		}
		return bigSub(bigMul(number(2), bigAtan(number(1))), a)
	}),
	unary("atan", Interval.Atan, bigAtan),
	unary("sinh", Interval.Sinh, func(x *big.Float) *big.Float {
		return bigQuo(bigSub(bigExp(x), bigExp(new(big.Float).Neg(x))), number(2))
	}),
	unary("cosh", Interval.Cosh, func(x *big.Float) *big.Float {
		return bigQuo(bigAdd(bigExp(x), bigExp(new(big.Float).Neg(x))), number(2))
	}),
	unary("tanh", Interval.Tanh, bigTanh),
	unary("asinh", Interval.Asinh, func(x *big.Float) *big.Float {
		v := bigLog(bigAdd(new(big.Float).Abs(x), bigSqrt(bigAdd(square(x), number(1)))))
		if x.Sign() < 0 {
			v.Neg(v)
		}
		return v
	}),
	unary("erf", Interval.Erf, bigErf),
	unary("logistic", Interval.Logistic, func(x *big.Float) *big.Float {
		return reciprocal(bigAdd(number(1), bigExp(new(big.Float).Neg(x))))
	}),
	unary("softplus", Interval.Softplus, func(x *big.Float) *big.Float { return bigLog(bigAdd(number(1), bigExp(x))) }),
	unary("bell", Interval.Bell, func(x *big.Float) *big.Float {
		q := bigExp(new(big.Float).Neg(x))
		return bigQuo(q, square(bigAdd(number(1), q)))
	}),
}

// draw returns a number whose size is of any order between 1e-9 and 30.
func draw(r *rand.Rand) float64 {
	x := math.Pow(10, -9+10.47*r.Float64())
	if r.IntN(2) == 0 {
		return -x
	}
	return x
}

// within reports that v, known to 120 bits, may be in a.
func within(a Interval, v *big.Float) bool {
	slack := new(big.Float).SetMantExp(new(big.Float).Abs(v), -120)
	return (math.IsInf(a.Lo, 0) || number(a.Lo).Cmp(bigAdd(v, slack)) <= 0) && (math.IsInf(a.Hi, 0) || number(a.Hi).Cmp(bigSub(v, slack)) >= 0)
}

// TestEnclosesSeries compares every operation over points and over intervals with
// 200-bit arithmetic and series.
func TestEnclosesSeries(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	for _, o := range operations {
		compared := 0
		for range 400 {
			var ends [2]Interval
			var in [2]float64
			for i := range ends {
				x := draw(r)
				ends[i] = Point(x)
				if r.IntN(2) == 0 {
					ends[i] = between(x, draw(r))
				}
				in[i] = min(max(ends[i].Lo+(ends[i].Hi-ends[i].Lo)*r.Float64(), ends[i].Lo), ends[i].Hi)
			}
			v := o.f(number(in[0]), number(in[1]))
			if v == nil {
				continue
			}
			compared++
			if got := o.apply(ends[0], ends[1]); !within(got, v) {
				t.Fatalf("%s: %v at %v is not in %v over %v", o.name, v, in, got, ends)
			}
		}
		if compared < 50 {
			t.Errorf("%s: %d comparisons", o.name, compared)
		}
	}
}

// TestTight: over points enclosures are a few units in the last place wide.
func TestTight(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 1))
	for _, o := range operations {
		for range 200 {
			x, y := draw(r), draw(r)
			v := o.f(number(x), number(y))
			if v == nil {
				continue
			}
			if o.name == "pow" {
				x, y = math.Abs(x), min(y, 3)
			}
			got := o.apply(Point(x), Point(y))
			if got.Width() > 1e-12*got.Mag() && got.Mag() > 1e-300 {
				t.Errorf("%s(%g, %g) = [%.17g, %.17g]", o.name, x, y, got.Lo, got.Hi)
				break
			}
		}
	}
}

// contains checks that the value of every operation at points of two intervals is
// in the enclosure over them.
func contains(t *rapid.T) {
	o := rapid.SampledFrom(operations).Draw(t, "operation")
	end := rapid.OneOf(rapid.Float64Range(-5, 5), rapid.Float64Range(-40, 40), rapid.SampledFrom([]float64{0, 1, -1, math.Pi, 1e-300, -1e-300, math.Inf(1), math.Inf(-1)}))
	var ends [2]Interval
	var in [2]float64
	for i := range ends {
		p, q := end.Draw(t, "end"), end.Draw(t, "end")
		if p == q && math.IsInf(p, 0) {
			q = 0
		}
		ends[i] = Interval{min(p, q), max(p, q)}
		a, b := max(ends[i].Lo, -40), min(ends[i].Hi, 40)
		in[i] = min(max(a+(b-a)*rapid.Float64Range(0, 1).Draw(t, "within"), a), b)
	}
	// Next to 0 the reference cancels: expm1 is exp - 1 in 200 bits.
	const smallest = 1e-9
	if in[0] != 0 && math.Abs(in[0]) < smallest {
		return
	}
	v := o.f(number(in[0]), number(in[1]))
	if v == nil {
		return
	}
	got := o.apply(ends[0], ends[1])
	if !within(got, v) || !(got.Lo <= got.Hi) || math.IsInf(got.Lo, 1) || math.IsInf(got.Hi, -1) {
		t.Fatalf("%s: %v at %v is not in %v over %v", o.name, v, in, got, ends)
	}
}

func TestContains(t *testing.T) {
	t.Parallel()
	rapid.Check(t, contains)
}

func FuzzContains(f *testing.F) { f.Fuzz(rapid.MakeFuzz(contains)) }

// between returns the interval with the ends x and y, in either order.
func between(x, y float64) Interval { return Interval{min(x, y), max(x, y)} }

// TestInclusion: a smaller argument has a smaller result.
func TestInclusion(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 1))
	for _, o := range operations {
		for range 500 {
			a, b := between(draw(r), draw(r)), between(draw(r), draw(r))
			inner := o.apply(Point(a.Mid()), Point(b.Mid()))
			if outer := o.apply(a, b); outer.Lo > inner.Hi || outer.Hi < inner.Lo {
				t.Fatalf("%s: %v over %v, %v at the middle of it", o.name, outer, [2]Interval{a, b}, inner)
			}
		}
	}
}

func TestSpecial(t *testing.T) {
	t.Parallel()
	inf := math.Inf(1)
	for _, c := range []struct {
		name      string
		got, want Interval
	}{
		{"0 times the line", Interval{}.Mul(Entire()), Interval{}},
		{"1/0", Interval{}.Inv(), Entire()},
		{"log of a negative", Interval{-1, 1}.Log(), Entire()},
		{"sqrt of a negative", Interval{-1, 1}.Sqrt(), Entire()},
		{"tan over a pole", Interval{1, 2}.Tan(), Entire()},
		{"sin far out", Interval{1e300, 1e300}.Sin(), Interval{-1, 1}},
		{"sin over a period", Interval{0, 7}.Sin(), Interval{-1, 1}},
		{"a NaN", Point(math.NaN()), Entire()},
		{"infinity", Point(inf), Entire()},
		{"power of a negative", Interval{-1, 1}.Pow(Point(0.5)), Entire()},
		{"0^0", Interval{}.PowInt(0), Interval{1, 1}},
		{"disjoint", Interval{0, 1}.Intersect(Interval{2, 3}), Interval{2, 3}},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
	if v := (Interval{700, 800}).Exp(); !math.IsInf(v.Hi, 1) || math.IsInf(v.Lo, 1) {
		t.Errorf("overflow: %v", v)
	}
	if v := (Interval{1e308, 1e308}); math.IsInf(v.Add(v).Lo, 1) || math.IsInf(v.Mul(v).Lo, 1) || math.IsInf(v.PowInt(3).Lo, 1) {
		t.Error("a lower end is infinite")
	}
}
