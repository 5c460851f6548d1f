package sgdop

import (
	"math"
	"slices"

	"kolmo/grid"
	"kolmo/internal/kernel"
)

// Where a row has many samples, their images crowd in a box that is small against the axes.
// There the Lagrange polynomials l_i of an axis are Chebyshev series in the box with few
// terms that count:
//
//	l_i(mid + h t) = sum_a A_ai T_a(t),   |t| <= 1.
//
// The row, E l_i(y_1) l_j(y_2), follows from the few means E T_a(t_1) T_b(t_2): the work per
// sample is that of the terms and not of the nodes. What is left out is below
// rounding: the coefficients are looked at. The box and the means are those of the directions
// of an affine chain: they serve every eta, see Means.

// manySamples is the number of samples from which whole axes are summed over patches.
const manySamples = 2048

// patchBlock is the number of samples that are summed at a time: they stay in the cache.
const patchBlock = 256

// negligible is the share of the largest coefficient of a polynomial below which the last
// ones are left out. It lies above the rounding of the transform, a few 2^-53 times the
// growth by a handful of nodes: below it nothing would ever be left out.
const negligible = 0x1p-50

// patch sums the rows of whole axes. It is a workspace.
type patch struct {
	g    *grid.Grid
	cos  [grid.MaxDim][]float64 // n x n: values at the Chebyshev points of a patch to coefficients
	at   [grid.MaxDim][]float64 // n x n: the polynomials there
	coef [grid.MaxDim][]float64 // q x n1 along the first axis, n x q along the others
	all  []float64              // n x n: the coefficients, terms by nodes
	q    [grid.MaxDim]int       // terms

	left, high, lines, right, t, part, first, second []float64

	own meanRow // of rows that are not shared
}

func newPatch(g *grid.Grid) *patch {
	p := &patch{g: g, q: [grid.MaxDim]int{1, 1, 1}}
	n := [grid.MaxDim]int{1, 1, 1}
	for k := range g.Dim() {
		n[k] = g.Axis(k).Len()
		size := n[k] * n[k]
		p.cos[k], p.at[k], p.coef[k] = make([]float64, size), make([]float64, size), make([]float64, size)
		if len(p.all) < size {
			p.all = make([]float64, size)
		}
		for a := range n[k] {
			scale := 2 / float64(n[k])
			if a == 0 {
				scale /= 2
			}
			for b := range n[k] {
				p.cos[k][a*n[k]+b] = scale * math.Cos(chebyshevAngle(a*(2*b+1), n[k]))
			}
		}
	}
	wide := whole4(n[0])
	rest := n[1] * n[2]
	p.left, p.high = make([]float64, rest*patchBlock), make([]float64, n[2]*patchBlock)
	p.lines, p.right = make([]float64, wide*patchBlock), make([]float64, wide*patchBlock)
	p.t, p.part = make([]float64, patchBlock), make([]float64, rest*wide)
	p.first, p.second = make([]float64, rest*n[0]), make([]float64, rest*n[0])
	return p
}

// whole4 returns n or the next multiple of four: products of matrices of such widths sum
// every entry alike, however many there are.
func whole4(n int) int { return (n + 3) &^ 3 }

// chebyshevAngle returns pi m/(2 n), with m reduced exactly.
func chebyshevAngle(m, n int) float64 { return math.Pi * float64(m%(4*n)) / float64(2*n) }

// place moves the patch to the images of a box of directions at x and finds the coefficients.
func (p *patch) place(x []float64, scale float64, r *meanRow) {
	for k := range p.g.Dim() {
		axis := p.g.Axis(k)
		n := axis.Len()
		mid, half := x[k]+scale*r.mid[k], -scale*r.half[k]
		for b := range n {
			axis.WindowTo(p.at[k][b*n:(b+1)*n], mid+half*math.Cos(chebyshevAngle(2*b+1, n)), 0)
		}
		kernel.Mul(n, n, n, p.cos[k], n, p.at[k], n, p.all, n)
		least := negligible * kernel.MaxAbs(p.all[:n*n])
		q := n
		for q > 1 && kernel.MaxAbs(p.all[(q-1)*n:q*n]) <= least {
			q--
		}
		p.q[k] = q
		if k == 0 {
			copy(p.coef[0], p.all[:q*n])
			continue
		}
		for j := range n {
			for b := range q {
				p.coef[k][j*q+b] = p.all[b*n+j]
			}
		}
	}
}

