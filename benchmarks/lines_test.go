package benchmarks

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/floats"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/par"
)

// diffusionLines returns the factors of 1 - c L along axis k of a grid, L a drift
// and a diffusion that change from node to node, with the closures of the order.
func diffusionLines(b *testing.B, g *grid.Grid, k, order int) *fd.Banded {
	a := g.Axis(k)
	n, inner := a.Len(), g.Stride(k)
	first, err := fd.Derivative(a, 1, order)
	if err != nil {
		b.Fatal(err)
	}
	second, err := fd.Derivative(a, 2, order)
	if err != nil {
		b.Fatal(err)
	}
	e := fd.ExtentsOf(first, second)
	d1, d2 := make([][]float64, n), make([][]float64, n)
	for i := range n {
		for j := e.First[i]; j <= e.Last[i]; j++ {
			d1[i], d2[i] = append(d1[i], first.At(i, j)), append(d2[i], second.At(i, j))
		}
	}
	h := a.Node(1) - a.Node(0)
	lu, err := fd.Factor(e, g.Len()/(n*inner), inner, 0, func(dst []float64, line, i int) {
		drift, noise := -a.Node(i), 0.5+0.25*float64(line%7)/7
		for j := range dst {
			dst[j] = -0.2 * h * (drift*d1[i][j] + h*noise*d2[i][j])
		}
		dst[i-e.First[i]]++
	})
	if err != nil {
		b.Fatal(err)
	}
	return lu
}

// BenchmarkLines is one prefactored solve of all lines along an axis, for bands
// that reach half a width to either side; of-triad is the time of a triad over
// arrays with the bytes of the coefficients and of the field, read and written,
// over that of the solve, both the least processor time.
func BenchmarkLines(b *testing.B) {
	for _, c := range []struct {
		name  string
		nodes []int
		dim   int
	}{{"64^3", []int{64}, 3}, {"512^2", []int{512}, 2}} {
		g, err := grid.Box(grid.KindUniform, c.nodes, make([]float64, c.dim), 2)
		if err != nil {
			b.Fatal(err)
		}
		for _, half := range []int{2, 4} {
			for k := range c.dim {
				lu := diffusionLines(b, g, k, 2*half)
				for _, fields := range []int{1, 4} {
					b.Run(fmt.Sprintf("%s/half=%d/axis=%d/fields=%d", c.name, half, k+1, fields), func(b *testing.B) {
						us := make([][]float64, fields)
						for f := range us {
							us[f] = make([]float64, g.Len())
							for i := range us[f] {
								us[f][i] = float64((i+f)%13) - 6
							}
						}
						triad := triadSeconds(lu.Bytes() + int64(fields)*2*8*int64(g.Len()))
						b.ReportAllocs()
						best := newStopwatch()
						for b.Loop() {
							best.time(func() { lu.SolveAllTo(us) })
						}
						solve := float64(best)
						b.ReportMetric(solve*1e9/float64(fields*g.Len()), "cpu-ns/node")
						b.ReportMetric(triad/solve, "of-triad")
						for _, u := range us {
							if !(floats.Norm(u, math.Inf(1)) <= 1e3) {
								b.Fatal("the solves grow")
							}
						}
					})
				}
			}
		}
	}
}

// BenchmarkLinesWorkers shares the blocks of BenchmarkLines among workers; four
// fields of 512^2 nodes in one sweep.
func BenchmarkLinesWorkers(b *testing.B) {
	g, err := grid.Box(grid.KindUniform, []int{512}, make([]float64, 2), 2)
	if err != nil {
		b.Fatal(err)
	}
	for k := range g.Dim() {
		lu := diffusionLines(b, g, k, 8)
		us := make([][]float64, 4)
		for f := range us {
			us[f] = make([]float64, g.Len())
			floats.AddConst(1, us[f])
		}
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("512^2/half=4/axis=%d/workers=%d", k+1, workers), func(b *testing.B) {
				works := make([][]float64, workers)
				for w := range works {
					works[w] = make([]float64, lu.WorkLen())
				}
				for b.Loop() {
					par.Do(workers, workers, func(w int) {
						lo, hi := par.Split(lu.Blocks(), workers, w)
						for block := lo; block < hi; block++ {
							lu.SolveBlock(block, works[w], us)
						}
					})
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(4*g.Len()), "ns/node")
			})
		}
	}
}

// triadSeconds returns the least processor time of a triad x = y + s z over
// arrays of the given total size.
func triadSeconds(bytes int64) float64 {
	n := int(bytes / 24)
	x, y, z := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i], z[i] = 1, 2, 3
	}
	best := newStopwatch()
	for range 20 {
		best.time(func() { floats.AddScaledTo(x, y, 0.5, z) })
	}
	return float64(best)
}

// BenchmarkLinesFactor is the factorisation that BenchmarkLines prepares.
func BenchmarkLinesFactor(b *testing.B) {
	g, err := grid.Box(grid.KindUniform, []int{64}, make([]float64, 3), 2)
	if err != nil {
		b.Fatal(err)
	}
	for _, half := range []int{2, 4} {
		for k := range g.Dim() {
			b.Run(fmt.Sprintf("64^3/half=%d/axis=%d", half, k+1), func(b *testing.B) {
				for b.Loop() {
					diffusionLines(b, g, k, 2*half)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(g.Len()), "ns/node")
			})
		}
	}
}
