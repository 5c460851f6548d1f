package kolmogorov

import (
	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/kolmogorov/parity"
)

// reflectedOperator is L on fields by parities, those of a closed set of blocks.
type reflectedOperator struct {
	*parity.Reflections
	set    parity.Parities
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
func newReflectedOperator(op *Operator, r *parity.Reflections, set parity.Parities) *reflectedOperator {
	o := &reflectedOperator{Reflections: r, d1: make([]float64, r.Size), d2: make([]float64, r.Size)}
	d := op.Dim()
	parts := make([]float64, r.Blocks*r.Size)
	add := func(c []float64, scale float64, k, l int, second bool) {
		if c == nil {
			return
		}
		r.FoldTo(parts, c, 2)
		present := r.Present(parts)
		for p := range r.Blocks {
			if present>>p&1 == 0 {
				continue
			}
			t := reflectedTerm{k: k, l: l, second: second, parity: p, c: make([]float64, r.Size)}
			for i, v := range parts[p*r.Size : (p+1)*r.Size] {
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
			if from == 1 && !r.Folded[k] {
				continue
			}
			o.first[k][from] = r.FoldMatrix(op.first[k], k, 1-from, from)
			o.second[k][from] = r.FoldMatrix(op.second[k], k, from, from)
		}
	}
	o.close(set)
	return o
}

// target returns the block into which a term puts what it makes of block p.
func (o *reflectedOperator) target(t *reflectedTerm, p int) int {
	q := p ^ t.parity
	if t.k != t.l {
		return q ^ o.Flip(t.k) ^ o.Flip(t.l)
	}
	if !t.second {
		return q ^ o.Flip(t.k)
	}
	return q
}

// close finds the least set of blocks with the given ones that L maps to itself.
func (o *reflectedOperator) close(set parity.Parities) {
	for before := parity.Parities(0); before != set; {
		before = set
		for p := range o.Blocks {
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
	for p := range o.Blocks {
		if set>>p&1 != 0 {
			o.at[p] = at
			at += o.Size
		}
	}
}

// Len returns the length of a field by its parities.
func (o *reflectedOperator) Len() int {
	n := 0
	for p := range o.Blocks {
		if o.set>>p&1 != 0 {
			n += o.Size
		}
	}
	return n
}

// packTo stores the blocks of the set from a folded field in dst.
func (o *reflectedOperator) packTo(dst, v []float64) {
	for p := range o.Blocks {
		if o.set>>p&1 != 0 {
			copy(dst[o.at[p]:o.at[p]+o.Size], v[p*o.Size:])
		}
	}
}

// along stores the derivative of a block of parity p along axis k in dst.
func (o *reflectedOperator) along(m *[grid.MaxDim][2]*grid.AxisMatrix, k, p int, dst, v []float64) {
	inner, odd := 1, 0
	for l := range k {
		inner *= o.Side[l]
	}
	if o.Folded[k] {
		odd = p >> k & 1
	}
	m[k][odd].MulTo(dst, v, o.Size/(inner*o.Side[k]), inner)
}

// apply stores L v in dst. Terms of the same derivative follow each other and share it.
func (o *reflectedOperator) apply(dst, v []float64) {
	clear(dst)
	for p := range o.Blocks {
		if o.set>>p&1 == 0 {
			continue
		}
		block := v[o.at[p] : o.at[p]+o.Size]
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
			kernel.AddMul(dst[q:q+o.Size], 1, t.c, w)
		}
	}
}
