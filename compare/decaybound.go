package compare

import "math"

// boundConstant returns the least C with v <= C e^{-rate t} at all computed times, within the
// errors where v does not stand above them, and how far C may be off: by the errors of the
// values that stand above theirs, and by a maximum between the times.
func boundConstant(t, v, errs []float64, rate float64) (c, err float64) {
	bounds, spread := make([]float64, len(t)), make([]float64, len(t))
	above := make([]bool, len(t))
	for i := range t {
		w, grown := v[i], math.Exp(rate*t[i])
		if above[i] = w > decayFloor*errs[i]; !above[i] {
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
	return c, max(c-low, high-c) + between(t, bounds, at)
}

// momentConstant returns the least C of (2.10) with the moment's values v at the points,
// [time][point], at all computed times, and how far C may be off: by the errors of the
// values, by time, and by a maximum between the times or the points.
func momentConstant(t []float64, v [][]float64, errs []float64, q *points, m int, rate float64) (c, err float64) {
	bounds := make([]float64, len(t)) // the largest at any point
	var most []float64                // at all points at the time of the largest
	at := 0
	for i := range t {
		weighted := make([]float64, len(v[i]))
		for p, x := range v[i] {
			weighted[p] = x / (1 + math.Pow(q.ball.Distance(q.x[p]), float64(2*m))*math.Exp(-rate*t[i]))
			bounds[i] = max(bounds[i], weighted[p])
		}
		if most == nil || bounds[i] > bounds[at] {
			at, most = i, weighted
		}
		err = max(err, errs[i]) // the weight is at most one
	}
	return bounds[at], err + between(t, bounds, at) + betweenPoints(q, most)
}

// between returns by how much a function of one variable may exceed its largest sample, at an
// index: orderSafety times what a function may rise between samples whose curvature is the
// largest of those at the sample and its neighbours, nothing at the ends.
func between(t, v []float64, at int) float64 {
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
	return orderSafety * bend * width * width / 8
}

// betweenPoints returns by how much a function of the point may exceed its largest sample: the
// estimates along the axes through that point, none at points on the sphere.
func betweenPoints(q *points, v []float64) float64 {
	at := 0
	for p := range v {
		if v[p] > v[at] {
			at = p
		}
	}
	if at >= len(q.inside) {
		return 0
	}
	place := make(map[int]int, len(q.inside))
	for p, i := range q.inside {
		place[i] = p
	}
	height, stride := 0.0, 1
	for _, axis := range q.axes {
		k := q.inside[at] / stride % len(axis)
		below, a := place[q.inside[at]-stride]
		above, b := place[q.inside[at]+stride]
		if a && b && k > 0 && k < len(axis)-1 {
			height += between(axis[k-1:k+2], []float64{v[below], v[at], v[above]}, 1)
		}
		stride *= len(axis)
	}
	return height
}
