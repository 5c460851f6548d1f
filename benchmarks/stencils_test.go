package benchmarks

import (
	"fmt"
	"math"
	"testing"
	"time"

	"gonum.org/v1/gonum/floats"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/par"
)

// BenchmarkStencils is one pass of a second derivative along an axis of a grid that
// does not fit the caches; of-triad is the time of a triad over arrays with the bytes
// of both fields over that of the pass.
func BenchmarkStencils(b *testing.B) {
	for _, c := range []struct {
		name  string
		nodes []int
		dim   int
	}{{"128^3", []int{128}, 3}, {"1024^2", []int{1024}, 2}} {
		g, err := grid.Box(grid.KindUniform, c.nodes, make([]float64, c.dim), 2)
		if err != nil {
			b.Fatal(err)
		}
		u, v := make([]float64, g.Len()), make([]float64, g.Len())
		floats.AddConst(1, u)
		triad := triadSeconds(2 * 8 * int64(g.Len()))
		for _, order := range []int{4, 8} {
			for k := range c.dim {
				b.Run(fmt.Sprintf("%s/order=%d/axis=%d", c.name, order, k+1), func(b *testing.B) {
					d := secondDerivative(b, g, k, order)
					best := newStopwatch()
					for b.Loop() {
						best.time(func() { stencilPart(d, g, k, v, u, 1, 0) })
					}
					b.ReportMetric(float64(best)*1e9/float64(g.Len()), "cpu-ns/node")
					b.ReportMetric(triad/float64(best), "of-triad")
				})
			}
		}
	}
}

func secondDerivative(b *testing.B, g *grid.Grid, k, order int) *grid.AxisMatrix {
	d, err := fd.Derivative(g.Axis(k), 2, order)
	if err != nil {
		b.Fatal(err)
	}
	return d
}

// stencilPart applies d along axis k to one part of the lines: of the indices after
// the axis, or along the last axis of its rows.
func stencilPart(d *grid.AxisMatrix, g *grid.Grid, k int, v, u []float64, parts, part int) {
	n, inner := g.Axis(k).Len(), g.Stride(k)
	if outer := g.Len() / (n * inner); outer > 1 {
		lo, hi := par.Split(outer, parts, part)
		d.MulTo(v[lo*n*inner:hi*n*inner], u[lo*n*inner:hi*n*inner], hi-lo, inner)
		return
	}
	lo, hi := par.Split(n, parts, part)
	d.MulRowsTo(v[lo*inner:hi*inner], u, lo, hi, 1, inner)
}

// BenchmarkTwoCores tells how many times faster two workers are than one, in turns:
// a triad, which shows what the memory allows, passes of stencils, and line solves.
func BenchmarkTwoCores(b *testing.B) {
	g, err := grid.Box(grid.KindUniform, []int{1024}, make([]float64, 2), 2)
	if err != nil {
		b.Fatal(err)
	}
	u, v, w := make([]float64, g.Len()), make([]float64, g.Len()), make([]float64, g.Len())
	floats.AddConst(1, u)
	jobs := map[string]func(parts, part int){
		"triad": func(parts, part int) {
			lo, hi := par.Split(len(u), parts, part)
			floats.AddScaledTo(v[lo:hi], u[lo:hi], 0.5, w[lo:hi])
		},
	}
	works := [2][]float64{}
	for k := range g.Dim() {
		d := secondDerivative(b, g, k, 8)
		jobs[fmt.Sprintf("stencil/axis=%d", k+1)] = func(parts, part int) { stencilPart(d, g, k, v, u, parts, part) }
		lu := diffusionLines(b, g, k, 8)
		for i := range works {
			works[i] = make([]float64, max(len(works[i]), lu.WorkLen()))
		}
		field := [][]float64{w}
		jobs[fmt.Sprintf("lines/axis=%d", k+1)] = func(parts, part int) {
			lo, hi := par.Split(lu.Blocks(), parts, part)
			for block := lo; block < hi; block++ {
				lu.SolveBlock(block, works[part], field)
			}
		}
	}
	for name, job := range jobs {
		b.Run(name, func(b *testing.B) {
			best := [3]float64{0, math.Inf(1), math.Inf(1)}
			for b.Loop() {
				for workers := 1; workers <= 2; workers++ {
					start := time.Now()
					par.Do(workers, workers, func(part int) { job(workers, part) })
					best[workers] = min(best[workers], time.Since(start).Seconds())
				}
			}
			b.ReportMetric(best[1]/best[2], "times-faster")
		})
	}
}
