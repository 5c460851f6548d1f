package grid

import (
	"errors"
	"fmt"
)

// MaxDim is the largest dimension of a grid.
const MaxDim = 3

// Grid is an immutable tensor product of one to three axes. It may be shared by
// goroutines.
type Grid struct {
	axes   []*Axis
	stride [MaxDim]int
	n      int
}

// New returns the tensor product of the axes, x1 first. The error is a number of
// axes that is not 1 to MaxDim, or a nil axis.
func New(axes ...*Axis) (*Grid, error) {
	if len(axes) < 1 || len(axes) > MaxDim {
		return nil, fmt.Errorf("grid: want 1 to %d axes, got %d", MaxDim, len(axes))
	}
	g := &Grid{axes: append([]*Axis(nil), axes...), n: 1}
	for k, a := range axes {
		if a == nil {
			return nil, errors.New("grid: nil axis")
		}
		g.stride[k] = g.n
		g.n *= a.Len()
	}
	return g, nil
}

// Box returns the grid of the given kind, uniform or Chebyshev, with nodes[k] nodes
// (the last entry serves the remaining axes) on the cube of the given centre and
// half-width. The axes are named x1, x2, x3. It errs as Uniform, Chebyshev and New
// do, if nodes is empty, and for kinds that need more to be told: New takes axes
// of any kind.
func Box(kind Kind, nodes []int, center []float64, half float64) (*Grid, error) {
	return Ball{Center: center, R: half}.Box(kind, nodes)
}

// Box is the function Box for the box around the ball; a coordinate that has a range has
// that as its axis.
func (b Ball) Box(kind Kind, nodes []int) (*Grid, error) {
	if len(nodes) == 0 {
		return nil, errors.New("grid: no number of nodes")
	}
	axes := make([]*Axis, len(b.Center))
	for k, c := range b.Center {
		n := nodes[min(k, len(nodes)-1)]
		lo, hi := c-b.R, c+b.R
		if r := b.Range(k); r != nil {
			lo, hi = r.Low, r.High
		}
		name := fmt.Sprintf("x%d", k+1)
		var err error
		switch kind {
		case KindUniform:
			axes[k], err = Uniform(name, n, lo, hi)
		case KindChebyshev:
			axes[k], err = Chebyshev(name, n, lo, hi)
		default:
			err = fmt.Errorf("grid: a box has axes of kind %v or %v, got %v", KindUniform, KindChebyshev, kind)
		}
		if err != nil {
			return nil, err
		}
	}
	return New(axes...)
}

// Dim returns the number of axes.
func (g *Grid) Dim() int { return len(g.axes) }

// Len returns the number of nodes.
func (g *Grid) Len() int { return g.n }

// Axis returns axis k.
func (g *Grid) Axis(k int) *Axis { return g.axes[k] }

// Stride returns the distance in a field between neighbours along axis k.
func (g *Grid) Stride(k int) int { return g.stride[k] }

// Index returns the index along axis k of node i.
func (g *Grid) Index(i, k int) int { return i / g.stride[k] % g.axes[k].Len() }

// PointTo stores the coordinates of node i in dst; len(dst) must be at least
// Dim().
func (g *Grid) PointTo(dst []float64, i int) {
	for k, a := range g.axes {
		dst[k] = a.nodes[i%a.Len()]
		i /= a.Len()
	}
}

// Same reports that both grids have the same axes, node by node.
func (g *Grid) Same(h *Grid) bool {
	if g == h {
		return true
	}
	if len(g.axes) != len(h.axes) {
		return false
	}
	for k, a := range g.axes {
		b := h.axes[k]
		if a.kind != b.kind || len(a.nodes) != len(b.nodes) {
			return false
		}
		for i := range a.nodes {
			if a.nodes[i] != b.nodes[i] {
				return false
			}
		}
	}
	return true
}
