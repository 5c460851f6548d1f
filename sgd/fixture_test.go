package sgd

import (
	"math"
	"testing"

	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
)

// named are the models with their names.
var named = []struct {
	name string
	model
}{{Modified, modified}, {SecondOrder, secondOrder}, {FirstOrder, firstOrder}, {GradientFlow, gradientFlow}}

// order is the weak order.
func (m model) order() int { return m.diffusion("", Cutoff{}).Order }

// lossOf returns the expected loss of a formula in x1, .., x_d and xi.
func lossOf(t testing.TB, d int, formula string, xi, probabilities []float64) *objective.Loss {
	t.Helper()
	names := []string{"x1", "x2", "x3"}[:d]
	e, err := expr.Parse(formula, expr.Scope{Parameters: names, Variables: []string{"xi"}})
	if err != nil {
		t.Fatal(err)
	}
	values := make([][]float64, len(xi))
	for k, v := range xi {
		values[k] = []float64{v}
	}
	xiLaw, err := law.Discrete([]string{"xi"}, values, probabilities)
	if err != nil {
		t.Fatal(err)
	}
	l, err := objective.New(names, e, xiLaw)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func sample(g *grid.Grid, f func(x []float64) float64) []float64 {
	u, x := make([]float64, g.Len()), make([]float64, g.Dim())
	for i := range u {
		g.PointTo(x, i)
		u[i] = f(x)
	}
	return u
}

// box returns a grid on [-half, half]^d.
func box(t testing.TB, kind grid.Kind, d int, half float64, nodes ...int) *grid.Grid {
	t.Helper()
	g, err := grid.Box(kind, nodes, make([]float64, d), half)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func newOperator(t testing.TB, g *grid.Grid, c *kolmogorov.Coefficients, order int) *kolmogorov.Operator {
	t.Helper()
	op, err := kolmogorov.NewOperator(g, c, order)
	if err != nil {
		t.Fatal(err)
	}
	return op
}

// maxAbs returns max |u|.
func maxAbs(u []float64) float64 {
	m := 0.0
	for _, v := range u {
		m = max(m, math.Abs(v))
	}
	return m
}

// maxDiff returns max |u - v|; NaN counts as infinite.
func maxDiff(u, v []float64) float64 {
	m := 0.0
	for i := range u {
		d := math.Abs(u[i] - v[i])
		if math.IsNaN(d) {
			return math.Inf(1)
		}
		m = max(m, d)
	}
	return m
}

// slope fits the order p of err ~ h^p by least squares in logarithms.
func slope(h, err []float64) float64 {
	var sx, sy, sxx, sxy float64
	n := float64(len(h))
	for i := range h {
		x, y := math.Log(h[i]), math.Log(err[i])
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
