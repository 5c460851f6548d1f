package kolmogorov

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/fd"
	"kolmo/grid"
)

// ouClosure is L of the 1-D Ornstein-Uhlenbeck process of f = x^2/2, Sigma = 1,
// as the second-order model, on Chebyshev axes: the noise does not vanish at the
// faces x = +-2.
func ouClosure(t testing.TB, n int, eta float64) *Operator {
	g := box(t, grid.KindChebyshev, 1, 2, n)
	c := new(Coefficients)
	c.B[0] = sample(g, func(x []float64) float64 { return -(1 + eta/2) * x[0] })
	c.A[0][0] = sample(g, func([]float64) float64 { return eta })
	return newOperator(t, g, c, fd.FullWidth)
}

// Growth is at least 1, near 1 where the noise is small, and sees what
// eigenvalues do not: the closure at noisy faces, by which collocation with many
// nodes must fail.
func TestGrowth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		op        *Operator
		low, high float64
	}{
		{"benign 1d", ouClosure(t, 12, 1.0/64), 1, 2},
		{"benign 2d", smoothOperator(t, box(t, grid.KindUniform, 2, 1.5, 14), 4, 0.01), 1, 2},
		{"no coefficients", newOperator(t, box(t, grid.KindUniform, 1, 1, 8), new(Coefficients), 4), 1, 1},
		{"noisy faces, 32 nodes", ouClosure(t, 32, 0.25), 1e3, 1e7},
		{"noisy faces, 48 nodes", ouClosure(t, 48, 0.25), mostGrowth, math.Inf(1)},
	} {
		g := c.op.Growth(3, 3)
		t.Logf("%s: %.4g", c.name, g)
		if !(g >= c.low && g <= c.high) {
			t.Errorf("%s: growth %.4g, want %g .. %g", c.name, g, c.low, c.high)
		}
	}
}

// Against the norms of dense exponentials: the estimate is from below, by a
// factor of ten at most, and reproducible.
func TestGrowthAgainstDenseNorms(t *testing.T) {
	t.Parallel()
	for _, n := range []int{16, 24, 32} {
		op := ouClosure(t, n, 0.25)
		want := 1.0
		for _, time := range []float64{0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 1} {
			m := denseOf(op)
			m.Scale(time, m)
			var exp mat.Dense
			exp.Exp(m)
			want = max(want, mat.Norm(&exp, math.Inf(1)))
		}
		got := op.Growth(1, 3)
		t.Logf("N = %d: %.4g, the norm is %.4g", n, got, want)
		if got > 1.1*want || got < want/10 {
			t.Errorf("N = %d: growth %.4g, the norm is %.4g", n, got, want)
		}
		if again := op.Growth(1, 3); again != got {
			t.Errorf("N = %d: growth %.17g, then %.17g", n, got, again)
		}
	}
	if g := ouClosure(t, 24, 0.25).Growth(0, 3); g != 1 {
		t.Errorf("growth %v to t = 0", g)
	}
}

// A run on a closure that does not bear the noise is given up as unstable, with
// the factor named: 48 nodes with a rough observable, and 64 even with a smooth
// one; with 12 both go through.
func TestUnstableClosureIsReported(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(8, 1))
	smooth := func(x []float64) float64 { return math.Cos(3 * x[0]) }
	rough := func([]float64) float64 { return float64(2*rnd.IntN(2) - 1) }
	for _, c := range []struct {
		name   string
		n      int
		phi    func(x []float64) float64
		stable bool
	}{
		{"smooth", 12, smooth, true}, {"rough", 12, rough, true},
		{"rough", 48, rough, false}, {"smooth", 64, smooth, false},
	} {
		op := ouClosure(t, c.n, 0.25)
		p := NewPolynomial(op, 0.25)
		p.Start([][]float64{sample(op.Grid(), c.phi)})
		var err error
		for range 20 {
			if err = p.Advance(block(4, 1, op.Len())); err != nil {
				break
			}
		}
		var e *UnstableError
		switch {
		case c.stable && err != nil:
			t.Errorf("%s, %d nodes: %v", c.name, c.n, err)
		case !c.stable && (!errors.As(err, &e) || !errors.Is(err, ErrUnstable) || !(e.Factor > growthInward) || !strings.Contains(e.Error(), "fewer nodes")):
			t.Errorf("%s, %d nodes: error %v, want an *UnstableError with a remedy", c.name, c.n, err)
		}
	}
}
