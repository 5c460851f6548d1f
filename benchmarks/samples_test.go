package benchmarks

import (
	"testing"

	"kolmo/grid"
	"kolmo/sgd"
	"kolmo/sgdop"
)

// BenchmarkManySamples assembles S of logistic regression on 10^4 rows at a second, smaller
// learning rate: alone, every sample is evaluated at every node again, and with the means that
// the first has left, only where images leave the box. The metric is the time per node and sample.
func BenchmarkManySamples(b *testing.B) {
	const n, nodes = 10_000, 20
	o, _ := rows(b, n)
	g, err := grid.Box(grid.KindChebyshev, []int{nodes, nodes}, []float64{0, 0}, 4)
	if err != nil {
		b.Fatal(err)
	}
	run := func(b *testing.B, means *sgdop.Means) {
		for b.Loop() {
			if _, err := sgdop.Assemble(b.Context(), g, sgd.NewChain(o, 1./8), &sgdop.Config{Workers: 1, Means: means}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n*g.Len()), "ns/sample")
	}
	b.Run("alone", func(b *testing.B) { run(b, nil) })
	b.Run("shared", func(b *testing.B) {
		means := sgdop.NewMeans(g, sgd.NewChain(o, 1))
		if _, err := sgdop.Assemble(b.Context(), g, sgd.NewChain(o, 1./4), &sgdop.Config{Workers: 1, Means: means}); err != nil {
			b.Fatal(err)
		}
		run(b, means)
	})
}
