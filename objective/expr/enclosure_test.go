package expr_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"kolmo/internal/interval"
	. "kolmo/objective/expr"
	"kolmo/objective/expr/enclose"
	"kolmo/objective/expr/function"
)

var (
	testIn      = Inputs{Parameters: TestScope.Parameters, Variables: TestScope.Variables}
	testColumns = [][]float64{{0.4, -1.5}, {1.3, 0.2}}
)

// contain fails unless every component of the point evaluation of e at points of
// the box is in the enclosure over the box. It returns the number of components
// compared.
func contain(t interface{ Fatalf(string, ...any) }, e *Expr, low, high []float64, points [][]float64) int {
	c, err := enclose.New(e, testIn, 2, testColumns)
	if err != nil {
		t.Fatalf("%v", err)
	}
	p, err := Compile(e, testIn)
	if err != nil {
		t.Fatalf("%v", err)
	}
	m := p.Bind(2, testColumns).NewMachine()
	b, tight := c.NewBox(), c.NewBox()
	box, at := make([]interval.Interval, len(low)), make([]interval.Interval, len(low))
	for i := range box {
		box[i] = interval.Interval{Lo: low[i], Hi: high[i]}
	}
	b.Set(box, 3)
	compared := 0
	for k := range 2 {
		b.Sample(k)
		check := func(x []float64, what string, s []float64, in, near interval.Interval) {
			v := 0.0
			if s != nil {
				v = s[k]
			}
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return
			}
			compared++
			// The point evaluation is rounded, and the enclosure is of the exact value:
			// its width over the point alone tells how much rounding there may be.
			slack := 1e-9*math.Abs(v) + 4*near.Width()
			if math.IsInf(slack, 1) {
				return
			}
			if !(in.Lo-slack <= v && v <= in.Hi+slack) || in.Lo > in.Hi {
				t.Fatalf("%v, sample %d: %s at %v is %v, not in [%v, %v] over %v", e, k, what, x, v, in.Lo, in.Hi, box)
			}
		}
		for _, x := range points {
			m.Point(x, nil, 2)
			m.Block(0)
			for i := range x {
				at[i] = interval.Point(x[i])
			}
			tight.Set(at, 2)
			tight.Sample(k)
			check(x, "value", m.Value(), b.Value(), tight.Value())
			for i := range x {
				check(x, "gradient", m.Grad(i), b.Grad(i), tight.Grad(i))
				for j := range x {
					check(x, "hessian", m.Hess(i, j), b.Hess(i, j), tight.Hess(i, j))
				}
			}
		}
	}
	return compared
}

// randomBox returns a box around a center and points of it, corners among them.
func randomBox(r *rand.Rand, d int, centre func(i int) float64, width float64) (low, high []float64, points [][]float64) {
	for i := range d {
		c, w := centre(i), width*r.Float64()
		low, high = append(low, c-w), append(high, c+w)
	}
	for range 4 {
		x := make([]float64, d)
		for i := range x {
			x[i] = low[i] + (high[i]-low[i])*r.Float64()
		}
		points = append(points, x)
	}
	return low, high, append(points, low, high)
}

// TestEnclosesFunctions: for every function of the registry and every operator,
// alone and in composites, over boxes of all sizes, also across kinks and poles.
func TestEnclosesFunctions(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	texts := []string{
		"x^2", "x^3", "x^-1", "x^-2", "x^2.5", "x^-0.5", "2^x", "x^y", "(x*y)^z", "x/y", "x*y/z", "(x-xi)/(y^2+b)", "x*y*z", "-x*x", "x^65",
		"pi*x + e", "sin(xi*x)*cos(b*y)", "x^(y+1)", "(x+y)^(1/2)",
	}
	for _, f := range function.All {
		if f.Arity == 1 {
			texts = append(texts, f.Name+"(x)", f.Name+"(xi*x*y)*z", f.Name+"(x^2 - y/4)", f.Name+"(b*"+f.Name+"(x))")
		} else {
			texts = append(texts, f.Name+"(x, y)", f.Name+"(x*y, z)*x", f.Name+"(x - xi, b)", f.Name+"(xi*x, y*z)")
		}
	}
	for _, text := range texts {
		e, err := Parse(text, TestScope)
		if err != nil {
			t.Fatal(err)
		}
		compared := 0
		for _, width := range []float64{0, 1e-8, 1e-3, 0.1, 1, 10} {
			for range 40 {
				low, high, points := randomBox(r, 3, func(int) float64 { return 3*r.Float64() - 1 }, width)
				compared += contain(t, e, low, high, points)
			}
		}
		if compared < 1000 {
			t.Errorf("%s: only %d comparisons", text, compared)
		}
	}
}

