package sgdop

import (
	"math"

	"kolmo/grid"
	"kolmo/internal/kernel"
)

// box is a window of nodes: lo[k] .. hi[k]-1 along axis k.
type box struct{ lo, hi [grid.MaxDim]int32 }

func (b *box) volume() int {
	return int(b.hi[0]-b.lo[0]) * int(b.hi[1]-b.lo[1]) * int(b.hi[2]-b.lo[2])
}

func (b *box) contains(c *box) bool {
	for k := range b.lo {
		if c.lo[k] < b.lo[k] || c.hi[k] > b.hi[k] {
			return false
		}
	}
	return true
}

func union(a, b *box) box {
	var u box
	for k := range a.lo {
		u.lo[k], u.hi[k] = min(a.lo[k], b.lo[k]), max(a.hi[k], b.hi[k])
	}
	return u
}

// Two windows of a row are merged while that costs at most mergeShare of their
// weights more, and mergeWeights besides, about what a window costs by itself.
const (
	mergeShare   = 0.25
	mergeWeights = 32
)

// worth reports that u, the union of a and b, is to replace them.
func worth(u, a, b *box) bool {
	apart := float64(a.volume() + b.volume())
	return float64(u.volume()) <= (1+mergeShare)*apart+mergeWeights
}

// oneWindow is the share of the smallest window around all that several must
// undercut to be kept apart.
const oneWindow = 0.75

// mostWindows is the number of windows from which they are merged among
// themselves before another is added.
const mostWindows = 24

// grouper merges the windows of a row's samples into few.
type grouper struct {
	list []box
	last int
}

func (g *grouper) reset() { g.list, g.last = g.list[:0], 0 }

// add makes the list cover b.
func (g *grouper) add(b box) {
	if g.last < len(g.list) && g.list[g.last].contains(&b) {
		return
	}
	best, excess := -1, 0
	for i := range g.list {
		if g.list[i].contains(&b) {
			g.last = i
			return
		}
		u := union(&g.list[i], &b)
		if e := u.volume() - g.list[i].volume(); worth(&u, &g.list[i], &b) && (best < 0 || e < excess) {
			best, excess = i, e
		}
	}
	if best >= 0 {
		g.list[best] = union(&g.list[best], &b)
		g.last = best
		return
	}
	if len(g.list) >= mostWindows {
		g.merge()
	}
	g.list = append(g.list, b)
	g.last = len(g.list) - 1
}

// merge joins windows while that is worth it.
func (g *grouper) merge() {
	for i := 0; i < len(g.list); i++ {
		for j := i + 1; j < len(g.list); j++ {
			if u := union(&g.list[i], &g.list[j]); worth(&u, &g.list[i], &g.list[j]) {
				g.list[i] = u
				g.list = append(g.list[:j], g.list[j+1:]...)
				i, j = -1, 0
				break
			}
		}
	}
	g.last = 0
}

// windows returns the windows: one, unless several are much smaller together.
func (g *grouper) windows() []box {
	g.merge()
	if len(g.list) < 2 {
		return g.list
	}
	all, total := g.list[0], 0
	for i := range g.list {
		all = union(&all, &g.list[i])
		total += g.list[i].volume()
	}
	if float64(total) >= oneWindow*float64(all.volume()) {
		g.list = append(g.list[:0], all)
	}
	return g.list
}

// find returns the first of the windows that contains b.
func find(list []box, b *box) int {
	for i := range list {
		if list[i].contains(b) {
			return i
		}
	}
	panic("sgdop: a window that covers no sample's")
}

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
