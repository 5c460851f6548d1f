package variation

import (
	"errors"
	"math"

	"kolmo/compare"
	"kolmo/compare/survey"
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/process"
)

// Constants of rates of the chain on cells.
const (
	// mostLinks bounds the nodes times the images of a step.
	mostLinks = 1 << 21
	// firstPowers is the number of steps of the first look at how m grows, and each later one has twice as many;
	// mostPowers bounds them.
	firstPowers, mostPowers = 32, 1 << 13
	// powerTolerance is by how much two looks at the logarithm of a step's factor may differ at the end, relatively.
	powerTolerance = 1e-7
	// forgotten is the share of the largest m below which it is nothing, far above the smallest numbers.
	forgotten = 1e-200
)

// errLinks reports that a step has too many images for cells.
var errLinks = errors.New("variation: too many images for cells")

// ofChain returns the rate of the chain on cells, in which m is linear, and what powers of the step leave of it.
func (l *lineMoment) ofChain(cache *survey.Cache, g *grid.Grid, _ float64) (rate, left float64, err error) {
	step, err := cache.Problem.Dynamics.(process.Varied).StepVariation(l.eta)
	if err != nil {
		return 0, 0, err
	}
	if g.Len()*step.Len() > mostLinks {
		return 0, 0, errLinks
	}
	c, err := newCells(g, step, l.p, l.Config.Workers)
	if err != nil {
		return 0, 0, err
	}
	log, off := c.grow()
	log = math.Max(log, math.Log(c.rest))
	time := l.Problem.Time(1, l.eta)
	return 0 - log/time, off / time, nil
}

// cells is a step of the chain on m that is linear in cells: a matrix without negative entries.
type cells struct {
	at           []int32   // the cells of the images of a node
	here, beyond []float64 // the shares of m at the lower and upper end of a cell, times w |DF|^p
	images       int
	rest         float64 // the largest E|DF|^p at a point that all images keep; see resting
	from, to     []float64
	workers      int
}

// newCells returns the step on cells.
func newCells(g *grid.Grid, v process.Variation, p float64, workers int) (*cells, error) {
	n, k := g.Len(), v.Len()
	c := &cells{make([]int32, n*k), make([]float64, n*k), make([]float64, n*k), k, 0, make([]float64, n), make([]float64, n), workers}
	moves := make([]float64, n*k) // in cells
	lo, h := g.Axis(0).Lo(), g.Axis(0).Node(1)-g.Axis(0).Node(0)
	bad := make([]error, rowTasks)
	par.Do(workers, rowTasks, func(task int) {
		of, weights, images, jacobians, x := v.NewVariator(), make([]float64, k), make([]float64, k), make([]float64, k), make([]float64, 1)
		first, end := par.Split(n, rowTasks, task)
		for i := first; i < end; i++ {
			g.PointTo(x, i)
			of.ImagesTo(weights, images, jacobians, x)
			for j, y := range images {
				size := weights[j] * math.Pow(math.Abs(jacobians[j]), p)
				if size-size != 0 || y-y != 0 {
					bad[task] = errors.New(compare.Say("variation: the image of %g is not finite", x))
					return
				}
				at := min(max((y-lo)/h, 0), float64(n-1))
				cell := min(int(at), n-2)
				share := at - float64(cell)
				moves[i*k+j] = (y - x[0]) / h
				c.at[i*k+j], c.here[i*k+j], c.beyond[i*k+j] = int32(cell), size*(1-share), size*share
			}
		}
	})
	for i := range n - 1 {
		if at, ok := kept(moves[i*k:(i+1)*k], moves[(i+1)*k:(i+2)*k]); ok {
			c.rest = max(c.rest, (1-at)*c.total(i)+at*c.total(i+1))
		}
	}
	return c, errors.Join(bad...)
}

// total is E|DF|^p at a node.
func (c *cells) total(i int) float64 {
	sum := 0.0
	for j := i * c.images; j < (i+1)*c.images; j++ {
		sum += c.here[j] + c.beyond[j]
	}
	return sum
}

// kept finds where in a cell no image moves a point, as a share of the cell, from how far images move its ends; false where
// there is no such point.
func kept(lower, upper []float64) (at float64, ok bool) {
	for j, a := range lower {
		b := upper[j]
		if a == b {
			if a != 0 {
				return 0, false
			}
			continue
		}
		share := a / (a - b)
		if !(share >= 0 && share <= 1) || ok && math.Abs(share-at) > silent {
			return 0, false
		}
		at, ok = share, true
	}
	return at, ok
}

// step goes from m to the next, and returns the largest value.
func (c *cells) step() float64 {
	tops := make([]float64, rowTasks)
	par.Do(c.workers, rowTasks, func(task int) {
		first, end := par.Split(len(c.from), rowTasks, task)
		for i := first; i < end; i++ {
			sum := 0.0
			for j := i * c.images; j < (i+1)*c.images; j++ {
				cell := c.at[j]
				sum += c.here[j]*c.from[cell] + c.beyond[j]*c.from[cell+1]
			}
			c.to[i], tops[task] = sum, max(tops[task], sum)
		}
	})
	top := 0.0
	for _, v := range tops {
		top = max(top, v)
	}
	return top
}

// grow returns the logarithm of the factor by which the largest m grows in a step at last, and its error: twice how far that is from
// half the steps before, and how far from the largest quotient at a node, which no eigenvalue exceeds (Collatz).
func (c *cells) grow() (log, off float64) {
	for i := range c.from {
		c.from[i] = 1
	}
	before := math.Inf(1)
	for steps := firstPowers; ; steps *= 2 {
		sum, most := 0.0, 0.0
		for n := range steps {
			top := c.step()
			if !(top > 0) {
				return math.Inf(-1), math.Inf(1)
			}
			sum += math.Log(top)
			if n == steps-1 {
				most = c.quotient()
			}
			for i, v := range c.to {
				if c.to[i] = v / top; c.to[i] < forgotten {
					c.to[i] = 0
				}
			}
			c.from, c.to = c.to, c.from
		}
		log = sum / float64(steps)
		off = math.Max(variationSafety*math.Abs(log-before), math.Log(most)-log)
		if before = log; off <= powerTolerance*math.Abs(log) || 2*steps > mostPowers {
			return log, off
		}
	}
}

// quotient is the largest by which m has grown at a node.
func (c *cells) quotient() float64 {
	most := 0.0
	for i, v := range c.from {
		if v > 0 {
			most = max(most, c.to[i]/v)
		}
	}
	return most
}
