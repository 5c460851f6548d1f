package assumptions

import (
	"math"
	"slices"

	"kolmo/internal/interval"
	"kolmo/internal/jacobi"
	"kolmo/objective"
)

// stationary finds the minimizer x* of f and the displacement of the stationary
// mean from it.
func (c *check) stationary(a *Assumptions) {
	x := c.minimizer()
	if x == nil {
		return
	}
	a.Minimizer = x
	var m, batch objective.Moments
	c.ev.MomentsTo(&m, x)
	c.o.NewEvaluator().MomentsTo(&batch, x)
	t, ok := c.third(x)
	if ok {
		a.MeanShift = meanShift(m.Hess, batch.Sigma, t, c.d)
	}
}

// minimizer minimises f by Newton's method with backtracking, from the best point
// of the grid; nil if it leads out of the ball or nowhere.
func (c *check) minimizer() []float64 {
	var x []float64
	best := math.Inf(1)
	for i := range c.grid {
		if p := &c.grid[i]; p.radius <= c.r && p.f < best {
			best, x = p.f, slices.Clone(p.x)
		}
	}
	if x == nil {
		return nil
	}
	var m objective.Moments
	f := c.l.NewFunc()
	y, step := make([]float64, c.d), make([]float64, c.d)
	const iterations = 200
	for range iterations {
		c.ev.MomentsTo(&m, x)
		newton(step, &m, c.d)
		t := 1.0
		for ; t > 1e-12; t /= 2 {
			for i := range y {
				y[i] = x[i] + t*step[i]
			}
			if f(y) < m.F {
				break
			}
		}
		var size float64
		for i := range step {
			size = max(size, math.Abs(step[i]))
		}
		if t <= 1e-12 || size <= 1e-15*c.r {
			break // f cannot be told from its minimum
		}
		copy(x, y)
	}
	// Newton steps beyond what f's rounding can tell, then the check that it
	// converged.
	for range 3 {
		c.ev.MomentsTo(&m, x)
		newton(step, &m, c.d)
		for i := range x {
			x[i] += step[i]
		}
	}
	var size float64
	for i := range step {
		size = max(size, math.Abs(step[i]))
	}
	const converged = 1e-8
	if !(size <= converged*c.r) || !(distance(x, c.center) <= c.r) {
		return nil
	}
	return x
}

// newton stores -H^{-1} grad f in step, with the eigenvalues of H replaced by
// their absolute values, or -grad f where they vanish.
func newton(step []float64, m *objective.Moments, d int) {
	values, vectors := jacobi.Eigen(m.Hess, d)
	clear(step)
	var scale float64
	for _, v := range values[:d] {
		scale = max(scale, math.Abs(v))
	}
	for k := range d {
		var p float64
		for i := range d {
			p += vectors[i][k] * m.Grad[i]
		}
		if l := math.Abs(values[k]); l > rounding*scale {
			p /= l
		}
		for i := range d {
			step[i] -= p * vectors[i][k]
		}
	}
}

// third returns the third derivatives of f at x, and false where they do not
// exist.
func (c *check) third(x []float64) (t [3][3][3]float64, ok bool) {
	at := make([]interval.Interval, c.d)
	for i := range at {
		at[i] = interval.Point(x[i])
	}
	b := c.proof.box
	b.Set(at, 3)
	c.proof.order = -1
	for k, w := range c.l.Law().Weights {
		b.Sample(k)
		for i := range c.d {
			for j := range c.d {
				for l := range c.d {
					t[i][j][l] += w * b.Third(i, j, l).Mid()
				}
			}
		}
	}
	for i := range c.d {
		for j := range c.d {
			for l := range c.d {
				if !finite(t[i][j][l]) {
					return t, false
				}
			}
		}
	}
	return t, true
}

// meanShift returns -(1/2) H^{-1} (T:C) with H C + C H = Sigma, nil if H is not
// positive definite.
func meanShift(h, sigma [3][3]float64, t [3][3][3]float64, d int) []float64 {
	values, v := jacobi.Eigen(h, d)
	for _, l := range values[:d] {
		if !(l > 0) {
			return nil
		}
	}
	// In the eigenbasis C_kl = Sigma_kl/(lambda_k + lambda_l).
	var c [3][3]float64
	for k := range d {
		for l := range d {
			var s float64
			for i := range d {
				for j := range d {
					s += v[i][k] * sigma[i][j] * v[j][l]
				}
			}
			s /= values[k] + values[l]
			for i := range d {
				for j := range d {
					c[i][j] += v[i][k] * s * v[j][l]
				}
			}
		}
	}
	shift := make([]float64, d)
	for k := range d {
		var s float64
		for i := range d {
			for j := range d {
				for l := range d {
					s += v[i][k] * t[i][j][l] * c[j][l]
				}
			}
		}
		for i := range d {
			shift[i] -= v[i][k] * s / (2 * values[k])
		}
	}
	return shift
}
