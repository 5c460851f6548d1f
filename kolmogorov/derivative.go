package kolmogorov

import (
	"fmt"
	"strings"

	"kolmo/fd"
	"kolmo/grid"
)

// MaxDerivative is the largest |J| of a derivative d^J u.
const MaxDerivative = 4

// Derivative is d^J on fields of a grid, J a multi-index with 0 < |J| <= 4,
//
//	d^J u = d_1^{J_1} .. d_d^{J_d} u,
//
// one matrix along each axis with J_k > 0. It owns workspace: one goroutine at a
// time.
type Derivative struct {
	g    *grid.Grid
	j    []int
	axes []int
	mats []*grid.AxisMatrix
	tmp  [2][]float64
}

// NewDerivative returns d^J with the given even order of accuracy (fd.FullWidth: all
// nodes), which is that of the solution itself: inside the ball d^J u has the order of
// u. Two things take from it. Where there is noise at the faces of the box, a solution
// by differences is rough from node to node in some ten nodes next to them, and every
// derivative loses a power of h there and where the drift carries it: the box must be
// wider than the ball, or the noise vanish at its faces as Lambda does. And rounding is
// multiplied, by collocation up to n^{2|J|} next to the ends: measured on smooth
// solutions with 20 nodes per axis, |J| = 4 is right to 2e-9 in one dimension and 4e-8
// in two up to the faces and to 3e-12 and 1e-10 on three quarters of the box, and to
// 2e-7 and 1e-6 up to the faces with 28: no more nodes than the solution needs. len(J)
// must be the number of axes. The error is a multi-index or order that does not exist,
// or an axis with too few nodes. Memory: up to two fields.
func NewDerivative(g *grid.Grid, J []int, order int) (*Derivative, error) {
	d := &Derivative{g: g, j: append([]int(nil), J...)}
	if len(J) != g.Dim() {
		return nil, fmt.Errorf("kolmogorov: multi-index %v on a grid of %d axes", J, g.Dim())
	}
	sum := 0
	for k, m := range J {
		if m < 0 {
			return nil, fmt.Errorf("kolmogorov: multi-index %v: want no negative entry", J)
		}
		if sum += m; m == 0 || sum > MaxDerivative {
			continue
		}
		a, err := fd.Derivative(g.Axis(k), m, order)
		if err != nil {
			return nil, fmt.Errorf("kolmogorov: %s: %w", DerivativeName(J), err)
		}
		d.axes, d.mats = append(d.axes, k), append(d.mats, a)
	}
	if sum < 1 || sum > MaxDerivative {
		return nil, fmt.Errorf("kolmogorov: multi-index %v: want a sum from 1 to %d, got %d", J, MaxDerivative, sum)
	}
	for i := range len(d.axes) - 1 {
		d.tmp[i] = make([]float64, g.Len())
	}
	return d, nil
}

// Name returns the derivative's name, as DerivativeName.
func (d *Derivative) Name() string { return DerivativeName(d.j) }

// ApplyTo stores d^J u in dst. Both must have the length of the grid, or it panics,
// and must not overlap. Cost: one product with a matrix for each axis with J_k > 0, no
// allocation.
func (d *Derivative) ApplyTo(dst, u []float64) {
	checkField(d.g, "a result", dst)
	checkField(d.g, "a field", u)
	for i, m := range d.mats {
		out := dst
		if i < len(d.mats)-1 {
			out = d.tmp[i]
		}
		s := d.g.Stride(d.axes[i])
		n, _ := m.Dims()
		m.MulTo(out, u, d.g.Len()/(s*n), s)
		u = out
	}
}

// MultiIndices returns all J with 0 < |J| <= most in d dimensions: by |J| and then
// with the first entries largest first, (1,0), (0,1), (2,0), (1,1), (0,2), ..
func MultiIndices(d, most int) [][]int {
	var all [][]int
	var fill func(head []int, rest int)
	fill = func(head []int, rest int) {
		if len(head) == d-1 {
			all = append(all, append(append([]int(nil), head...), rest))
			return
		}
		for m := rest; m >= 0; m-- {
			fill(append(head[:len(head):len(head)], m), rest-m)
		}
	}
	for sum := 1; sum <= most && d > 0; sum++ {
		fill(nil, sum)
	}
	return all
}

// DerivativeName returns the name of d^J u as files have it: "d(1,0)u".
func DerivativeName(J []int) string {
	s := make([]string, len(J))
	for k, m := range J {
		s[k] = fmt.Sprint(m)
	}
	return "d(" + strings.Join(s, ",") + ")u"
}
