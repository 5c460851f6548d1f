package grid

import "fmt"

// Transfer interpolates a field from a grid to a tensor product of points. It
// owns its workspace: one goroutine at a time.
type Transfer struct {
	from  int // nodes of the grid
	mats  []*AxisMatrix
	n     int // points
	tmp   [2][]float64
	ident bool
}

// NewTransfer returns the interpolation of fields on g to the tensor product of
// the points, with width nodes per axis (0: all). points[k] are the coordinates
// along axis k, in any order; outside the box the polynomial is extrapolated. It
// panics unless there is one list per axis, none of them empty.
func NewTransfer(g *Grid, points [][]float64, width int) *Transfer {
	if len(points) != g.Dim() {
		panic(fmt.Sprintf("grid: want points along %d axes, got %d", g.Dim(), len(points)))
	}
	t := &Transfer{from: g.n, n: 1}
	for k, p := range points {
		if len(p) == 0 {
			panic(fmt.Sprintf("grid: want points along axis %d, got none", k))
		}
		t.mats = append(t.mats, g.axes[k].InterpolationMatrix(p, width))
		t.n *= len(p)
	}
	t.makeRoom()
	return t
}

// makeRoom allocates the workspace.
func (t *Transfer) makeRoom() {
	// After axes 0..k the field has the new length on these and the old on the rest.
	n, size := t.from, 0
	for _, m := range t.mats {
		rows, cols := m.Dims()
		n = n / cols * rows
		size = max(size, n)
	}
	for i := range t.tmp {
		t.tmp[i] = make([]float64, size)
	}
}

// Adjoint returns the transposed map, from values at the points to the nodes of the grid: it
// takes weights of the points to those weights of the nodes that give interpolants the same sum.
func (t *Transfer) Adjoint() *Transfer {
	a := &Transfer{from: t.n, n: t.from, ident: t.ident}
	for _, m := range t.mats {
		a.mats = append(a.mats, m.Transpose())
	}
	a.makeRoom()
	return a
}

// NewGridTransfer returns the interpolation of fields on from to the nodes of
// to; it copies where both grids are the same. It panics if their dimensions
// differ.
func NewGridTransfer(from, to *Grid, width int) *Transfer {
	if from.Same(to) {
		return &Transfer{from: from.n, n: to.n, ident: true}
	}
	points := make([][]float64, to.Dim())
	for k := range points {
		points[k] = to.axes[k].nodes
	}
	return NewTransfer(from, points, width)
}

// Len returns the number of points.
func (t *Transfer) Len() int { return t.n }

// ApplyTo stores the interpolant of u at the points in dst, first coordinate
// contiguous; len(dst) must be Len() and len(u) the length of the grid, otherwise
// it panics. dst must not overlap u. Cost: one AxisMatrix.MulTo per axis, no
// allocation.
func (t *Transfer) ApplyTo(dst, u []float64) {
	if len(dst) != t.n || len(u) != t.from {
		panic(fmt.Sprintf("grid: ApplyTo from length %d to %d, want %d to %d", len(u), len(dst), t.from, t.n))
	}
	if t.ident {
		copy(dst, u)
		return
	}
	inner, n := 1, t.from
	src := u
	for k, m := range t.mats {
		rows, cols := m.Dims()
		outer := n / (inner * cols)
		n = outer * rows * inner
		out := t.tmp[k%2][:n]
		if k == len(t.mats)-1 {
			out = dst[:n]
		}
		m.MulTo(out, src[:outer*cols*inner], outer, inner)
		src = out
		inner *= rows
	}
}
