package kolmogorov

import (
	"fmt"
	"math"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/internal/par"
	"kolmo/objective"
)

// Defect is the leading coefficient D of a model's one-step defect,
//
//	S u - e^{eta L} u = eta^{k+1} D u + O(eta^{k+2}),   k the model's weak order,
//
// on the nodes of a grid. With m = grad f, H = hess f, T the third derivatives of f,
// Sigma and M3 the second and third central moments of grad f(x;xi), it is for
// SecondOrder and Modified (on |x| <= R)
//
//	D u = sum_i [ (1/4) sum_jk T_ijk Sigma_jk - (1/3)(H H m)_i - (1/12) sum_jk T_ijk m_j m_k ] d_i u
//	    + sum_ij [ (1/2)(Sigma H)_ij + (1/4)(m.grad)Sigma_ij ] d_ij u - (1/6) sum_ijk M3_ijk d_ijk u,
//
// for FirstOrder -(1/2)(H m).grad u, and for GradientFlow that plus
// (1/2) Sigma:hess u. The derivation is in doc/theory.md. It owns workspace: one
// goroutine at a time.
type Defect struct {
	g     *grid.Grid
	noise float64 // largest trace of Sigma
	first [grid.MaxDim]*grid.AxisMatrix
	// Coefficients of d_i, d_ij and d_ijk for i <= j <= k, with their
	// multiplicities; nil slices are zero.
	p [grid.MaxDim][]float64
	q [grid.MaxDim][grid.MaxDim][]float64
	r [grid.MaxDim][grid.MaxDim][grid.MaxDim][]float64
	t [3][]float64
}

// NewDefect returns the model's D on the grid of the moments. The objective must be
// the one of the moments. Derivatives of the moments and of fields use all nodes of
// an axis: the grid should be a Chebyshev one. Cost: one evaluation of all samples
// per node.
func NewDefect(m Model, at *Moments, o objective.Objective, workers int) (*Defect, error) {
	g := at.Grid
	d, n := g.Dim(), g.Len()
	df := &Defect{g: g}
	for i := range at.At {
		trace := 0.0
		for k := range d {
			trace += at.At[i].Sigma[k][k]
		}
		df.noise = max(df.noise, trace)
	}
	for k := range d {
		var err error
		if df.first[k], err = fd.Derivative(g.Axis(k), 1, fd.FullWidth); err != nil {
			return nil, fmt.Errorf("kolmogorov: %w", err)
		}
		df.p[k] = make([]float64, n)
	}
	for i := range df.t {
		df.t[i] = make([]float64, n)
	}
	if m.WeakOrder() == 1 {
		df.lowOrder(m, at)
		return df, nil
	}
	df.highOrder(at, o, workers)
	return df, nil
}

// thirdShare is the share of (trace Sigma)^{3/2} below which a third moment counts as
// zero: rounding leaves about 1e-16 of it.
const thirdShare = 1e-9

// Order returns the order of D as a differential operator, the largest |J| of the
// derivatives d^J u in it: 1 without noise; 2 where the third central moments of
// grad f(x;xi) vanish on the grid, to rounding; else 3. For FirstOrder it is 1 and for
// GradientFlow at most 2.
func (df *Defect) Order() int {
	d := df.g.Dim()
	order := 1
	for i := range d {
		for j := i; j < d; j++ {
			if df.q[i][j] != nil && df.noise > 0 {
				order = max(order, 2)
			}
			for k := j; k < d; k++ {
				for _, c := range df.r[i][j][k] {
					if math.Abs(c) > thirdShare*math.Pow(df.noise, 1.5) {
						return 3
					}
				}
			}
		}
	}
	return order
}

// lowOrder sets D of the models of weak order one.
func (df *Defect) lowOrder(m Model, at *Moments) {
	d := df.g.Dim()
	for i := range at.At {
		mo := &at.At[i]
		for k := range d {
			for l := range d {
				df.p[k][i] -= mo.Hess[k][l] * mo.Grad[l] / 2
			}
		}
	}
	if m != GradientFlow {
		return
	}
	for k := range d {
		for l := k; l < d; l++ {
			df.q[k][l] = df.field(func(i int) float64 { return at.At[i].Sigma[k][l] * multiplicity(k, l) / 2 })
		}
	}
}

// multiplicity is the number of orders of two indices.
func multiplicity(k, l int) float64 {
	if k == l {
		return 1
	}
	return 2
}

