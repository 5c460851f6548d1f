package fit

import (
	"math"
	"slices"

	"kolmo/compare"
)

// Decay is a fitted e^{-rate t}, with the interval that the rate is in as t grows. Late is
// how far down a mode may lie that the window does not tell apart; see AtLeast.
type Decay struct{ Rate, Low, High, From, To, Late float64 }

// Constants of fits of decay.
const (
	// DecayFloor is how far above its error a value must be to be fitted.
	DecayFloor = 10
	// decayShare is the share of the time of a fit that it leaves out: faster modes still
	// show there.
	decayShare = 0.6
	// decayLeast is the fewest points of a fit.
	decayLeast = 7
	// decayEnds is how many ends of the window are tried, from earliestEnd of the time
	// in which values are resolved.
	decayEnds, earliestEnd = 12, 0.4
	// lateShare is the share of the longest resolved time that a later one must have.
	lateShare = 0.2
	// calmNoise is what the errors may do to the rate, relatively, in the last window.
	calmNoise = 3e-3
	// leastRateError is the relative error that any rate may have.
	leastRateError = 1e-6
	// earliestPower limits how far back a power of t in what decays may begin.
	earliestPower = 20
)

// LateRate finds the rate to which -d log v/dt tends. It looks at the last long
// time in which v stands above its error, and in the last two fifths of it at three parts. The
// rate is that of the last part. Its interval holds what the errors can do to that slope
// and what is still to come of the drift seen between the parts. That is taken to be as
// much as if it fell like 1/t, which is more than what any faster transient leaves, or like 1/(t+c)
// where the rate rises.
//
// Of several ends of the window the last one is taken whose slope the errors hardly touch,
// and if there is none that with the shortest interval. Later slopes must not leave the
// interval, lest a slow mode that shows at the end be missed. Values after the window lower
// the interval's end if they fall slower.
// Growth is a negative rate. All is NaN where v does not stand above its error for long
// enough.
func LateRate(t, v, err []float64) Decay {
	nan := math.NaN()
	best := Decay{nan, nan, nan, nan, nan, nan}
	from, to := resolvedTime(t, v, err)
	if to-from+1 < decayLeast {
		return best
	}
	// From the last end to the first: an earlier window must agree with all later ones.
	type slope struct{ low, high float64 }
	var later []slope
	shortest := math.Inf(1)
	last := -1
	for k := decayEnds; k >= 0; k-- {
		share := earliestEnd + (1-earliestEnd)*float64(k)/decayEnds
		end := from
		for end < to && t[end+1]-t[from] <= share*(t[to]-t[from])*(1+1e-12) {
			end++
		}
		if end == last {
			continue
		}
		last = end
		d, noise, ok := rateBefore(t, v, err, from, end)
		if !ok {
			continue
		}
		agrees := true
		for _, s := range later {
			agrees = agrees && s.low <= d.High && s.high >= d.Low
		}
		if agrees && noise <= calmNoise*math.Abs(d.Rate) {
			return d.heldTo(t, v, err)
		}
		later = append(later, slope{d.Rate - noise, d.Rate + noise})
		if agrees && d.High-d.Low < shortest {
			shortest, best = d.High-d.Low, d
		}
	}
	return best.heldTo(t, v, err)
}

// heldTo lowers the interval's end to the slowest decay seen after the window: two values
// bound the mean rate between them with their errors, also where they do not stand far enough
// above these to be fitted.
func (d Decay) heldTo(t, v, err []float64) Decay {
	end := 0
	for end < len(t) && !(t[end] >= d.To) {
		end++
	}
	for i := end + 1; i < len(t); i++ {
		if v[i] <= ErrorSafety*err[i] {
			continue
		}
		for k := end; k < i; k++ {
			d.Low = min(d.Low, math.Log((v[k]+err[k])/(v[i]-err[i]))/(t[i]-t[k]))
		}
	}
	return d
}

// ConfirmedRate is lateRate for values whose errors fall with them: what falls slower below
// the errors lowers the interval's end too.
func ConfirmedRate(t, v, err []float64) Decay {
	from, _ := resolvedTime(t, v, err)
	return LateRate(t, v, err).confirmedBy(t, v, from)
}

// confirmedBy lowers the interval's end to that of slower decay seen in windows that end
// later, whatever the errors there are said to be: errors that fall with v hide a slow mode
// for ever. What no longer falls is a floor and says nothing. What falls does where its
// slopes agree, or at the end, where a bend may as well be the beginning of a slow mode.
func (d Decay) confirmedBy(t, v []float64, from int) Decay {
	last := len(t) - 1
	for last >= 0 && !(v[last] > 0) {
		last--
	}
	begin := from
	for begin < last && !(t[begin] >= d.To) {
		begin++
	}
	exact := make([]float64, len(t))
	for k := range decayEnds {
		end := last - (last-begin)*k/decayEnds
		if end <= begin || slices.Min(v[begin:end+1]) <= 0 {
			continue
		}
		w, _, ok := rateBefore(t, v, exact, from, end)
		if !ok || !(w.Rate*(w.To-w.From) >= leastFall) {
			continue
		}
		if k == 0 || w.High-w.Low <= 2*straight*w.Rate {
			d.Low = min(d.Low, max(w.Low, w.Rate/mostBend))
		}
	}
	return d
}

