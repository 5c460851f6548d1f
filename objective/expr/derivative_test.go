package expr

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kolmo/objective/expr/function"
)

// domains are intervals on which each function is smooth, per argument. Every
// function of the registry must have an entry.
var domains = map[string][][2]float64{
	"abs":      {{0.5, 2}, {-2, -0.5}},
	"acos":     {{-0.7, 0.7}},
	"asin":     {{-0.7, 0.7}},
	"asinh":    {{-3, 3}},
	"atan":     {{-3, 3}},
	"cos":      {{-4, 4}},
	"cosh":     {{-3, 3}},
	"erf":      {{-2, 2}},
	"exp":      {{-3, 3}},
	"expm1":    {{-3, 3}},
	"huber":    {{0.1, 0.5}, {1, 1.5}, {2, 3}, {0.5, 1}, {-3, -2}, {0.5, 1}},
	"hypot":    {{0.5, 2}, {-2, 2}},
	"log":      {{0.5, 3}},
	"log1p":    {{-0.5, 3}},
	"logistic": {{-4, 4}},
	"max":      {{0, 1}, {2, 3}, {2, 3}, {0, 1}},
	"min":      {{0, 1}, {2, 3}, {2, 3}, {0, 1}},
	"sin":      {{-4, 4}},
	"sinh":     {{-3, 3}},
	"softplus": {{-4, 4}},
	"sqrt":     {{0.5, 3}},
	"tan":      {{-1, 1}},
	"tanh":     {{-3, 3}},
}

// jet evaluates e at x: value, gradient and Hessian.
func jet(t testing.TB, text string, d int, order int) func(x []float64) (float64, []float64, [][]float64) {
	t.Helper()
	s := Scope{Parameters: []string{"x", "y", "z"}[:d], Variables: []string{"xi"}}
	e, err := Parse(text, s)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	p, err := Compile(e, Inputs{Parameters: s.Parameters, Variables: s.Variables})
	if err != nil {
		t.Fatal(err)
	}
	m := p.Bind(1, [][]float64{{0.7}}).NewMachine()
	return func(x []float64) (float64, []float64, [][]float64) {
		m.Point(x, nil, order)
		m.Block(0)
		g, h := make([]float64, d), make([][]float64, d)
		at := func(s []float64) float64 {
			if s == nil {
				return 0
			}
			return s[0]
		}
		for i := range d {
			h[i] = make([]float64, d)
			if order > 0 {
				g[i] = at(m.Grad(i))
			}
			for j := range d {
				if order > 1 {
					h[i][j] = at(m.Hess(i, j))
				}
			}
		}
		return m.Value()[0], g, h
	}
}

// slopeTest checks the gradient and Hessian of text at x: along a direction v the
// remainder without derivatives falls as h, with the gradient as h^2 and with the
// Hessian as h^3 (or is zero).
func slopeTest(t *testing.T, text string, x []float64, r *rand.Rand) {
	t.Helper()
	d := len(x)
	f := jet(t, text, d, 2)
	f0, g, hess := f(x)
	v := make([]float64, d)
	for i := range v {
		v[i] = 0.5 + r.Float64()
	}
	y := make([]float64, d)
	var gv, vhv float64
	for i := range d {
		gv += g[i] * v[i]
		for j := range d {
			vhv += v[i] * hess[i][j] * v[j]
		}
	}
	remainder := func(h float64, order int) float64 {
		for i := range y {
			y[i] = x[i] + h*v[i]
		}
		fh, _, _ := f(y)
		rest := fh - f0
		if order > 0 {
			rest -= h * gv
		}
		if order > 1 {
			rest -= h * h / 2 * vhv
		}
		return math.Abs(rest)
	}
	scale := 1 + math.Abs(f0) + math.Abs(gv) + math.Abs(vhv)
	for order := 0; order <= 2; order++ {
		// Two steps where the next term dominates and rounding does not matter.
		h := [...]float64{1e-6, 1e-4, 2e-3}[order]
		a, b := remainder(h, order), remainder(h/2, order)
		floor := 1e-14 * scale
		if a < 200*floor {
			continue // vanishes: nothing to be seen but rounding
		}
		slope := math.Log2(a / b)
		if slope < float64(order)+1-0.2 {
			t.Errorf("%s at %v: remainder of order %d falls with slope %.2f (%.3g, %.3g)", text, x, order, slope, a, b)
		}
	}
}

