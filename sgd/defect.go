package sgd

import (
	"fmt"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/process"
)

// defect describes the model's D. Let m = grad f, H = hess f, T the third derivatives of
// f, Sigma and M3 the second and third central moments of grad f(x;xi). For
// SecondOrder, and on |x| <= R for Modified, it is:
//
//	D u = sum_i [ (1/4) sum_jk T_ijk Sigma_jk - (1/3)(H H m)_i - (1/12) sum_jk T_ijk m_j m_k ] d_i u
//	    + sum_ij [ (1/2)(Sigma H)_ij + (1/4)(m.grad)Sigma_ij ] d_ij u - (1/6) sum_ijk M3_ijk d_ijk u.
//
// For FirstOrder it is -(1/2)(H m).grad u, and for GradientFlow that plus
// (1/2) Sigma:hess u. The derivation is in doc/theory.md.
func (m model) defect() process.Defect {
	return process.Defect{
		New: func(f process.Fields, workers int) (*kolmogorov.Defect, error) {
			return m.newDefect(f.(*Fields), workers)
		},
		Uses: func(p process.Part) (part, derivatives bool) {
			switch p.Role {
			case process.InDrift:
				return true, false
			case process.InDiffusion:
				return m.corrected || !m.noise, m.corrected
			}
			return m.corrected, m.corrected
		},
		ThirdMoments: m.corrected,
		Same:         map[bool]string{true: secondDefect}[m.corrected],
	}
}

// newDefect returns D on the grid of the fields. Cost: one evaluation of all samples per
// node.
func (m model) newDefect(f *Fields, workers int) (*kolmogorov.Defect, error) {
	d := f.dim()
	b := &defectBuilder{f: f, d: d, noise: 0}
	for i := range f.at {
		b.noise = max(b.noise, f.Noise(i))
	}
	for k := range d {
		b.c.P[k] = make([]float64, f.Len())
	}
	if !m.corrected {
		b.lowOrder(m)
	} else {
		for k := range d {
			var err error
			if b.first[k], err = fd.Derivative(f.g.Axis(k), 1, fd.FullWidth); err != nil {
				return nil, fmt.Errorf("sgd: %w", err)
			}
		}
		b.highOrder(workers)
	}
	return kolmogorov.NewDefect(f.g, &b.c, b.noise)
}

// defectBuilder collects the coefficients of D.
type defectBuilder struct {
	f     *Fields
	d     int
	noise float64 // largest trace of Sigma
	first [grid.MaxDim]*grid.AxisMatrix
	c     kolmogorov.DefectCoefficients
}

// lowOrder sets D of the models of weak order one.
func (b *defectBuilder) lowOrder(m model) {
	at := b.f.at
	for i := range at {
		mo := &at[i]
		for k := range b.d {
			for l := range b.d {
				b.c.P[k][i] -= mo.Hess[k][l] * mo.Grad[l] / 2
			}
		}
	}
	if m.noise {
		return
	}
	for k := range b.d {
		for l := k; l < b.d; l++ {
			b.c.Q[k][l] = b.field(func(i int) float64 { return at[i].Sigma[k][l] * multiplicity(k, l) / 2 })
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
func (b *defectBuilder) field(at func(i int) float64) []float64 {
	u := make([]float64, b.f.Len())
	for i := range u {
		u[i] = at(i)
	}
	return u
}

// along stores the derivative of u along axis k in dst.
func (b *defectBuilder) along(k int, dst, u []float64) {
	g := b.f.g
	s := g.Stride(k)
	b.first[k].MulTo(dst, u, g.Len()/(s*g.Axis(k).Len()), s)
}

// highOrder sets D of the models of weak order two.
func (b *defectBuilder) highOrder(workers int) {
	d, n, at := b.d, b.f.Len(), b.f.at
	b.thirdMoments(workers)
	grad := make([]float64, n)
	for i := range d {
		for j := range d {
			hess := b.field(func(x int) float64 { return at[x].Hess[i][j] })
			sigma := b.field(func(x int) float64 { return at[x].Sigma[i][j] })
			var q []float64
			if i <= j {
				q = make([]float64, n)
				b.c.Q[i][j] = q
			}
			for k := range d {
				// T_ijk and d_k Sigma_ij.
				b.along(k, grad, hess)
				for x := range n {
					mo := &at[x]
					b.c.P[i][x] += grad[x] * (mo.Sigma[j][k]/4 - mo.Grad[j]*mo.Grad[k]/12)
				}
				if i <= j {
					b.along(k, grad, sigma)
					for x := range n {
						q[x] += multiplicity(i, j) * at[x].Grad[k] * grad[x] / 4
					}
				}
			}
			for x := range n {
				mo := &at[x]
				for k := range d {
					b.c.P[i][x] -= mo.Hess[i][j] * mo.Hess[j][k] * mo.Grad[k] / 3
					if i <= j {
						q[x] += multiplicity(i, j) / 4 * (mo.Sigma[i][k]*mo.Hess[k][j] + mo.Sigma[j][k]*mo.Hess[k][i])
					}
				}
			}
		}
	}
}

// thirdMoments sets the coefficients of the third derivatives.
func (b *defectBuilder) thirdMoments(workers int) {
	g, o := b.f.g, b.f.o
	d, n := b.d, b.f.Len()
	for i := range d {
		for j := i; j < d; j++ {
			for k := j; k < d; k++ {
				b.c.R[i][j][k] = make([]float64, n)
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
							b.c.R[i][j][k][node] -= w / 6 * orders(i, j, k) * (c[i] - mean[i]) * (c[j] - mean[j]) * (c[k] - mean[k])
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
