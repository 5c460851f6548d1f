package closedform

import "math"

const (
	// nodesPerRadian sets the density of the search: nodes per unit of
	// wavenumber times distance. A product of two sines of that wavenumber has
	// no structure finer than half a radian.
	nodesPerRadian = 5
	// leastNodes is the least number of nodes on a radius.
	leastNodes = 5
)

// supremum returns the supremum of |f| over |y| <= radius for d = 1 or 2, and
// a point where it is attained: all local maxima of a polar grid (of both
// signs' moduli), the sphere included, are polished.
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
			y := point(k, a)
			if p := Climb(f.at, y, radius); p > value {
				value, best = p, y
			}
		}
	}
	return value, best
}

// Climb moves y to a local maximum of |f| over the ball by a search along the axes and diagonals, whose steps are
// projected to the ball, and returns it.
func Climb(f func(y []float64) float64, y []float64, radius float64) float64 {
	dims := len(y)
	var ways [][]float64
	for i := range dims {
		for _, s := range []float64{1, -1} {
			w := make([]float64, dims)
			w[i] = s
			ways = append(ways, w)
			for j := range i {
				for _, t := range []float64{1, -1} {
					w := make([]float64, dims)
					w[i], w[j] = s, t
					ways = append(ways, w)
				}
			}
		}
	}
	value := math.Abs(f(y))
	next := make([]float64, dims)
	for h := 0.1 * radius; h > 1e-7*radius; {
		improved := false
		for _, w := range ways {
			norm := 0.0
			for i := range next {
				next[i] = y[i] + h*w[i]
				norm += next[i] * next[i]
			}
			if norm = math.Sqrt(norm); norm > radius {
				for i := range next {
					next[i] *= radius / norm
				}
			}
			if v := math.Abs(f(next)); v > value {
				value = v
				copy(y, next)
				improved = true
			}
		}
		if !improved {
			h /= 2
		}
	}
	return value
}
