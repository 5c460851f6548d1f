package law_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"kolmo/law"
	"kolmo/objective"
)

// lawCases are laws with their moments in closed form, k -> E s^k.
var lawCases = []struct {
	name   string
	law    law.Marginal
	moment func(k float64) float64
}{
	{"exponential", law.Exponential(2), func(k float64) float64 { return math.Gamma(k+1) / math.Pow(2, k) }},
	{"gamma 0.3", law.Gamma{0.3, 1}, func(k float64) float64 { return math.Gamma(k+0.3) / math.Gamma(0.3) }},
	{"gamma 4.5", law.Gamma{4.5, 3}, func(k float64) float64 { return math.Gamma(k+4.5) / math.Gamma(4.5) / math.Pow(3, k) }},
	{"beta 1, 1", law.Beta{1, 1}, func(k float64) float64 { return 1 / (k + 1) }},
	{"beta 0.5, 0.5", law.Beta{0.5, 0.5}, func(k float64) float64 { return math.Gamma(k+0.5) / math.Gamma(k+1) / math.Sqrt(math.Pi) }},
	{"beta 2, 3.5", law.Beta{2, 3.5}, func(k float64) float64 {
		return math.Gamma(k+2) * math.Gamma(5.5) / math.Gamma(k+5.5)
	}},
	{"laplace", law.Laplace{0, 0.5}, func(k float64) float64 {
		return (1 - math.Mod(k, 2)) * math.Gamma(k+1) * math.Pow(0.5, k)
	}},
}

// TestLawRules: the Gauss rules integrate monomials up to degree 2n - 1.
func TestLawRules(t *testing.T) {
	t.Parallel()
	for _, c := range lawCases {
		for _, n := range []int{1, 2, 5, 12, 40} {
			for k := range min(2*n, 14) {
				want := c.moment(float64(k))
				if got := moment(t, c.law, n, k); math.Abs(got-want) > 1e-11*math.Max(1, c.moment(2*math.Ceil(float64(k)/2))) {
					t.Errorf("%s, %d points, moment %d: %.15g, want %.15g", c.name, n, k, got, want)
				}
			}
		}
		if c.law.Atoms() != 0 || c.law.Bounded() != strings.HasPrefix(c.name, "beta") {
			t.Errorf("%s: bounded %v, %d atoms", c.name, c.law.Bounded(), c.law.Atoms())
		}
	}
	if got := moment(t, law.Laplace{3, 2}, 4, 2); math.Abs(got-17) > 1e-12 {
		t.Errorf("laplace: second moment %g, want 17", got)
	}
}

// TestQuantiles: the mean of a quantile over equidistant probabilities is the
// mean of the law, and quantiles increase.
func TestQuantiles(t *testing.T) {
	t.Parallel()
	laws := map[string]struct {
		law  law.Marginal
		mean float64
	}{
		"uniform": {law.Uniform{-1, 3}, 1}, "normal": {law.Normal{1, 2}, 1}, "truncated": {law.Truncated{law.Normal{0, 1}, -1, 1}, 0},
		"rademacher": {law.Rademacher{}, 0}, "bernoulli": {law.Bernoulli{0.25}, 0.25},
	}
	far := law.Truncated{law.Normal{0, 1}, 9, 12}
	laws["far"] = struct {
		law  law.Marginal
		mean float64
	}{far, moment(t, far, 12, 1)}
	for _, c := range lawCases {
		laws[c.name] = struct {
			law  law.Marginal
			mean float64
		}{c.law, c.moment(1)}
	}
	for name, c := range laws {
		const n = 20000
		var s float64
		before := math.Inf(-1)
		for k := range n {
			q := c.law.Quantile((float64(k) + 0.5) / n)
			if q < before {
				t.Errorf("%s: the quantile falls to %g at %d", name, q, k)
				break
			}
			before = q
			s += q / n
		}
		if math.Abs(s-c.mean) > 1e-3*(1+c.mean) {
			t.Errorf("%s: mean %g, want %g", name, s, c.mean)
		}
	}
}

// TestFiniteLaws: variables with finitely many values are exact under every rule,
// in any place.
func TestFiniteLaws(t *testing.T) {
	t.Parallel()
	v := []law.Variable{{"a", law.Rademacher{}}, {"b", law.Uniform{0, 1}}, {"c", law.Bernoulli{0.25}}}
	for _, rule := range []law.Rule{law.Tensor{5}, law.Smolyak{3}, law.QMC{1024, 1}} {
		s, err := law.IndependentBy(v, rule)
		l := build(t, 1, "x*(a + 3*c + b)^2/2", s, err)
		if l.Law().Exact || l.Law().Unbounded || l.Law().Signed {
			t.Errorf("%+v: law %+v", rule, l.Law())
		}
		var m objective.Moments
		l.NewEvaluator().MomentsTo(&m, []float64{1})
		// E (a + 3c + b)^2 = 1 + 9/4 + 1/3 + 2 (3/4)/2.
		if want := (1 + 9./4 + 1./3 + 3./4) / 2; math.Abs(m.F-want) > 1e-4 {
			t.Errorf("%+v: f = %.15g, want %.15g", rule, m.F, want)
		}
	}
	s, err := law.IndependentBy([]law.Variable{v[0], v[2]}, law.Tensor{1})
	l := build(t, 1, "x*(a + c)", s, err)
	if _, ok := l.Refine(); ok || !l.Law().Exact || l.Law().Len() != 4 {
		t.Errorf("law %+v", l.Law())
	}
}

