package kolmogorov

import (
	"math"

	"kolmo/grid"
	"kolmo/internal/kernel"
)

// reflections holds fields by their parities under the reflections of a grid's axes about
// their middles. Along an axis with nodes that mirror each other
//
//	e_i = (u_i + u_{n-1-i})/sqrt 2,   o_i = (u_i - u_{n-1-i})/sqrt 2,   i < n/2,
//
// which is orthogonal; a node in the middle is its own even part. Block p of a field, bit k
// of p set, holds what is odd along axis k, x1 contiguous, filled up with zeros to sides of
// whole tiles. An odd derivative changes the parity along its axis, an even one keeps it,
// so that all products have half the side (Solomonoff 1992, doi:10.1016/0021-9991(92)90237-8),
// and parities that a field does not have need not be kept.
type reflections struct {
	g      *grid.Grid
	folded [grid.MaxDim]bool
	side   [grid.MaxDim]int // of a block
	half   [grid.MaxDim]int // nodes of it along each axis
	size   int              // of a block
	blocks int              // 2^d, or fewer bits where an axis is not folded
}

// tile is what the sides of blocks are multiples of.
const tile = 4

// newReflections folds the axes of collocation whose nodes mirror each other.
func newReflections(g *grid.Grid) *reflections {
	r := &reflections{g: g, size: 1, blocks: 1 << g.Dim()}
	for k := range g.Dim() {
		a := g.Axis(k)
		r.folded[k] = mirrored(a)
		r.half[k] = a.Len()
		if r.folded[k] {
			r.half[k] = (a.Len() + 1) / 2
		}
		r.side[k] = (r.half[k] + tile - 1) / tile * tile
		r.size *= r.side[k]
	}
	return r
}

// mirrored reports that the nodes mirror each other to rounding.
func mirrored(a *grid.Axis) bool {
	n := a.Len()
	twice := a.Lo() + a.Hi()
	for i := range n / 2 {
		if math.Abs(a.Node(i)+a.Node(n-1-i)-twice) > parityRounding*max(math.Abs(a.Lo()), math.Abs(a.Hi())) {
			return false
		}
	}
	return true
}

// parityRounding is the size, relative to the whole, of a part that is rounding.
const parityRounding = 8 * 0x1p-52

// parities is a set of blocks: bit p stands for block p.
type parities uint

// foldTo stores the parts of u in dst, blocks x size. Both kinds of parts are divided by
// divisor where two nodes meet: sqrt 2 for fields, 2 for coefficients, which then multiply
// fields of any parity entry by entry.
func (r *reflections) foldTo(dst, u []float64, divisor float64) {
	clear(dst)
	r.foldAxis(dst, u, r.g.Dim()-1, 0, 1/divisor)
}

// foldAxis folds axis k and those before it of the lines in u, whose later axes are folded
// and have the place of block p in dst.
func (r *reflections) foldAxis(dst, u []float64, k, p int, scale float64) {
	n, half := r.g.Axis(k).Len(), r.half[k]
	inner, place := r.g.Stride(k), 1
	for l := range k {
		place *= r.side[l]
	}
	if k == 0 {
		even, odd := dst[p*r.size:], dst[(p|1)*r.size:]
		for i := range half {
			if j := n - 1 - i; r.folded[0] && j != i {
				even[i], odd[i] = scale*(u[i]+u[j]), scale*(u[i]-u[j])
			} else {
				even[i] = u[i]
			}
		}
		return
	}
	even, odd := make([]float64, inner), make([]float64, inner)
	for i := range half {
		at := i * place
		a := u[i*inner : (i+1)*inner]
		if j := n - 1 - i; r.folded[k] && j != i {
			b := u[j*inner : (j+1)*inner]
			b = b[:len(a)]
			for c, v := range a {
				even[c], odd[c] = scale*(v+b[c]), scale*(v-b[c])
			}
			r.foldAxis(dst[at:], odd, k-1, p|1<<k, scale)
			a = even
		}
		r.foldAxis(dst[at:], a, k-1, p, scale)
	}
}

// unfoldTo stores in dst the field whose blocks of the given set are in v, one after the
// other; the other blocks are zero.
func (r *reflections) unfoldTo(dst, v []float64, set parities) {
	var blocks [1 << grid.MaxDim][]float64
	for p := range r.blocks {
		if set>>p&1 != 0 {
			blocks[p], v = v[:r.size], v[r.size:]
		}
	}
	clear(dst)
	r.unfoldAxis(dst, &blocks, r.g.Dim()-1, 0, 0)
}

