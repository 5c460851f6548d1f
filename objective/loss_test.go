package objective

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kolmo/law"
	"kolmo/objective/expr"
)

// TestMoments compares with a direct sum over closed-form derivatives.
func TestMoments(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	const n = 200
	columns := [][]float64{make([]float64, n), make([]float64, n)}
	for k := range n {
		columns[0][k], columns[1][k] = r.NormFloat64(), 100+r.NormFloat64()
	}
	s, err := law.Data([]string{"a", "b"}, columns)
	l := build(t, 2, "sin(a*x) + b*x*y + y^3", s, err)
	x, y := 0.3, -0.7
	var want Moments
	mean := func(f func(a, b float64) float64) float64 {
		var s float64
		for k := range n {
			s += f(columns[0][k], columns[1][k]) / n
		}
		return s
	}
	want.F = mean(func(a, b float64) float64 { return math.Sin(a*x) + b*x*y + y*y*y })
	g := [2]func(a, b float64) float64{
		func(a, b float64) float64 { return a*math.Cos(a*x) + b*y },
		func(a, b float64) float64 { return b*x + 3*y*y },
	}
	want.Grad = [3]float64{mean(g[0]), mean(g[1])}
	want.Hess[0][0] = mean(func(a, b float64) float64 { return -a * a * math.Sin(a*x) })
	want.Hess[0][1] = mean(func(a, b float64) float64 { return b })
	want.Hess[1][0], want.Hess[1][1] = want.Hess[0][1], 6*y
	for i := range 2 {
		for j := range 2 {
			want.Sigma[i][j] = mean(func(a, b float64) float64 { return (g[i](a, b) - want.Grad[i]) * (g[j](a, b) - want.Grad[j]) })
		}
	}
	var got Moments
	e := l.NewEvaluator()
	e.MomentsTo(&got, []float64{x, y})
	check := func(what string, got, want float64) {
		if math.Abs(got-want) > 1e-12*(1+math.Abs(want)) {
			t.Errorf("%s = %.15g, want %.15g", what, got, want)
		}
	}
	check("f", got.F, want.F)
	for i := range 3 {
		check("grad", got.Grad[i], want.Grad[i])
		for j := range 3 {
			check("hess", got.Hess[i][j], want.Hess[i][j])
			check("Sigma", got.Sigma[i][j], want.Sigma[i][j])
		}
	}
	grads := make([]float64, 2*n)
	e.GradsTo(grads, []float64{x, y})
	for k := range n {
		for i := range 2 {
			check("sample gradient", grads[2*k+i], g[i](columns[0][k], columns[1][k]))
		}
	}
}

// TestSigmaCancellation: the covariance keeps its digits where the gradients are
// large and nearly equal.
func TestSigmaCancellation(t *testing.T) {
	t.Parallel()
	s, err := law.Discrete([]string{"a"}, [][]float64{{1e8}, {1e8 + 1}, {1e8 + 2}}, nil)
	l := build(t, 1, "a*x", s, err)
	var m Moments
	l.NewEvaluator().MomentsTo(&m, []float64{1})
	if math.Abs(m.Sigma[0][0]-2./3) > 1e-14 {
		t.Errorf("Sigma = %.16g, want 2/3", m.Sigma[0][0])
	}
	l = build(t, 3, "x^2 + a", s, err)
	l.NewEvaluator().MomentsTo(&m, []float64{1, 2, 3})
	if m.Sigma != [3][3]float64{} || m.Grad != [3]float64{2, 0, 0} {
		t.Errorf("a gradient without noise: %+v", m)
	}
}