// TestFunctionSlopes is the slope test for every function of the registry, alone
// and inside a product of all parameters.
func TestFunctionSlopes(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	for _, fn := range function.All {
		intervals, ok := domains[fn.Name]
		if !ok {
			t.Errorf("%s has no domain to be tested on", fn.Name)
			continue
		}
		for k := 0; k < len(intervals); k += fn.Arity {
			for range 20 {
				draw := func(i int) float64 {
					iv := intervals[k+i]
					return iv[0] + (iv[1]-iv[0])*(0.05+0.9*r.Float64())
				}
				if fn.Arity == 1 {
					slopeTest(t, fn.Name+"(x)", []float64{draw(0)}, r)
					slopeTest(t, fn.Name+"(x*y/z)*x - y", []float64{draw(0), 1.5, 1.5}, r)
				} else {
					slopeTest(t, fn.Name+"(x, y)", []float64{draw(0), draw(1)}, r)
					slopeTest(t, fn.Name+"(x*z, y*z)/z", []float64{draw(0), draw(1), 1}, r)
				}
			}
		}
	}
}

// TestOperatorSlopes is the slope test for the operators and for composites.
func TestOperatorSlopes(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 1))
	for _, text := range []string{
		"x + y", "x - y*z", "-x*y*z", "x/y", "1/(x*y)", "x*y/(x + z)", "x^2*y^3", "x^-2", "x^17", "x^70/1e9", "x^0.5 + y^-1.5", "x^y", "(x*y)^(y*z/4)", "2^x", "x^xi", "xi^x",
		"x^2*x^2", "(x - y)^2*(x - y)^2", "softplus(-xi*(x*0.3 + y*xi)) + 0.05*(x^2 + y^2)", "log(1 + exp(x*xi - y)) / (1 + z^2)",
		"sin(x*y)*cos(y*z)*exp(-x^2)", "hypot(x*y, huber(z, 4))", "max(x, -y)*min(z, 10)", "(x*y*z)^3/(1 + x + y)^2",
	} {
		for range 10 {
			slopeTest(t, text, []float64{1 + r.Float64(), 1 + r.Float64(), 1 + r.Float64()}, r)
		}
	}
}

// TestSlopeTestSees plants wrong derivatives and expects the slope test's
// criterion to be violated.
func TestSlopeTestSees(t *testing.T) {
	t.Parallel()
	wrong := *function.Named("sin")
	wrong.Unary = func(u float64) function.Jet { return function.Jet{V: math.Sin(u), D: math.Cos(u), DD: math.Sin(u)} }
	p := &Program{d: 1, inputs: Inputs{Parameters: []string{"x"}}, values: []value{
		{op: OpParam, class: classPoint, a: -1, b: -1, mask: 1 | 1<<1},
		{op: OpCall, fn: &wrong, class: classPoint, a: 0, b: -1, mask: 1 | 1<<1 | 1<<4},
	}, root: 1}
	m := p.Bind(1, nil).NewMachine()
	m.Point([]float64{1}, nil, 2)
	m.Block(0)
	rest := func(h float64) float64 {
		return math.Sin(1+h) - m.Value()[0] - h*m.Grad(0)[0] - h*h/2*m.Hess(0, 0)[0]
	}
	if slope := math.Log2(rest(2e-3) / rest(1e-3)); slope > 2.2 {
		t.Errorf("a wrong second derivative passes with slope %.2f", slope)
	}
}

// TestPowersAtZero pins the derivatives of integer powers at 0.
func TestPowersAtZero(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text    string
		v, d, h float64
	}{
		{"x^0", 1, 0, 0}, {"x^1", 0, 1, 0}, {"x^2", 0, 0, 2}, {"x^3", 0, 0, 0}, {"(x^2)^2", 0, 0, 0}, {"x*x", 0, 0, 2},
		{"(2*x)^2", 0, 0, 8}, {"x^2.5", 0, 0, 0}, {"abs(x)", 0, 0, 0}, {"1/(1+x)", 1, -1, 2}, {"(1+x)^-1", 1, -1, 2},
	} {
		v, g, h := jet(t, c.text, 1, 2)([]float64{0})
		if v != c.v || g[0] != c.d || h[0][0] != c.h {
			t.Errorf("%s at 0: %v, %v, %v, want %v, %v, %v", c.text, v, g[0], h[0][0], c.v, c.d, c.h)
		}
	}
}

