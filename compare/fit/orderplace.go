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

// change bounds by how much the local order between two learning rates may be off: at the
// smaller one's place the gap of the larger may be less than the supremum, and the steps of either may
// lie beside the time at which the gap would be the largest.
func (o *orderPlaces) change(large, small *compare.GapRow) float64 {
	if o == nil {
		return 0
	}
	of := o.curve(large)
	off := math.Log1p(BetweenSteps(of, large)) + math.Log1p(BetweenSteps(o.curve(small), small)) - math.Log(1-Elsewhere(o.p, of, large, small))
	return off / math.Log(large.Eta/small.Eta)
}

// curve returns the curve of a row, or nil.
func (o *orderPlaces) curve(row *compare.GapRow) *compare.Curve {
	at := slices.IndexFunc(o.curves, func(c compare.Curve) bool {
		return c.Observable == row.Observable && c.Model == row.Model && c.Eta == row.Eta
	})
	if at < 0 {
		return nil
	}
	return &o.curves[at]
}

// BetweenSteps returns by how much, relatively, a row's curve, which may be nil, is taken to exceed its gap between
// the steps before and after it: what the cubics through four neighbouring steps rise to, and once more what
// they rise above the parabola through three. How far from that top the steps lie is chance and no power of
// eta, at a few steps as much as other corrections.
func BetweenSteps(c *compare.Curve, row *compare.GapRow) float64 {
	if c == nil || !(row.Gap > 0) {
		return 0
	}
	k, found := slices.BinarySearch(c.T, row.T)
	if !found || k == 0 || k == len(c.T)-1 || c.Gap[k-1] > c.Gap[k] || c.Gap[k+1] > c.Gap[k] {
		return 0
	}
	parabola := peak(c, k-1, k+1, k)
	cubic := parabola
	if k > 1 {
		cubic = max(cubic, peak(c, k-2, k+1, k))
	}
	if k+2 < len(c.T) {
		cubic = max(cubic, peak(c, k-1, k+2, k))
	}
	return (2*cubic - parabola - c.Gap[k]) / float64(row.Gap)
}

// peakPoints is the number of points between two steps at which polynomials are looked at: a top
// that lies between them is missed by 1e-4 of its height over the steps, and no more.
const peakPoints = 50

// peak returns the largest value between the steps beside k of the polynomial through first to last.
func peak(c *compare.Curve, first, last, k int) float64 {
	most := c.Gap[k]
	for j := range 2 * peakPoints {
		from, share := k-1+j/peakPoints, float64(j%peakPoints)/peakPoints
		t, value := (1-share)*c.T[from]+share*c.T[from+1], 0.0
		for a := first; a <= last; a++ {
			term := c.Gap[a]
			for b := first; b <= last; b++ {
				if b != a {
					term *= (t - c.T[b]) / (c.T[a] - c.T[b])
				}
			}
			value += term
		}
		most = max(most, value)
	}
	return most
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
