package variation

import (
	"errors"
	"fmt"
	"math"

	"kolmo/compare"
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
	moves   [rowTasks][]float64 // [k*d+l]: the largest |d_l F_k|, by tasks
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
	bad := make([]error, rowTasks)
	par.Do(workers, rowTasks, func(task int) {
		f := newFiller(c, g, width, v, p)
		c.moves[task] = make([]float64, d*d)
		lo, hi := par.Split(nodes, rowTasks, task)
		for i := lo; i < hi && bad[task] == nil; i++ {
			bad[task] = f.fill(i, c.moves[task])
		}
	})
	for _, err := range bad {
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

// filler fills the rows of nodes. It is a workspace.
type filler struct {
	*Chain
	g                             *grid.Grid
	width                         int
	p                             float64
	of                            process.Variator
	weights, images, jacobians, x []float64
	window                        [][]float64
	base                          []int
	pull                          []float64 // of an image: how M there enters the entries here
}

func newFiller(c *Chain, g *grid.Grid, width int, v process.Variation, p float64) *filler {
	d, m := g.Dim(), v.Len()
	f := &filler{Chain: c, g: g, width: width, p: p, of: v.NewVariator(), weights: make([]float64, m), images: make([]float64, m*d), jacobians: make([]float64, m*d*d),
		x: make([]float64, d), window: make([][]float64, d), base: make([]int, d), pull: make([]float64, Entries(d)*Entries(d))}
	for k := range f.window {
		f.window[k] = make([]float64, g.Axis(k).Width(width))
	}
	return f
}

// fill fills the rows of a node, and raises the sizes of Jacobians.
func (f *filler) fill(i int, moves []float64) error {
	d, nodes, entries := f.g.Dim(), f.g.Len(), Entries(f.g.Dim())
	f.g.PointTo(f.x, i)
	f.of.ImagesTo(f.weights, f.images, f.jacobians, f.x)
	for s, w := range f.weights {
		for k, y := range f.images[s*d : (s+1)*d] {
			if y-y != 0 {
				return errors.New(compare.Say("variation: the image of %g is not finite", f.x))
			}
			f.base[k] = f.g.Axis(k).WindowTo(f.window[k], y, f.width)
		}
		for k, v := range f.jacobians[s*d*d : (s+1)*d*d] {
			moves[k] = max(moves[k], math.Abs(v))
		}
		f.pullBack(f.jacobians[s*d*d:(s+1)*d*d], w)
		each(f.window[1:], func(index []int, share float64) {
			j := f.base[0]
			for k, r := range index {
				j += (f.base[k+1] + r) * f.g.Stride(k+1)
			}
			for e := range entries {
				row := f.matrix[(e*nodes+i)*f.n:]
				for a := range entries {
					line, scale := row[a*nodes+j:], f.pull[e*entries+a]*share
					for r, v := range f.window[0] {
						line[r] += scale * v
					}
				}
			}
		})
	}
	return nil
}

// pullBack stores how the entries of M at an image enter those of w DF^T M DF, or of w |DF|^p M on the line.
func (f *filler) pullBack(jac []float64, w float64) {
	d := f.g.Dim()
	if d == 1 {
		f.pull[0] = w * math.Pow(math.Abs(jac[0]), f.p)
		return
	}
	clear(f.pull)
	for k := range d {
		for l := k; l < d; l++ {
			for a := range d {
				for b := range d {
					f.pull[Entry(d, k, l)*Entries(d)+Entry(d, a, b)] += w * jac[a*d+k] * jac[b*d+l]
				}
			}
		}
	}
}

// each calls f for all products of entries of windows, once for none.
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

// couples tells which directions the chain moves to which; see follower.
func (c *Chain) couples() []bool {
	sizes := make([]float64, len(c.moves[0]))
	for _, own := range c.moves {
		for i, v := range own {
			sizes[i] = max(sizes[i], v)
		}
	}
	return coupled(sizes)
}

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