// TestExtremes pins values and derivatives far out and next to zeros, where
// careless formulas overflow or cancel.
func TestExtremes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text        string
		x, v, d, dd float64
	}{
		{"softplus(x)", 800, 800, 1, 0},
		{"softplus(x)", -800, 0, 0, 0},
		{"softplus(x)", -40, math.Exp(-40), math.Exp(-40), math.Exp(-40)},
		{"logistic(x)", 800, 1, 0, 0},
		{"logistic(x)", -800, 0, 0, 0},
		{"logistic(x)", -40, math.Exp(-40), math.Exp(-40), math.Exp(-40)},
		{"logistic(x)", 40, 1, math.Exp(-40), -math.Exp(-40)},
		{"tanh(x)", 20, 1, 4 * math.Exp(-40), -8 * math.Exp(-40)},
		{"tanh(x)", -800, -1, 0, 0},
		{"erf(x)", 1e200, 1, 0, 0},
		{"atan(x)", 1e200, math.Pi / 2, 0, 0},
		{"asinh(x)", 1e200, math.Asinh(1e200), 1e-200, 0},
		{"hypot(x, 1e200)", 1e200, math.Sqrt2 * 1e200, math.Sqrt2 / 2, math.Sqrt2 / 4 * 1e-200},
		{"log1p(x)", 1e-20, 1e-20, 1, -1},
		{"expm1(x)", 1e-20, 1e-20, 1, 1},
		{"huber(x, 1)", 1e200, 1e200, 1, 0},
		{"x^65", 1, 1, 65, 65 * 64},
	} {
		v, g, h := jet(t, c.text, 1, 2)([]float64{c.x})
		for i, p := range [3][2]float64{{v, c.v}, {g[0], c.d}, {h[0][0], c.dd}} {
			if !(math.Abs(p[0]-p[1]) <= 1e-13*math.Abs(p[1])+1e-300) {
				t.Errorf("%s at %g: derivative %d is %g, want %g", c.text, c.x, i, p[0], p[1])
			}
		}
	}
}

// TestDerivativeOfSum: the derivatives of a sum are the sums of the derivatives.
func TestDerivativeOfSum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := &Expr{root: genNode(t, 4)}
		b := &Expr{root: genNode(t, 4)}
		s := &Expr{root: &node{op: OpAdd, args: []*node{a.root, b.root}}}
		x := []float64{rapid.Float64Range(0.1, 2).Draw(t, "x"), rapid.Float64Range(0.1, 2).Draw(t, "y"), rapid.Float64Range(-2, 2).Draw(t, "z")}
		var got [3][10]float64
		for k, e := range []*Expr{a, b, s} {
			p, err := Compile(e, Inputs{testScope.Parameters, testScope.Variables, nil})
			if err != nil {
				t.Fatal(err)
			}
			m := p.Bind(1, [][]float64{{0.4}, {1.3}}).NewMachine()
			m.Point(x, nil, 2)
			m.Block(0)
			for c := range components {
				if s := m.component(c); s != nil {
					got[k][c] = s[0]
				}
			}
		}
		for c := range components {
			want := got[0][c] + got[1][c]
			if math.IsNaN(want) || math.IsInf(want, 0) {
				continue
			}
			if math.Abs(got[2][c]-want) > 1e-12*(math.Abs(got[0][c])+math.Abs(got[1][c])) {
				t.Fatalf("(%v) + (%v): component %d is %g, want %g", a, b, c, got[2][c], want)
			}
		}
	})
}

