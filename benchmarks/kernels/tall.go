package main

import (
	"fmt"
	"io"

	"kolmo/internal/kernel"
)

// tall is the shape of count vectors of n numbers, as a basis has them.
type tall struct{ n, count int }

// talls are bases of studies: of collocation in two dimensions, of its longest, and one that
// is larger than the caches.
var talls = []tall{{576, 16}, {1600, 68}, {4096, 128}, {32768, 128}}

// tallPasses are the two products with which a vector is made orthogonal to a basis.
var tallPasses = []struct {
	name string
	job  func(s tall, v, w, c, acc []float64)
}{
	{"dots", func(s tall, v, w, c, acc []float64) { kernel.AddDots(acc, v, s.n, s.count, w) }},
	{"subtract", func(s tall, v, w, c, acc []float64) { kernel.SubTall(w, v, s.n, c) }},
}

// measureTall prints the table of the tall products.
func measureTall(w io.Writer, rounds int, reference string, shapes []tall) error {
	var jobs []string
	for _, pass := range tallPasses {
		for _, s := range shapes {
			jobs = append(jobs, fmt.Sprintf("%s:%d:%d", pass.name, s.n, s.count))
		}
	}
	ours, plain, blas := forever(len(jobs)), forever(len(jobs)), forever(len(jobs))
	withBLAS := haveBLAS()
	for range rounds {
		i := 0
		for _, pass := range tallPasses {
			for _, s := range shapes {
				v, w, c, acc := numbers(s.n*s.count), numbers(s.n), make([]float64, s.count), make([]float64, kernel.DotLanes*s.count)
				for r := range c {
					c[r] = 1e-9
				}
				ours[i] = min(ours[i], seconds(func() { pass.job(s, v, w, c, acc) }))
				i++
			}
		}
		if err := times(plain, reference, jobs...); err != nil {
			return err
		}
		if withBLAS {
			if err := times(blas, python, append([]string{"-c", blasSource}, jobs...)...); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(w, "Products with the vectors of a basis, GFLOP/s, best of %d\n\n", rounds)
	fmt.Fprintf(w, "| pass | length x vectors | MB | kolmo | C | NumPy | kolmo of the better |\n|---|---:|---:|---:|---:|---:|---:|\n")
	i := 0
	for _, pass := range tallPasses {
		for _, s := range shapes {
			flops, other := 2*float64(s.n)*float64(s.count)*1e-9, "-"
			if withBLAS {
				other = fmt.Sprintf("%.1f", flops/blas[i])
			}
			fmt.Fprintf(w, "| %s | %d x %d | %.2f | %.1f | %.1f | %s | %.2f |\n", pass.name, s.n, s.count,
				8e-6*float64(s.n)*float64(s.count), flops/ours[i], flops/plain[i], other, min(plain[i], blas[i])/ours[i])
			i++
		}
	}
	fmt.Fprintln(w)
	return nil
}
