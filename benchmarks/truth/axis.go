package main

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/mat"
)

// axis holds Chebyshev points of the first kind on [low, high], gathered about the layers by an
// analytic change of variable, with what interpolates through all of them and differentiates.
type axis struct {
	low, high float64
	layers    []layer
	share     float64 // of the points that gather about the layers
	x, s      []float64
	angle     []float64 // s = -cos(angle)
	weight    []float64 // of the barycentric formula
	base      float64   // raw map at low
	span      float64   // raw map over the interval
}

// layer is a place near which something varies over a short width.
type layer struct{ at, width float64 }

// newAxis returns an axis of n points. Half of them gather about the layers, if there are any.
func newAxis(n int, low, high float64, layers []layer) *axis {
	a := &axis{low: low, high: high, layers: layers}
	if len(layers) > 0 {
		a.share = 0.5
	}
	a.base = a.raw(low)
	a.span = a.raw(high) - a.base
	sign := 1.0
	for j := range n {
		angle := (float64(j) + 0.5) * math.Pi / float64(n)
		s := -math.Cos(angle)
		a.angle = append(a.angle, angle)
		a.s = append(a.s, s)
		a.x = append(a.x, a.inverse(s))
		a.weight = append(a.weight, sign*math.Sin(angle))
		sign = -sign
	}
	return a
}

// raw is the monotone map before it is scaled to [-1, 1].
func (a *axis) raw(x float64) float64 {
	v := (1 - a.share) * 2 * (x - a.low) / (a.high - a.low)
	for _, l := range a.layers {
		v += a.share * 2 / float64(len(a.layers)) / math.Pi * math.Atan((x-l.at)/l.width)
	}
	return v
}

// to returns s(x).
func (a *axis) to(x float64) float64 { return 2*(a.raw(x)-a.base)/a.span - 1 }

// slope returns ds/dx.
func (a *axis) slope(x float64) float64 {
	v := (1 - a.share) * 2 / (a.high - a.low)
	for _, l := range a.layers {
		r := (x - l.at) / l.width
		v += a.share * 2 / float64(len(a.layers)) / math.Pi / l.width / (1 + r*r)
	}
	return 2 * v / a.span
}

// inverse returns x(s): bisection, then Newton's method.
func (a *axis) inverse(s float64) float64 {
	if len(a.layers) == 0 {
		return a.low + (a.high-a.low)*(s+1)/2
	}
	low, high := a.low, a.high
	for range 60 {
		x := (low + high) / 2
		if a.to(x) < s {
			low = x
		} else {
			high = x
		}
	}
	x := (low + high) / 2
	for range 2 {
		x -= (a.to(x) - s) / a.slope(x)
	}
	return min(max(x, a.low), a.high)
}

// row writes into dst the weights with which values at the points give that at x.
func (a *axis) row(dst []float64, x float64) {
	clear(dst)
	a.add(dst, 1, x)
}

// add adds to dst the weights of row, times factor.
func (a *axis) add(dst []float64, factor, x float64) {
	s := a.to(x)
	sum := 0.0
	for j, v := range a.s {
		d := s - v
		if d == 0 {
			dst[j] += factor
			return
		}
		sum += a.weight[j] / d
	}
	factor /= sum
	for j, v := range a.s {
		dst[j] += factor * a.weight[j] / (s - v)
	}
}

// at interpolates the values v at x.
func (a *axis) at(v []float64, x float64) float64 {
	s := a.to(x)
	num, den := 0.0, 0.0
	for j, p := range a.s {
		d := s - p
		if d == 0 {
			return v[j]
		}
		w := a.weight[j] / d
		num += w * v[j]
		den += w
	}
	return num / den
}

// matrix returns the interpolation at the points x, one row each.
func (a *axis) matrix(x []float64) *mat.Dense {
	m := mat.NewDense(len(x), len(a.x), nil)
	for i, p := range x {
		a.row(m.RawRowView(i), p)
	}
	return m
}

// derivative returns the matrix of d/dx. Rows sum to zero: the diagonal is minus the sum of the others.
func (a *axis) derivative() *mat.Dense {
	n := len(a.x)
	m := mat.NewDense(n, n, nil)
	for i := range n {
		row := m.RawRowView(i)
		slope := a.slope(a.x[i])
		others := make([]float64, 0, n)
		for j := range n {
			if j == i {
				continue
			}
			// s_i - s_j = cos(angle_j) - cos(angle_i), without cancellation
			d := 2 * math.Sin((a.angle[i]+a.angle[j])/2) * math.Sin((a.angle[i]-a.angle[j])/2)
			row[j] = slope * a.weight[j] / a.weight[i] / d
			others = append(others, row[j])
		}
		row[i] = -smallFirst(others)
	}
	return m
}

// smallFirst sums values in the order of their size.
func smallFirst(v []float64) float64 {
	sort.Slice(v, func(i, j int) bool { return math.Abs(v[i]) < math.Abs(v[j]) })
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum
}
