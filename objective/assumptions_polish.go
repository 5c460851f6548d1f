package objective

import (
	"cmp"
	"math"
	"slices"
)

// extreme is a point and a sample where something is smallest.
type extreme struct {
	value  float64
	x      []float64
	u      []float64
	sample int
}

// least minimises a quantity over the shell low <= |x - center| <= high.
func (c *check) least(q int, low, high float64) extreme {
	return c.search(low, high, func(p *gridPoint) float64 { return p.worst[q] },
		func(x, u []float64) (float64, int) { return c.worstAt(q, x, u) })
}

// search minimises f over a shell, starting at the points of the grid in the shell
// with the smallest values that are far from one another, and at the grid points
// next to the shell, moved onto it.
func (c *check) search(low, high float64, value func(p *gridPoint) float64, f func(x, u []float64) (float64, int)) extreme {
	var list []*gridPoint
	inner, outer := math.Inf(-1), math.Inf(1) // nearest radii outside the shell
	for i := range c.grid {
		if r := c.grid[i].radius; r < low {
			inner = max(inner, r)
		} else if r > high {
			outer = min(outer, r)
		}
	}
	for i := range c.grid {
		if p := &c.grid[i]; p.radius >= inner && p.radius <= outer && (p.radius > 0 || low == 0) {
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(p, q *gridPoint) int { return cmp.Compare(value(p), value(q)) })
	best := extreme{value: math.Inf(1)}
	var starts [][]float64
	for _, p := range list {
		if len(starts) == polishStarts {
			break
		}
		if slices.ContainsFunc(starts, func(u []float64) bool { return distance(p.u, u) < 0.15*c.r2 }) {
			continue
		}
		starts = append(starts, p.u)
		if e := c.polish(p.u, low, high, f); e.value < best.value || best.x == nil {
			best = e
		}
	}
	return best
}

// polish minimises f by a pattern search along the radius and around the center,
// which follows a minimum on a sphere; steps are halved when none helps.
func (c *check) polish(start []float64, low, high float64, f func(x, u []float64) (float64, int)) extreme {
	u, v := slices.Clone(start), make([]float64, c.d)
	x := make([]float64, c.d)
	at := func(u []float64) (float64, int) {
		for i := range x {
			x[i] = c.center[i] + u[i]
		}
		return f(x, u)
	}
	c.confine(u, low, high)
	value, sample := at(u)
	for step, rounds := 0.05, 0; step > smallestStep && rounds < mostRounds; rounds++ {
		improved := false
		for axis := range c.d {
			for _, sign := range [2]float64{1, -1} {
				c.shift(v, u, axis, sign*step)
				c.confine(v, low, high)
				if w, k := at(v); w < value {
					// What is no more than rounding does not keep the step.
					improved = improved || w < value-1e-15*math.Abs(value)
					value, sample = w, k
					copy(u, v)
				}
			}
		}
		if !improved {
			step /= 2
		}
	}
	e := extreme{value: value, u: u, x: make([]float64, c.d), sample: sample}
	for i := range u {
		e.x[i] = c.center[i] + u[i]
	}
	return e
}

// shift stores in v the point u moved by a relative step: axis 0 is the radius, the
// others turn u around the center.
func (c *check) shift(v, u []float64, axis int, step float64) {
	var p, t [3]float64
	copy(p[:], u)
	radius := math.Sqrt(p[0]*p[0] + p[1]*p[1] + p[2]*p[2])
	copy(v, u)
	if c.d == 1 || radius < 1e-3*c.r {
		v[axis] += step * c.r2
		return
	}
	if axis == 0 {
		for i := range v {
			v[i] *= 1 + step*c.r2/radius
		}
		return
	}
	tangent(&t, p, axis, c.d)
	var norm float64
	for i := range v {
		v[i] += step * radius * t[i]
		norm += v[i] * v[i]
	}
	for i := range v {
		v[i] *= radius / math.Sqrt(norm)
	}
}

// confine moves u along its radius into the shell.
func (c *check) confine(u []float64, low, high float64) {
	var norm float64
	for _, v := range u {
		norm += v * v
	}
	norm = math.Sqrt(norm)
	target := min(max(norm, low), high)
	if norm == 0 {
		u[0] = target
		return
	}
	if target != norm {
		for i := range u {
			u[i] *= target / norm
		}
	}
}
