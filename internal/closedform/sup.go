package closedform

import "math"

const (
	// nodesPerRadian sets the density of the search: nodes per unit of
	// wavenumber times distance. A product of two sines of that wavenumber has
	// no structure finer than half a radian.
	nodesPerRadian = 5
	// leastNodes is the least number of nodes on a radius.
	leastNodes = 5
	// polishSteps bounds the Newton steps of one polish; from a node beside a
	// maximum fewer than ten are used.
	polishSteps = 60
	// longestStep bounds one Newton step, in units of the radius.
	longestStep = 0.2
)

// supremum returns the supremum of |f| over |y| <= radius for d = 1 or 2, and
// a point where it is attained: all local maxima of a polar grid (of both
// signs' moduli), the sphere included, are polished by Newton's method with
// exact derivatives.
func supremum(f *cosineField, d int, radius float64) (float64, []float64) {
	nr := leastNodes + int(math.Ceil(nodesPerRadian*math.Sqrt(max(dot(f.p, f.p), dot(f.m, f.m)))*radius))
	var angles int
	switch d {
	case 1:
		angles = 2
	case 2:
		angles = 4 * nr
	default:
		panic("closedform: the search over the ball needs d = 1 or 2")
	}
	point := func(k, a int) []float64 {
		r := radius * float64(k) / float64(nr)
		if d == 1 {
			return []float64{r * float64(1-2*a)}
		}
		s, c := math.Sincos(2 * math.Pi * float64(a) / float64(angles))
		return []float64{r * c, r * s}
	}
	values := make([]float64, (nr+1)*angles)
	for k := range nr + 1 {
		for a := range angles {
			values[k*angles+a] = math.Abs(f.at(point(k, a)))
		}
	}
	at := func(k, a int) float64 {
		if k > nr {
			return math.Inf(-1)
		}
		return values[k*angles+(a+angles)%angles]
	}
	var best []float64
	value := math.Inf(-1)
	for k := range nr + 1 {
		for a := range angles {
			v := at(k, a)
			// On the sphere a maximum along it counts although it is none across: where
			// the gradient points out over few angles alone, no node shows both.
			if k == 0 && a > 0 || k > 0 && k < nr && at(k-1, a) > v || at(k+1, a) > v ||
				k > 0 && d == 2 && (at(k, a-1) > v || at(k, a+1) > v) {
				continue
			}
			y := polish(f, point(k, a), radius)
			if p := math.Abs(f.at(y)); p > value {
				value, best = p, y
			}
		}
	}
	return value, best
}

// polish climbs |f| from y to a local maximum over the ball.
func polish(f *cosineField, y []float64, radius float64) []float64 {
	d := len(y)
	sign := 1.0
	value := f.at(y)
	if value < 0 {
		sign, value = -1, -value
	}
	for range polishSteps {
		move, onSphere := ascent(f, sign, y, radius)
		var next []float64
		improved := false
		for range 40 { // halving 40 times takes any step below rounding
			next = displaced(y, move, onSphere, radius)
			if v := sign * f.at(next); v >= value {
				value, improved = v, true
				break
			}
			move[0] /= 2
			move[1] /= 2
		}
		if !improved {
			return y
		}
		size := 0.0
		for i := range d {
			size += math.Abs(next[i] - y[i])
		}
		y = next
		if size <= 1e-13*radius {
			return y
		}
	}
	return y
}

// ascent returns the Newton step for the maximum of sign*f: an angle in
// move[0] if y is on the sphere and f grows outward, else a displacement.
func ascent(f *cosineField, sign float64, y []float64, radius float64) (move [2]float64, onSphere bool) {
	d := len(y)
	g, h := f.derivatives(y)
	for i := range g {
		g[i] *= sign
		for j := range h[i] {
			h[i][j] *= sign
		}
	}
	longest := longestStep * radius
	if math.Sqrt(dot(y, y)) >= radius*(1-1e-12) && dot(g[:d], y) >= 0 {
		if d == 1 {
			return move, true
		}
		tx, ty := -y[1], y[0] // R times the tangent
		s1 := g[0]*tx + g[1]*ty
		s2 := tx*(h[0][0]*tx+h[0][1]*ty) + ty*(h[1][0]*tx+h[1][1]*ty) - dot(g[:d], y)
		move[0] = math.Copysign(longestStep, s1)
		if s2 < 0 && math.Abs(s1) < -s2*longestStep {
			move[0] = -s1 / s2
		}
		return move, true
	}
	var step [2]float64
	ok := false
	if d == 1 {
		if ok = h[0][0] < 0; ok {
			step[0] = -g[0] / h[0][0]
		}
	} else {
		det := h[0][0]*h[1][1] - h[0][1]*h[1][0]
		if ok = h[0][0] < 0 && det > 0; ok {
			step[0] = (-g[0]*h[1][1] + g[1]*h[0][1]) / det
			step[1] = (-g[1]*h[0][0] + g[0]*h[1][0]) / det
		}
	}
	norm := math.Hypot(step[0], step[1])
	if !ok || !(norm < math.Inf(1)) {
		step, norm = g, math.Hypot(g[0], g[1])
		if norm == 0 {
			return move, false
		}
		return [2]float64{longest * step[0] / norm, longest * step[1] / norm}, false
	}
	if norm > longest {
		step[0] *= longest / norm
		step[1] *= longest / norm
	}
	return step, false
}

// displaced returns y rotated by move[0] on the sphere, or y + move drawn back
// into the ball.
func displaced(y []float64, move [2]float64, onSphere bool, radius float64) []float64 {
	next := make([]float64, len(y))
	if onSphere && len(y) == 2 {
		s, c := math.Sincos(move[0])
		next[0], next[1] = c*y[0]-s*y[1], s*y[0]+c*y[1]
	} else {
		for i := range y {
			next[i] = y[i] + move[i]
		}
	}
	if norm := math.Sqrt(dot(next, next)); norm > radius || onSphere {
		for i := range next {
			next[i] *= radius / norm
		}
	}
	return next
}
