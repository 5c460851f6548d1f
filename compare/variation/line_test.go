package variation

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/study"
)

// The largest eigenvalue is that of the whole matrix.
func TestLeadingOfCells(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 1))
	for range 20 {
		const n = 12
		l := &line{source: make([]float64, n), left: make([]float64, n), right: make([]float64, n)}
		full := mat.NewDense(n, n, nil)
		for i := range n {
			l.source[i] = rnd.NormFloat64()
			if i > 0 {
				l.left[i] = rnd.ExpFloat64()
				full.Set(i, i-1, l.left[i])
			}
			if i < n-1 {
				l.right[i] = rnd.ExpFloat64()
				full.Set(i, i+1, l.right[i])
			}
			full.Set(i, i, l.source[i]-l.left[i]-l.right[i])
		}
		var eig mat.Eigen
		eig.Factorize(full, mat.EigenNone)
		var values []float64
		for _, v := range eig.Values(nil) {
			values = append(values, real(v))
		}
		if got, want := l.leading(), slices.Max(values); math.Abs(got-want) > 1e-12*(1+math.Abs(want)) {
			t.Errorf("%.15g, want %.15g", got, want)
		}
	}
}

// Shares solve the equation between two nodes: what they differ by is the drift, and with none each is the spread; without
// spread the drift goes one way.
func TestSharesOfCells(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]float64{{0, 1}, {0.3, 1}, {-2, 1}, {1e-9, 1}, {40, 1}, {3, 0}, {-3, 0}, {3, 1e-300}, {700, 1}} {
		right, left := share(c[0], c[1]), share(-c[0], c[1])
		if right < 0 || left < 0 || math.Abs(right-left-c[0]) > 1e-12*(1+math.Abs(c[0])) {
			t.Errorf("drift %g, spread %g: %g and %g", c[0], c[1], right, left)
		}
		if z := c[0] / c[1]; math.Abs(z) < drifting && math.Abs(right*math.Exp(-z)-left) > 1e-9*right {
			t.Errorf("drift %g, spread %g: %g is not exp(z) times %g", c[0], c[1], right, left)
		}
	}
}

// Differences that fall by four leave a third of the last, those that fall less leave more, up to ten times it, and those that
// fall faster, which may be by chance, a third of what four would; the error is twice what is left.
func TestCellError(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ now, before, want float64 }{{1, 4, 2. / 3}, {1, 2, 2}, {1, 1.5, 4}, {1, 1.01, 20}, {1, 1, 20}, {1, 0.5, 20}, {1, 40, 20. / 3}, {0, 4, 2. / 3}, {0, 0, 0}} {
		if got := cellError(c.now, c.before); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%g after %g: %g, want %g", c.now, c.before, got, c.want)
		}
	}
}

// Steps of a product are those in which no moment falls by more than a factor e, and at least one; of what has fallen to nothing
// rounding tells how far at least.
func TestMildSteps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fall  []float64 // the logarithms by which a moment falls from one look to the next
		every int
		want  int
	}{{[]float64{0.2, 0.2}, 30, 30}, {[]float64{1, 1}, 30, 30}, {[]float64{3, 3}, 30, 10}, {[]float64{-1, 7}, 30, 10}, {[]float64{-2, 1}, 30, 30}, {[]float64{90, 0}, 30, 1}, {[]float64{math.Inf(1)}, 90, 3}} {
		v := &varied{sup: [][]float64{{1}}}
		for _, f := range c.fall {
			v.sup[0] = append(v.sup[0], v.sup[0][len(v.sup[0])-1]*math.Exp(-f))
		}
		if got := v.mildSteps(c.every); got != c.want {
			t.Errorf("falls %v in %d steps: %d, want %d", c.fall, c.every, got, c.want)
		}
	}
}

