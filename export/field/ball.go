package field

import (
	"math"

	"kolmo/grid"
)

// ballSampler evaluates fields of a file on points that fill its region: a tensor
// product of points in the coordinates in which that is a ball, of which those in the ball count, and points on the sphere.
type ballSampler struct {
	region *grid.Ellipsoid
	lines  [][]float64 // coordinates of the tensor product
	inside []bool      // whether its points are in the ball
	over   func(values []float64) []float64
	sphere [][]float64
	in     *grid.Interpolator
	buffer []float64 // the values last sampled
}

// Points of the tensor product per axis, and the density of those on the sphere,
// by dimension.
var (
	ballLines  = [grid.MaxDim]int{801, 201, 41}
	ballSphere = [grid.MaxDim]int{1, 120, 16}
)

// sampler returns the sampler of the file's region, nil if the file has none.
func (f *Stored) sampler() *ballSampler {
	if f.region == nil {
		return nil
	}
	d, ball := f.grid.Dim(), f.region.Ball()
	s := &ballSampler{region: f.region, in: grid.NewInterpolator(f.grid, f.width)}
	for _, y := range ball.Sphere(ballSphere[d-1]) {
		z := make([]float64, d)
		f.region.FromBall(z, y)
		s.sphere = append(s.sphere, z)
	}
	total := 1
	for k := range d {
		s.lines = append(s.lines, Spread(ball.Center[k], ball.R, ballLines[d-1]))
		total *= ballLines[d-1]
	}
	var move func(z, y []float64)
	if f.region.Metric != nil {
		move = f.region.FromBall
	}
	s.over = f.Lattice.over(s.lines, move)
	y := make([]float64, d)
	s.inside = make([]bool, total)
	for i := range s.inside {
		pointTo(y, s.lines, i)
		s.inside[i] = ball.Contains(y)
	}
	return s
}

// Spread returns n evenly spaced points from c - r to c + r, n odd.
func Spread(c, r float64, n int) []float64 {
	line := make([]float64, n)
	for i := range line {
		line[i] = c + r*(float64(2*i-(n-1))/float64(n-1))
	}
	return line
}

// extremes are the extreme values of a field over the ball. They are NaN where no
// value is finite.
type extremes struct {
	Min, Max float64
	At       []float64 // where |.| is largest; nil where no value is finite
	Value    float64   // the value there
}

// extremes returns the extreme values of a field over the sampler's points.
func (s *ballSampler) extremes(values []float64) extremes {
	e := noExtremes()
	y, x := make([]float64, len(s.lines)), make([]float64, len(s.lines))
	s.buffer = s.over(values)
	for i, v := range s.buffer {
		if s.inside[i] {
			pointTo(y, s.lines, i)
			s.region.FromBall(x, y)
			e.add(v, x)
		}
	}
	for _, p := range s.sphere {
		s.in.Locate(p)
		e.add(s.in.Value(values), p)
	}
	return e
}

// gridExtremes returns the extreme values of a field over the nodes of the grid.
func (f *Stored) gridExtremes(values []float64) extremes {
	e := noExtremes()
	x := make([]float64, f.grid.Dim())
	for i, v := range values {
		f.grid.PointTo(x, i)
		e.add(v, x)
	}
	return e
}

func noExtremes() extremes { return extremes{Min: math.NaN(), Max: math.NaN(), Value: math.NaN()} }

// add takes the value v at x into account unless it is not finite.
func (e *extremes) add(v float64, x []float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return
	}
	if e.At == nil {
		e.Min, e.Max = v, v
	}
	e.Min, e.Max = min(e.Min, v), max(e.Max, v)
	if e.At == nil || math.Abs(v) > math.Abs(e.Value) {
		e.At, e.Value = append(e.At[:0], x...), v
	}
}
