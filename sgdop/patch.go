package sgdop

import (
	"math"

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
// rounding: the coefficients are looked at.

// manySamples is the number of samples from which whole axes are summed over patches.
const manySamples = 2048

// patchBlock is the number of samples that are summed at a time: they stay in the cache.
const patchBlock = 256

// leastHalf is the least half-width of a patch relative to the axis.
const leastHalf = 1e-8

// patch sums the rows of whole axes. It is a workspace.
type patch struct {
	g    *grid.Grid
	cos  [grid.MaxDim][]float64 // n x n: values at the Chebyshev points of a patch to coefficients
	at   [grid.MaxDim][]float64 // n x n: the polynomials there
	coef [grid.MaxDim][]float64 // q x n1 along the first axis, n x q along the others
	all  []float64              // n x n: the coefficients, terms by nodes
	mid  [grid.MaxDim]float64
	half [grid.MaxDim]float64
	q    [grid.MaxDim]int // terms

	left, high, right, part, mean, first, second []float64
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
	rest := n[1] * n[2]
	p.left, p.high, p.right = make([]float64, rest*patchBlock), make([]float64, n[2]*patchBlock), make([]float64, n[0]*patchBlock)
	p.part, p.mean = make([]float64, rest*n[0]), make([]float64, rest*n[0])
	p.first, p.second = make([]float64, rest*n[0]), make([]float64, rest*n[0])
	return p
}

// chebyshevAngle returns pi m/(2 n), with m reduced exactly.
func chebyshevAngle(m, n int) float64 { return math.Pi * float64(m%(4*n)) / float64(2*n) }

// place fits the patch to the images that a has found and finds the coefficients.
func (p *patch) place(a *locator) {
	d := p.g.Dim()
	for k := range d {
		axis := p.g.Axis(k)
		lo, hi := math.Inf(1), math.Inf(-1)
		for m := range a.prob {
			y := a.x[k] - a.eta*a.grads[m*d+k]
			lo, hi = min(lo, y), max(hi, y)
		}
		p.mid[k] = lo/2 + hi/2
		p.half[k] = max(hi/2-lo/2, leastHalf*(axis.Hi()-axis.Lo()))
		n := axis.Len()
		for b := range n {
			axis.WindowTo(p.at[k][b*n:(b+1)*n], p.mid[k]+p.half[k]*math.Cos(chebyshevAngle(2*b+1, n)), 0)
		}
		kernel.Mul(n, n, n, p.cos[k], n, p.at[k], n, p.all, n)
		largest := largestOf(p.all[:n*n])
		q := n
		for q > 1 && largestOf(p.all[(q-1)*n:q*n]) <= 0x1p-53*largest {
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

func largestOf(u []float64) float64 {
	most := 0.0
	for _, v := range u {
		most = max(most, math.Abs(v))
	}
	return most
}

// rowTo stores the weights of the row that a has located.
func (p *patch) rowTo(dst []float64, a *locator) {
	p.place(a)
	q1, q2, q3 := p.q[0], p.q[1], p.q[2]
	rest := q2 * q3
	mean, part := p.mean[:rest*q1], p.part[:rest*q1]
	clear(mean)
	for from := 0; from < len(a.prob); from += patchBlock {
		m := min(patchBlock, len(a.prob)-from)
		p.terms(a, from, m)
		kernel.Mul(rest, q1, m, p.left, m, p.right, q1, part, q1)
		for i, v := range part {
			mean[i] += v
		}
	}
	// From terms to nodes, axis by axis.
	n := [grid.MaxDim]int{1, 1, 1}
	d := p.g.Dim()
	for k := range d {
		n[k] = p.g.Axis(k).Len()
	}
	out := [grid.MaxDim][]float64{p.first[:rest*n[0]], p.second[:n[1]*q3*n[0]], dst}
	if d < 3 {
		out[d-1] = dst
	}
	kernel.Mul(rest, n[0], q1, mean, q1, p.coef[0], n[0], out[0], n[0])
	if d > 1 {
		for c := range q3 {
			kernel.Mul(n[1], n[0], q2, p.coef[1], q2, out[0][c*q2*n[0]:], n[0], out[1][c*n[1]*n[0]:], n[0])
		}
	}
	if d > 2 {
		kernel.Mul(n[2], n[1]*n[0], q3, p.coef[2], q3, out[1], n[1]*n[0], out[2], n[1]*n[0])
	}
}

// terms stores, of m samples, the products of the terms along x2 and x3 in left, rest x m,
// and the terms along x1 times the probability in right, m x q1.
func (p *patch) terms(a *locator, from, m int) {
	d := p.g.Dim()
	q1, q2, q3 := p.q[0], p.q[1], p.q[2]
	grads := a.grads[from*d : (from+m)*d]
	shift, scale := (a.x[0]-p.mid[0])/p.half[0], a.eta/p.half[0]
	for s, w := range a.prob[from : from+m] {
		t := shift - scale*grads[s*d]
		row := p.right[s*q1 : (s+1)*q1]
		before, now := w*t, w // T_{-1} = T_1
		for i := range row {
			row[i] = now
			before, now = now, 2*t*now-before
		}
	}
	if d < 2 {
		for s := range m {
			p.left[s] = 1
		}
		return
	}
	p.linesTo(p.left, a, 1, from, m)
	if d < 3 {
		return
	}
	p.linesTo(p.high, a, 2, from, m)
	for c := q3 - 1; c >= 0; c-- { // from behind: the first lines are overwritten last
		along := p.high[c*m : (c+1)*m]
		for b := range q2 {
			line, dst := p.left[b*m:(b+1)*m], p.left[(c*q2+b)*m:(c*q2+b+1)*m]
			for s, t := range along {
				dst[s] = t * line[s]
			}
		}
	}
}

// linesTo stores the terms of m samples along axis k, a line of samples for every term.
func (p *patch) linesTo(dst []float64, a *locator, k, from, m int) {
	d := p.g.Dim()
	shift, scale := (a.x[k]-p.mid[k])/p.half[k], a.eta/p.half[k]
	grads := a.grads[from*d : (from+m)*d]
	for s := range m {
		dst[s] = 1
	}
	if p.q[k] == 1 {
		return
	}
	t := dst[m : 2*m]
	for s := range t {
		t[s] = shift - scale*grads[s*d+k]
	}
	for b := 2; b < p.q[k]; b++ {
		two, one, next := dst[(b-2)*m:(b-1)*m], dst[(b-1)*m:b*m], dst[b*m:(b+1)*m]
		for s, v := range t {
			next[s] = 2*v*one[s] - two[s]
		}
	}
}
