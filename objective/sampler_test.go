package objective

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"kolmo/internal/slow"
	"kolmo/law"
	"kolmo/objective/expr"
)

// lossOf returns the loss with the given expression over a law.
func lossOf(t testing.TB, text string, parameters []string, s *law.Samples) *Loss {
	t.Helper()
	e, err := expr.Parse(text, expr.Scope{Parameters: parameters, Variables: s.Variables()})
	if err != nil {
		t.Fatal(err)
	}
	l, err := New(parameters, e, s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// drawn returns n draws from s of the gradient at x.
func drawn(s *Sampler, x []float64, n int) []float64 {
	d := len(x)
	points, grads := make([]float64, n*d), make([]float64, n*d)
	for p := range n {
		copy(points[p*d:], x)
	}
	s.DrawGradsTo(grads, points)
	return grads
}

// checkMean fails if the draws' mean is more than 4 standard errors from want.
func checkMean(t *testing.T, what string, draws []float64, want float64) {
	t.Helper()
	n := float64(len(draws))
	var mean, square float64
	for _, v := range draws {
		mean += v / n
	}
	for _, v := range draws {
		square += (v - mean) * (v - mean) / (n - 1)
	}
	if z := (mean - want) / math.Sqrt(square/n); !(math.Abs(z) <= 4) && math.Abs(mean-want) > 1e-10*math.Abs(want) {
		t.Errorf("%s: mean of %g draws %.6g, want %.6g: %.1f standard errors", what, n, mean, want, z)
	}
}

// The draws of every law have the moments of its quadrature: of s, s^2, s^3, and of
// a bounded function, which sees the whole law. The gradient of s x is s.
func TestDrawsHaveTheMomentsOfTheirLaw(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for i, m := range []law.Marginal{
		law.Uniform{Low: -1, High: 3}, law.Normal{Mean: 0.5, Std: 2}, law.Truncated{Normal: law.Normal{Mean: 0, Std: 1}, Low: -1, High: 2.5}, law.Truncated{Normal: law.Normal{Mean: 0, Std: 1}, Low: 3, High: 5}, law.Exponential(2), law.Gamma{Shape: 2.5, Rate: 1.5}, law.Gamma{Shape: 0.6, Rate: 1},
		law.Beta{Alpha: 2, Beta: 3}, law.Beta{Alpha: 0.5, Beta: 0.7}, law.Laplace{Mean: 1, Scale: 0.5}, law.Rademacher{}, law.Bernoulli{P: 0.3}, law.Bernoulli{P: 1},
	} {
		t.Run(fmt.Sprintf("%T%v", m, m), func(t *testing.T) {
			t.Parallel()
			s, err := law.Independent([]law.Variable{{Name: "s", Law: m}}, 40)
			if err != nil {
				t.Fatal(err)
			}
			const n = 200_000
			l := lossOf(t, "s*x", []string{"x"}, s)
			draws := drawn(l.NewSampler(rand.New(rand.NewPCG(uint64(i), 9))), []float64{0}, n)
			nodes, weights := make([]float64, l.law.Len()), l.law.Weights
			l.NewEvaluator().GradsTo(nodes, []float64{0})
			for what, f := range map[string]func(float64) float64{
				"s": func(v float64) float64 { return v }, "s^2": func(v float64) float64 { return v * v },
				"s^3": func(v float64) float64 { return v * v * v }, "cos s": math.Cos,
			} {
				want, values := 0.0, make([]float64, n)
				for k, w := range weights {
					want += w * f(nodes[k])
				}
				for k, v := range draws {
					values[k] = f(v)
				}
				if what == "cos s" {
					if _, ok := m.(law.Laplace); ok {
						want = math.Cos(1) / (1 + 0.25) // Gauss rules of this law converge slowly
					}
				}
				checkMean(t, what, values, want)
			}
			switch m := m.(type) {
			case law.Uniform:
				inRange(t, draws, m.Low, m.High)
			case law.Truncated:
				inRange(t, draws, m.Low, m.High)
			case law.Beta:
				inRange(t, draws, 0, 1)
			}
			if m.Atoms() == 0 { // continuous: not the nodes of a quadrature
				slices.Sort(draws)
				if different := len(slices.Compact(draws)); different < n/2 {
					t.Errorf("only %d different values in %d draws", different, n)
				}
			}
		})
	}
}

func inRange(t *testing.T, x []float64, low, high float64) {
	t.Helper()
	if lo, hi := slices.Min(x), slices.Max(x); lo < low || hi > high {
		t.Errorf("draws in [%v, %v], the law in [%v, %v]", lo, hi, low, high)
	}
}

// Values are drawn with their probabilities, rows equally often, and equal rows are
// counted together: by the chi-squared statistic, within 4 standard deviations.
func TestDrawsOfFiniteLaws(t *testing.T) {
	t.Parallel()
	values := [][]float64{{1}, {2}, {4}, {8}, {16}, {1}}
	probabilities := []float64{0.05, 0.5, 0.25, 0.1, 0.02, 0.08}
	discrete, err := law.Discrete([]string{"s"}, values, probabilities)
	if err != nil {
		t.Fatal(err)
	}
	data, err := law.Data([]string{"s"}, [][]float64{{1, 2, 4, 8, 1, 16, 2, 1}})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		s    *law.Samples
		want map[float64]float64
	}{
		"discrete": {discrete, map[float64]float64{1: 0.13, 2: 0.5, 4: 0.25, 8: 0.1, 16: 0.02}},
		"data":     {data, map[float64]float64{1: 3. / 8, 2: 2. / 8, 4: 1. / 8, 8: 1. / 8, 16: 1. / 8}},
	} {
		const n = 200_000
		count := map[float64]int{}
		for _, v := range drawn(lossOf(t, "s*x", []string{"x"}, c.s).NewSampler(rand.New(rand.NewPCG(5, 1))), []float64{0}, n) {
			count[v]++
		}
		chi := 0.0
		for v, p := range c.want {
			d := float64(count[v]) - n*p
			chi += d * d / (n * p)
			delete(count, v)
		}
		if free := float64(len(c.want) - 1); len(count) > 0 || chi > free+4*math.Sqrt(2*free) {
			t.Errorf("%s: chi squared %.2f with %v degrees of freedom; others: %v", name, chi, free, count)
		}
	}
}

// Gradients of batches have the mean and covariance that MomentsTo says, with and
// without replacement, of data, discrete and continuous laws, and a third moment that tells a
// batch of two from a normal law.
func TestDrawsOfBatches(t *testing.T) {
	t.Parallel()
	data, err := law.Data([]string{"a", "b"}, [][]float64{{1, 2, -1, 0.5, 3, 1, 7}, {0, 1, 1, -2, 0.3, 0, 1}})
	if err != nil {
		t.Fatal(err)
	}
	continuous, err := law.Independent([]law.Variable{{Name: "a", Law: law.Exponential(1)}, {Name: "b", Law: law.Uniform{Low: -1, High: 1}}}, 12)
	if err != nil {
		t.Fatal(err)
	}
	x := []float64{0.3, -0.2}
	for name, c := range map[string]struct {
		s           *law.Samples
		size        int
		replacement bool
	}{
		"one": {data, 1, true}, "two": {data, 2, true}, "two without": {data, 2, false}, "six without": {data, 6, false},
		"all": {data, 7, false}, "continuous": {continuous, 3, true}, "many": {data, 40, true},
	} {
		l := lossOf(t, "(a*x + b*y)^2/2 + a*sin(y)", []string{"x", "y"}, c.s)
		b, err := NewBatch(l, c.size, c.replacement)
		if err != nil {
			t.Fatal(err)
		}
		const n = 60_000
		grads := drawn(b.NewSampler(rand.New(rand.NewPCG(7, 1))), x, n)
		var m Moments
		b.NewEvaluator().MomentsTo(&m, x)
		column := func(f func(g []float64) float64) []float64 {
			v := make([]float64, n)
			for p := range v {
				v[p] = f(grads[2*p : 2*p+2])
			}
			return v
		}
		for i := range 2 {
			checkMean(t, fmt.Sprintf("%s: component %d", name, i), column(func(g []float64) float64 { return g[i] }), m.Grad[i])
			for j := i; j < 2; j++ {
				if c.size == 7 { // the batch of all rows is no draw
					if v := slices.Max(column(func(g []float64) float64 { return math.Abs(g[i] - m.Grad[i]) })); v > 1e-12 {
						t.Errorf("%s: differs from the mean by %g", name, v)
					}
					continue
				}
				checkMean(t, fmt.Sprintf("%s: covariance %d %d", name, i, j), column(func(g []float64) float64 { return (g[i] - m.Grad[i]) * (g[j] - m.Grad[j]) }), m.Sigma[i][j])
			}
		}
		if xi := b.Law(); !xi.Moving {
			nodes := make([]float64, 2*xi.Len())
			b.NewEvaluator().GradsTo(nodes, x)
			want := 0.0
			for k, w := range xi.Weights {
				want += w * math.Pow(nodes[2*k]-m.Grad[0], 3)
			}
			if c.size < 7 {
				checkMean(t, name+": third moment", column(func(g []float64) float64 { return math.Pow(g[0]-m.Grad[0], 3) }), want)
			}
		}
	}
}

// Every point gets its own gradient and its own draw, also beyond one block of lanes;
// the same seed gives the same draws; shapes are checked; nothing is allocated.
// (AllocsPerRun forbids t.Parallel.)
func TestSamplerContract(t *testing.T) {
	s, err := law.Independent([]law.Variable{{Name: "s", Law: law.Normal{Mean: 0, Std: 1}}}, 5)
	if err != nil {
		t.Fatal(err)
	}
	l := lossOf(t, "x^2/2 + s*y + 3*z", []string{"x", "y", "z"}, s)
	const n = 3*expr.Lanes + 5
	points, grads, again := make([]float64, 3*n), make([]float64, 3*n), make([]float64, 3*n)
	for i := range points {
		points[i] = float64(i)
	}
	sampler := l.NewSampler(rand.New(rand.NewPCG(1, 1)))
	sampler.DrawGradsTo(grads, points)
	l.NewSampler(rand.New(rand.NewPCG(1, 1))).DrawGradsTo(again, points)
	seen := map[float64]bool{}
	for p := range n {
		if grads[3*p] != points[3*p] || grads[3*p+2] != 3 || seen[grads[3*p+1]] {
			t.Fatalf("point %d: gradient %v", p, grads[3*p:3*p+3])
		}
		seen[grads[3*p+1]] = true
	}
	if !slices.Equal(grads, again) {
		t.Error("the same seed gives other draws")
	}
	if a := testing.AllocsPerRun(3, func() { sampler.DrawGradsTo(grads, points) }); a != 0 {
		t.Errorf("%v allocations", a)
	}
	for _, bad := range [][2]int{{3, 6}, {4, 4}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("lengths %v: no panic", bad)
				}
			}()
			sampler.DrawGradsTo(make([]float64, bad[0]), make([]float64, bad[1]))
		}()
	}
}
