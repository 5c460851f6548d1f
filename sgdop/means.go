package sgdop

import (
	"math"
	"sync"

	"kolmo/grid"
	"kolmo/process"
)

// Means holds, for the nodes x of a grid, what rows of S need of the directions v of many
// images of an affine chain, whatever its scale: their box and the means
// E T_a(t_1) T_b(t_2) .. of Chebyshev polynomials of t = (middle - v)/half-width. Assemblies
// on one grid and of the same directions share it through Config.Means: the first evaluates the
// samples, later ones only what they lack. It fills as it is used, by one assembly at a
// time; the rows are the same to the last bit as without it.
type Means struct {
	g       *grid.Grid
	of      any // Affine.Directions
	lock    sync.Mutex
	rows    []meanRow
	weights []float64 // of the images
	total   float64   // of their absolute values
}

// mostMeans bounds the memory of Means.
const mostMeans = 1 << 28

// NewMeans returns empty means for assemblies of a chain on g, or nil where nothing is to be
// shared: a chain that is not affine, few images, whose rows are summed one by one, weights that
// move with x, or a
// grid so large that the means would need more than 256 MiB.
func NewMeans(g *grid.Grid, c process.Chain) *Means {
	affine, ok := c.(process.Affine)
	if !ok || c.Images() < manySamples || c.Moving() || FullBytes(g.Len()) > mostMeans {
		return nil
	}
	m := &Means{g: g, of: affine.Directions(), rows: make([]meanRow, g.Len()), weights: make([]float64, c.Images())}
	x := make([]float64, g.Dim())
	g.PointTo(x, 0)
	if affine.NewDirector().ImagesTo(m.weights, make([]float64, c.Images()*len(x)), x) != nil {
		return nil // an assembly will say so
	}
	for _, p := range m.weights {
		m.total += math.Abs(p)
	}
	return m
}

// MeansBytes returns the memory that means for so many nodes of d axes and so many images
// may take: zero where nothing is shared.
func MeansBytes(nodes, d, images int) int64 {
	if images < manySamples || FullBytes(nodes) > mostMeans {
		return 0
	}
	return FullBytes(nodes) + int64(nodes)*int64(8*d)*2*measuredSamples
}

// fits reports that the means are those of an assembly.
func (m *Means) fits(g *grid.Grid, c process.Chain) bool {
	affine, ok := c.(process.Affine)
	return m != nil && ok && m.of == affine.Directions() && m.g.Same(g)
}

// meanRow are the means of one node.
type meanRow struct {
	known     bool // box and some
	mid, half [grid.MaxDim]float64
	q         [grid.MaxDim]int // terms kept, 1 beyond the last axis
	mean      []float64        // q3 x q2 x q1
	some      []float64        // directions of every stride-th image
}

// leastHalf is the least half-width of a box relative to its distance from the origin.
const leastHalf = 1e-8

// bound fits the box to the directions that a has found and keeps some of them.
func (r *meanRow) bound(a *locator) {
	d := a.g.Dim()
	stride := sampleStride(len(a.prob))
	r.known, r.mean, r.some = true, r.mean[:0], r.some[:0]
	for k := range r.q {
		r.q[k] = 0
		if k >= d {
			continue
		}
		lo, hi := math.Inf(1), math.Inf(-1)
		for m := k; m < len(a.dirs); m += d {
			g := a.dirs[m]
			if g < lo {
				lo = g
			}
			if g > hi {
				hi = g
			}
		}
		r.mid[k] = lo/2 + hi/2
		r.half[k] = max(hi/2-lo/2, leastHalf*math.Abs(r.mid[k]))
		if r.half[k] == 0 {
			r.half[k] = leastHalf
		}
	}
	for m := 0; m < len(a.prob); m += stride {
		r.some = append(r.some, a.dirs[m*d:(m+1)*d]...)
	}
}

// has reports that the means reach to q terms along every axis.
func (r *meanRow) has(q *[grid.MaxDim]int) bool {
	for k := range q {
		if r.q[k] < q[k] {
			return false
		}
	}
	return true
}

// sampleStride is the distance of the samples, of n, whose weights are looked at.
func sampleStride(n int) int { return max(1, n/measuredSamples) }
