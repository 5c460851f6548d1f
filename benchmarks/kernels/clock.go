package main

import (
	"math"
	"syscall"
)

// processor returns the processor time of this process in seconds.
func processor() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) * 1e-9
}

// seconds returns the least processor time of one call of f.
func seconds(f func()) float64 {
	const least, repeats = 1e-3, 5
	count := 1
	for ; ; count *= 2 {
		start := processor()
		for range count {
			f()
		}
		if processor()-start > least {
			break
		}
	}
	best := math.Inf(1)
	for range repeats {
		start := processor()
		for range count {
			f()
		}
		best = min(best, (processor()-start)/float64(count))
	}
	return best
}

// forever returns n times longer than any.
func forever(n int) []float64 {
	t := make([]float64, n)
	for i := range t {
		t[i] = math.Inf(1)
	}
	return t
}