// TestBlocks compares a long batch with one sample at a time, for every order of
// derivatives, and checks that nothing is allocated.
func TestBlocks(t *testing.T) { // not parallel: it counts allocations
	const n = 3*Lanes + 5
	r := rand.New(rand.NewPCG(3, 1))
	s := Scope{Parameters: []string{"x", "y"}, Variables: []string{"a", "b"}, Externals: []string{"c"}}
	in := Inputs{s.Parameters, s.Variables, s.Externals}
	columns := [][]float64{make([]float64, n), make([]float64, n)}
	for k := range n {
		columns[0][k], columns[1][k] = r.NormFloat64(), r.NormFloat64()
	}
	for _, text := range []string{
		"softplus(-b*(x*a + y*log(1 + a^2))) + 0.05*(x^2 + y^2)", "a*b + 1", "x", "a", "3", "c*x", "c*x + a", "x^2*y", "hypot(a*x, b*y)*exp(-x^2)*c",
	} {
		e, err := Parse(text, s)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Compile(e, in)
		if err != nil {
			t.Fatal(err)
		}
		all := p.Bind(n, columns).NewMachine()
		x, c := []float64{0.3, -0.8}, []float64{2}
		for order := range 3 {
			all.Point(x, c, order)
			for k := 0; k < n; k += Lanes {
				m := all.Block(k)
				for l := range m {
					one := p.Bind(1, [][]float64{columns[0][k+l : k+l+1], columns[1][k+l : k+l+1]}).NewMachine()
					one.Point(x, c, 2)
					one.Block(0)
					for i := range last(order) {
						got, want := all.component(i), one.component(i)
						if (got == nil) != (want == nil) || got != nil && got[l] != want[0] {
							t.Fatalf("%s: order %d, sample %d, component %d: %v, want %v", text, order, k+l, i, got[l], want[0])
						}
					}
				}
			}
		}
		if a := testing.AllocsPerRun(10, func() {
			all.Point(x, c, 2)
			all.Block(0)
			all.Block(3 * Lanes)
		}); a != 0 {
			t.Errorf("%s: %v allocations", text, a)
		}
	}
}

// TestTape checks folding, sharing and hoisting by the size of the tape.
func TestTape(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		lanes int // operations per sample
	}{
		{"(x - xi)^2 + (x - xi)^2", 3},
		{"x^2 + 2*3*pi", 0},
		{"x*(2*xi + log(1 + xi^2))", 1},
		{"x + xi + 0", 1},
		{"sin(x*xi) + sin(xi*x)", 3},
		{"xi^2", 0},
	} {
		e, err := Parse(c.text, Scope{Parameters: []string{"x"}, Variables: []string{"xi"}})
		if err != nil {
			t.Fatal(err)
		}
		p, err := Compile(e, Inputs{Parameters: []string{"x"}, Variables: []string{"xi"}})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(p.Bind(1, [][]float64{{1}}).NewMachine().lanes.code); got != c.lanes {
			t.Errorf("%s: %d operations per sample, want %d", c.text, got, c.lanes)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	t.Parallel()
	e, err := Parse("x + xi", testScope)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Compile(e, Inputs{Parameters: []string{"x"}}); err == nil || !strings.Contains(err.Error(), "xi") {
		t.Errorf("missing input: %v", err)
	}
	if _, err := Compile(e, Inputs{Parameters: []string{"x", "y", "z", "w"}}); err == nil {
		t.Error("four parameters accepted")
	}
}

func BenchmarkLogistic(b *testing.B) {
	s := Scope{Parameters: []string{"w1", "w2"}, Variables: []string{"a", "b", "y"}}
	e, err := Parse("softplus(-y*(w1*a + w2*b)) + 0.05*(w1^2 + w2^2)", s)
	if err != nil {
		b.Fatal(err)
	}
	p, err := Compile(e, Inputs{Parameters: s.Parameters, Variables: s.Variables})
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	columns := make([][]float64, 3)
	for i := range columns {
		for range Lanes {
			columns[i] = append(columns[i], r.NormFloat64())
		}
	}
	m := p.Bind(Lanes, columns).NewMachine()
	for order := range 3 {
		b.Run(fmt.Sprintf("order%d", order), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.Point([]float64{0.3, -0.4}, nil, order)
				m.Block(0)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/Lanes, "ns/sample")
		})
	}
}
