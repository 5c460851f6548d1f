package sgdop

import (
	"context"
	"math"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"kolmo/grid"
	"kolmo/objective"
	"kolmo/sgd"
)

// gradients is an objective given by its sample gradients. Its moments are not used:
// S knows gradients only.
type gradients struct {
	d       int
	weights []float64
	grad    func(dst, x []float64, k int)
	calls   *atomic.Int64 // evaluations of all gradients, may be nil
}

var (
	_ objective.Objective = (*gradients)(nil)
	_ objective.Evaluator = (*gradients)(nil)
)

func (l *gradients) Dim() int                            { return l.d }
func (l *gradients) Law() objective.Law                  { return objective.Law{Weights: l.weights, Exact: true} }
func (l *gradients) NewEvaluator() objective.Evaluator   { return l }
func (l *gradients) Refine() (objective.Objective, bool) { return nil, false }

func (l *gradients) MomentsTo(*objective.Moments, []float64) { panic("not used by S") }

func (l *gradients) GradsTo(dst, x []float64) {
	if l.calls != nil {
		l.calls.Add(1)
	}
	for k := range l.weights {
		l.grad(dst[k*l.d:(k+1)*l.d], x, k)
	}
}

func (l *gradients) NodesTo(weights, grads, x []float64) {
	copy(weights, l.weights)
	l.GradsTo(grads, x)
}

// linear is grad f(x;xi) = A x - xi, E xi = 0.
type linear struct {
	a  [][]float64
	xi [][]float64
	w  []float64
}

// linears are laws in one, two and three dimensions.
var linears = []linear{
	{a: [][]float64{{1}}, xi: [][]float64{{1}, {-1}}, w: []float64{0.5, 0.5}},
	{
		a:  [][]float64{{1, 0.3}, {0.3, 2}},
		xi: [][]float64{{1, 0.4}, {-1, -0.4}, {0.3, -0.6}, {-0.3, 0.6}}, w: []float64{0.25, 0.25, 0.25, 0.25},
	},
	{
		a:  [][]float64{{1, 0.2, 0}, {0.2, 1.5, -0.3}, {0, -0.3, 0.8}},
		xi: [][]float64{{1, 0, 0.5}, {-0.5, 0.5, 0}, {0, -1, -0.5}}, w: []float64{0.25, 0.5, 0.25},
	},
}

func (l linear) dim() int { return len(l.a) }

func (l linear) objective() *gradients {
	return &gradients{d: l.dim(), weights: l.w, grad: func(dst, x []float64, k int) {
		for i := range dst {
			dst[i] = -l.xi[k][i]
			for j, v := range x {
				dst[i] += l.a[i][j] * v
			}
		}
	}}
}

// curved is a non-linear loss in one or two dimensions with three samples:
// f = |x|^2/2 + xi (sin(x1) + x1 x2/2), confined and smooth.
func curved(d int) *gradients {
	xi := []float64{-1, 0.25, 1.5}
	return &gradients{d: d, weights: []float64{0.45, 0.3, 0.25}, grad: func(dst, x []float64, k int) {
		dst[0] = x[0] + 0.4*xi[k]*math.Cos(x[0])
		if d > 1 {
			dst[0] += 0.2 * xi[k] * x[1]
			dst[1] = x[1] + 0.2*xi[k]*x[0] + 0.3*math.Sin(x[1])
		}
		if d > 2 {
			dst[2] = x[2] + 0.1*xi[k]*math.Sin(x[0]+x[1])
		}
	}}
}

func cube(t testing.TB, kind grid.Kind, d int, half float64, nodes ...int) *grid.Grid {
	t.Helper()
	g, err := grid.Box(kind, nodes, make([]float64, d), half)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func assemble(t testing.TB, g *grid.Grid, o objective.Objective, eta float64, width int) *Operator {
	t.Helper()
	s, err := Assemble(context.Background(), g, sgd.NewChain(o, eta), &Config{Width: width})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sample(g *grid.Grid, f func(x []float64) float64) []float64 {
	u, x := make([]float64, g.Len()), make([]float64, g.Dim())
	for i := range u {
		g.PointTo(x, i)
		u[i] = f(x)
	}
	return u
}

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

func maxAbs(u []float64) float64 { return maxDiff(u, make([]float64, len(u))) }

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

// method is a kind of axes with a width of windows.
type method struct {
	name  string
	kind  grid.Kind
	width int
	nodes []int // per dimension
}

// methods are the two that studies use, and their crosses.
var methods = []method{
	{"chebyshev-full", grid.KindChebyshev, 0, []int{17, 13, 9}},
	{"uniform-8", grid.KindUniform, 8, []int{23, 14, 10}},
	{"uniform-5", grid.KindUniform, 5, []int{21, 11, 9}},
	{"chebyshev-6", grid.KindChebyshev, 6, []int{20, 12, 9}},
	{"uniform-full", grid.KindUniform, 0, []int{11, 10, 8}},
}
