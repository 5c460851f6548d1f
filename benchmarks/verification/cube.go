package main

import (
	"fmt"
	"io"
	"slices"
	"testing"

	"kolmo/grid"
	"kolmo/internal/manufactured"
	"kolmo/kolmogorov"
)

// writeCube writes the runs on a cube of 64^3 nodes.
func writeCube(w io.Writer) {
	const (
		nodes, order, steps = 64, 6, 16
		end                 = 0.1
	)
	fmt.Fprintf(w, `## 64^3 nodes

Solved: the manufactured problem in 3-D with noise %v vanishing on the faces, to t = %v with %d steps, on %d^3 nodes, uniform, order %d. Memory is what SteppingBytes and PolynomialBytes state
before the run, besides the operator's; allocations are those of all steps after the first call of Advance; results with one and with two workers are compared bit by bit.

`, spaceNoise, end, steps, nodes, order)
	p := manufactured.New(3, spaceNoise, 1, true)
	op := manufacturedEquation(p).operator(space{grid.KindUniform, order}, nodes)
	phi := sample(op.Grid(), func(x []float64) float64 { return p.Solution(x, 0) })
	want := sample(op.Grid(), func(x []float64) float64 { return p.Solution(x, end) })
	t := table{header: []string{"propagator", "memory / MB", "allocations", "same with 1 and 2 workers", "error (sup)"}}
	add := func(name string, bytes int64, propagator func(op *kolmogorov.Operator) kolmogorov.Propagator) {
		var results [2][]float64
		allocations := 0.0
		for i := range results {
			prop := propagator(op.WithWorkers(i + 1))
			out, u := [][][]float64{{make([]float64, len(phi))}}, [][]float64{phi}
			advance := func() {
				prop.Start(u)
				if err := prop.Advance(out); err != nil {
					panic(err)
				}
			}
			if i == 0 {
				allocations = testing.AllocsPerRun(1, advance)
			} else {
				advance()
			}
			results[i] = out[0][0]
		}
		t.rows = append(t.rows, []string{name, three(float64(bytes) / 1e6), fmt.Sprint(allocations), yesNo(slices.Equal(results[0], results[1])),
			three(distance(op.Grid(), results[1], want).sup)})
	}
	add("polynomial", kolmogorov.PolynomialBytes(op.Grid()), func(op *kolmogorov.Operator) kolmogorov.Propagator { return kolmogorov.NewPolynomial(op, end) })
	for _, m := range methods() {
		cfg := &kolmogorov.SteppingConfig{Richardson: m.richardson}
		add(m.String(), kolmogorov.SteppingBytes(op, m.scheme, 1, cfg), func(op *kolmogorov.Operator) kolmogorov.Propagator {
			return must(kolmogorov.NewStepping(op, m.scheme, end, steps, cfg))
		})
	}
	t.writeTo(w)
	fmt.Fprintf(w, "The operator's own memory is %s MB.\n\n", three(float64(op.Bytes())/1e6))
}
