package kolmogorov

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/fd"
	"kolmo/grid"
)

// What the tests of this package share: polynomials with exact derivatives,
// problems whose solution is known, and the dense matrix of an operator.

// poly is a polynomial in x1, x2, x3: the coefficient of every monomial.
type poly map[[3]int]float64

func constant(c float64) poly { return poly{{}: c} }

func monomial(k int) poly {
	var e [3]int
	e[k] = 1
	return poly{e: 1}
}

func (p poly) at(x []float64) float64 {
	sum := 0.0
	for e, c := range p {
		for k, v := range x {
			c *= math.Pow(v, float64(e[k]))
		}
		sum += c
	}
	return sum
}

func (p poly) plus(c float64, q poly) poly {
	r := poly{}
	for e, v := range p {
		r[e] += v
	}
	for e, v := range q {
		r[e] += c * v
	}
	return r
}

func (p poly) times(q poly) poly {
	r := poly{}
	for e, v := range p {
		for f, w := range q {
			r[[3]int{e[0] + f[0], e[1] + f[1], e[2] + f[2]}] += v * w
		}
	}
	return r
}

func (p poly) diff(k int) poly {
	r := poly{}
	for e, v := range p {
		if n := e[k]; n > 0 {
			e[k]--
			r[e] += float64(n) * v
		}
	}
	return r
}

// closedProblem has a drift of degree 1 and a diffusion of degree 2, so that L
// maps polynomials of degree k to such polynomials.
type closedProblem struct {
	d int
	b []poly
	a [][]poly
}

// newClosedProblem draws b = -B x + c with B near the identity and
// a = sum_m s_m s_m^T with vectors s_m of degree 1: geometric Brownian motion
// and Ornstein-Uhlenbeck in one, with mixed terms. size scales the diffusion.
func newClosedProblem(d int, size float64) *closedProblem {
	rnd := rand.New(rand.NewPCG(11, uint64(d)))
	draw := func() float64 { return 2*rnd.Float64() - 1 }
	p := &closedProblem{d: d, b: make([]poly, d), a: make([][]poly, d)}
	for k := range d {
		p.b[k] = constant(0.2*draw()).plus(-1-0.3*draw(), monomial(k))
		for l := range d {
			if l != k {
				p.b[k] = p.b[k].plus(0.3*draw(), monomial(l))
			}
		}
		p.a[k] = make([]poly, d)
		for l := range d {
			p.a[k][l] = poly{}
		}
	}
	for range d + 1 {
		s := make([]poly, d)
		for k := range s {
			s[k] = constant(draw())
			for l := range d {
				s[k] = s[k].plus(0.4*draw(), monomial(l))
			}
		}
		for k := range d {
			for l := range d {
				p.a[k][l] = p.a[k][l].plus(size, s[k].times(s[l]))
			}
		}
	}
	return p
}

// apply returns L u.
func (p *closedProblem) apply(u poly) poly {
	r := poly{}
	for k := range p.d {
		r = r.plus(1, p.b[k].times(u.diff(k)))
		for l := range p.d {
			r = r.plus(0.5, p.a[k][l].times(u.diff(k).diff(l)))
		}
	}
	return r
}

// solution returns e^{tL} phi by the exponential of the matrix of L on the
// monomials up to the degree of phi.
func (p *closedProblem) solution(phi poly, time float64) poly {
	degree := 0
	for e := range phi {
		degree = max(degree, e[0]+e[1]+e[2])
	}
	var basis [][3]int
	for i := range degree + 1 {
		for j := range degree + 1 - i {
			for k := range degree + 1 - i - j {
				if (p.d > 1 || j == 0) && (p.d > 2 || k == 0) {
					basis = append(basis, [3]int{i, j, k})
				}
			}
		}
	}
	n := len(basis)
	m, c := mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
	for j, e := range basis {
		c.SetVec(j, phi[e])
		image := p.apply(poly{e: time})
		for i, f := range basis {
			m.Set(i, j, image[f])
		}
	}
	var exp mat.Dense
	exp.Exp(m)
	var u mat.VecDense
	u.MulVec(&exp, c)
	r := poly{}
	for i, e := range basis {
		r[e] = u.AtVec(i)
	}
	return r
}

