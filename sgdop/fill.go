package sgdop

import (
	"math"

	"kolmo/internal/kernel"
)

// filler stores the merged weights of rows. It is a workspace.
type filler struct {
	s     *Operator
	left  []float64 // rest x M: products of the weights along x2, x3
	right []float64 // M x N1: probability times the weights along x1
	patch *patch    // of patched rows

	norm float64
}

// fill stores the weights of the row that a has located in its windows.
func (f *filler) fill(a *locator, boxes []box, list []kernel.Window) {
	s := f.s
	first := list[0].W
	total := 0
	for i := range boxes {
		total += boxes[i].volume()
	}
	dst := s.weights[first : first+total]
	if a.patched {
		if f.patch == nil {
			f.patch = newPatch(s.g)
		}
		f.patch.rowTo(dst, a)
	} else if s.full {
		f.whole(dst, a)
	} else {
		for m, p := range a.prob {
			b := a.box(m)
			k := find(boxes, &b)
			f.scatter(dst[list[k].W-first:], &boxes[k], &b, a, m, p)
		}
	}
	sum := 0.0
	for _, w := range dst {
		sum += math.Abs(w)
	}
	f.norm = max(f.norm, sum)
}

// scatter adds p times the weights of sample m, whose window is b, to those of the
// window x.
func (f *filler) scatter(dst []float64, x, b *box, a *locator, m int, p float64) {
	e1, e2 := int(x.hi[0]-x.lo[0]), int(x.hi[1]-x.lo[1])
	at := int(b.lo[0]-x.lo[0]) + (int(b.lo[1]-x.lo[1])+int(b.lo[2]-x.lo[2])*e2)*e1
	w1, w2, w3 := a.axis(0, m), a.axis(1, m), a.axis(2, m)
	for _, c3 := range w3 {
		start := at
		for _, c2 := range w2 {
			c := p * c2 * c3
			line := dst[start:][:len(w1)]
			for i, v := range w1 {
				line[i] += c * v
			}
			start += e1
		}
		at += e1 * e2
	}
}

// whole sums the outer products of all samples over whole axes as one product of
// matrices, rest x M times M x N1.
func (f *filler) whole(dst []float64, a *locator) {
	n1, n2, n3 := a.wide[0], a.wide[1], a.wide[2]
	m, rest := len(a.prob), n2*n3
	if f.left == nil {
		f.left, f.right = make([]float64, rest*m), make([]float64, m*n1)
	}
	for s, p := range a.prob {
		for i, v := range a.axis(0, s) {
			f.right[s*n1+i] = p * v
		}
		w2 := a.axis(1, s)
		for k, c := range a.axis(2, s) {
			for j, v := range w2 {
				f.left[(k*n2+j)*m+s] = c * v
			}
		}
	}
	kernel.Mul(rest, n1, m, f.left, m, f.right, n1, dst, n1)
}
