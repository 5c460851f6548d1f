package fit

import (
	"math"
	"slices"

	"kolmo/compare"
)

// orderPlaces tells how much of the gaps' fall between two learning rates may be that the
// largest gap is elsewhere: orders are those of a gap that stays at its place, or moves by as
// little as eta does.
type orderPlaces struct {
	p      *compare.Problem
	curves []compare.Curve
}

// farthestPlace is the share of a gap that a place says nothing about at most.
const farthestPlace = 1 - 1./16

// change bounds by how much the local order between two learning rates may be too large: at the
// smaller one's place the gap of the larger may be less than the supremum.
func (o *orderPlaces) change(large, small *compare.GapRow) float64 {
	if o == nil {
		return 0
	}
	var curve *compare.Curve
	if at := slices.IndexFunc(o.curves, func(c compare.Curve) bool {
		return c.Observable == large.Observable && c.Model == large.Model && c.Eta == large.Eta
	}); at >= 0 {
		curve = &o.curves[at]
	}
	return -math.Log(1-Elsewhere(o.p, curve, large, small)) / math.Log(large.Eta/small.Eta)
}

// Elsewhere bounds by how much, relatively, the gap of a larger learning rate is less at the time
// and the place of a smaller one's than its supremum: two rates extrapolate only what stays at
// its place, or moves by as little as eta does. What is less is seen at that time and at the
// images of the larger rate's place by mirrors of axes, on its curve, which may be nil. For the
// distance from the place, or from an image, it is as at a maximum that falls by a half over the
// ball's diameter: that is O(eta^2) where the place moves with eta.
func Elsewhere(p *compare.Problem, curve *compare.Curve, large, small *compare.GapRow) float64 {
	if !(large.Gap > 0) {
		return 0
	}
	return min(inTime(curve, large, small)+inSpace(p, curve, large, small), farthestPlace)
}

// inTime returns by how much, relatively, the larger rate's gap at the time of the smaller one's
// is below its largest.
func inTime(c *compare.Curve, large, small *compare.GapRow) float64 {
	if c == nil || len(c.T) == 0 {
		return 0
	}
	k, _ := slices.BinarySearch(c.T, small.T)
	value := c.Gap[min(k, len(c.Gap)-1)]
	if k > 0 && k < len(c.T) {
		w := (small.T - c.T[k-1]) / (c.T[k] - c.T[k-1])
		value = (1-w)*c.Gap[k-1] + w*c.Gap[k]
	}
	return max(0, 1-value/float64(large.Gap))
}

// inSpace returns the least of what the place of the smaller rate's gap, and those images of the
// larger one's where its gap is known, say.
func inSpace(p *compare.Problem, c *compare.Curve, large, small *compare.GapRow) float64 {
	if d := len(p.Ball.Center); len(large.X) != d || len(small.X) != d {
		return 0
	}
	axes, to := p.Ball.Mirrored(p.FromUser(large.X)), p.FromUser(small.X)
	images := []float64{float64(large.Gap)}
	if c != nil && len(c.Images) > 0 {
		images = append(images, c.Images[1:]...)
	}
	least := math.Inf(1)
	for i, gap := range images {
		share := max(0, 1-gap/float64(large.Gap))
		for k := range axes {
			d := (axes[k][i>>k&1] - to[k]) / (2 * p.Ball.R)
			share += d * d / 2
		}
		least = min(least, share)
	}
	return least
}
