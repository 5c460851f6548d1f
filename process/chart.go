package process

import (
	"math"
	"slices"

	"kolmo/grid"
)

// Charted is a dynamics whose coordinates are others than those of its users, who speak of
// states z where it speaks of q.
type Charted interface {
	Dynamics
	// Region is the region in the dynamics' coordinates, with the whole ranges of those that
	// have one.
	Region() grid.Ball
	// ToUser stores z of q, and FromUser q of z.
	ToUser(z, q []float64)
	FromUser(q, z []float64)
	// Chart says in words what the coordinates are; empty where they are the users'.
	Chart() string
}

// BesideAxes returns what stores the users' coordinates that belong to the ball of a point of the
// axes, and the inverse; nil where the axes are these. One goroutine at a time may call them.
func BesideAxes(d Dynamics) (to, from func(out, in []float64)) {
	c, ok := d.(Charted)
	if !ok || c.Chart() == "" {
		return nil, nil
	}
	var own []int
	all := c.State().Starts(c.Region())
	for k := range all.Center {
		if all.Range(k) == nil {
			own = append(own, k)
		}
	}
	by := func(move func(out, in []float64), at []float64) func(out, in []float64) {
		whole, moved := slices.Clone(at), make([]float64, len(at))
		return func(out, in []float64) {
			for i, k := range own {
				whole[k] = in[i]
			}
			move(moved, whole)
			for i, k := range own {
				out[i] = moved[k]
			}
		}
	}
	z := make([]float64, len(all.Center))
	c.ToUser(z, all.Center)
	return by(c.ToUser, all.Center), by(c.FromUser, z)
}

// Linear returns the matrix of a dynamics' coordinates in those of its users, a row for each of the former; nil where
// they are the same. It is false where they do not depend on these linearly.
func Linear(d Dynamics) (rows [][]float64, ok bool) {
	c, ok := d.(Charted)
	if !ok || c.Chart() == "" {
		return nil, true
	}
	n := d.State().Dim()
	z, q, back := make([]float64, n), make([]float64, n), make([]float64, n)
	for range n {
		rows = append(rows, make([]float64, n))
	}
	ball := c.Region()
	c.ToUser(z, ball.Center)
	along := func(k int, far float64) []float64 {
		to := slices.Clone(z)
		to[k] += far
		c.FromUser(q, to)
		to[k] = z[k] - far
		c.FromUser(back, to)
		for l := range to {
			to[l] = (q[l] - back[l]) / (2 * far)
		}
		return to
	}
	for k := range rows {
		// About R/2 along each axis.
		half := slices.Clone(ball.Center)
		half[k] += ball.R / 2
		c.ToUser(q, half)
		far := Far(q, z, nil)
		to := slices.Clone(z)
		to[k] += far
		c.FromUser(back, to)
		far /= max(1, Far(back, ball.Center, nil)/(ball.R/2)) // inside the ball
		whole, part := along(k, far), along(k, far/2)
		size := Far(whole, make([]float64, n), nil)
		for l := range rows {
			if rows[l][k] = whole[l]; !(math.Abs(whole[l]-part[l]) <= linearRounding*size) {
				return nil, false
			}
		}
	}
	return rows, true
}

// linearRounding is the relative rounding error of slopes between coordinates.
const linearRounding = 1e-9

// Far returns the distance of a point from a center in the metric of a matrix, row by row; Euclidean with nil.
func Far(z, center, metric []float64) float64 {
	square, d := 0.0, len(center)
	for k := range d {
		for l := range d {
			off := (z[k] - center[k]) * (z[l] - center[l])
			switch {
			case metric != nil:
				square += off * metric[k*d+l]
			case k == l:
				square += off
			}
		}
	}
	return math.Sqrt(square)
}

// Contracting is a dynamics that knows a rate at which its limit eta -> 0 brings all points
// of a region together in some metric, so that derivatives of solutions decay no faster
// than they must; not positive where there is none. The least curvature of a gradient
// flow's loss is such a rate.
type Contracting interface {
	Contraction() float64
}

// Paced is a dynamics whose users' clock is another than its own, in which step n ends at
// n eta: there it ends at n eta Pace().
type Paced interface {
	Pace() float64
}

// Tapered is a dynamics some of whose diffusions, or whose chain, have noise that ends
// beyond the region only because the computation needs that.
type Tapered interface {
	// Moved is the same with ends nearer to the region, for the estimate of what they do;
	// its diffusions have the same names.
	Moved() Dynamics
	// Ends are the radii between which the noise of diffusions ends.
	Ends() [2]float64
	// Reach is the radius of the ball that the chain does not leave, which is more than the
	// region's where its own noise ends beyond that.
	Reach() float64
}

// Endable is a dynamics with a twin that is Tapered, in which the noise of diffusions that acts up to the faces of their
// boxes ends beyond the region.
type Endable interface{ Endable() }

// nearer is the share of the layer between R and R2 that NearerEnds leaves.
const nearer = 0.75

// NearerEnds is where noise that ends between two radii does in Tapered.Moved, at the region's radius r or beyond.
func NearerEnds(ends [2]float64, r float64) [2]float64 {
	shift := (1 - nearer) * (ends[1] - ends[0])
	return [2]float64{max(r, ends[0]-shift), ends[1] - shift}
}

// Placed returns an observable of users' states as one of a dynamics' coordinates.
func Placed(d Dynamics, phi Observable) Observable {
	if c, ok := d.(Charted); ok {
		return &placed{c, phi}
	}
	return phi
}

// placed is an observable in a chart.
type placed struct {
	c   Charted
	phi Observable
}

func (o *placed) Name() string { return o.phi.Name() }

func (o *placed) NewFunc() func(q []float64) float64 {
	value, z := o.phi.NewFunc(), make([]float64, o.c.State().Dim())
	return func(q []float64) float64 {
		o.c.ToUser(z, q)
		return value(z)
	}
}