// TestAllocations: evaluators and observables do not allocate.
func TestAllocations(t *testing.T) {
	s, err := law.Independent([]law.Variable{{Name: "a", Law: law.Uniform{Low: 0, High: 1}}, {Name: "b", Law: law.Normal{Mean: 0, Std: 1}}}, 12)
	l := build(t, 2, "softplus(-b*(x*a + y)) + hypot(x, 1)*x^3/3", s, err)
	e := l.NewEvaluator()
	var m Moments
	x, grads := []float64{1, 2}, make([]float64, 2*l.Law().Len())
	phi, err := NewPhi("f", mustParse(t, "f^2 + x", expr.Scope{Parameters: []string{"x", "y"}, Externals: []string{"f"}}), l)
	if err != nil {
		t.Fatal(err)
	}
	f := phi.NewFunc()
	if n := testing.AllocsPerRun(20, func() {
		e.MomentsTo(&m, x)
		e.GradsTo(grads, x)
		f(x)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if got, want := f(x), m.F*m.F+1; math.Abs(got-want) > 1e-14*want {
		t.Errorf("observable %g, want %g", got, want)
	}
}

// TestGradientSlopes is the slope test of the moments: with v a direction, the
// remainders of f with no, one and two derivatives fall as h, h^2 and h^3.
func TestGradientSlopes(t *testing.T) {
	t.Parallel()
	s, err := law.Discrete([]string{"a", "b"}, [][]float64{{1, 2}, {-1, 0.5}, {0.3, -0.6}}, []float64{0.5, 0.2, 0.3})
	for d, text := range map[int]string{
		1: "softplus(a*x) + b*sin(x)",
		2: "exp(a*x*y)/(1 + x^2) + log1p(y^2)*b",
		3: "(x*y*z - a)^2 + tanh(b*x + z)*y",
	} {
		l := build(t, d, text, s, err)
		e := l.NewEvaluator()
		x, v, y := []float64{0.4, 0.9, -0.6}[:d], []float64{1, -0.8, 0.5}[:d], make([]float64, d)
		var m, n Moments
		e.MomentsTo(&m, x)
		var gv, vhv float64
		for i := range d {
			gv += m.Grad[i] * v[i]
			for j := range d {
				vhv += v[i] * m.Hess[i][j] * v[j]
			}
		}
		rest := func(h float64, order int) float64 {
			for i := range d {
				y[i] = x[i] + h*v[i]
			}
			e.MomentsTo(&n, y)
			return math.Abs(n.F - m.F - [3]float64{0, h * gv, h*gv + h*h/2*vhv}[order])
		}
		for order, h := range [3]float64{1e-5, 1e-4, 1e-3} {
			if slope := math.Log2(rest(h, order) / rest(h/2, order)); math.Abs(slope-float64(order)-1) > 0.1 {
				t.Errorf("%s: remainder of order %d has slope %.3f", text, order, slope)
			}
		}
	}
}

// TestNew refuses what is no loss.
func TestNew(t *testing.T) {
	t.Parallel()
	s, err := law.Discrete([]string{"a"}, [][]float64{{1}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	e := mustParse(t, "w", expr.Scope{Parameters: []string{"w"}})
	if _, err := New([]string{"x"}, e, s); err == nil || !strings.Contains(err.Error(), "w") {
		t.Errorf("unknown parameter: %v", err)
	}
	for _, p := range [][]string{nil, {"w", "x", "y", "z"}} {
		if _, err := New(p, e, s); err == nil {
			t.Errorf("%d parameters accepted", len(p))
		}
	}
}

func BenchmarkMoments(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			e := logistic(b, n).NewEvaluator()
			var m Moments
			b.ReportAllocs()
			for b.Loop() {
				e.MomentsTo(&m, []float64{0.3, -0.4})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/sample")
		})
	}
}

// TestMerge: equal samples are merged, in the variables that the loss uses.
func TestMerge(t *testing.T) {
	t.Parallel()
	columns := [][]float64{{1, 2, 1, 0, math.Copysign(0, -1)}, {5, 6, 5, 7, 7}, {1, 2, 3, 4, 5}}
	s, err := law.Data([]string{"a", "b", "unused"}, columns)
	l := build(t, 1, "(x - a)^2 + b", s, err)
	if w := l.Law().Weights; !slices.Equal(w, []float64{0.4, 0.2, 0.4}) || !l.Law().Exact || l.Law().Unbounded {
		t.Errorf("law %+v", l.Law())
	}
	if got := l.Describe(1); got != "a = 2, b = 6" {
		t.Errorf("described as %q", got)
	}
	if _, ok := l.Refine(); ok {
		t.Error("a finite law has a refinement")
	}
	if n := build(t, 1, "x^2", s, err).Law().Len(); n != 1 {
		t.Errorf("a loss without samples has %d nodes", n)
	}
}
