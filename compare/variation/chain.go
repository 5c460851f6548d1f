package variation

import (
	"fmt"
	"math"

	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/process"
)

// Entries is the number of entries k <= l of a symmetric matrix.
func Entries(d int) int { return d * (d + 1) / 2 }

// Entry returns the index of the entry k, l of a symmetric matrix.
func Entry(d, k, l int) int {
	k, l = min(k, l), max(k, l)
	return k*d - k*(k-1)/2 + l - k
}

// identity returns M = I on the nodes of a grid.
func identity(g *grid.Grid) [][]float64 {
	d := g.Dim()
	fields := make([][]float64, Entries(d))
	for e := range fields {
		fields[e] = make([]float64, g.Len())
	}
	for k := range d {
		for i := range g.Len() {
			fields[Entry(d, k, k)][i] = 1
		}
	}
	return fields
}

// Chain is M^n of a chain on a grid, as powers of a matrix. One goroutine at a time.
type Chain struct {
	Fields [][]float64 // the entries of M^n
	matrix []float64   // row by row, over entries and nodes
	from   []float64
	n      int
	// workers apply the matrix.
	workers int
}

// MostUnknowns bounds the entries times the nodes of a Chain, whose matrix has their square.
const MostUnknowns = 6200

// NewChain returns M^0 of a chain; width is that of the interpolation, and p the power, 2 but on the
// line. The error is an image that is not finite or a grid that is too large.
func NewChain(g *grid.Grid, width int, v process.Variation, p float64, workers int) (*Chain, error) {
	d, nodes := g.Dim(), g.Len()
	if d > 1 && p != 2 {
		panic("variation: only squares have a matrix")
	}
	n := Entries(d) * nodes
	if n > MostUnknowns {
		return nil, fmt.Errorf("variation: %d unknowns, at most %d", n, MostUnknowns)
	}
	c := &Chain{Fields: identity(g), matrix: make([]float64, n*n), from: make([]float64, n), n: n, workers: workers}
	bad := make([]error, nodes)
	par.Do(workers, nodes, func(i int) { bad[i] = c.fill(g, width, v, p, i) })
	for _, err := range bad {
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

// fill fills the rows of a node.
func (c *Chain) fill(g *grid.Grid, width int, v process.Variation, p float64, i int) error {
	d, nodes, m := g.Dim(), g.Len(), v.Len()
	weights, images, jacobians, x := make([]float64, m), make([]float64, m*d), make([]float64, m*d*d), make([]float64, d)
	g.PointTo(x, i)
	v.NewVariator().VectorsTo(weights, images, jacobians, x)
	window := make([][]float64, d)
	base := make([]int, d)
	for k := range window {
		window[k] = make([]float64, g.Axis(k).Width(width))
	}
	for s, w := range weights {
		at, jac := images[s*d:(s+1)*d], jacobians[s*d*d:(s+1)*d*d]
		for k := range at {
			if at[k]-at[k] != 0 {
				return fmt.Errorf("variation: the image of %g is not finite", x)
			}
			base[k] = g.Axis(k).WindowTo(window[k], at[k], width)
		}
		each(window, func(index []int, share float64) {
			j := 0
			for k, r := range index {
				j += (base[k] + r) * g.Stride(k)
			}
			for k := range d {
				for l := k; l < d; l++ {
					row := c.matrix[(Entry(d, k, l)*nodes+i)*c.n:]
					if d == 1 {
						row[j] += w * share * math.Pow(math.Abs(jac[0]), p)
						continue
					}
					for a := range d {
						for b := range d {
							row[Entry(d, a, b)*nodes+j] += w * share * jac[a*d+k] * jac[b*d+l]
						}
					}
				}
			}
		})
	}
	return nil
}

// each calls f for all products of entries of windows.
func each(window [][]float64, f func(index []int, share float64)) {
	index := make([]int, len(window))
	for {
		share := 1.0
		for k, r := range index {
			share *= window[k][r]
		}
		f(index, share)
		k := 0
		for ; k < len(index); k++ {
			if index[k]++; index[k] < len(window[k]) {
				break
			}
			index[k] = 0
		}
		if k == len(index) {
			return
		}
	}
}

// rowTasks is the number of parts of the rows.
const rowTasks = 16

// Step goes from M^n to M^{n+1}.
func (c *Chain) Step() {
	nodes := len(c.Fields[0])
	for e, f := range c.Fields {
		copy(c.from[e*nodes:], f)
	}
	par.Do(c.workers, rowTasks, func(task int) {
		lo, hi := par.Split(c.n, rowTasks, task)
		for r := lo; r < hi; r++ {
			sum := 0.0
			for j, w := range c.matrix[r*c.n : (r+1)*c.n] {
				sum += w * c.from[j]
			}
			c.Fields[r/nodes][r%nodes] = sum
		}
	})
}
