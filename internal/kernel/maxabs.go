package kernel

import "math"

// MaxAbs returns the largest size of the numbers in v, zero if there are none; NaN counts as
// larger than any. Sizes are compared as integers, whose order is that of the numbers.
func MaxAbs(v []float64) float64 {
	const size = 1<<63 - 1
	var a, b, c, d uint64
	if n := len(v) &^ 7; useAVX2 && n > 0 {
		a, v = maxAbsAVX2(n, &v[0]), v[n:]
	}
	for ; len(v) >= 4; v = v[4:] {
		a = max(a, math.Float64bits(v[0])&size)
		b = max(b, math.Float64bits(v[1])&size)
		c = max(c, math.Float64bits(v[2])&size)
		d = max(d, math.Float64bits(v[3])&size)
	}
	for _, x := range v {
		a = max(a, math.Float64bits(x)&size)
	}
	return math.Float64frombits(max(a, b, c, d))
}
