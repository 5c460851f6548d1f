package law

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/integrate/quad"
)

// candidates are the places at which a quadrature of the batch law may have
// nodes: a tensor grid in coordinates in which the law has mean 0 and unit
// covariance, and for the refinement drawn batches besides.
type candidates struct {
	d     int
	grid  [4]grid    // for the rank r = 1 .. d of the covariance
	drawn *batchList // nil: grid alone, and a Gauss rule where r = 1
	// stretch brings the drawn batches' deviation to that of the batch law.
	stretch float64
}

// grid holds nodes in r coordinates with positive weights.
type grid struct {
	basis   *basis
	nodes   []float64 // n x r
	weights []float64
	phi     []float64 // n x basis.len()
}

// gridPoints are the points per axis of the tensor grids by dimension.
var gridPoints = [4]int{1: 15, 2: 9, 3: 6}

// gridCandidates returns tensor Gauss-Hermite grids with their weights, the rule
// of a batch that is large enough to be normal.
func gridCandidates(d int) *candidates {
	c := &candidates{d: d}
	for r := 1; r <= d; r++ {
		g := grid{basis: newBasis(r)}
		if n := gridPoints[r]; n > 0 {
			s, w := make([]float64, n), make([]float64, n)
			quad.Hermite{}.FixedLocations(s, w, math.Inf(-1), math.Inf(1))
			total := int(math.Pow(float64(n), float64(r)))
			for q := range total {
				weight := 1.0
				for i, at := 0, q; i < r; i, at = i+1, at/n {
					g.nodes = append(g.nodes, math.Sqrt2*s[at%n])
					weight *= w[at%n]
				}
				g.weights = append(g.weights, weight)
			}
			normalise(g.weights)
			g.phi = make([]float64, total*g.basis.len())
			mono := make([]float64, len(g.basis.powers))
			for q := range total {
				g.basis.monomialsTo(mono, g.nodes[q*r:(q+1)*r])
				g.basis.project(g.phi[q*g.basis.len():(q+1)*g.basis.len()], mono)
			}
		}
		c.grid[r] = g
	}
	return c
}

// Sizes of the drawn set: batches by dimension, and the most draws per batch. Of
// larger batches a part is drawn and stretched.
var drawnBatches = [4]int{1: 200, 2: 600, 3: 1500}

const drawnRows = 1000

// drawnCandidates draws batches, always the same, and adds the grid.
func (b *Batches) drawnCandidates() *candidates {
	d := b.d
	c := gridCandidates(d)
	c.drawn = &batchList{start: []int{0}}
	part := *b
	part.size = min(b.size, drawnRows)
	if !b.replacement && 2*b.size > b.population {
		part.size = min(b.population-b.size, drawnRows) // the complement's draws
	}
	c.stretch = math.Sqrt(b.Factor() / part.Factor())
	if part.size != b.size && part.size == b.population-b.size {
		c.stretch = -c.stretch
	}
	random := rand.New(rand.NewPCG(1, uint64(b.size)))
	cumulative := make([]float64, 0, len(b.of.Weights))
	var total float64
	for _, w := range b.of.Weights {
		total += w
		cumulative = append(cumulative, total)
	}
	counts := map[int]int{}
	for range drawnBatches[d] {
		clear(counts)
		for n := 0; n < part.size; {
			k, _ := slices.BinarySearch(cumulative, total*random.Float64())
			k = min(k, len(cumulative)-1)
			// Without replacement a copy that was drawn before is drawn again.
			if !b.replacement && random.IntN(b.counts[k]) < counts[k] {
				continue
			}
			counts[k]++
			n++
		}
		rows := make([]int, 0, len(counts))
		for k := range counts {
			rows = append(rows, k)
		}
		slices.Sort(rows)
		for _, k := range rows {
			c.drawn.row = append(c.drawn.row, k)
			c.drawn.share = append(c.drawn.share, float64(counts[k])/float64(part.size))
		}
		c.drawn.start = append(c.drawn.start, len(c.drawn.row))
	}
	return c
}
