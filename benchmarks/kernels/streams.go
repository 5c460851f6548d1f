package main

import (
	"fmt"
	"io"

	"gonum.org/v1/gonum/floats"

	"kolmo/internal/kernel"
)

// stream is a kernel that passes once over arrays.
type stream struct {
	name  string
	moves int // numbers read or written per entry
	pass  func(dst, a, x []float64)
}

// streams are the kernels that are compared as they move memory; a triad x = y + s z
// is the measure of the machine.
var streams = []stream{
	{"triad", 3, func(dst, a, x []float64) { floats.AddScaledTo(dst, a, 0.5, x) }},
	{"addmul", 4, func(dst, a, x []float64) { kernel.AddMul(dst, 1e-9, a, x) }},
	{"submul", 4, kernel.SubMul},
}

// lengths of the arrays: within the first cache, within the second, in memory.
var lengths = []int{1 << 10, 1 << 15, 1 << 22}

// measureStreams prints the table of the streams.
func measureStreams(w io.Writer, rounds int, reference string, list []stream) error {
	var jobs []string
	for _, s := range list {
		for _, n := range lengths {
			jobs = append(jobs, fmt.Sprintf("%s:%d", s.name, n))
		}
	}
	ours, plain := forever(len(jobs)), forever(len(jobs))
	for range rounds {
		i := 0
		for _, s := range list {
			for _, n := range lengths {
				dst, a, x := numbers(n), numbers(n), numbers(n)
				ours[i] = min(ours[i], seconds(func() { s.pass(dst, a, x) }))
				i++
			}
		}
		if err := times(plain, reference, jobs...); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "Passes over arrays, GB/s, best of %d\n\n", rounds)
	fmt.Fprintf(w, "| pass | MB an array | kolmo | C | kolmo of C |\n|---|---:|---:|---:|---:|\n")
	i := 0
	for _, s := range list {
		for _, n := range lengths {
			bytes := 8 * float64(s.moves) * float64(n) * 1e-9
			fmt.Fprintf(w, "| %s | %.3f | %.1f | %.1f | %.2f |\n", s.name, 8e-6*float64(n), bytes/ours[i], bytes/plain[i], plain[i]/ours[i])
			i++
		}
	}
	fmt.Fprintln(w)
	return nil
}
