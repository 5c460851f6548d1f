package main

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// samples are the intervals per axis of the search over the ball. At radius cos(pi j/samples) the points of the plane hold
// some of the circle.
var samples = map[int]int{2: 48, 3: 24}

// ballPoints are points of a tensor grid within the ball, some of them on its sphere.
type ballPoints struct {
	radius float64
	axis   []float64
	index  [][]int
}

func newBallPoints(dims int, radius float64) *ballPoints {
	p := &ballPoints{radius: radius}
	n := samples[dims]
	for j := range n + 1 {
		p.axis = append(p.axis, radius*math.Cos(math.Pi*float64(j)/float64(n)))
	}
	index := make([]int, dims)
	var walk func(k int, left float64)
	walk = func(k int, left float64) {
		if left < -1e-9*radius*radius {
			return
		}
		if k == dims {
			p.index = append(p.index, append([]int{}, index...))
			return
		}
		for j, x := range p.axis {
			index[k] = j
			walk(k+1, left-x*x)
		}
	}
	walk(0, radius*radius)
	return p
}

func (p *ballPoints) count() int { return len(p.index) * len(p.index[0]) }

// viewer evaluates the factors of a side at the axis's points.
type viewer struct {
	side     side
	matrices []*mat.Dense
}

func (p *ballPoints) viewer(s side) *viewer {
	v := &viewer{side: s}
	for _, m := range s {
		v.matrices = append(v.matrices, m.axis.matrix(p.axis))
	}
	return v
}

// view holds the values of the factors at the axis's points.
type view [][]float64

func (v *viewer) look() view {
	var out view
	for i, m := range v.side {
		var c mat.Dense
		c.Mul(v.matrices[i], m.u)
		out = append(out, c.RawMatrix().Data)
	}
	return out
}

// swing returns the sum of the factors' ranges, each times the largest of all moduli.
func (v view) swing() float64 {
	total, scale := 0.0, 1.0
	for _, f := range v {
		low, high := math.Inf(1), math.Inf(-1)
		for _, x := range f {
			low, high = min(low, x), max(high, x)
		}
		total += high - low
		scale *= max(1, math.Abs(low), math.Abs(high))
	}
	return total * scale
}

// ballSupremum is the largest modulus so far, where and when.
type ballSupremum struct {
	value float64
	y     []float64
	n     int
}

// scan looks for the largest |U - u|: the best points of the grid are polished where they come near the largest so
// far. It returns max U - min u and max u - min U.
func (p *ballPoints) scan(s *separable, u, v view, f func(y []float64) float64, n int, best *ballSupremum) (high, low float64) {
	dims := len(u)
	minU, maxU, minV, maxV := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	type peak struct {
		value float64
		index []int
	}
	var peaks [3]peak
	a, b := make([]float64, dims), make([]float64, dims)
	for _, at := range p.index {
		for i, j := range at {
			a[i], b[i] = u[i][j], v[i][j]
		}
		x, y := s.combine(a), s.combine(b)
		minU, maxU, minV, maxV = min(minU, x), max(maxU, x), min(minV, y), max(maxV, y)
		d := math.Abs(x - y)
		for k := range peaks {
			if d > peaks[k].value {
				near := false // one peak for each neighbourhood
				if k > 0 {
					near = true
					for i, j := range at {
						near = near && abs(j-peaks[0].index[i]) <= 3
					}
				}
				if !near {
					peaks[k] = peak{d, at}
				}
				break
			}
		}
	}
	const near = 0.85
	for _, k := range peaks {
		if k.index == nil || k.value < near*best.value || k.value < near*peaks[0].value {
			continue
		}
		y := make([]float64, dims)
		for i, j := range k.index {
			y[i] = p.axis[j]
		}
		if value := climb(f, y, p.radius); value > best.value {
			best.value, best.n, best.y = value, n, y
		}
	}
	return maxU - minV, maxV - minU
}

func abs(i int) int { return max(i, -i) }

// climb moves y to a local maximum of |f| over the ball by a search along the axes and diagonals, whose steps are
// projected to the ball, and returns it.
func climb(f func(y []float64) float64, y []float64, radius float64) float64 {
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