// TestEnclosesExpressions is the same for random expressions.
func TestEnclosesExpressions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := Generate(t, 4)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		width := math.Pow(10, rapid.Float64Range(-9, 1).Draw(t, "width"))
		low, high, points := randomBox(r, 3, func(int) float64 { return 4*r.Float64() - 2 }, width)
		contain(t, e, low, high, points)
	})
}

func FuzzEncloses(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		e := Generate(t, 5)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		width := math.Pow(10, rapid.Float64Range(-9, 1).Draw(t, "width"))
		low, high, points := randomBox(r, 3, func(int) float64 { return 4*r.Float64() - 2 }, width)
		contain(t, e, low, high, points)
	}))
}

// TestThirdDerivatives is the slope test for the third derivatives of every
// function and operator: with them the remainder falls as h^4.
func TestThirdDerivatives(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 1))
	type row struct {
		text string
		x    []float64
	}
	var rows []row
	for _, text := range []string{"x^3*y - x*y*z + z^4", "x^2.5*y", "x^y", "x/y/z", "(x*y)^z", "x^-2*y^3", "1/(x + y*z)", "exp(x*y)/(1 + z^2)", "(x + xi*y)^7"} {
		for range 10 {
			rows = append(rows, row{text, []float64{0.6 + r.Float64(), 0.6 + r.Float64(), 0.6 + r.Float64()}})
		}
	}
	for _, fn := range function.All {
		iv := Domains[fn.Name]
		for k := 0; k < len(iv); k += fn.Arity {
			for range 20 {
				draw := func(i int) float64 { return iv[k+i][0] + (iv[k+i][1]-iv[k+i][0])*(0.1+0.8*r.Float64()) }
				if fn.Arity == 1 {
					rows = append(rows, row{fn.Name + "(x)", []float64{draw(0), 1, 1}}, row{fn.Name + "(x*y/z)*x - y", []float64{draw(0), 1.5, 1.5}})
				} else {
					rows = append(rows, row{fn.Name + "(x, y)", []float64{draw(0), draw(1), 1}}, row{fn.Name + "(x*z, y*z)/z", []float64{draw(0), draw(1), 1}})
				}
			}
		}
	}
	for _, c := range rows {
		e, err := Parse(c.text, TestScope)
		if err != nil {
			t.Fatal(err)
		}
		enc, err := enclose.New(e, testIn, 2, testColumns)
		if err != nil {
			t.Fatal(err)
		}
		b := enc.NewBox()
		v := [3]float64{0.5 + r.Float64(), 0.5 + r.Float64(), 0.5 + r.Float64()}
		// g(s) = v.hess f(x + s v) v: its derivative at 0 is the third derivative
		// along v, and its central difference errs as h^2.
		along := func(s float64, order int) float64 {
			box := make([]interval.Interval, 3)
			for i := range box {
				box[i] = interval.Point(c.x[i] + s*v[i])
			}
			b.Set(box, order)
			b.Sample(0)
			var sum float64
			for i := range 3 {
				for j := range 3 {
					if order < 3 {
						sum += v[i] * v[j] * b.Hess(i, j).Mid()
						continue
					}
					for k := range 3 {
						sum += v[i] * v[j] * v[k] * b.Third(i, j, k).Mid()
					}
				}
			}
			return sum
		}
		third := along(0, 3)
		remainder := func(h float64) float64 { return math.Abs((along(h, 2)-along(-h, 2))/(2*h) - third) }
		const h = 2e-3
		scale := 1 + math.Abs(third) + math.Abs(along(0, 2))
		p, q := remainder(h), remainder(h/2)
		if p < 1e-9*scale {
			continue
		}
		if slope := math.Log2(p / q); slope < 1.8 || math.IsNaN(slope) {
			t.Errorf("%s at %v: third derivative %g, remainder falls with slope %.2f (%.3g, %.3g)", c.text, c.x, third, slope, p, q)
		}
	}
}

