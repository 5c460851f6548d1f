package fit

import (
	"math"
)

// BoundConstant returns the least C with v <= C e^{-rate t} at the times at which v stands above its
// errors, and how far C may be off. That counts these errors, a maximum between the times, and what values that do
// not stand above theirs leave beyond C: they are mostly noise, which e^{rate t} makes as large as it likes.
func BoundConstant(t, v, errs []float64, rate float64) (c, err float64) {
	bounds := make([]float64, len(t))
	at, low, high := -1, 0.0, 0.0
	for i := range t {
		grown := math.Exp(rate * t[i])
		if bounds[i] = v[i] * grown; v[i] <= DecayFloor*errs[i] {
			bounds[i] = max(0, v[i]-errs[i]) * grown
			high = max(high, bounds[i])
			continue
		}
		if at < 0 || bounds[i] > bounds[at] {
			at = i
		}
		low, high = max(low, (v[i]-errs[i])*grown), max(high, (v[i]+errs[i])*grown)
	}
	at = max(at, 0)
	c = bounds[at]
	return c, max(c-low, high-c) + Between(t, bounds, at)
}

// Between returns by how much a function of one variable may exceed its largest sample, at an
// index. That is orderSafety times what a function may rise between samples whose curvature
// is the largest of those at the sample and its neighbours, nothing at the ends.
func Between(t, v []float64, at int) float64 {
	if at == 0 || at == len(v)-1 {
		return 0
	}
	bend := 0.0
	for k := max(1, at-1); k <= min(len(v)-2, at+1); k++ {
		before, after := t[k]-t[k-1], t[k+1]-t[k]
		left, right := (v[k]-v[k-1])/before, (v[k]-v[k+1])/after // what it falls by on either side
		bend = max(bend, 2*(left+right)/(before+after))
	}
	width := max(t[at]-t[at-1], t[at+1]-t[at])
	return OrderSafety * bend * width * width / 8
}
