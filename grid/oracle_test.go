package grid_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"kolmo/grid"
)

// kinds are the kinds of axes that every test of interpolation runs on.
var kinds = []grid.Kind{grid.KindUniform, grid.KindChebyshev, grid.KindSinh, grid.KindGiven}

// newAxis returns an axis of the kind or ends the test.
func newAxis(t testing.TB, kind grid.Kind, n int, lo, hi float64) *grid.Axis {
	t.Helper()
	a, err := tryAxis(kind, n, lo, hi)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// tryAxis returns an axis of the kind: one of the sinh map is clustered about a
// point left of the middle, the given nodes are shifted by up to a quarter of
// their distance, irregularly.
func tryAxis(kind grid.Kind, n int, lo, hi float64) (*grid.Axis, error) {
	switch kind {
	case grid.KindChebyshev:
		return grid.Chebyshev("x", n, lo, hi)
	case grid.KindSinh:
		return grid.Sinh("x", n, lo, hi, 0.6*lo+0.4*hi, 0.2*hi-0.2*lo)
	case grid.KindGiven:
		a, err := grid.Uniform("x", n, lo, hi)
		if err != nil {
			return nil, err
		}
		nodes := a.Nodes()
		for i := 1; i+1 < n; i++ {
			nodes[i] += 0.25 * math.Sin(float64(i*i)) * (a.Node(1) - lo)
		}
		return grid.Given("x", nodes)
	default:
		return grid.Uniform("x", n, lo, hi)
	}
}

// newGrid returns a grid of the kind with len(n) axes on unequal intervals about
// 0 or ends the test.
func newGrid(t testing.TB, kind grid.Kind, n ...int) *grid.Grid {
	t.Helper()
	axes := make([]*grid.Axis, len(n))
	for k := range axes {
		axes[k] = newAxis(t, kind, n[k], -1-0.25*float64(k), 1.5-0.25*float64(k))
	}
	g, err := grid.New(axes...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// field returns the values of f at the nodes.
func field(g *grid.Grid, f func(x []float64) float64) []float64 {
	u, x := make([]float64, g.Len()), make([]float64, g.Dim())
	for i := range u {
		g.PointTo(x, i)
		u[i] = f(x)
	}
	return u
}

// noise returns n standard normal numbers.
func noise(rnd *rand.Rand, n int) []float64 {
	u := make([]float64, n)
	for i := range u {
		u[i] = rnd.NormFloat64()
	}
	return u
}

// exactWeights is the independent generator of the tests: it returns, rounded
// once, the weights of the derivatives 0 .. order at x of the polynomial through
// the values at the nodes. In rational numbers it expands
//
//	l_i(x + y) = prod_{j != i} (y + x - x_j)/(x_i - x_j)
//
// in powers of y; derivative m is m! times the coefficient of y^m.
func exactWeights(order int, x float64, nodes []float64) [][]float64 {
	rat := func(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }
	c := make([][]float64, order+1)
	for m := range c {
		c[m] = make([]float64, len(nodes))
	}
	for i, xi := range nodes {
		p := []*big.Rat{rat(1)}
		for j, xj := range nodes {
			if j == i {
				continue
			}
			scale := new(big.Rat).Inv(new(big.Rat).Sub(rat(xi), rat(xj)))
			shift := new(big.Rat).Sub(rat(x), rat(xj))
			q := make([]*big.Rat, min(len(p)+1, order+1)) // p (y + shift) scale
			for m := range q {
				q[m] = new(big.Rat)
				if m < len(p) {
					q[m].Mul(p[m], shift)
				}
				if m > 0 {
					q[m].Add(q[m], p[m-1])
				}
				q[m].Mul(q[m], scale)
			}
			p = q
		}
		factorial := rat(1)
		for m := range p {
			if m > 0 {
				factorial.Mul(factorial, rat(float64(m)))
			}
			c[m][i], _ = new(big.Rat).Mul(factorial, p[m]).Float64()
		}
	}
	return c
}

// absSum returns the sum of |w|: the factor by which weights can magnify errors.
func absSum(w []float64) float64 {
	sum := 0.0
	for _, v := range w {
		sum += math.Abs(v)
	}
	return sum
}

// maxDiff returns the largest |a_i - b_i|, NaN if there is one.
func maxDiff(a, b []float64) float64 {
	d := 0.0
	for i := range a {
		d = max(d, math.Abs(a[i]-b[i]))
	}
	return d
}

// slope returns the least-squares slope of y over x.
func slope(x, y []float64) float64 {
	n := float64(len(x))
	var sx, sy, sxx, sxy float64
	for i := range x {
		sx, sy, sxx, sxy = sx+x[i], sy+y[i], sxx+x[i]*x[i], sxy+x[i]*y[i]
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

func TestExactWeightsOfAParabola(t *testing.T) {
	t.Parallel()
	// The oracle itself against the three-point formulas at the middle node.
	got := exactWeights(2, 1, []float64{0.5, 1, 1.5})
	for m, want := range [][]float64{{0, 1, 0}, {-1, 0, 1}, {4, -8, 4}} {
		if maxDiff(got[m], want) != 0 {
			t.Errorf("derivative %d: %v, want %v", m, got[m], want)
		}
	}
}
