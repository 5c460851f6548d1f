package sgdop

import "kolmo/grid"

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
