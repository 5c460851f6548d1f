package grid

import "math"

// Ball is the closed ball |x - Center| <= R in the Euclidean norm; points have
// the length of Center, and its methods panic if they are shorter. Coordinates that have a
// range do not belong to the ball: the set is the ball of the others times their ranges.
type Ball struct {
	Center []float64
	R      float64
	Ranges []*Range // by coordinate; nil entries, or no entries, belong to the ball
}

// Range is the interval Low <= x <= High of a coordinate; it may be one point.
type Range struct{ Low, High float64 }

// Range returns the range of coordinate k, nil where it belongs to the ball.
func (b Ball) Range(k int) *Range {
	if k < len(b.Ranges) {
		return b.Ranges[k]
	}
	return nil
}

// Round returns the number of coordinates that belong to the ball.
func (b Ball) Round() int {
	n := 0
	for k := range b.Center {
		if b.Range(k) == nil {
			n++
		}
	}
	return n
}

// Free returns the dimension of the set: a coordinate whose range is one point adds none.
func (b Ball) Free() int {
	n := 0
	for k := range b.Center {
		if r := b.Range(k); r == nil || r.Low < r.High {
			n++
		}
	}
	return n
}

// With returns the set with another radius.
func (b Ball) With(R float64) Ball { return Ball{Center: b.Center, R: R, Ranges: b.Ranges} }

// About returns the ball of the given radius about another point, with the same ranges.
func (b Ball) About(center []float64, R float64) Ball {
	return Ball{Center: center, R: R, Ranges: b.Ranges}
}

// Mirrored returns, per coordinate, that of a point and of its image by the mirror of this axis
// through the centre; coordinates with a range have no mirror.
func (b Ball) Mirrored(x []float64) [][]float64 {
	out := make([][]float64, len(x))
	for k, c := range b.Center {
		if out[k] = []float64{x[k], x[k]}; b.Range(k) == nil {
			out[k][1] = 2*c - x[k]
		}
	}
	return out
}

// Distance returns |x - Center| in the coordinates of the ball.
func (b Ball) Distance(x []float64) float64 {
	sum := 0.0
	for k, c := range b.Center {
		if b.Range(k) == nil {
			sum += (x[k] - c) * (x[k] - c)
		}
	}
	return math.Sqrt(sum)
}

// epsilon is the distance from 1 to the next number.
const epsilon = 0x1p-52

// rangeSlack is by how much, relative to its ends, a coordinate may miss its range.
const rangeSlack = 8 * epsilon

// Contains reports that x is in the closed set, up to the rounding of x: 8 units
// in the last place of R + |Center|, and of the ends of ranges.
func (b Ball) Contains(x []float64) bool {
	size := b.R
	for k, c := range b.Center {
		r := b.Range(k)
		if r == nil {
			size += math.Abs(c)
			continue
		}
		slack := rangeSlack * (math.Abs(r.Low) + math.Abs(r.High))
		if !(x[k] >= r.Low-slack) || !(x[k] <= r.High+slack) {
			return false
		}
	}
	return b.Distance(x) <= b.R+8*epsilon*size
}

// Project moves x to the nearest point of the set; a point of the set stays.
func (b Ball) Project(x []float64) {
	d := b.Distance(x)
	for k, c := range b.Center {
		if r := b.Range(k); r != nil {
			x[k] = min(max(x[k], r.Low), r.High)
		} else if d > b.R {
			x[k] = c + (x[k]-c)*(b.R/d)
		}
	}
}

// Spread returns n points of the set that lie in no order: those of a Kronecker sequence in the box about it, beyond it
// the nearest points of the set.
func (b Ball) Spread(n int) [][]float64 {
	const plastic = 1.1673039782614187 // the root of g^5 = g + 1, whose powers are far from fractions
	out := make([][]float64, n)
	for i := range out {
		x, step := make([]float64, len(b.Center)), 1.0
		for k := range x {
			step /= plastic
			_, u := math.Modf(0.5 + float64(i)*step)
			if x[k] = b.Center[k] + b.R*(2*u-1); b.Range(k) != nil {
				x[k] = b.Range(k).Low + u*(b.Range(k).High-b.Range(k).Low)
			}
		}
		b.Project(x)
		out[i] = x
	}
	return out
}

// Sphere returns points on |x - Center| = R with a spacing of about R/density:
// the two ends for d = 1, equally spaced angles for d = 2, and equally spaced angles on
// rings of equal x3 for d = 3, one ring after another. density must be at least 1. With ranges d is the ball's dimension, and with every such point go those
// of Along in every range.
func (b Ball) Sphere(density int) [][]float64 {
	if b.Round() == len(b.Center) {
		return b.sphere(density)
	}
	var own []float64
	for k, c := range b.Center {
		if b.Range(k) == nil {
			own = append(own, c)
		}
	}
	var pts [][]float64
	for _, y := range (Ball{Center: own, R: b.R}).sphere(density) {
		x := make([]float64, len(b.Center))
		for k := range x {
			if b.Range(k) == nil {
				x[k], y = y[0], y[1:]
			}
		}
		pts = append(pts, x)
	}
	for k := range b.Center {
		r := b.Range(k)
		if r == nil {
			continue
		}
		var more [][]float64
		for _, v := range r.Along(density) {
			for _, x := range pts {
				x = append([]float64(nil), x...)
				x[k] = v
				more = append(more, x)
			}
		}
		pts = more
	}
	return pts
}

// Along returns 2 density equally spaced points of the range with its ends, or its one point.
func (r *Range) Along(density int) []float64 {
	if !(r.Low < r.High) {
		return []float64{r.Low}
	}
	pts := make([]float64, max(2, 2*density))
	for i := range pts {
		pts[i] = r.Low + (r.High-r.Low)*float64(i)/float64(len(pts)-1)
	}
	pts[len(pts)-1] = r.High
	return pts
}

// sphere is Sphere for a ball without ranges.
func (b Ball) sphere(density int) [][]float64 {
	switch len(b.Center) {
	case 0:
		return [][]float64{{}}
	case 1:
		return [][]float64{{b.Center[0] - b.R}, {b.Center[0] + b.R}}
	case 2:
		// A multiple of 8 puts points on the axes and the diagonals.
		n := (int(math.Ceil(2*math.Pi*float64(density))) + 7) / 8 * 8
		pts := make([][]float64, n)
		for i := range pts {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			pts[i] = []float64{b.Center[0] + b.R*cos, b.Center[1] + b.R*sin}
		}
		return pts
	default:
		// Rings of equal x3, whose equator and meridians hold the axes: fields are taken to all
		// rings before they are taken around them.
		rings := (int(math.Ceil(math.Pi*float64(density))) + 1) / 2 * 2
		var pts [][]float64
		for k := range rings + 1 {
			r, z := math.Sincos(math.Pi * float64(k) / float64(rings))
			n := 1
			switch {
			case k == rings/2:
				z = 0
			case k == 0 || k == rings:
				r = 0
			}
			if r > 0 {
				n = (int(math.Ceil(2*math.Pi*float64(density)*r)) + 3) / 4 * 4
			}
			for i := range n {
				sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
				pts = append(pts, []float64{b.Center[0] + b.R*r*cos, b.Center[1] + b.R*r*sin, b.Center[2] + b.R*z})
			}
		}
		return pts
	}
}
