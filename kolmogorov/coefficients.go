package kolmogorov

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
	"kolmo/internal/par"
)

// Coefficients are the drift b and the diffusion a at the nodes of a grid, or at other
// points: B[k][i] is b_k at node i and A[k][l][i], l >= k, is a_kl. Nil slices are zero.
type Coefficients struct {
	B [grid.MaxDim][]float64
	A [grid.MaxDim][grid.MaxDim][]float64
}

// nodesPerTask is the number of nodes one worker evaluates at a time.
const nodesPerTask = 64

// CoefficientError reports a drift or diffusion that is none at a node.
type CoefficientError struct {
	X      []float64 // the node
	Entry  string    // "b_1", "a_12"; "a" where it is the matrix
	Value  float64   // the entry, or what Reason speaks of
	Reason string    // "is not finite", "differs from its transpose by" or "has the eigenvalue"
}

func (e *CoefficientError) Error() string {
	s := fmt.Sprintf("kolmogorov: %s %s", e.Entry, e.Reason)
	if e.Reason == notFinite {
		return fmt.Sprintf("%s at x = %s: %v", s, point(e.X), e.Value)
	}
	return fmt.Sprintf("%s %.6g at x = %s: want a symmetric positive semidefinite matrix", s, e.Value, point(e.X))
}

// What a CoefficientError may say.
const (
	notFinite    = "is not finite"
	notSymmetric = "differs from its transpose by"
	notPositive  = "has the eigenvalue"
)

// semidefinite is how far below zero an eigenvalue of a may be, and how far from
// its transpose an entry, relative to the largest entry: rounding.
const semidefinite = 1e-14

// NewCoefficients evaluates a drift and a diffusion at the nodes of a grid, for
// NewOperator. drift stores b(x) in b, of length d; diffusion stores the whole
// matrix a(x) = sigma sigma^T, both triangles, in the d x d array a, which is zero
// before. A nil function is zero. Both are called from several goroutines at once
// unless workers is 1 (0: all processors), must not keep their arguments and may not
// change x. The result does not depend on the number of workers. The error is a
// *CoefficientError at the first node where a value is not finite or a is not
// symmetric positive semidefinite to 1e-14 of its largest entry. Cost: one call per
// node and the eigenvalues of a.
func NewCoefficients(g *grid.Grid, drift func(b, x []float64), diffusion func(a [][]float64, x []float64), workers int) (*Coefficients, error) {
	c, d, n := new(Coefficients), g.Dim(), g.Len()
	for k := range d {
		if drift != nil {
			c.B[k] = make([]float64, n)
		}
		for l := k; l < d && diffusion != nil; l++ {
			c.A[k][l] = make([]float64, n)
		}
	}
	tasks := (n + nodesPerTask - 1) / nodesPerTask
	errs := make([]error, tasks)
	par.Do(workers, tasks, func(task int) {
		w := newCoefficientWork(d)
		lo, hi := par.Split(n, tasks, task)
		for i := lo; i < hi && errs[task] == nil; i++ {
			g.PointTo(w.x, i)
			if drift != nil {
				errs[task] = w.driftAt(c, i, drift)
			}
			if diffusion != nil && errs[task] == nil {
				errs[task] = w.diffusionAt(c, i, diffusion)
			}
		}
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

// coefficientWork is the workspace of one task.
type coefficientWork struct {
	x, b   []float64
	a      [][]float64
	sym    *mat.SymDense
	values []float64
}

func newCoefficientWork(d int) *coefficientWork {
	w := &coefficientWork{
		x: make([]float64, d), b: make([]float64, d), a: make([][]float64, d),
		sym: mat.NewSymDense(d, nil), values: make([]float64, d),
	}
	for k := range w.a {
		w.a[k] = make([]float64, d)
	}
	return w
}

// driftAt sets b at node i.
func (w *coefficientWork) driftAt(c *Coefficients, i int, drift func(b, x []float64)) error {
	clear(w.b)
	drift(w.b, w.x)
	for k, v := range w.b {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return w.fail(fmt.Sprintf("b_%d", k+1), v, notFinite)
		}
		c.B[k][i] = v
	}
	return nil
}

// diffusionAt sets a at node i to the mean of the matrix and its transpose.
func (w *coefficientWork) diffusionAt(c *Coefficients, i int, diffusion func(a [][]float64, x []float64)) error {
	for _, row := range w.a {
		clear(row)
	}
	diffusion(w.a, w.x)
	size := 0.0
	for k, row := range w.a {
		for l, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return w.fail(fmt.Sprintf("a_%d%d", k+1, l+1), v, notFinite)
			}
			size = max(size, math.Abs(v))
		}
	}
	if size == 0 {
		return nil
	}
	for k, row := range w.a {
		for l := k; l < len(row); l++ {
			if diff := row[l] - w.a[l][k]; math.Abs(diff) > semidefinite*size {
				return w.fail(fmt.Sprintf("a_%d%d", k+1, l+1), diff, notSymmetric)
			}
			v := row[l]/2 + w.a[l][k]/2
			c.A[k][l][i] = v
			w.sym.SetSym(k, l, v/size) // to size 1: the eigenvalues of tiny matrices underflow
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(w.sym, false) {
		return w.fail("a", math.NaN(), notPositive)
	}
	if low := eig.Values(w.values)[0]; !(low >= -semidefinite) {
		return w.fail("a", low*size, notPositive)
	}
	return nil
}

func (w *coefficientWork) fail(entry string, value float64, reason string) error {
	return &CoefficientError{X: append([]float64(nil), w.x...), Entry: entry, Value: value, Reason: reason}
}