// leastFall is the logarithm by which what is no floor falls in a window, and straight the
// half-width of its rate's interval, relatively, up to which its slopes agree. A bend is taken
// to lead to a rate that is at most mostBend times smaller.
const leastFall, straight, mostBend = 1, 0.1, 8

// resolvedTime returns the first and the last index of the last time in which v stands
// above its error for long: for as many points as a fit needs, and for lateShare of the
// longest such time.
func resolvedTime(t, v, err []float64) (from, to int) {
	var runs [][2]int
	longest := 0.0
	for i := 0; i < len(v); {
		k := i
		for k < len(v) && v[k] > DecayFloor*err[k] && v[k] > 0 {
			k++
		}
		if k-i >= decayLeast {
			runs = append(runs, [2]int{i, k - 1})
			longest = max(longest, t[k-1]-t[i])
		}
		i = k + 1
	}
	for k := len(runs) - 1; k >= 0; k-- {
		if r := runs[k]; t[r[1]]-t[r[0]] >= lateShare*longest {
			return r[0], r[1]
		}
	}
	return 0, -1
}

// rateBefore fits the rate in the window that ends at an index, and returns what noise
// can do to it beside its interval.
func rateBefore(t, v, err []float64, from, end int) (d Decay, noise float64, ok bool) {
	a := from
	for t[a]-t[from] < decayShare*(t[end]-t[from]) {
		a++
	}
	if end-a+1 < decayLeast {
		return d, 0, false
	}
	var slopes, halves, middle [3]float64
	for part := range 3 {
		var x, y, rel []float64
		lo, hi := a+part*(end-a)/3, a+(part+1)*(end-a)/3
		for i := lo; i <= hi; i++ {
			x, y, rel = append(x, t[i]), append(y, math.Log(v[i])), append(rel, err[i]/v[i])
		}
		slopes[part], halves[part] = LineFit(x, y, rel)
		middle[part] = (t[lo] + t[hi]) / 2
	}
	rate := -slopes[2]
	drift := max(math.Abs(slopes[0]-slopes[2]), math.Abs(slopes[1]-slopes[2]), math.Abs(slopes[0]-slopes[1]))
	still := (middle[0] - t[from]) / (middle[2] - middle[0])
	half := halves[2] + still*drift + leastRateError*math.Abs(rate)
	bend, there := leastBend(t, v, err, from, end)
	high := rate + max(half, halves[2]+rise(middle, slopes, halves))
	return Decay{Rate: rate, Low: rate - half, High: high, From: t[a], To: t[end], Late: nearest(middle, slopes, halves, bend, there)}, halves[2], true
}

// rise returns how much a rate that rises may still do so, from slopes of log v at three times, known to
// half a width each. It takes v for (t+c)^p e^{-rt}, as of equal eigenvalues with one eigenvector: heavy ball
// at critical damping. The slopes p/(t+c) - r show c, however long before v's first time that power
// begins, and p/(t+c) is still to come. Zero where they show no rise, and no more than for the power that began
// earliestPower times the three times' distance before them.
func rise(t, slope, half [3]float64) float64 {
	first, last := slope[0]-slope[1], slope[1]-slope[2]
	if !(first > half[0]+half[1] && last > 0) {
		return 0
	}
	q := (first - half[0] - half[1]) / (last + half[1] + half[2]) * (t[2] - t[1]) / (t[1] - t[0])
	return (first + last) * min(earliestPower, 1/max(0, q-1))
}

// AtLeast lowers the interval's end to that of a slower mode which the window does not tell apart,
// but no further than to the least rate there is, NaN if that is not known.
func (d Decay) AtLeast(least float64) Decay {
	if !(d.Late < least) {
		least = d.Late
	}
	d.Low = min(d.Low, least)
	return d
}

// HidingTo puts the interval's end at the least rate that a mode below the errors may have. What is seen to
// fall slower than that, with all it may be, is no mode that the least is of, and stays.
func (d Decay) HidingTo(least float64) Decay {
	if d = d.AtLeast(least); least <= d.High {
		d.Low = min(d.Rate, least)
	}
	return d
}

// Reaching raises the interval's end to the slowest rate there is, with its error, where that is known: nothing decays slower, whatever a window shows.
func (d Decay) Reaching(slowest, err float64) Decay {
	if d.High < slowest-err {
		d.High = slowest + err
	}
	return d
}

// Settled reports that the interval is narrow enough for the rate to mean something.
func (d Decay) Settled() bool { return d.High-d.Low <= 2*settledShare*math.Abs(d.Rate) }

// settledShare is the half-width of an interval, relative to the rate, beyond which the
// rate still changes.
const settledShare = 0.3

// Verdict says what the interval of a rate shows, with what decay and growth are called; what
// is unknown of the rate, or of its sign, is so up to a time.
func (f Decay) Verdict(decays, grows, until string) (verdict, reason string) {
	switch {
	case f.Low > 0:
		verdict, reason = compare.DecayPass, decays
	case f.High < 0:
		verdict, reason = compare.DecayFail, grows
	default:
		return compare.DecayNotResolved, "whether it decays is not known: the rate still changes, or is not known well enough, " + until
	}
	switch {
	case !f.Settled():
		reason += compare.Say("; its rate still changes, or is not known to %.0f %%, %s", 100*settledShare, until)
	case verdict == compare.DecayFail:
		reason += " " + until
	}
	return verdict, reason
}