// on returns the coefficients at the nodes.
func (p *closedProblem) on(g *grid.Grid) *Coefficients {
	c := new(Coefficients)
	for k := range p.d {
		c.B[k] = sample(g, p.b[k].at)
		for l := k; l < p.d; l++ {
			c.A[k][l] = sample(g, p.a[k][l].at)
		}
	}
	return c
}

func sample(g *grid.Grid, f func(x []float64) float64) []float64 {
	u, x := make([]float64, g.Len()), make([]float64, g.Dim())
	for i := range u {
		g.PointTo(x, i)
		u[i] = f(x)
	}
	return u
}

// box returns a grid on [-half, half]^d as gridOn.
func box(t testing.TB, kind grid.Kind, d int, half float64, nodes ...int) *grid.Grid {
	t.Helper()
	g, err := gridOn(kind, nodes, d, half)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// gridOn returns a grid on [-half, half]^d; nodes as grid.Box. Sinh axes cluster
// about half/5.
func gridOn(kind grid.Kind, nodes []int, d int, half float64) (*grid.Grid, error) {
	if kind != grid.KindSinh {
		return grid.Box(kind, nodes, make([]float64, d), half)
	}
	axes := make([]*grid.Axis, d)
	for k := range axes {
		var err error
		if axes[k], err = grid.Sinh(fmt.Sprintf("x%d", k+1), nodes[min(k, len(nodes)-1)], -half, half, half/5, half); err != nil {
			return nil, err
		}
	}
	return grid.New(axes...)
}

func newOperator(t testing.TB, g *grid.Grid, c *Coefficients, order int) *Operator {
	t.Helper()
	op, err := NewOperator(g, c, order)
	if err != nil {
		t.Fatal(err)
	}
	return op
}

// randomField returns values of normal law.
func randomField(rnd *rand.Rand, n int) []float64 {
	u := make([]float64, n)
	for i := range u {
		u[i] = rnd.NormFloat64()
	}
	return u
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

// denseOf returns the matrix of L, column by column.
func denseOf(op *Operator) *mat.Dense {
	n := op.Len()
	m := mat.NewDense(n, n, nil)
	e, col := make([]float64, n), make([]float64, n)
	for j := range n {
		e[j] = 1
		op.ApplyTo(col, nil, 1, e)
		e[j] = 0
		m.SetCol(j, col)
	}
	return m
}

// block returns storage for the given numbers of steps and fields.
func block(steps, fields, n int) [][][]float64 {
	out := make([][][]float64, steps)
	for j := range out {
		out[j] = make([][]float64, fields)
		for f := range out[j] {
			out[j][f] = make([]float64, n)
		}
	}
	return out
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

// space is one way to discretise: the kind of axes and the order.
type space struct {
	name  string
	kind  grid.Kind
	order int
	nodes int // the fewest that are of use
}

var spaces = []space{
	{"uniform-2", grid.KindUniform, 2, 7},
	{"uniform-4", grid.KindUniform, 4, 8},
	{"uniform-6", grid.KindUniform, 6, 10},
	{"uniform-8", grid.KindUniform, 8, 11},
	{"uniform-10", grid.KindUniform, 10, 13},
	{"uniform-full", grid.KindUniform, fd.FullWidth, 9},
	{"sinh-2", grid.KindSinh, 2, 7},
	{"sinh-4", grid.KindSinh, 4, 8},
	{"sinh-6", grid.KindSinh, 6, 10},
	{"sinh-8", grid.KindSinh, 8, 11},
	{"sinh-10", grid.KindSinh, 10, 13},
	{"sinh-full", grid.KindSinh, fd.FullWidth, 9},
	{"chebyshev-2", grid.KindChebyshev, 2, 7},
	{"chebyshev-4", grid.KindChebyshev, 4, 8},
	{"chebyshev-6", grid.KindChebyshev, 6, 10},
	{"chebyshev-8", grid.KindChebyshev, 8, 11},
	{"chebyshev-10", grid.KindChebyshev, 10, 13},
	{"chebyshev-full", grid.KindChebyshev, fd.FullWidth, 9},
}

func isSingular(err error) bool { return errors.Is(err, fd.ErrSingular) }

// advance advances fields from t = 0.
func advance(p Propagator, out [][][]float64, u [][]float64) error {
	p.Start(u)
	return p.Advance(out)
}