// What powers of a step leave is counted: of a matrix whose two largest eigenvalues are close the growth is not known in few steps.
func TestGrowthOfCells(t *testing.T) {
	t.Parallel()
	two := func(a, b, ab float64) *cells { // m_0 <- a m_0 + ab m_1, m_1 <- b m_1
		return &cells{at: []int32{0, 0}, here: []float64{a, 0}, beyond: []float64{ab, b}, images: 1, from: make([]float64, 2), to: make([]float64, 2), workers: 1}
	}
	for _, c := range []struct{ a, b, ab, want float64 }{{0.5, 0.25, 0, 0.5}, {0.25, 0.5, 0, 0.5}, {0.25, 0.5, 3, 0.5}, {0.9999, 1, 5, 1}, {0.999999, 1, 1e-3, 1}} {
		log, off := two(c.a, c.b, c.ab).grow()
		if !(math.Abs(log-math.Log(c.want)) <= off+1e-12) || !(off < 0.01) {
			t.Errorf("%v: %.12g +- %.2g, want %.12g", c, log, off, math.Log(c.want))
		}
	}
	// Of three nodes the first is 10^30 times the last for long, whose factor is larger.
	hidden := &cells{at: []int32{0, 0, 1}, here: []float64{0.99, 0, 0}, beyond: []float64{1e29, 0.9, 0.995}, images: 1, from: make([]float64, 3), to: make([]float64, 3), workers: 1}
	if log, off := hidden.grow(); !(math.Abs(log-math.Log(0.995)) <= off+1e-12) || !(off < 0.01) {
		t.Errorf("hidden: %.12g +- %.2g, want %.12g", log, off, math.Log(0.995))
	}
}

// A rate settles once its error is small; what the algebra leaves of the last and rounding are counted, and where cells have too many
// images, or there are less than three, the last error stands.
func TestSettle(t *testing.T) {
	t.Parallel()
	constant := func(int) (float64, float64, error) { return 2, 0, nil }
	if rate, off, err := settle(constant); rate != 2 || math.Abs(off-2*rateRounding) > 1e-15 || err != nil {
		t.Errorf("a constant: %g +- %g, %v", rate, off, err)
	}
	falling := func(algebra float64, most int) func(cells int) (float64, float64, error) {
		return func(cells int) (float64, float64, error) {
			if cells > most {
				return 0, 0, errLinks
			}
			h := 10 / float64(cells)
			return 2 + h*h, algebra, nil
		}
	}
	if rate, off, err := settle(falling(0, mostCells)); !(math.Abs(rate-2) <= off) || !(off <= 2*lineAccuracy) || err != nil {
		t.Errorf("%g +- %g, %v", rate, off, err)
	}
	if rate, off, err := settle(falling(0.3, mostCells)); !(math.Abs(rate-2) < 1e-5) || !(off >= 0.3 && off < 0.31) || err != nil {
		t.Errorf("with algebra: %g +- %g, %v", rate, off, err)
	}
	if _, off, err := settle(falling(0, 2*leastCells)); !math.IsInf(off, 1) || err != nil {
		t.Errorf("of two: the error %g, %v", off, err)
	}
	if rate, off, err := settle(falling(0, 4*leastCells)); !(math.Abs(rate-2) <= off) || !(off < 1e-4) || err != nil {
		t.Errorf("of three: %g +- %g, %v", rate, off, err)
	}
}

// Grids keep their rate if it has the smaller error and lies within that of cells.
func TestAgrees(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		grid, error, cells, off float64
		want                    bool
	}{{1, 0.01, 1.1, 0.2, true}, {1, 0.3, 1.1, 0.2, false}, {1, 0.01, 1.3, 0.2, false}, {1, math.NaN(), 1.1, 0.2, false}, {math.NaN(), 0.01, 1.1, 0.2, false}} {
		if got := agrees(c.grid, c.error, c.cells, c.off); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// f has a curvature of 0.003 somewhere, so that looks are 13 apart in t, in which moments fall to 1e-7 and 1e-14: rates of the chain on
// a grid are of shorter products. True ones are of powers of linear interpolation on 80 000 cells.
func TestRatesOfLongSteps(t *testing.T) {
	t.Parallel()
	y, err := study.Parse("test.yaml", []byte(`name: long
parameters: [x]
loss: 0.414*x^2/2 + 0.342*cos(x + 1.501) + 0.024*cos(3*x + 4.363)/3 + 0.039*xi*x
sample: {kind: discrete, variables: [xi], values: [[-1], [2]], probabilities: [2/3, 1/3]}
ball: {R: 2}
observables: {x: x}
eta: [0.5715]
models: [gradient-flow]
studies: [variation]
`), ".")
	if err != nil {
		t.Fatal(err)
	}
	p, err := y.Problem()
	if err != nil {
		t.Fatal(err)
	}
	s, err := unit.New(p, &compare.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for power, want := range map[int]float64{2: 1.288476, 4: 2.572235} {
		run, err := New(s).variationOn(t.Context(), s.Cache, survey.Level{Method: survey.Chebyshev(), Nodes: []int{80}}, p.Ball.R, nil, p.Etas[0].Value, []variationMoment{{0, power}})
		if err != nil {
			t.Fatal(err)
		}
		if !(math.Abs(run.rate[0]-want) < 2e-4) {
			t.Errorf("p = %d: %.8g, want %.8g", power, run.rate[0], want)
		}
	}
}
