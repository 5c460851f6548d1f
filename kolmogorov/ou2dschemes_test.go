package kolmogorov

import (
	"fmt"
	"math"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/slow"
	"kolmo/kolmogorov/scheme"
)

// ouHard is the observable with short waves.
var ouHard = [2]float64{8, 4}

// OU2D to 1e-4, 1e-6 and 1e-8 with as few nodes and steps as doc/dev/verification.md
// lists, by the polynomial propagator (no steps) and by every scheme.
func TestOrnsteinUhlenbeck2DBySchemes(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	type row struct {
		scheme     scheme.Scheme
		richardson bool
		k          [2]float64
		kind       grid.Kind
		order      int
		n, steps   int
		tol        float64
	}
	const uniform, chebyshev = grid.KindUniform, grid.KindChebyshev
	for _, c := range []row{
		{nil, false, ouEasy, chebyshev, fd.FullWidth, 10, 0, 1e-4},
		{nil, false, ouEasy, chebyshev, fd.FullWidth, 12, 0, 1e-6},
		{nil, false, ouEasy, chebyshev, fd.FullWidth, 14, 0, 1e-8},
		{nil, false, ouEasy, uniform, 8, 20, 0, 1e-8},
		{nil, false, ouEasy, uniform, 10, 14, 0, 1e-8},
		{nil, false, ouHard, chebyshev, fd.FullWidth, 34, 0, 1e-4},
		{nil, false, ouHard, chebyshev, fd.FullWidth, 38, 0, 1e-6},
		{nil, false, ouHard, chebyshev, fd.FullWidth, 42, 0, 1e-8},
		{nil, false, ouHard, uniform, 8, 52, 0, 1e-4},
		{nil, false, ouHard, uniform, 10, 68, 0, 1e-6},
		{scheme.RungeKutta4{}, false, ouEasy, uniform, 10, 16, 96, 1e-8},
		{scheme.RungeKutta4{}, false, ouHard, uniform, 10, 74, 96, 1e-6},
		{scheme.Douglas{}, false, ouEasy, uniform, 8, 10, 128, 1e-4},
		{scheme.Douglas{}, true, ouEasy, uniform, 8, 14, 384, 1e-6},
		{scheme.CraigSneyd{}, false, ouEasy, uniform, 8, 14, 384, 1e-6},
		{scheme.CraigSneyd{}, true, ouEasy, uniform, 10, 16, 48, 1e-8},
		{scheme.CraigSneyd{}, true, ouHard, uniform, 8, 56, 16, 1e-4},
		{scheme.ModifiedCraigSneyd{}, false, ouEasy, uniform, 8, 14, 384, 1e-6},
		{scheme.ModifiedCraigSneyd{}, true, ouEasy, uniform, 10, 16, 96, 1e-8},
		{scheme.ModifiedCraigSneyd{}, true, ouHard, uniform, 8, 56, 16, 1e-4},
		{scheme.HundsdorferVerwer{}, false, ouEasy, uniform, 8, 14, 192, 1e-6},
		{scheme.HundsdorferVerwer{}, true, ouEasy, uniform, 10, 16, 192, 1e-8},
		{scheme.HundsdorferVerwer{}, false, ouHard, uniform, 10, 46, 96, 1e-4},
	} {
		name := "polynomial"
		if c.scheme != nil {
			name = fmt.Sprintf("%s richardson=%v", c.scheme.Name(), c.richardson)
		}
		t.Run(fmt.Sprintf("%s/k=%v/%v-%d/%dx%d", name, c.k, c.kind, c.order, c.n, c.steps), func(t *testing.T) {
			t.Parallel()
			op := ouOperator(t, box(t, c.kind, 2, ouHalf, c.n), c.order)
			const time = 1.0
			var p Propagator = NewPolynomial(op, time)
			if c.scheme != nil {
				var err error
				if p, err = NewStepping(op, c.scheme, time, c.steps, &SteppingConfig{Richardson: c.richardson}); err != nil {
					t.Fatal(err)
				}
			}
			g := op.Grid()
			out := block(1, 1, g.Len())
			if err := advance(p, out, [][]float64{sample(g, func(x []float64) float64 { return math.Cos(c.k[0]*x[0] + c.k[1]*x[1]) })}); err != nil {
				t.Fatal(err)
			}
			exact, x, worst := ouExact(c.k, time), make([]float64, 2), 0.0
			for i, v := range out[0][0] {
				if g.PointTo(x, i); math.Hypot(x[0], x[1]) <= ouRadius {
					worst = max(worst, math.Abs(v-exact(x)))
				}
			}
			t.Logf("error %.3g", worst)
			if !(worst <= c.tol) {
				t.Errorf("error %.3g, want at most %.3g", worst, c.tol)
			}
		})
	}
}

// The work that Polynomial reports is the applications of L that it takes.
func TestPolynomialCountsApplications(t *testing.T) {
	t.Parallel()
	op := smoothOperator(t, box(t, grid.KindUniform, 1, 1.5, 30), 6, 0.05)
	p := NewPolynomial(op, 0.2)
	if n := p.Applications(); n != 0 {
		t.Errorf("%d applications before the first call", n)
	}
	counted := &countingOperator{linear: op}
	p.taylor.op = counted
	phi := [][]float64{sample(op.Grid(), wave), sample(op.Grid(), func(x []float64) float64 { return x[0] })}
	for range 3 {
		if err := advance(p, block(4, 2, op.Len()), phi); err != nil {
			t.Fatal(err)
		}
		if n := p.Applications(); n != counted.n || n == 0 {
			t.Errorf("%d applications reported, %d counted", n, counted.n)
		}
	}
}

// countingOperator counts applications.
type countingOperator struct {
	linear
	n int
}

func (c *countingOperator) ApplyTo(dst, u []float64, alpha float64, v []float64) {
	c.n++
	c.linear.ApplyTo(dst, u, alpha, v)
}