// unfoldAxis stores in dst the lines along axis k and those before it whose later axes are
// at the place at of the blocks with the parities p.
func (r *reflections) unfoldAxis(dst []float64, blocks *[1 << grid.MaxDim][]float64, k, p, at int) {
	const scale = math.Sqrt2 / 2
	n, half := r.g.Axis(k).Len(), r.half[k]
	inner, place := r.g.Stride(k), 1
	for l := range k {
		place *= r.side[l]
	}
	if k == 0 {
		if even := blocks[p]; even != nil {
			for i, e := range even[at : at+half] {
				if j := n - 1 - i; r.folded[0] && j != i {
					dst[i], dst[j] = scale*e, scale*e
				} else {
					dst[i] = e
				}
			}
		}
		if odd := blocks[p|1]; odd != nil && r.folded[0] {
			for i, o := range odd[at : at+n/2] {
				dst[i] += scale * o
				dst[n-1-i] -= scale * o
			}
		}
		return
	}
	for i := range half {
		a := dst[i*inner : (i+1)*inner]
		r.unfoldAxis(a, blocks, k-1, p, at+i*place)
		if j := n - 1 - i; r.folded[k] && j != i {
			b := dst[j*inner : (j+1)*inner]
			r.unfoldAxis(b, blocks, k-1, p|1<<k, at+i*place)
			b = b[:len(a)]
			for c, e := range a {
				o := b[c]
				a[c], b[c] = scale*(e+o), scale*(e-o)
			}
		}
	}
}

// present returns the blocks of a folded field that are more than rounding of its largest entry.
func (r *reflections) present(v []float64) parities {
	least := parityRounding * maxAbs(v)
	set := parities(0)
	for p := range r.blocks {
		if maxAbs(v[p*r.size:(p+1)*r.size]) > least {
			set |= 1 << p
		}
	}
	return set
}

// foldMatrix returns the block of a derivative along axis k that maps parity from, 0 even and
// 1 odd, to parity to, filled up with zeros. The derivative
// mirrors itself to rounding as the nodes do. An axis that is not folded has one block.
func (r *reflections) foldMatrix(m *grid.AxisMatrix, k, to, from int) *grid.AxisMatrix {
	n, half := r.g.Axis(k).Len(), r.half[k]
	rows := make([]grid.Row, r.side[k])
	entries, row := make([]float64, r.side[k]*r.side[k]), make([]float64, n)
	for i := range rows {
		entry := entries[i*r.side[k] : (i+1)*r.side[k]]
		rows[i].Weights = entry
		if i >= half || to == 1 && 2*i == n-1 {
			continue
		}
		m.RowTo(row, i)
		if !r.folded[k] {
			copy(entry, row)
			continue
		}
		// A row of a pair of nodes stands for both; a node in the middle is even and its
		// own mirror image.
		for j := range half {
			switch other := row[n-1-j]; {
			case 2*j == n-1:
				entry[j] = math.Sqrt2 * row[j] * float64(1-from)
			case from == 0:
				entry[j] = row[j] + other
			default:
				entry[j] = row[j] - other
			}
			if 2*i == n-1 {
				entry[j] *= math.Sqrt2 / 2
			}
		}
	}
	return grid.NewAxisMatrix(rows, r.side[k])
}

// reflectedOperator is L on fields by parities, those of a closed set of blocks.
type reflectedOperator struct {
	*reflections
	set    parities
	at     [1 << grid.MaxDim]int // where a block of the set is
	terms  []reflectedTerm
	first  [grid.MaxDim][2]*grid.AxisMatrix // by the parity that it acts on
	second [grid.MaxDim][2]*grid.AxisMatrix
	d1, d2 []float64
}

// reflectedTerm is a part of a coefficient of one parity.
type reflectedTerm struct {
	k, l   int // derivative: d_k, or d_k d_l
	second bool
	parity int
	c      []float64
}

// sameDerivative reports that two terms differ in their coefficients alone.
func (t *reflectedTerm) sameDerivative(u *reflectedTerm) bool {
	return t.k == u.k && t.l == u.l && t.second == u.second
}

