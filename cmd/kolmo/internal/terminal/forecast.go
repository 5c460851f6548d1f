package terminal

import (
	"fmt"
	"math"
	"time"
)

// forecast estimates how long work still takes. The pace is an average that forgets what
// is older than half of the time so far, so that neither a start from saved results nor a
// slow end spoils it; the estimate runs down with the clock and is drawn towards what the
// pace says, slowly enough that it does not jump.
type forecast struct {
	begin, at time.Time // of the first and the last update
	share     float64   // at the last update
	gained    float64   // forgetful sums of shares and of seconds
	spent     float64
	seconds   float64 // the estimate, if known
	known     bool
}

// Shortest times over which the pace is averaged and the estimate is drawn, and the time
// before the first estimate.
const (
	shortestPace = 5 * time.Second
	shortestDraw = 3 * time.Second
	firstAfter   = 3 * time.Second
)

// update tells the share of the work that is done at a time.
func (f *forecast) update(now time.Time, share float64) {
	if f.begin.IsZero() {
		f.begin, f.at, f.share = now, now, share
		return
	}
	dt := now.Sub(f.at).Seconds()
	if dt <= 0 {
		f.gained += share - f.share
		f.share = share
		return
	}
	elapsed := now.Sub(f.begin)
	memory := max(shortestPace, elapsed/2).Seconds()
	keep := math.Exp(-dt / memory)
	weight := memory * (1 - keep) / dt // of what came evenly in between
	f.gained = keep*f.gained + weight*(share-f.share)
	f.spent = keep*f.spent + weight*dt
	f.at, f.share = now, share
	if elapsed < firstAfter || f.gained <= 0 {
		return
	}
	raw := (1 - share) * f.spent / f.gained
	if !f.known {
		f.seconds, f.known = raw, true
		return
	}
	f.seconds = max(0, f.seconds-dt)
	drawn := -math.Expm1(-dt / max(shortestDraw.Seconds(), raw/10))
	f.seconds += drawn * (raw - f.seconds)
}

// span returns a time in rounded words: "5 s", "40 s", "3 min", "2 h 10 min", "3 d 4 h".
func Span(seconds float64) string {
	const (
		step   = 5 // rounding of seconds
		minute = 60
		hour   = 60 * minute
		day    = 24 * hour
	)
	switch s := int(math.Ceil(min(seconds, 1e6*day)/step)) * step; {
	case s < minute:
		return fmt.Sprintf("%d s", max(s, step))
	case s < hour-minute/2:
		return fmt.Sprintf("%d min", (s+minute/2)/minute)
	case s < day-5*minute:
		tens := (s + 5*minute) / (10 * minute)
		return fmt.Sprintf("%d h %d min", tens/6, tens%6*10)
	default:
		hours := (s + hour/2) / hour
		return fmt.Sprintf("%d d %d h", hours/24, hours%24)
	}
}