// rowTo stores the weights of the row that a has located. Its means are a's, where they are
// shared and reach far enough.
func (p *patch) rowTo(dst []float64, a *locator) {
	r := a.row
	if r == nil {
		r = &p.own
		r.bound(a)
	}
	p.place(a.x, a.scale, r)
	if !r.has(&p.q) {
		// A row that is shared was finite.
		if err := a.find(); err != nil {
			panic("sgdop: " + err.Error())
		}
		p.meansTo(r, a)
	}
	// From terms to nodes, axis by axis.
	q1, q2, q3 := p.q[0], p.q[1], p.q[2]
	d := p.g.Dim()
	n := [grid.MaxDim]int{1, 1, 1}
	for k := range d {
		n[k] = p.g.Axis(k).Len()
	}
	out := [grid.MaxDim][]float64{p.first[:q2*q3*n[0]], p.second[:n[1]*q3*n[0]], dst}
	if d < 3 {
		out[d-1] = dst
	}
	for c := range q3 {
		kernel.Mul(q2, n[0], q1, r.mean[c*r.q[1]*r.q[0]:], r.q[0], p.coef[0], n[0], out[0][c*q2*n[0]:], n[0])
	}
	if d > 1 {
		for c := range q3 {
			kernel.Mul(n[1], n[0], q2, p.coef[1], q2, out[0][c*q2*n[0]:], n[0], out[1][c*n[1]*n[0]:], n[0])
		}
	}
	if d > 2 {
		kernel.Mul(n[2], n[1]*n[0], q3, p.coef[2], q3, out[1], n[1]*n[0], out[2], n[1]*n[0])
	}
}

// meansTo stores the means of at least as many terms as the patch has. Each is the same
// however many there are.
func (p *patch) meansTo(r *meanRow, a *locator) {
	for k := range r.q {
		r.q[k] = max(r.q[k], p.q[k])
	}
	r.q[0] = whole4(r.q[0])
	q1, rest := r.q[0], r.q[1]*r.q[2]
	r.mean = slices.Grow(r.mean[:0], rest*q1)[:rest*q1]
	clear(r.mean)
	part := p.part[:rest*q1]
	for from := 0; from < len(a.prob); from += patchBlock {
		m := min(patchBlock, len(a.prob)-from)
		p.terms(r, a, from, m)
		kernel.Mul(rest, q1, m, p.left, m, p.right, q1, part, q1)
		kernel.Plus(r.mean, r.mean, part)
	}
}

// terms stores, of m samples, the products of the terms along x2 and x3 in left, rest x m,
// and the terms along x1 times the probability in right, m x q1.
func (p *patch) terms(r *meanRow, a *locator, from, m int) {
	q1, q2, q3 := r.q[0], r.q[1], r.q[2]
	copy(p.lines, a.prob[from:from+m])
	p.linesTo(p.lines, r, a, 0, from, m)
	kernel.Transpose(q1, m, p.lines, m, p.right, q1)
	for s := range m {
		p.left[s], p.high[s] = 1, 1
	}
	d := p.g.Dim()
	if d < 2 {
		return
	}
	p.linesTo(p.left, r, a, 1, from, m)
	if d < 3 {
		return
	}
	p.linesTo(p.high, r, a, 2, from, m)
	for c := q3 - 1; c >= 0; c-- { // from behind: the first lines are overwritten last
		along := p.high[c*m : (c+1)*m]
		for b := range q2 {
			kernel.Times(p.left[(c*q2+b)*m:(c*q2+b+1)*m], along, p.left[b*m:(b+1)*m])
		}
	}
}

// linesTo stores the terms of m samples along axis k, a line of samples for every term,
// times the first line, which is there.
func (p *patch) linesTo(dst []float64, r *meanRow, a *locator, k, from, m int) {
	if r.q[k] == 1 {
		return
	}
	d := p.g.Dim()
	dirs := a.dirs[from*d : (from+m)*d]
	mid, half := r.mid[k], r.half[k]
	t := p.t[:m]
	for s := range t {
		t[s] = (mid - dirs[s*d+k]) / half
	}
	kernel.Times(dst[m:2*m], dst[:m], t)
	kernel.Plus(t, t, t)
	for b := 2; b < r.q[k]; b++ {
		next := dst[b*m : (b+1)*m]
		kernel.Times(next, t, dst[(b-1)*m:b*m])
		kernel.Minus(next, next, dst[(b-2)*m:(b-1)*m])
	}
}