// field returns the field of the given values.
func (df *Defect) field(at func(i int) float64) []float64 {
	u := make([]float64, df.g.Len())
	for i := range u {
		u[i] = at(i)
	}
	return u
}

// highOrder sets D of the models of weak order two.
func (df *Defect) highOrder(at *Moments, o objective.Objective, workers int) {
	d, n := df.g.Dim(), df.g.Len()
	df.thirdMoments(o, workers)
	grad := make([]float64, n)
	for i := range d {
		for j := range d {
			hess := df.field(func(x int) float64 { return at.At[x].Hess[i][j] })
			sigma := df.field(func(x int) float64 { return at.At[x].Sigma[i][j] })
			var q []float64
			if i <= j {
				q = make([]float64, n)
				df.q[i][j] = q
			}
			for k := range d {
				// T_ijk and d_k Sigma_ij.
				df.along(k, grad, hess)
				for x := range n {
					mo := &at.At[x]
					df.p[i][x] += grad[x] * (mo.Sigma[j][k]/4 - mo.Grad[j]*mo.Grad[k]/12)
				}
				if i <= j {
					df.along(k, grad, sigma)
					for x := range n {
						q[x] += multiplicity(i, j) * at.At[x].Grad[k] * grad[x] / 4
					}
				}
			}
			for x := range n {
				mo := &at.At[x]
				for k := range d {
					df.p[i][x] -= mo.Hess[i][j] * mo.Hess[j][k] * mo.Grad[k] / 3
					if i <= j {
						q[x] += multiplicity(i, j) / 4 * (mo.Sigma[i][k]*mo.Hess[k][j] + mo.Sigma[j][k]*mo.Hess[k][i])
					}
				}
			}
		}
	}
}

// thirdMoments sets the coefficients of the third derivatives.
func (df *Defect) thirdMoments(o objective.Objective, workers int) {
	g := df.g
	d, n := g.Dim(), g.Len()
	for i := range d {
		for j := i; j < d; j++ {
			for k := j; k < d; k++ {
				df.r[i][j][k] = make([]float64, n)
			}
		}
	}
	tasks := (n + nodesPerTask - 1) / nodesPerTask
	par.Do(workers, tasks, func(task int) {
		ev := o.NewEvaluator()
		prob := make([]float64, o.Law().Len())
		grads, x := make([]float64, len(prob)*d), make([]float64, d)
		lo, hi := par.Split(n, tasks, task)
		for node := lo; node < hi; node++ {
			g.PointTo(x, node)
			ev.NodesTo(prob, grads, x)
			var mean [grid.MaxDim]float64
			for s, w := range prob {
				for k := range d {
					mean[k] += w * grads[s*d+k]
				}
			}
			for s, w := range prob {
				c := grads[s*d : (s+1)*d]
				for i := range d {
					for j := i; j < d; j++ {
						for k := j; k < d; k++ {
							df.r[i][j][k][node] -= w / 6 * orders(i, j, k) * (c[i] - mean[i]) * (c[j] - mean[j]) * (c[k] - mean[k])
						}
					}
				}
			}
		}
	})
}

// orders is the number of orders of three indices i <= j <= k.
func orders(i, j, k int) float64 {
	switch {
	case i == k:
		return 1
	case i == j || j == k:
		return 3
	}
	return 6
}

// along stores the derivative of u along axis k in dst.
func (df *Defect) along(k int, dst, u []float64) {
	s := df.g.Stride(k)
	df.first[k].MulTo(dst, u, df.g.Len()/(s*df.g.Axis(k).Len()), s)
}

// AddTo adds alpha D u to dst. Both must have the length of the grid and must not
// overlap. Cost: up to 19 derivatives in three dimensions; no allocation.
func (df *Defect) AddTo(dst []float64, alpha float64, u []float64) {
	d := df.g.Dim()
	t1, t2, t3 := df.t[0], df.t[1], df.t[2]
	for i := range d {
		df.along(i, t1, u)
		kernel.AddMul(dst, alpha, df.p[i], t1)
		for j := i; j < d; j++ {
			if df.q[i][j] == nil {
				continue
			}
			df.along(j, t2, t1)
			kernel.AddMul(dst, alpha, df.q[i][j], t2)
			for k := j; k < d; k++ {
				if df.r[i][j][k] == nil {
					continue
				}
				df.along(k, t3, t2)
				kernel.AddMul(dst, alpha, df.r[i][j][k], t3)
			}
		}
	}
}