// newReflectedOperator returns L on the fields that start with the given blocks and those
// that L makes of them.
func newReflectedOperator(op *Operator, r *reflections, set parities) *reflectedOperator {
	o := &reflectedOperator{reflections: r, d1: make([]float64, r.size), d2: make([]float64, r.size)}
	d := op.Dim()
	parts := make([]float64, r.blocks*r.size)
	add := func(c []float64, scale float64, k, l int, second bool) {
		if c == nil {
			return
		}
		r.foldTo(parts, c, 2)
		present := r.present(parts)
		for p := range r.blocks {
			if present>>p&1 == 0 {
				continue
			}
			t := reflectedTerm{k: k, l: l, second: second, parity: p, c: make([]float64, r.size)}
			for i, v := range parts[p*r.size : (p+1)*r.size] {
				t.c[i] = scale * v
			}
			o.terms = append(o.terms, t)
		}
	}
	for k := range d {
		add(op.c.B[k], 1, k, k, false)
		for l := k + 1; l < d; l++ {
			add(op.c.A[k][l], 1, k, l, true)
		}
		add(op.c.A[k][k], 0.5, k, k, true)
		for from := range 2 {
			if from == 1 && !r.folded[k] {
				continue
			}
			o.first[k][from] = r.foldMatrix(op.first[k], k, 1-from, from)
			o.second[k][from] = r.foldMatrix(op.second[k], k, from, from)
		}
	}
	o.close(set)
	return o
}

// flip returns the bits of parity that a first derivative along axis k changes.
func (r *reflections) flip(k int) int {
	if r.folded[k] {
		return 1 << k
	}
	return 0
}

// target returns the block into which a term puts what it makes of block p.
func (o *reflectedOperator) target(t *reflectedTerm, p int) int {
	q := p ^ t.parity
	if t.k != t.l {
		return q ^ o.flip(t.k) ^ o.flip(t.l)
	}
	if !t.second {
		return q ^ o.flip(t.k)
	}
	return q
}

// close finds the least set of blocks with the given ones that L maps to itself.
func (o *reflectedOperator) close(set parities) {
	for before := parities(0); before != set; {
		before = set
		for p := range o.blocks {
			if set>>p&1 == 0 {
				continue
			}
			for i := range o.terms {
				set |= 1 << o.target(&o.terms[i], p)
			}
		}
	}
	o.set = set
	at := 0
	for p := range o.blocks {
		if set>>p&1 != 0 {
			o.at[p] = at
			at += o.size
		}
	}
}

// Len returns the length of a field by its parities.
func (o *reflectedOperator) Len() int {
	n := 0
	for p := range o.blocks {
		if o.set>>p&1 != 0 {
			n += o.size
		}
	}
	return n
}

// packTo stores the blocks of the set from a folded field in dst.
func (o *reflectedOperator) packTo(dst, v []float64) {
	for p := range o.blocks {
		if o.set>>p&1 != 0 {
			copy(dst[o.at[p]:o.at[p]+o.size], v[p*o.size:])
		}
	}
}

// along stores the derivative of a block of parity p along axis k in dst.
func (o *reflectedOperator) along(m *[grid.MaxDim][2]*grid.AxisMatrix, k, p int, dst, v []float64) {
	inner, odd := 1, 0
	for l := range k {
		inner *= o.side[l]
	}
	if o.folded[k] {
		odd = p >> k & 1
	}
	m[k][odd].MulTo(dst, v, o.size/(inner*o.side[k]), inner)
}

// apply stores L v in dst. Terms of the same derivative follow each other and share it.
func (o *reflectedOperator) apply(dst, v []float64) {
	clear(dst)
	for p := range o.blocks {
		if o.set>>p&1 == 0 {
			continue
		}
		block := v[o.at[p] : o.at[p]+o.size]
		var w []float64
		haveFirst := -1
		for i := range o.terms {
			t := &o.terms[i]
			switch {
			case i > 0 && t.sameDerivative(&o.terms[i-1]):
			case t.second && t.k == t.l:
				o.along(&o.second, t.k, p, o.d2, block)
				w = o.d2
			default:
				if haveFirst != t.k {
					o.along(&o.first, t.k, p, o.d1, block)
					haveFirst = t.k
				}
				if w = o.d1; t.k != t.l {
					o.along(&o.first, t.l, p, o.d2, o.d1)
					w = o.d2
				}
			}
			q := o.at[o.target(t, p)]
			kernel.AddMul(dst[q:q+o.size], 1, t.c, w)
		}
	}
}
