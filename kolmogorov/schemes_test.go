package kolmogorov

import (
	"fmt"
	"slices"
	"testing"

	"kolmo/grid"
	"kolmo/internal/slow"
	"kolmo/kolmogorov/scheme"
)

// cubeRuns calls test with every scheme, with Richardson extrapolation, damping and
// without, and with the polynomial propagator, on a small cube with an odd number of
// nodes along every axis.
func cubeRuns(t *testing.T, test func(name string, op *Operator, propagator func(op *Operator) Propagator)) {
	t.Helper()
	const eta, sub = 0.05, 4
	op := smoothOperator(t, box(t, grid.KindUniform, 3, 1.5, 13, 11, 9), 6, 0.02)
	test("polynomial", op, func(op *Operator) Propagator { return NewPolynomial(op, eta) })
	for _, s := range scheme.Schemes() {
		for _, cfg := range []*SteppingConfig{nil, {Richardson: true}, {Damping: 2}} {
			test(fmt.Sprintf("%s %+v", s.Name(), cfg), op, func(op *Operator) Propagator {
				p, err := NewStepping(op, s, eta, sub, cfg)
				if err != nil {
					t.Fatal(err)
				}
				return p
			})
		}
	}
}

// No scheme allocates after the first call, in three dimensions, with one worker
// and with two. (AllocsPerRun forbids t.Parallel.)
func TestSchemesDoNotAllocateIn3D(t *testing.T) {
	cubeRuns(t, func(name string, op *Operator, propagator func(op *Operator) Propagator) {
		for _, workers := range []int{1, 2} {
			p := propagator(op.WithWorkers(workers))
			phi := [][]float64{sample(op.Grid(), wave), sample(op.Grid(), func(x []float64) float64 { return x[0] * x[1] })}
			out := block(2, 2, op.Len())
			advance := func() {
				if err := advance(p, out, phi); err != nil {
					t.Fatal(err)
				}
			}
			if n := testing.AllocsPerRun(2, advance); n != 0 {
				t.Errorf("%s, %d workers: %v allocations per call", name, workers, n)
			}
		}
	})
}

// The results of every scheme are the same to the last bit with any number of
// workers, in three dimensions.
func TestSchemesDoNotDependOnWorkers(t *testing.T) {
	t.Parallel()
	cubeRuns(t, func(name string, op *Operator, propagator func(op *Operator) Propagator) {
		phi := [][]float64{sample(op.Grid(), wave), sample(op.Grid(), func(x []float64) float64 { return x[0] * x[1] })}
		var want [][][]float64
		for _, workers := range []int{1, 2, 3} {
			out := block(2, 2, op.Len())
			if err := advance(propagator(op.WithWorkers(workers)), out, phi); err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = out
				continue
			}
			for j := range out {
				for f := range phi {
					if !slices.Equal(out[j][f], want[j][f]) {
						t.Errorf("%s: field %d at step %d differs between 1 and %d workers", name, f, j+1, workers)
					}
				}
			}
		}
	})
}

// e^{tL} u by the propagator and by dense exponentials, for every kind of axis, order
// and dimension: the difference is rounding of |tL|, which grids with hardly more
// nodes than a stencil amplify as much as fields.
func TestPolynomialAgainstDenseExponentialForAllSpaces(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const most = 600 // nodes: the cost is the cube
	for _, s := range spaces {
		for d := 1; d <= 3; d++ {
			nodes := s.nodes
			if d == 3 {
				nodes = max(s.order+2, 6)
			}
			g := box(t, s.kind, d, 1, nodes)
			if g.Len() > most {
				continue // orders 8 and 10 in 3-D: benchmarks/verification
			}
			t.Run(fmt.Sprintf("%s/%dd", s.name, d), func(t *testing.T) {
				t.Parallel()
				op := smoothOperator(t, g, s.order, 0.02)
				phi := sample(g, wave)
				eta := 2 / op.SpectralRadius()
				p := NewPolynomial(op, eta)
				out := block(2, 1, op.Len())
				if err := advance(p, out, [][]float64{phi}); err != nil {
					t.Fatal(err)
				}
				growth, size := op.Growth(2*eta, 3), 2*eta*rowSum(op)
				for j, want := range exponentials(op, eta, 2, phi) {
					if diff := maxDiff(out[j][0], want); diff > maxAbs(phi)*max(1e-12, 3e-15*size*growth) {
						t.Errorf("step %d is off by %.3g where |e^{tL}| is %.3g and |tL| %.3g", j+1, diff, growth, size)
					}
				}
				if e := p.TimeError(); e > 1e-13 {
					t.Errorf("TimeError %.3g", e)
				}
			})
		}
	}
}
