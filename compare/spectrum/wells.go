package spectrum

import (
	"cmp"
	"math"

	"kolmo/process"
)

// Interval is a closed interval.
type Interval struct{ Lo, Hi float64 }

// Constants of the search for intervals that a chain cannot leave.
const (
	restNodes   = 513    // points at which the mean step is looked at
	growthNodes = 17     // points of an interval that grows
	growthSteps = 20_000 // most steps of growth
	growthLeast = 1e-7   // share of the box by which an interval must still grow
	checkWork   = 4_000_000
	checkMost   = 20_001
	checkLeast  = 2_001
)

// widenings are by how much of its width an interval is widened before it is checked: at the
// ends of the least one images lie on the ends.
var widenings = []float64{0.005, 0.02, 0.05}

// apart counts intervals that overlap once. Each holds an invariant law: with k of them the
// eigenvalue 1 of the chain is at least k-fold.
func apart(wells []Interval) []Interval {
	var out []Interval
	for _, w := range wells {
		if k := len(out); k == 0 || out[k-1].Hi < w.Lo {
			out = append(out, w)
		}
	}
	return out
}

// Kept returns intervals in a box, around points of rest, none of which a chain on the line can leave, from left to right;
// they may overlap, and there are none where its noise has no ends. What it may do is told by images of the nodes and of
// the ends of the law's support: nodes of a quadrature lie inside. The error is that of an image.
func Kept(chain process.Chain, box Interval) ([]Interval, error) {
	ends, ok := chain.Support()
	if !ok {
		return nil, nil
	}
	im, far, n, x := chain.NewImager(), ends.NewImager(), chain.Images(), []float64{0}
	var failed error
	wells := kept(n+ends.Images(), func(at, weights []float64, z float64) {
		x[0] = z
		failed = cmp.Or(failed, im.ImagesTo(weights[:n], at[:n], x), far.ImagesTo(weights[n:], at[n:], x))
		clear(weights[n:])
	}, box)
	return wells, failed
}

// kept returns intervals in a box none of which a chain on the line can leave, from left to
// right; they may overlap. images stores the images of x, n of them, and probabilities their
// weights. An interval grows from each stable point of rest of the mean until it holds all
// its images. It is then looked at densely, with what an image moves between two points as
// margin; nothing is returned that does not pass.
func kept(n int, images func(at, weights []float64, x float64), box Interval) []Interval {
	at, weights := make([]float64, n), make([]float64, n)
	mean := func(x float64) float64 {
		images(at, weights, x)
		sum := 0.0
		for i, v := range at {
			sum += weights[i] * (v - x)
		}
		return sum
	}
	point := func(in Interval, i, n int) float64 { return in.Lo + (in.Hi-in.Lo)*float64(i)/float64(n-1) }
	var wells []Interval
	for i := 0; i+1 < restNodes; i++ {
		a, b := point(box, i, restNodes), point(box, i+1, restNodes)
		if !(mean(a) > 0 && mean(b) <= 0) {
			continue
		}
		w := Interval{a, b}
		for range growthSteps {
			grown := w
			for j := range growthNodes {
				images(at, weights, point(w, j, growthNodes))
				for _, v := range at {
					grown.Lo, grown.Hi = min(grown.Lo, v), max(grown.Hi, v)
				}
			}
			done := w.Lo-grown.Lo <= growthLeast*(box.Hi-box.Lo) && grown.Hi-w.Hi <= growthLeast*(box.Hi-box.Lo)
			if w = grown; done || w.Lo < box.Lo || w.Hi > box.Hi {
				break
			}
		}
		for _, share := range widenings {
			e := share * (w.Hi - w.Lo)
			if wide := (Interval{w.Lo - e, w.Hi + e}); wide.Lo >= box.Lo && wide.Hi <= box.Hi && keeps(n, images, wide) {
				wells = append(wells, wide)
				break
			}
		}
	}
	return wells
}

// keeps reports that all images of an interval lie in it.
func keeps(n int, images func(at, weights []float64, x float64), in Interval) bool {
	points := min(max(checkWork/n, checkLeast), checkMost)
	at, before, weights := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range points {
		images(at, weights, in.Lo+(in.Hi-in.Lo)*float64(i)/float64(points-1))
		for k, v := range at {
			margin := 0.0
			if i > 0 {
				margin = math.Abs(v - before[k])
			}
			if !(v-margin > in.Lo && v+margin < in.Hi) {
				return false
			}
		}
		copy(before, at)
	}
	return true
}