// TestSmolyak: polynomials of total degree 2 Level - 1 are exact, with fewer nodes
// than the tensor product needs.
func TestSmolyak(t *testing.T) {
	t.Parallel()
	v := []law.Variable{{"a", law.Uniform{-1, 1}}, {"b", law.Normal{0.5, 1}}, {"c", law.Gamma{2, 1}}}
	for level := 1; level <= 5; level++ {
		s, err := law.IndependentBy(v, law.Smolyak{level})
		if err != nil {
			t.Fatal(err)
		}
		nodes := s.Onto(func(string) bool { return true })
		degree := 2*level - 1
		for i := range degree + 1 {
			for j := range degree + 1 - i {
				k := degree - i - j
				var got, want float64 = 0, 1
				for q, w := range nodes.Weights {
					got += w * math.Pow(nodes.Columns[0][q], float64(i)) * math.Pow(nodes.Columns[1][q], float64(j)) * math.Pow(nodes.Columns[2][q], float64(k))
				}
				for at, n := range []int{i, j, k} {
					want *= moment(t, v[at].Law, 12, n)
				}
				if math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
					t.Errorf("level %d: E a^%d b^%d c^%d = %.12g, want %.12g", level, i, j, k, got, want)
				}
			}
		}
	}
	s, err := law.IndependentBy(v, law.Smolyak{4})
	l := build(t, 1, "x*sin(a*b + c)", s, err)
	xi := l.Law()
	if !xi.Signed || xi.Note == "" || !xi.Unbounded || xi.Exact {
		t.Errorf("law %+v", xi)
	}
	fine, ok := l.Refine()
	if !ok || fine.Law().Len() <= xi.Len() {
		t.Error("no finer rule")
	}
	if _, err := law.NewBatches(l.Nodes(), l.Dim(), 2, true); !errors.Is(err, law.ErrSigned) {
		t.Errorf("batches with negative weights: %v", err)
	}
	s, err = law.IndependentBy(v[:1], law.Smolyak{4})
	if l := build(t, 1, "x*a", s, err); l.Law().Signed || l.Law().Len() != 7 {
		t.Errorf("one variable: law %+v", l.Law())
	}
}

// TestSobol: in the first two dimensions the first points are the known ones, and
// in every dimension the first 2^m points have one in every interval of length
// 2^-m, scrambled or not; so have pairs of the first dimensions in every box of
// 2^-a by 2^-(m-a), up to the quality of the pair.
func TestSobol(t *testing.T) {
	t.Parallel()
	const m = 10
	net := make([]uint32, 1<<m)
	for i := range law.MaxSobolVariables {
		law.SobolTo(net, i)
		if i == 1 && (net[1] != 1<<31 || net[2] != 1<<30 || net[3] != 3<<30) {
			t.Errorf("dimension 2 begins with %x", net[:4])
		}
		for _, seed := range []uint32{0, 12345} {
			seen := map[uint32]bool{}
			for _, x := range net {
				if seed != 0 {
					x = law.Scramble(x, seed)
				}
				seen[x>>(32-m)] = true
			}
			if len(seen) != len(net) {
				t.Errorf("dimension %d: %d of %d intervals hold a point", i+1, len(seen), len(net))
			}
		}
	}
	first, second := make([]uint32, 1<<m), make([]uint32, 1<<m)
	law.SobolTo(first, 0)
	law.SobolTo(second, 1)
	for a := range m + 1 {
		seen := map[[2]uint32]bool{}
		for k := range first {
			seen[[2]uint32{uint32(uint64(first[k]) >> (32 - a)), uint32(uint64(second[k]) >> (32 - m + a))}] = true
		}
		if len(seen) != 1<<m {
			t.Errorf("boxes with 2^-%d: %d hold a point", a, len(seen))
		}
	}
}

