package benchmarks

import (
	"math"
	"syscall"
)

// processor returns the processor time of this process in seconds; it varies less
// than that of the clock where others use the machine.
func processor() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) * 1e-9
}

// stopwatch keeps the shortest of several times.
type stopwatch float64

func newStopwatch() stopwatch { return stopwatch(math.Inf(1)) }

// time calls f.
func (s *stopwatch) time(f func()) {
	start := processor()
	f()
	*s = min(*s, stopwatch(processor()-start))
}
