package expr

import (
	"math"
	"testing"
)

// smooth are expressions with all functions, in x, y and one sample variable.
var smooth = []string{
	"exp(x*y) + xi*sin(x - 2*y)/(2 + cos(x)) + tanh(x + y)^3",
	"softplus(-xi*(x + y)) + logistic(x*y) + log(3 + x)*sqrt(2 + y) + erf(x*xi)",
	"hypot(1 + x, y)*atan(x) + asinh(y*xi) + asin(x/3) + acos(y/3) + tan(x/2)",
	"huber(x + y*xi, 0.5) + max(x, y^2) + min(x*y, 0.1) + abs(x - y + 0.05)",
	"(1.5 + x)^y + (2 + y)^(-2) + (1 + x^2)^0.3 + log1p(x^2) + expm1(x)*sinh(y)*cosh(x) + x^3/y",
}

func parseSmooth(t *testing.T, text string) *Expr {
	t.Helper()
	e, err := Parse(text, Scope{Parameters: []string{"x", "y"}, Variables: []string{"xi"}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Derivatives as expressions have the values of those by automatic differentiation.
func TestDerivative(t *testing.T) {
	t.Parallel()
	in := Inputs{Parameters: []string{"x", "y"}, Variables: []string{"xi"}}
	samples := [][]float64{{-1, 0.4, 2}}
	for _, text := range smooth {
		e := parseSmooth(t, text)
		machine := func(e *Expr) *Machine {
			p, err := Compile(e, in)
			if err != nil {
				t.Fatal(err)
			}
			return p.Bind(3, samples).NewMachine()
		}
		whole := machine(e)
		for i, name := range in.Parameters {
			first := e.Derivative(name)
			one, two := machine(first), machine(first.Derivative("y"))
			for _, x := range [][]float64{{0.31, 0.72}, {-0.4, 0.9}, {0.8, 0.2}} {
				whole.Point(x, nil, 2)
				whole.Block(0)
				one.Point(x, nil, 0)
				one.Block(0)
				two.Point(x, nil, 0)
				two.Block(0)
				for k := range 3 {
					if want, got := whole.Grad(i)[k], one.Value()[k]; math.Abs(got-want) > 1e-13*(1+math.Abs(want)) {
						t.Errorf("%s: derivative by %s at %v is %v, want %v", text, name, x, got, want)
					}
					if want, got := whole.Hess(i, 1)[k], two.Value()[k]; math.Abs(got-want) > 1e-12*(1+math.Abs(want)) {
						t.Errorf("%s: second derivative by %s and y at %v is %v, want %v", text, name, x, got, want)
					}
				}
			}
		}
	}
}

// Coefficients of series are derivatives: in the parameters by automatic differentiation of
// derivatives, and in the root by a substitution.
func TestSeries(t *testing.T) {
	t.Parallel()
	in := Inputs{Parameters: []string{"x", "y"}, Variables: []string{"xi"}, Externals: []string{"r"}}
	g := NewDegrees(2, func(m Degree) bool { return m.Root+m.X[0]+m.X[1] <= 4 })
	direction := []string{"0.7", "-0.4"}
	for _, text := range smooth {
		e := parseSmooth(t, text)
		shift := map[string]*Expr{}
		for i, name := range in.Parameters {
			s, err := Parse(name+" + r*"+direction[i], Scope{Parameters: in.Parameters, Externals: in.Externals})
			if err != nil {
				t.Fatal(err)
			}
			shift[name] = s
		}
		s, err := NewSeries([]*Expr{e.Replace(shift)}, in, g)
		if err != nil {
			t.Fatal(err)
		}
		x := []float64{0.31, 0.72}
		s.X(0)[0], s.X(1)[0], s.Sample(0)[0] = x[0], x[1], 0.4
		s.Point(1)
		s.Block(1)
		at := func(e *Expr) float64 {
			p, err := Compile(e, in)
			if err != nil {
				t.Fatal(err)
			}
			m := p.Bind(1, [][]float64{{0.4}}).NewMachine()
			m.Point(x, []float64{0}, 0)
			m.Block(0)
			return m.Value()[0]
		}
		factorial := []float64{1, 1, 2, 6, 24}
		for k, m := range g.list {
			// d_r = direction . d_x on e.
			terms := []*Expr{e}
			scale := 1 / (factorial[m.Root] * factorial[m.X[0]] * factorial[m.X[1]])
			for range m.X[0] {
				terms[0] = terms[0].Derivative("x")
			}
			for range m.X[1] {
				terms[0] = terms[0].Derivative("y")
			}
			weights := []float64{scale}
			for range m.Root {
				var next []*Expr
				var w []float64
				for i, e := range terms {
					next = append(next, e.Derivative("x"), e.Derivative("y"))
					w = append(w, 0.7*weights[i], -0.4*weights[i])
				}
				terms, weights = next, w
			}
			want, size := 0.0, 0.0
			for i, e := range terms {
				v := weights[i] * at(e)
				want += v
				size += math.Abs(v)
			}
			got := 0.0
			if c := s.At(0, k); c != nil {
				got = c[0]
			}
			if !(math.Abs(got-want) <= 1e-10*(1+size)) {
				t.Errorf("%s: the coefficient of %v is %v, want %v", text, m, got, want)
			}
		}
	}
}

// Roots of what has a factor eta are powers of an input.
func TestWithRoot(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{
		"sqrt(2*eta/x)":           math.Sqrt(2 * 0.3 / 0.7),
		"eta^(3/2)*x":             math.Pow(0.3, 1.5) * 0.7,
		"x*eta/sqrt(eta)":         0.7 * math.Sqrt(0.3),
		"sqrt(eta*x + eta^2)":     math.Sqrt(0.3*0.7 + 0.09),
		"sqrt(x) + eta/eta":       math.Sqrt(0.7) + 1,
		"sqrt(-eta*(-x))*(1+eta)": math.Sqrt(0.3*0.7) * 1.3,
	} {
		e, err := Parse(text, Scope{Parameters: []string{"x"}, Externals: []string{"eta"}})
		if err != nil {
			t.Fatal(err)
		}
		in := Inputs{Parameters: []string{"x"}, Externals: []string{"root", "eta"}}
		e = e.WithRoot("eta", "root")
		for _, g := range []*Degrees{Values(1), NewDegrees(1, func(m Degree) bool { return m.Root+m.X[0] <= 4 })} {
			s, err := NewSeries([]*Expr{e}, in, g)
			if err != nil {
				t.Fatal(err)
			}
			r := math.Sqrt(0.3)
			if len(g.list) == 1 {
				s.Externals([]float64{r, 0.3})
			}
			s.X(0)[0] = 0.7
			s.Point(1)
			s.Block(1)
			if len(g.list) == 1 {
				if got := s.At(0, 0)[0]; math.Abs(got-want) > 1e-15 {
					t.Errorf("%s is %v, want %v", text, got, want)
				}
				continue
			}
			for k := range g.list {
				if c := s.At(0, k); c != nil && c[0]-c[0] != 0 {
					t.Errorf("%s: the coefficient of %v is %v", text, g.list[k], c[0])
				}
			}
		}
	}
}
