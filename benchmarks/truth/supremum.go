package main

import "math"

// supremum is the largest modulus that a sequence of fields has taken, where and when.
type supremum struct {
	value, x float64
	n        int
}

// nearly is the share of the largest value from which on the maxima of a field are looked for between its points.
const nearly = 0.95

// look compares the field with values v on the axis at step n. Its largest maxima are found between the points,
// on the polynomial through them, by golden sections.
func (s *supremum) look(a *axis, n int, v []float64) {
	top := 0.0
	for _, y := range v {
		top = max(top, math.Abs(y))
	}
	if top < nearly*s.value || top == 0 {
		return
	}
	for i, y := range v {
		y = math.Abs(y)
		if y < nearly*top || i > 0 && math.Abs(v[i-1]) > y || i+1 < len(v) && math.Abs(v[i+1]) > y {
			continue
		}
		low, high := a.low, a.high
		if i > 0 {
			low = a.x[i-1]
		}
		if i+1 < len(v) {
			high = a.x[i+1]
		}
		x, value := golden(func(x float64) float64 { return math.Abs(a.at(v, x)) }, low, high)
		if value > s.value {
			s.value, s.x, s.n = value, x, n
		}
	}
}

// golden returns the largest of f's values at low, at high, and at its maximum between them by golden sections.
func golden(f func(float64) float64, low, high float64) (x, value float64) {
	const ratio = 0.6180339887498949
	x, value = low, f(low)
	if v := f(high); v > value {
		x, value = high, v
	}
	a, b := low, high
	c, d := b-ratio*(b-a), a+ratio*(b-a)
	fc, fd := f(c), f(d)
	for range 40 {
		if fc > fd {
			b, d, fd = d, c, fc
			c = b - ratio*(b-a)
			fc = f(c)
		} else {
			a, c, fc = c, d, fd
			d = a + ratio*(b-a)
			fd = f(d)
		}
	}
	if fc > value {
		x, value = c, fc
	}
	if fd > value {
		x, value = d, fd
	}
	return x, value
}
