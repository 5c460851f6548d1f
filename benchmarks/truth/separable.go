package main

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// separable is a loss that is a sum of losses of one coordinate each, with independent samples. A product of
// observables of one coordinate has U^n and u that are products of solutions on the line; so has a sum.
type separable struct {
	factors []*process   // of one radius, about the origin
	phi     []observable // one per coordinate
	sum     bool
	radius  float64
}

// side is U or u: a march per coordinate.
type side []*march

func (s side) advance() {
	for _, m := range s {
		m.advance()
	}
}

// combine returns the product or the sum of the values.
func (p *separable) combine(v []float64) float64 {
	if p.sum {
		total := 0.0
		for _, x := range v {
			total += x
		}
		return total
	}
	total := 1.0
	for _, x := range v {
		total *= x
	}
	return total
}

// at returns the value at y, through all points of every axis.
func (p *separable) at(s side, y []float64) float64 {
	v := make([]float64, len(s))
	for i, m := range s {
		v[i] = m.axis.at(m.u.RawMatrix().Data, y[i])
	}
	return p.combine(v)
}

// solve returns the answer of the one observable.
func (p *separable) solve(q request, want float64) ([]answer, error) {
	return refined(q, want, func(r resolution) ([]answer, error) { return p.solveAt(q, r) })
}

// samples per axis of the search over the ball; with radius cos(pi j/samples) the samples hold points of the sphere.
var samples = map[int]int{2: 48, 3: 24}

// solveAt returns the supremum over the ball and over n at one resolution.
func (p *separable) solveAt(q request, r resolution) ([]answer, error) {
	dims := len(p.factors)
	var sgd, diffusion side
	work := 0.0
	for i, f := range p.factors {
		phi := []observable{p.phi[i]}
		sgd = append(sgd, newSGD(f, q.eta, r, phi))
		d, err := newDiffusion(f, q.model, q.eta, r, phi)
		if err != nil {
			return nil, err
		}
		diffusion = append(diffusion, d)
		work += float64(r.sgd*r.sgd + r.diffusion*r.diffusion)
	}
	points := newBallPoints(dims, p.radius)
	a, b := points.viewer(sgd), points.viewer(diffusion)
	work += float64(points.count())
	var best ballSupremum
	range0 := 0.0
	for n := 1; float64(n)*work < mostWork; n++ {
		sgd.advance()
		diffusion.advance()
		u, v := a.look(), b.look()
		left := u.swing() + v.swing()
		if range0 == 0 {
			range0 = left
		}
		low, high := points.scan(p, u, v, func(y []float64) float64 { return p.at(sgd, y) - p.at(diffusion, y) }, n, &best)
		if max(low, high) <= best.value || left <= settled*best.value || left <= rounding*range0 {
			if best.value < 100*rounding*range0 {
				return nil, errNothing
			}
			return []answer{{gap: best.value, n: best.n, x: best.y[0]}}, nil
		}
	}
	return nil, errTooLong
}

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

// stays reports that one step from anywhere in the ball ends in it, at points of it and all combinations of the
// samples' extremes.
func (p *separable) stays(eta float64) bool {
	dims := len(p.factors)
	supports := make([][]float64, dims)
	for i, f := range p.factors {
		if f.law.density == nil {
			supports[i] = f.law.values
		} else {
			supports[i] = []float64{f.law.low, f.law.high}
		}
	}
	for _, y := range sphere(dims) {
		for _, share := range []float64{1, 0.9, 0.7, 0.5, 0.25} {
			// The coordinates' samples are independent: the worst square of each adds up.
			sum := 0.0
			for i, f := range p.factors {
				worst := 0.0
				for _, s := range supports[i] {
					x := share * p.radius * y[i]
					x -= eta * f.loss.grad(x, s)
					worst = max(worst, x*x)
				}
				sum += worst
			}
			if sum > p.radius*p.radius {
				return false
			}
		}
	}
	return true
}
