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

// each calls f for the nodes of a block: with the place in a block, the first of the nodes
// that are reflections of each other, and the distance to the reflected one along each axis,
// zero where there is none.
func (r *reflections) each(f func(at, node int, mirror *[grid.MaxDim]int)) {
	var mirror [grid.MaxDim]int
	d := r.g.Dim()
	count := 1
	for k := range d {
		count *= r.half[k]
	}
	for c := range count {
		at, node, stride, rest := 0, 0, 1, c
		for k := range d {
			i := rest % r.half[k]
			rest /= r.half[k]
			at += i * stride
			stride *= r.side[k]
			node += i * r.g.Stride(k)
			mirror[k] = 0
			if r.folded[k] {
				mirror[k] = (r.g.Axis(k).Len() - 1 - 2*i) * r.g.Stride(k)
			}
		}
		f(at, node, &mirror)
	}
}

// foldTo stores the parts of u in dst, blocks x size. Both kinds of parts are divided by
// divisor where two nodes meet: sqrt 2 for fields, 2 for coefficients, which then multiply
// fields of any parity entry by entry.
func (r *reflections) foldTo(dst, u []float64, divisor float64) {
	d, scale := r.g.Dim(), 1/divisor
	r.each(func(at, node int, mirror *[grid.MaxDim]int) {
		var v [1 << grid.MaxDim]float64
		for p := range r.blocks {
			i := node
			for k := range d {
				if p>>k&1 != 0 {
					i += mirror[k]
				}
			}
			v[p] = u[i]
		}
		for k := range d {
			for p := range r.blocks {
				q := p | 1<<k
				switch {
				case p == q:
				case mirror[k] == 0:
					v[q] = 0
				default:
					v[p], v[q] = scale*(v[p]+v[q]), scale*(v[p]-v[q])
				}
			}
		}
		for p := range r.blocks {
			dst[p*r.size+at] = v[p]
		}
	})
}

// unfoldTo stores in dst the field whose blocks of the given set are in v, one after the
// other; the other blocks are zero.
func (r *reflections) unfoldTo(dst, v []float64, set parities) {
	d := r.g.Dim()
	r.each(func(at, node int, mirror *[grid.MaxDim]int) {
		var x [1 << grid.MaxDim]float64
		from := at
		for p := range r.blocks {
			if set>>p&1 != 0 {
				x[p] = v[from]
				from += r.size
			}
		}
		for k := range d {
			if mirror[k] == 0 {
				continue
			}
			for p := range r.blocks {
				if q := p | 1<<k; p != q {
					x[p], x[q] = math.Sqrt2/2*(x[p]+x[q]), math.Sqrt2/2*(x[p]-x[q])
				}
			}
		}
		for p := range r.blocks {
			i, own := node, true
			for k := range d {
				if p>>k&1 != 0 {
					i += mirror[k]
					own = own && mirror[k] != 0
				}
			}
			if own {
				dst[i] = x[p]
			}
		}
	})
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

// foldMatrix returns the block of a matrix along axis k that maps parity from to parity to,
// 0 even and 1 odd, filled up with zeros. An axis that is not folded has one block.
func (r *reflections) foldMatrix(m *grid.AxisMatrix, k, to, from int) *grid.AxisMatrix {
	n, half := r.g.Axis(k).Len(), r.half[k]
	rows := make([]grid.Row, r.side[k])
	for i := range rows {
		rows[i].Weights = make([]float64, r.side[k])
		if i >= half {
			continue
		}
		for j := range half {
			rows[i].Weights[j] = r.entry(m, k, i, j, n, to, from)
		}
	}
	return grid.NewAxisMatrix(rows, r.side[k])
}

func (r *reflections) entry(m *grid.AxisMatrix, k, i, j, n, to, from int) float64 {
	if !r.folded[k] {
		return m.At(i, j)
	}
	sign := [2]float64{1, -1}
	sum, pairs := 0.0, 0
	for side := range 2 {
		for other := range 2 {
			row, col := i, j
			s := 1.0
			if side == 1 {
				row, s = n-1-i, s*sign[to]
			}
			if other == 1 {
				col, s = n-1-j, s*sign[from]
			}
			sum += s * m.At(row, col)
		}
	}
	// A middle node stands for both sides, which were counted twice each.
	middle := func(i int) bool { return 2*i == n-1 }
	if middle(i) {
		pairs++
	}
	if middle(j) {
		pairs++
	}
	return sum / 2 * math.Pow(math.Sqrt2/2, float64(pairs))
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
			to := from
			if r.folded[k] {
				to = 1 - from
			}
			o.first[k][from] = r.foldMatrix(op.first[k], k, to, from)
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
		haveFirst, haveMixed, haveSecond := -1, -1, -1
		for i := range o.terms {
			t := &o.terms[i]
			w := o.d1
			switch {
			case t.second && t.k == t.l:
				if haveSecond != t.k {
					o.along(&o.second, t.k, p, o.d2, block)
					haveSecond, haveMixed = t.k, -1
				}
				w = o.d2
			default:
				if haveFirst != t.k {
					o.along(&o.first, t.k, p, o.d1, block)
					haveFirst, haveMixed = t.k, -1
				}
				if t.k != t.l {
					if haveMixed != t.l {
						o.along(&o.first, t.l, p, o.d2, o.d1)
						haveMixed, haveSecond = t.l, -1
					}
					w = o.d2
				}
			}
			q := o.at[o.target(t, p)]
			kernel.AddMul(dst[q:q+o.size], 1, t.c, w)
		}
	}
}
