package benchmarks

import (
	"context"
	"fmt"
	"testing"

	"gonum.org/v1/gonum/floats"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/sgd"
	"kolmo/sgdop"
	"kolmo/study"
)

// iris is the study whose loss the passes are measured on.
const iris = "../studies/iris.yaml"

func load(b *testing.B) *study.Study {
	s, err := study.Load(iris)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// BenchmarkApplyL is a hundred applications of the second-order generator.
func BenchmarkApplyL(b *testing.B) {
	s := load(b)
	for _, c := range []struct {
		kind  grid.Kind
		order int
		nodes int
	}{{grid.KindChebyshev, fd.FullWidth, 20}, {grid.KindChebyshev, fd.FullWidth, 28}, {grid.KindChebyshev, fd.FullWidth, 40}, {grid.KindUniform, 8, 80}, {grid.KindUniform, 8, 256}} {
		b.Run(fmt.Sprintf("%s/nodes=%d", c.kind, c.nodes), func(b *testing.B) {
			g, err := grid.Box(c.kind, []int{c.nodes}, s.Center, s.R)
			if err != nil {
				b.Fatal(err)
			}
			of := sgd.New(s.Objective, grid.Ball{Center: s.Center, R: s.R}, s.R2)
			m, err := of.On(g, 0)
			if err != nil {
				b.Fatal(err)
			}
			op, err := kolmogorov.NewOperator(g, of.Diffusions()[1].Coefficients(m, 1./16), c.order)
			if err != nil {
				b.Fatal(err)
			}
			u, v := make([]float64, g.Len()), make([]float64, g.Len())
			for i := range u {
				u[i] = m.Noise(i)
			}
			b.ReportAllocs()
			const many = 100 // the clock is not fine enough for one
			best := newStopwatch()
			for b.Loop() {
				best.time(func() {
					for range many {
						op.ApplyTo(v, nil, 1, u)
					}
				})
			}
			b.ReportMetric(float64(best)*1e9/float64(many*g.Len()), "cpu-ns/node")
		})
	}
}

// BenchmarkS is one application of S to one and to four fields, beside the same
// matrix in james-bowman/sparse.
func BenchmarkS(b *testing.B) {
	s := load(b)
	for _, c := range []struct {
		kind         grid.Kind
		nodes, width int
	}{{grid.KindChebyshev, 40, 0}, {grid.KindUniform, 96, 10}} {
		g, err := grid.Box(c.kind, []int{c.nodes}, s.Center, s.R)
		if err != nil {
			b.Fatal(err)
		}
		name := fmt.Sprintf("%s/nodes=%d", c.kind, c.nodes)
		var op *sgdop.Operator
		b.Run(name+"/assemble", func(b *testing.B) {
			for b.Loop() {
				if op, err = sgdop.Assemble(context.Background(), g, sgd.NewChain(s.Objective, 1./16), &sgdop.Config{Width: c.width}); err != nil {
					b.Fatal(err)
				}
			}
		})
		if op == nil {
			continue
		}
		fields := func() [][]float64 {
			f := make([][]float64, 4)
			for i := range f {
				f[i] = make([]float64, g.Len())
				floats.AddConst(float64(i), f[i])
			}
			return f
		}
		u, v := fields(), fields()
		b.Run(name+"/fields=1", func(b *testing.B) {
			for b.Loop() {
				op.ApplyAllTo(0, v[:1], u[:1])
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(op.NNZ()), "ns/weight")
		})
		b.Run(name+"/fields=4", func(b *testing.B) {
			for b.Loop() {
				op.ApplyAllTo(0, v, u)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(4*op.NNZ()), "ns/weight")
		})
		csr := op.CSR()
		b.Run(name+"/sparse", func(b *testing.B) {
			for b.Loop() {
				clear(v[0]) // MulVecTo adds
				csr.MulVecTo(v[0], false, u[0])
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(csr.NNZ()), "ns/weight")
		})
	}
}
