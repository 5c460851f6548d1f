package fit

import (
	"math"
)

// BoundConstant returns the least C with v <= C e^{-rate t} at all computed times, within the
// errors where v does not stand above them, and how far C may be off. That counts the errors
// of the values that stand above theirs, and a maximum between the times.
func BoundConstant(t, v, errs []float64, rate float64) (c, err float64) {
	bounds, spread := make([]float64, len(t)), make([]float64, len(t))
	above := make([]bool, len(t))
	for i := range t {
		w, grown := v[i], math.Exp(rate*t[i])
		if above[i] = w > DecayFloor*errs[i]; !above[i] {
			w = max(0, w-errs[i])
		}
		bounds[i], spread[i] = w*grown, errs[i]*grown
	}
	at := 0
	for i, b := range bounds {
		if b > bounds[at] {
			at = i
		}
	}
	c = bounds[at]
	low, high := 0.0, c
	for i, b := range bounds {
		if above[i] {
			low, high = max(low, b-spread[i]), max(high, b+spread[i])
			continue
		}
		low = max(low, b)
	}
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
