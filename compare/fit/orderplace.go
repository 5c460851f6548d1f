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

const (
	// mirrored is the distance, in units of R, up to which a place is taken for the image of
	// another by mirrors of axes: gaps of even problems are as large at both.
	mirrored = 1. / 16
	// farthestPlace is the share of a gap that a place says nothing about at most.
	farthestPlace = 1 - 1./16
)

// change bounds by how much the local order between two learning rates may be too large: at the
// smaller one's place the gap of the larger may be less than the supremum. By how much is
// seen at its time, and in space is taken from the distance, as at a maximum that falls by a
// half over the ball's diameter. That is O(eta^2) where the place moves with eta.
func (o *orderPlaces) change(large, small *compare.GapRow) float64 {
	if o == nil || large.Gap <= 0 {
		return 0
	}
	share := o.inTime(large, small)
	if d := o.distance(large.X, small.X) / (2 * o.p.Ball.R); d == d {
		share += d * d / 2
	}
	return -math.Log(1-min(share, farthestPlace)) / math.Log(large.Eta/small.Eta)
}

// inTime returns by how much, relatively, the larger rate's gap at the time of the smaller one's
// is below its largest.
func (o *orderPlaces) inTime(large, small *compare.GapRow) float64 {
	at := slices.IndexFunc(o.curves, func(c compare.Curve) bool {
		return c.Observable == large.Observable && c.Model == large.Model && c.Eta == large.Eta
	})
	if at < 0 || len(o.curves[at].T) == 0 {
		return 0
	}
	c := o.curves[at]
	k, _ := slices.BinarySearch(c.T, small.T)
	value := c.Gap[min(k, len(c.Gap)-1)]
	if k > 0 && k < len(c.T) {
		w := (small.T - c.T[k-1]) / (c.T[k] - c.T[k-1])
		value = (1-w)*c.Gap[k-1] + w*c.Gap[k]
	}
	return max(0, 1-value/float64(large.Gap))
}

// distance returns how far two points are apart where the region is a ball, mirror images
// aside.
func (o *orderPlaces) distance(x, y []compare.Number) float64 {
	if len(x) != len(o.p.Ball.Center) || len(y) != len(x) {
		return 0
	}
	a, b := o.p.FromUser(x), o.p.FromUser(y)
	direct, image := 0.0, 0.0
	for k, c := range o.p.Ball.Center {
		d, e := a[k]-b[k], math.Abs(a[k]-c)-math.Abs(b[k]-c)
		direct += d * d
		image += e * e
	}
	if image = math.Sqrt(image); image <= mirrored*o.p.Ball.R {
		return image
	}
	return math.Sqrt(direct)
}