// TestKinks: where a function is not smooth, nothing is claimed.
func TestKinks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		order int // the first order that is unknown
	}{{"abs(x)", 2}, {"max(x, 0)", 2}, {"min(x, y)", 2}, {"hypot(x, y)", 2}, {"huber(x, 1)", 3}, {"sqrt(x^2)", 1}, {"log(x)", 0}, {"1/x", 0}, {"tan(x*2)", 0}} {
		e, err := Parse(c.text, TestScope)
		if err != nil {
			t.Fatal(err)
		}
		enc, err := enclose.New(e, testIn, 2, testColumns)
		if err != nil {
			t.Fatal(err)
		}
		b := enc.NewBox()
		w := interval.Interval{Lo: -1.5, Hi: 1.5}
		b.Set([]interval.Interval{w, w, w}, 3)
		b.Sample(0)
		for order, in := range []interval.Interval{b.Value(), b.Grad(0), b.Hess(0, 0), b.Third(0, 0, 0)} {
			if in.Bounded() != (order < c.order) {
				t.Errorf("%s: derivative %d is in [%g, %g]", c.text, order, in.Lo, in.Hi)
			}
		}
	}
}

func BenchmarkBox(b *testing.B) {
	scope := Scope{Parameters: []string{"w1", "w2"}, Variables: []string{"a", "b", "y"}}
	e, err := Parse("softplus(-y*(w1*a + w2*b)) + 0.05*(w1^2 + w2^2)", scope)
	if err != nil {
		b.Fatal(err)
	}
	enc, err := enclose.New(e, Inputs{Parameters: scope.Parameters, Variables: scope.Variables}, 1, [][]float64{{1.2}, {0.3}, {-1}})
	if err != nil {
		b.Fatal(err)
	}
	box := enc.NewBox()
	x := []interval.Interval{{Lo: 1, Hi: 1.1}, {Lo: -2, Hi: -1.9}}
	for _, order := range []int{1, 2, 3} {
		b.Run([]string{1: "gradient", 2: "hessian", 3: "third"}[order], func(b *testing.B) {
			b.ReportAllocs()
			box.Set(x, order)
			for b.Loop() {
				box.Sample(0)
			}
		})
	}
}

// Expansions of functions of one argument lie in the enclosures of the proofs, and the
// fourth coefficient is the slope of the third.
func TestScalarExpansions(t *testing.T) {
	t.Parallel()
	for _, fn := range function.All {
		name := fn.Name
		f := ScalarExpansions[name]
		if fn.Arity != 1 {
			continue
		}
		e, err := Parse(name+"(x)", TestScope)
		if err != nil {
			t.Fatal(err)
		}
		c, err := enclose.New(e, testIn, 2, testColumns)
		if err != nil {
			t.Fatal(err)
		}
		box := c.NewBox()
		for _, u := range []float64{0.2, 0.45, 0.8, -0.3} {
			if u < 0 && (name == "log" || name == "sqrt") {
				continue
			}
			got := f(u)
			box.Set([]interval.Interval{interval.Point(u), interval.Point(0), interval.Point(0)}, 3)
			box.Sample(0)
			for k, c := range []interval.Interval{1: box.Grad(0), 2: box.Hess(0, 0).Scale(0.5), 3: box.Third(0, 0, 0).Div(interval.Point(6))} {
				if k == 0 {
					continue // taken from the function
				}
				if tol := 1e-13 * (1 + math.Abs(got[k])); got[k] < c.Lo-tol || got[k] > c.Hi+tol {
					t.Errorf("%s, coefficient %d at %v is %v, not in [%v, %v]", name, k, u, got[k], c.Lo, c.Hi)
				}
			}
			const h = 1e-5
			if want := (f(u + h)[3] - f(u - h)[3]) / (8 * h); math.Abs(got[4]-want) > 1e-7*(1+math.Abs(want)) {
				t.Errorf("%s, coefficient 4 at %v is %v, want %v", name, u, got[4], want)
			}
		}
	}
}
