package parity

import (
	"math"

	"kolmo/grid"
	"kolmo/internal/kernel"
)

// Reflections holds fields by their parities under the Reflections of a grid's axes about
// their middles. Along an axis with nodes that mirror each other
//
//	e_i = (u_i + u_{n-1-i})/sqrt 2,   o_i = (u_i - u_{n-1-i})/sqrt 2,   i < n/2,
//
// which is orthogonal; a node in the middle is its own even part. Block p of a field, bit k
// of p set, holds what is odd along axis k, x1 contiguous, filled up with zeros to sides of
// whole tiles. An odd derivative changes the parity along its axis, an even one keeps it,
// so that all products have half the side (Solomonoff 1992, doi:10.1016/0021-9991(92)90237-8),
// and parities that a field does not have need not be kept.
type Reflections struct {
	G      *grid.Grid
	Folded [grid.MaxDim]bool
	Side   [grid.MaxDim]int // of a block
	Half   [grid.MaxDim]int // nodes of it along each axis
	Size   int              // of a block
	Blocks int              // 2^d, or fewer bits where an axis is not folded
}

// tile is what the sides of blocks are multiples of.
const tile = 4

// NewReflections folds the axes of collocation whose nodes mirror each other.
func NewReflections(g *grid.Grid) *Reflections {
	r := &Reflections{G: g, Size: 1, Blocks: 1 << g.Dim()}
	for k := range g.Dim() {
		a := g.Axis(k)
		r.Folded[k] = mirrored(a)
		r.Half[k] = a.Len()
		if r.Folded[k] {
			r.Half[k] = (a.Len() + 1) / 2
		}
		r.Side[k] = (r.Half[k] + tile - 1) / tile * tile
		r.Size *= r.Side[k]
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

// Parities is a set of blocks: bit p stands for block p.
type Parities uint

// FoldTo stores the parts of u in dst, blocks x size. Both kinds of parts are divided by
// divisor where two nodes meet: sqrt 2 for fields, 2 for coefficients, which then multiply
// fields of any parity entry by entry.
func (r *Reflections) FoldTo(dst, u []float64, divisor float64) {
	clear(dst)
	r.foldAxis(dst, u, r.G.Dim()-1, 0, 1/divisor)
}

// foldAxis folds axis k and those before it of the lines in u, whose later axes are folded
// and have the place of block p in dst.
func (r *Reflections) foldAxis(dst, u []float64, k, p int, scale float64) {
	n, half := r.G.Axis(k).Len(), r.Half[k]
	inner, place := r.G.Stride(k), 1
	for l := range k {
		place *= r.Side[l]
	}
	if k == 0 {
		even, odd := dst[p*r.Size:], dst[(p|1)*r.Size:]
		for i := range half {
			if j := n - 1 - i; r.Folded[0] && j != i {
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
		if j := n - 1 - i; r.Folded[k] && j != i {
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

// UnfoldTo stores in dst the field whose blocks of the given set are in v, one after the
// other; the other blocks are zero.
func (r *Reflections) UnfoldTo(dst, v []float64, set Parities) {
	var blocks [1 << grid.MaxDim][]float64
	for p := range r.Blocks {
		if set>>p&1 != 0 {
			blocks[p], v = v[:r.Size], v[r.Size:]
		}
	}
	clear(dst)
	r.unfoldAxis(dst, &blocks, r.G.Dim()-1, 0, 0)
}

// unfoldAxis stores in dst the lines along axis k and those before it whose later axes are
// at the place at of the blocks with the parities p.
func (r *Reflections) unfoldAxis(dst []float64, blocks *[1 << grid.MaxDim][]float64, k, p, at int) {
	const scale = math.Sqrt2 / 2
	n, half := r.G.Axis(k).Len(), r.Half[k]
	inner, place := r.G.Stride(k), 1
	for l := range k {
		place *= r.Side[l]
	}
	if k == 0 {
		if even := blocks[p]; even != nil {
			for i, e := range even[at : at+half] {
				if j := n - 1 - i; r.Folded[0] && j != i {
					dst[i], dst[j] = scale*e, scale*e
				} else {
					dst[i] = e
				}
			}
		}
		if odd := blocks[p|1]; odd != nil && r.Folded[0] {
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
		if j := n - 1 - i; r.Folded[k] && j != i {
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

// Present returns the blocks of a folded field that are more than rounding of its largest entry.
func (r *Reflections) Present(v []float64) Parities {
	least := parityRounding * kernel.MaxAbs(v)
	set := Parities(0)
	for p := range r.Blocks {
		if kernel.MaxAbs(v[p*r.Size:(p+1)*r.Size]) > least {
			set |= 1 << p
		}
	}
	return set
}

// FoldMatrix returns the block of a derivative along axis k that maps parity from, 0 even and
// 1 odd, to parity to, filled up with zeros. The derivative
// mirrors itself to rounding as the nodes do. An axis that is not folded has one block.
func (r *Reflections) FoldMatrix(m *grid.AxisMatrix, k, to, from int) *grid.AxisMatrix {
	n, half := r.G.Axis(k).Len(), r.Half[k]
	rows := make([]grid.Row, r.Side[k])
	entries, row := make([]float64, r.Side[k]*r.Side[k]), make([]float64, n)
	for i := range rows {
		entry := entries[i*r.Side[k] : (i+1)*r.Side[k]]
		rows[i].Weights = entry
		if i >= half || to == 1 && 2*i == n-1 {
			continue
		}
		m.RowTo(row, i)
		if !r.Folded[k] {
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
	return grid.NewAxisMatrix(rows, r.Side[k])
}

// Flip returns the bits of parity that a first derivative along axis k changes.
func (r *Reflections) Flip(k int) int {
	if r.Folded[k] {
		return 1 << k
	}
	return 0
}
