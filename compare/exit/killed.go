package exit

import "math"

// killed is a chain on the corners of a grid of cells, width corners along the last axis, that is
// killed: from corner i it goes by one of its hops, or else it is gone.
type killed struct {
	width int
	first []int // the hops of corner i are first[i] to first[i+1]
	hops  []hop
	most  int // hops of a corner
}

// hop leads to the corners of a cell: to, the next, and those a width on, with these probabilities.
type hop struct {
	to int32
	w  [4]float64
}

// hopBytes is the memory of a hop.
const hopBytes = 40

// stepTo stores (I - P) t in dst.
func (k *killed) stepTo(dst, t []float64) {
	for i := range dst {
		sum := t[i]
		for h := k.first[i]; h < k.first[i+1]; h++ {
			p := &k.hops[h]
			at := t[p.to:]
			sum -= p.w[0]*at[0] + p.w[1]*at[1] + p.w[2]*at[k.width] + p.w[3]*at[k.width+1]
		}
		dst[i] = sum
	}
}

// within returns a bound of |T/t - 1|, T being the mean number of steps until the chain is gone, and stores 1 - (I - P) t
// in rest. I - P is an M-matrix: where t >= 0 and (I - P) t lies between 1 - e and 1 + e everywhere,
// e < 1, T lies between t/(1 + e) and t/(1 - e). It is infinite where t tells nothing. rounding is the part of e that no t is without.
func (k *killed) within(rest, t []float64) (bound, rounding float64) {
	k.stepTo(rest, t)
	e, top := 0.0, 0.0
	for i, v := range rest {
		rest[i] = 1 - v
		e, top = math.Max(e, math.Abs(rest[i])), math.Max(top, t[i])
		if !(t[i] >= 0) {
			return math.Inf(1), 0
		}
	}
	rounding = float64(4*k.most+4) * 0x1p-52 * top
	if e += rounding; !(e < 1) {
		return math.Inf(1), rounding
	}
	return e / (1 - e), rounding
}

// lost returns where the chain may come to corners from which it never leaves.
func (k *killed) lost() []bool {
	leaves := make([]bool, len(k.first)-1)
	for i := range leaves {
		sum := 0.0
		for h := k.first[i]; h < k.first[i+1]; h++ {
			for _, w := range k.hops[h].w {
				sum += w
			}
		}
		leaves[i] = sum < 1-killedRounding
	}
	k.spread(leaves)
	for i, v := range leaves {
		leaves[i] = !v
	}
	k.spread(leaves)
	return leaves
}

// spread marks all corners from which marked ones can be reached.
func (k *killed) spread(marked []bool) {
	offsets := [4]int{0, 1, k.width, k.width + 1}
	visit := func(i int) bool {
		if marked[i] {
			return false
		}
		for h := k.first[i]; h < k.first[i+1]; h++ {
			for c, w := range k.hops[h].w {
				if w > 0 && marked[int(k.hops[h].to)+offsets[c]] {
					marked[i] = true
					return true
				}
			}
		}
		return false
	}
	for again := true; again; {
		again = false
		for i := range marked {
			again = visit(i) || again
		}
		for i := len(marked) - 1; i >= 0; i-- {
			again = visit(i) || again
		}
	}
}

// killedRounding is what probabilities that sum to one may miss.
const killedRounding = 1e-12
