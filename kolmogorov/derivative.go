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
// nodes), which is the order of the solution itself: where u has order p so has d^J u
// inside the ball. Collocation loses digits instead: rounding in u is multiplied by up
// to n^{2|J|}/(2|J|-1)!! next to the ends and by about n^|J| inside, n the nodes per
// axis, so that of a solution with errors of 1e-13 the fourth derivative is right to
// about 1e-9 with 24 nodes and 1e-7 with 40. len(J) must be the number of axes. The
// error is a multi-index that does not exist, an order that does not or an axis with
// too few nodes. Memory: up to two fields.
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

// Index returns a copy of J.
func (d *Derivative) Index() []int { return append([]int(nil), d.j...) }

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
