package fit

import "math"

// nearest returns the lowest rate that a slower mode may have which slopes of log v at three times,
// known to half a width each, do not tell apart. It takes v for the sum of two exponentials with
// the rates r and r - d, the slower one with the share p of it. The slope d p - r then changes by
// c = d^2 p (1-p), log c by k = d (1 - 2 p), and d (1-p) is still to come. With |p| at least leastPart
// where log v bends least, that is at most sqrt(bend (1 + leastPart)/leastPart) there: faster modes add to
// the bend. Where the slopes show c and k it is (k + sqrt(k^2 + 4 c))/2, however small p is.
func nearest(t, slope, half [3]float64, bend, there float64) float64 {
	rate := -(slope[1] + slope[2] + half[1] + half[2]) / 2
	low := min(rate, there) - math.Sqrt(bend*(1+leastPart)/leastPart)
	var c [2]float64
	shown := true
	for i := range c {
		c[i] = (slope[i+1] - slope[i]) / (t[i+1] - t[i])
		shown = shown && math.Abs(slope[i+1]-slope[i]) > 2*(half[i+1]+half[i])
	}
	if shown && c[0]*c[1] > 0 {
		k := 2 / (t[2] - t[0]) * math.Log(c[1]/c[0])
		low = min(low, rate-(k+math.Sqrt(k*k+4*max(0, c[1])))/2)
	}
	return low
}

// leastPart is the part of v, of either sign, that a slower mode must make up to be within the
// interval where the slopes do not show how it grows.
const leastPart = 0.1

// leastBend returns the least bound on how fast the slope of log v changes that values and their
// errors give at parts of the time up to an end, four values in each, and the rate there. Long
// parts with small errors give the best.
func leastBend(t, v, err []float64, from, end int) (least, rate float64) {
	least = math.Inf(1)
	for first := range decayEnds - 2 {
		for last := first + 3; last <= decayEnds; last++ {
			a, n := from+(end-from)*first/decayEnds, (end-from)*(last-first)/decayEnds
			if n < 3 {
				continue
			}
			var slope, off, middle [3]float64
			for i := range slope {
				p, q := a+n*i/3, a+n*(i+1)/3
				dt := t[q] - t[p]
				slope[i], off[i], middle[i] = math.Log(v[q]/v[p])/dt, (err[q]/v[q]+err[p]/v[p])/dt, (t[q]+t[p])/2
			}
			bend := 0.0
			for i := range 2 {
				bend = max(bend, (math.Abs(slope[i+1]-slope[i])+off[i+1]+off[i])/(middle[i+1]-middle[i]))
			}
			if bend < least {
				least, rate = bend, -slope[1]-off[1]
			}
		}
	}
	return least, rate
}
