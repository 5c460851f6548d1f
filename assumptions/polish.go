package assumptions

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

// finder looks for the point of a shell at which something is smallest.
type finder struct{ *check }

// least minimises a quantity over the shell low <= |x - center| <= high.
func (c finder) least(q int, low, high float64) extreme {
	return c.search(low, high, func(p *gridPoint) float64 { return p.worst[q] },
		func(x, u []float64) (float64, int) { return c.worstAt(q, x, u) })
}

// Steps of the search, relative to R2.
const (
	firstStep = 0.05
	// roughStep is where it is seen which starts may win: those whose value is no more above
	// the least than roughMargin of how much the values on the grid differ.
	roughStep   = 1e-3
	roughMargin = 1e-2
	// smallestStep ends the search, and flatStep where no step changes the value.
	smallestStep = 1e-10
	flatStep     = 1e-6
	// stillness is how little of its step a point moves that is held by a face.
	stillness = 1e-3
	// mostRounds bounds the rounds.
	mostRounds = 300
)

// search minimises f over a shell, starting at the points of the grid in the shell
// with the smallest values that are far from one another, and at the grid points
// next to the shell, moved onto it.
func (c finder) search(low, high float64, value func(p *gridPoint) float64, f func(x, u []float64) (float64, int)) extreme {
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
	keys := make(map[*gridPoint]float64, len(list))
	for _, p := range list {
		keys[p] = value(p)
	}
	slices.SortStableFunc(list, func(p, q *gridPoint) int { return cmp.Compare(keys[p], keys[q]) })
	// All starts are polished a little, and only those that may still win further.
	var ways []*descent
	best := extreme{value: math.Inf(1)}
	for _, p := range list {
		if len(ways) == polishStarts {
			break
		}
		if slices.ContainsFunc(ways, func(w *descent) bool { return distance(p.u, w.start) < 0.15*c.r2 }) {
			continue
		}
		w := c.descend(p.u, low, high, f)
		w.until(roughStep)
		best.value = min(best.value, w.value)
		ways = append(ways, w)
	}
	if len(ways) == 0 {
		return best
	}
	margin := roughMargin * math.Abs(keys[list[len(list)-1]]-keys[list[0]])
	may := best.value + margin
	best.value = math.Inf(1)
	for _, w := range ways {
		if w.value > may {
			continue
		}
		w.until(smallestStep)
		if e := w.extreme(); e.value < best.value || best.x == nil {
			best = e
		}
	}
	return best
}

// descent is a pattern search along the radius and around the center, which follows a
// minimum on a sphere; steps are halved when none helps.
type descent struct {
	c         finder
	low, high float64
	f         func(x, u []float64) (float64, int)
	start     []float64
	x, u, v   []float64
	value     float64
	sample    int
	step      float64
	rounds    int
}

// descend returns a search that begins at start, moved into the shell.
func (c finder) descend(start []float64, low, high float64, f func(x, u []float64) (float64, int)) *descent {
	w := &descent{c: c, low: low, high: high, f: f, start: start, u: slices.Clone(start), x: make([]float64, c.d), v: make([]float64, c.d), step: firstStep}
	c.confine(w.u, low, high)
	w.value, w.sample = w.at(w.u)
	return w
}

// at evaluates f at center + u.
func (w *descent) at(u []float64) (float64, int) {
	for i := range w.x {
		w.x[i] = w.c.center[i] + u[i]
	}
	return w.f(w.x, u)
}

// until searches with steps down to the given one.
func (w *descent) until(smallest float64) {
	c := w.c
	for ; w.step > smallest && w.rounds < mostRounds; w.rounds++ {
		improved, flat := false, true
		for axis := range c.d {
			for _, sign := range [2]float64{1, -1} {
				c.shift(w.v, w.u, axis, sign*w.step)
				c.confine(w.v, w.low, w.high)
				if distance(w.v, w.u) < w.step*c.r2*stillness {
					continue // the shell's face holds it
				}
				v, k := w.at(w.v)
				rounding := 1e-15 * math.Abs(w.value)
				flat = flat && math.Abs(v-w.value) <= rounding
				if v < w.value {
					// What is no more than rounding does not keep the step.
					improved = improved || v < w.value-rounding
					w.value, w.sample = v, k
					copy(w.u, w.v)
				}
			}
		}
		c.tell()
		if !improved {
			w.step /= 2
		}
		if flat && w.step < flatStep {
			w.rounds = mostRounds // nor does any smaller step change anything
		}
	}
}

// extreme returns what was found.
func (w *descent) extreme() extreme {
	e := extreme{value: w.value, u: w.u, x: make([]float64, w.c.d), sample: w.sample}
	for i := range w.u {
		e.x[i] = w.c.center[i] + w.u[i]
	}
	return e
}

// shift stores in v the point u moved by a relative step: axis 0 is the radius, the
// others turn u around the center.
func (c finder) shift(v, u []float64, axis int, step float64) {
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
func (c finder) confine(u []float64, low, high float64) {
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
