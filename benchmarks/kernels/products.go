package main

import (
	"fmt"
	"io"
	"math"

	"kolmo/internal/kernel"
)

// product is the shape of a matrix product: m x k times k x p.
type product struct {
	m, p, k int
	what    string
}

// products are the shapes that studies spend their time in.
var products = []product{
	{8, 20, 20, "rows of x2"},
	{20, 20, 20, "Chebyshev axes in two dimensions"},
	{24, 24, 24, ""}, {28, 28, 28, ""}, {34, 34, 34, ""}, {36, 36, 36, ""}, {38, 38, 38, ""}, {44, 44, 44, ""}, {48, 48, 48, ""}, {64, 64, 64, ""},
	{16, 256, 16, "three dimensions, last axis"}, {256, 16, 16, "first axis"},
	{20, 400, 20, "last axis"}, {400, 20, 20, "first axis"},
	{16, 400, 30, "sums of Taylor terms"},
	{16, 64, 400, "samples of the ball"},
	{400, 8, 400, "dense S"}, {1024, 8, 1024, "dense S"}, {4096, 4, 4096, "dense S, from memory"},
}

// measureProducts prints the table of the products.
func measureProducts(w io.Writer, rounds int, reference string, shapes []product) error {
	jobs, blasJobs := make([]string, len(shapes)), make([]string, len(shapes))
	for i, s := range shapes {
		blasJobs[i] = fmt.Sprintf("%d:%d:%d", s.m, s.p, s.k)
		jobs[i] = "product:" + blasJobs[i]
	}
	ours, plain, blas := forever(len(shapes)), forever(len(shapes)), forever(len(shapes))
	withBLAS := haveBLAS()
	for range rounds {
		for i, s := range shapes {
			a, b, c := numbers(s.m*s.k), numbers(s.k*s.p), numbers(s.m*s.p)
			ours[i] = min(ours[i], seconds(func() { kernel.Mul(s.m, s.p, s.k, a, s.k, b, s.p, c, s.p) }))
		}
		if err := times(plain, reference, jobs...); err != nil {
			return err
		}
		if withBLAS {
			if err := times(blas, python, append([]string{"-c", blasSource}, blasJobs...)...); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(w, "Products m x k by k x p, GFLOP/s, best of %d; kernels: %s\n\n", rounds, kernel.Instructions())
	fmt.Fprintf(w, "| m x p x k | kolmo | C | NumPy | kolmo of the better | |\n|---|---:|---:|---:|---:|---|\n")
	for i, s := range shapes {
		flops, other := 2*float64(s.m)*float64(s.p)*float64(s.k)*1e-9, "-"
		if withBLAS {
			other = fmt.Sprintf("%.1f", flops/blas[i])
		}
		fmt.Fprintf(w, "| %dx%dx%d | %.1f | %.1f | %s | %.2f | %s |\n",
			s.m, s.p, s.k, flops/ours[i], flops/plain[i], other, min(plain[i], blas[i])/ours[i], s.what)
	}
	fmt.Fprintln(w)
	return nil
}

// numbers returns n numbers of size one.
func numbers(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Cos(float64(i))
	}
	return x
}

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
