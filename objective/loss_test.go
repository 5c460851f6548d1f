package objective

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

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
	s, err := Data([]string{"a", "b"}, columns)
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
	s, err := Discrete([]string{"a"}, [][]float64{{1e8}, {1e8 + 1}, {1e8 + 2}}, nil)
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
	s, err := Independent([]Variable{{"a", Uniform{0, 1}}, {"b", Normal{0, 1}}}, 12)
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

func mustParse(t testing.TB, text string, s expr.Scope) *expr.Expr {
	t.Helper()
	e, err := expr.Parse(text, s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestGradientSlopes is the slope test of the moments: with v a direction, the
// remainders of f with no, one and two derivatives fall as h, h^2 and h^3.
func TestGradientSlopes(t *testing.T) {
	t.Parallel()
	s, err := Discrete([]string{"a", "b"}, [][]float64{{1, 2}, {-1, 0.5}, {0.3, -0.6}}, []float64{0.5, 0.2, 0.3})
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

func TestCheckFinite(t *testing.T) {
	t.Parallel()
	s, err := Discrete([]string{"a"}, [][]float64{{0}, {1.5}}, nil)
	for _, c := range []struct {
		text   string
		d      int
		part   string // empty if all is well
		sample int
	}{
		{"x^2", 1, "", 0},
		{"log(2 + x*a/2)", 1, "", 0},
		{"log(2 - x*a)", 1, "value", 1},
		{"sqrt(x^2 + a)", 1, "gradient", 0},
		{"abs(x)^1.5", 1, "second derivative", 0},
		{"1/(x - 1)", 1, "value", 0},
		{"1/(x - 1) + y", 2, "value", 0},
		{"exp(1000*x)", 2, "value", 0},
		{"log(1.99 - y)", 2, "value", 0},
		{"log(1.99 - z)", 3, "value", 0},
		{"log(2.01 - z)", 3, "", 0},
	} {
		l := build(t, c.d, c.text, s, err)
		got := CheckFinite(l, nil, make([]float64, c.d), 2)
		var e *NonFiniteError
		switch {
		case c.part == "" && got == nil:
		case !errors.As(got, &e) || e.Part != c.part || e.Sample != c.sample || e.What != WhatLoss || len(e.X) != c.d:
			t.Errorf("%s: %v, want %s at sample %d", c.text, got, c.part, c.sample)
		}
	}
	l := build(t, 1, "x^2", s, err)
	phi, err := NewPhi("root", mustParse(t, "sqrt(x)", expr.Scope{Parameters: []string{"x"}}), l)
	if err != nil {
		t.Fatal(err)
	}
	got := CheckFinite(l, []Observable{phi}, []float64{0}, 2)
	if want := "the value of the observable root is not finite at x = (-2)"; got == nil || got.Error() != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// TestMaxImage compares with closed forms: for f = |x - xi|^2/2 the image is
// (1 - eta) x + eta xi.
func TestMaxImage(t *testing.T) {
	t.Parallel()
	for _, eta := range []float64{1. / 128, 0.25, 1.2, 1.5} {
		s, err := Discrete([]string{"xi"}, [][]float64{{-1}, {1}}, nil)
		v, at, _ := MaxImage(build(t, 1, "(x - xi)^2/2", s, err), []float64{0}, 2, eta)
		if want := math.Abs(1-eta)*2 + eta; math.Abs(v-want) > 1e-12 || math.Abs(math.Abs(at[0])-2) > 1e-12 {
			t.Errorf("d = 1, eta = %g: %.15g at %v, want %.15g", eta, v, at, want)
		}
		s, err = Discrete([]string{"p", "q", "r"}, [][]float64{{0.2, 0.1, 0}, {-0.3, 0.7, 0.4}, {0.6, 0.1, 0.1}}, nil)
		for d, text := range map[int]string{2: "((x - p)^2 + (y - q)^2)/2", 3: "((x - p)^2 + (y - q)^2 + (z - r)^2)/2"} {
			// From center c the image is (1 - eta)(x - c) + eta (xi - c).
			c := []float64{0.5, -0.25, 0.125}[:d]
			far := 0.0
			for k := range 3 {
				var sum float64
				for i := range d {
					sum += math.Pow(s.columns[i][k]-c[i], 2)
				}
				far = math.Max(far, math.Sqrt(sum))
			}
			v, _, k := MaxImage(build(t, d, text, s, err), c, 2, eta)
			if want := math.Abs(1-eta)*2 + eta*far; math.Abs(v-want) > 1e-9 || k != 1 {
				t.Errorf("d = %d, eta = %g: %.12g at sample %d, want %.12g", d, eta, v, k, want)
			}
		}
	}
	// A maximum inside the ball: image x - 2 x exp(-8 x^2) has |.| largest near 0.2.
	s, err := Discrete([]string{"xi"}, [][]float64{{1}}, nil)
	v, at, _ := MaxImage(build(t, 1, "-exp(-8*x^2)*xi", s, err), []float64{0}, 0.4, -0.4)
	best := 0.0
	for i := range 400001 {
		x := float64(i) * 1e-6
		best = math.Max(best, x+0.4*16*x*math.Exp(-8*x*x))
	}
	if math.Abs(v-best) > 1e-9 || math.Abs(at[0]) > 0.39 {
		t.Errorf("inside: %.12g at %v, want %.12g", v, at, best)
	}
}

func TestBallPoints(t *testing.T) {
	t.Parallel()
	for d := 1; d <= 3; d++ {
		center := []float64{1, 2, 3}[:d]
		n, onSphere := 0, 0
		ballPoints(center, 2, 1000, func(x []float64) bool {
			r := distance(x, center)
			if r > 2*(1+1e-15) {
				t.Errorf("d = %d: a point outside, |x - c| = %.17g", d, r)
			}
			if r > 2-1e-12 {
				onSphere++
			}
			n++
			return true
		})
		if n < 500 || n > 3000 || onSphere < 2 {
			t.Errorf("d = %d: %d points, %d on the sphere", d, n, onSphere)
		}
	}
}

// TestNew refuses what is no loss.
func TestNew(t *testing.T) {
	t.Parallel()
	s, err := Discrete([]string{"a"}, [][]float64{{1}}, nil)
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

// logistic is the loss of the iris study with n made-up rows.
func logistic(t testing.TB, n int) *Loss {
	r := rand.New(rand.NewPCG(1, 1))
	columns := make([][]float64, 3)
	for range n {
		y := 1.0
		if r.IntN(2) == 0 {
			y = -1
		}
		columns[0] = append(columns[0], r.NormFloat64()+y)
		columns[1] = append(columns[1], r.NormFloat64()+y)
		columns[2] = append(columns[2], y)
	}
	s, err := Data([]string{"a", "b", "c"}, columns)
	return build(t, 2, "softplus(-c*(x*a + y*b)) + 0.05*(x^2 + y^2)", s, err)
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

func BenchmarkMaxImage(b *testing.B) {
	l := logistic(b, 100)
	for b.Loop() {
		start := time.Now()
		MaxImage(l, []float64{0, 0}, 4, 0.25)
		b.ReportMetric(time.Since(start).Seconds(), "s/search")
	}
}