// TestQMC: the error falls faster than 1/n and is near what Refine changes.
func TestQMC(t *testing.T) {
	t.Parallel()
	v := []law.Variable{{"a", law.Uniform{0, 1}}, {"b", law.Beta{2, 2}}, {"c", law.Uniform{-1, 1}}, {"h", law.Truncated{law.Normal{0, 1}, -2, 2}}}
	f := func(n int) (value, change float64) {
		s, err := law.IndependentBy(v, law.QMC{n, 3})
		l := build(t, 1, "x*exp(a*b/2 + c/3)*(1 + h^2/4)", s, err)
		var m objective.Moments
		l.NewEvaluator().MomentsTo(&m, []float64{1})
		fine, ok := l.Refine()
		if !ok || l.Law().Exact || l.Law().Signed {
			t.Fatal("law", l.Law())
		}
		r := quadratureError(l, []float64{1})
		var k objective.Moments
		fine.NewEvaluator().MomentsTo(&k, []float64{1})
		if r.F != math.Abs(k.F-m.F) || r.Sigma <= 0 || r.Grad != math.Abs(k.Grad[0]-m.Grad[0]) {
			t.Errorf("%d points: estimates %+v", n, r)
		}
		return m.F, r.F
	}
	s, err := law.IndependentBy(v, law.Tensor{12})
	l := build(t, 1, "x*exp(a*b/2 + c/3)*(1 + h^2/4)", s, err)
	var m objective.Moments
	l.NewEvaluator().MomentsTo(&m, []float64{1})
	coarse, _ := f(256)
	for _, n := range []int{1024, 4096, 16384} {
		fine, change := f(n)
		e := math.Abs(fine - m.F)
		if e > 5*change+1e-9 {
			t.Errorf("%d points: error %.3g, estimated as %.3g", n, e, change)
		}
		if n == 16384 && e > 1e-5 {
			t.Errorf("%d points: error %.3g", n, e)
		}
	}
	if e := math.Abs(coarse - m.F); e > 1e-3 {
		t.Errorf("256 points: error %.3g", e)
	}
	if r := quadratureError(logistic(t, 10), []float64{1, 2}); r != (momentErrors{}) {
		t.Errorf("a finite law: %+v", r)
	}
}

func TestRuleErrors(t *testing.T) {
	t.Parallel()
	ok := law.Uniform{0, 1}
	var many []law.Variable
	for range 25 {
		many = append(many, law.Variable{"a", ok})
	}
	for _, c := range []struct {
		v    []law.Variable
		rule law.Rule
		msg  string
	}{
		{[]law.Variable{{"a", law.Gamma{0, 1}}}, law.Tensor{3}, "gamma"},
		{[]law.Variable{{"a", law.Gamma{1, math.NaN()}}}, law.QMC{4, 1}, "gamma"},
		{[]law.Variable{{"a", law.Beta{1, -1}}}, law.Smolyak{3}, "beta"},
		{[]law.Variable{{"a", law.Laplace{0, 0}}}, law.Tensor{3}, "laplace"},
		{[]law.Variable{{"a", law.Bernoulli{2}}}, law.Tensor{3}, "bernoulli"},
		{many, law.QMC{4, 1}, "at most 20"},
		{many, law.Smolyak{9}, "too many"},
		{many, law.Tensor{2}, "too many"},
		{many[:2], law.Smolyak{0}, "level 0"},
		{many[:2], law.QMC{12, 1}, "power of two"},
		{many[:2], law.QMC{1 << 21, 1}, "too many"},
	} {
		if _, err := law.IndependentBy(c.v, c.rule); err == nil || !strings.Contains(err.Error(), c.msg) {
			t.Errorf("%+v: %v, want ..%s..", c.rule, err, c.msg)
		}
	}
}

// TestRefinedRules: a rule is refined to one of several times the points while that is
// affordable, a sparse one to a product, and to a net where products have too many
// nodes: no continuous law goes without an estimate for that.
func TestRefinedRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		variables int
		rule      law.Rule
		nodes     [2]int // of the refinement and of its refinement
	}{
		{1, law.Tensor{12}, [2]int{48, 192}},
		{1, law.Tensor{128}, [2]int{256, 384}},
		{2, law.Tensor{12}, [2]int{48 * 48, 72 * 72}},
		{3, law.Tensor{12}, [2]int{18 * 18 * 18, 27 * 27 * 27}},
		{5, law.Tensor{12}, [2]int{law.NetPoints, 2 * law.NetPoints}},
		{1, law.Smolyak{6}, [2]int{44, 176}},
		{2, law.Smolyak{6}, [2]int{44 * 44, 70 * 70}},
		{1, law.QMC{64, 1}, [2]int{128, 256}},
		{2, law.QMC{law.MaxSobol, 1}, [2]int{law.MaxSobol, law.MaxSobol}},
	} {
		v := make([]law.Variable, c.variables)
		for i := range v {
			v[i] = law.Variable{string(rune('a' + i)), law.Uniform{-1, 1}}
		}
		s, err := law.IndependentBy(v, c.rule)
		if err != nil {
			t.Fatal(err)
		}
		for k, want := range c.nodes {
			var ok bool
			if s, ok = s.Refine(0); !ok {
				t.Fatalf("%+v in %d variables: no refinement", c.rule, c.variables)
			}
			if s.Len() != want {
				t.Errorf("%+v in %d variables, refinement %d: %d nodes, want %d", c.rule, c.variables, k+1, s.Len(), want)
			}
		}
	}
}
