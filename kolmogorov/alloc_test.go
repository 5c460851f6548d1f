package kolmogorov

import (
	"fmt"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
)

// Steps do not allocate once the workspace is there. (AllocsPerRun forbids
// t.Parallel.)
func TestAdvancingAllocatesNothing(t *testing.T) {
	for _, c := range []struct {
		kind        grid.Kind
		d, n, order int
	}{{grid.KindChebyshev, 1, 16, fd.FullWidth}, {grid.KindUniform, 2, 13, 8}, {grid.KindUniform, 3, 7, 4}} {
		g := box(t, c.kind, c.d, 1.5, c.n)
		op := smoothOperator(t, g, c.order, 0.02)
		phi := [][]float64{sample(g, wave), sample(g, func(x []float64) float64 { return x[0] })}
		out := block(3, 2, g.Len())
		suggested := stepRadius / op.SpectralRadius()
		props := map[string]Propagator{"hundsdorfer-verwer": hundsdorfer(t, op, 0.1, 2)}
		for _, share := range []float64{0.1, 0.8, 4} {
			props[fmt.Sprintf("polynomial %g", share)] = NewPolynomial(op, share*suggested)
		}
		for name, p := range props {
			advance := func() {
				if err := advance(p, out, phi); err != nil {
					t.Fatal(err)
				}
			}
			if n := testing.AllocsPerRun(3, advance); n != 0 { // runs once before it counts
				t.Errorf("%v d=%d, %s: %v allocations per call", c.kind, c.d, name, n)
			}
		}
	}
}

// Nor do the parts of L.
func TestOperatorDoesNotAllocate(t *testing.T) {
	g := box(t, grid.KindUniform, 3, 1, 10)
	op := smoothOperator(t, g, 4, 0.1)
	lu, err := op.Factor(1, 0.01)
	if err != nil {
		t.Fatal(err)
	}
	u, v := sample(g, wave), make([]float64, g.Len())
	fields := [][]float64{v}
	if n := testing.AllocsPerRun(3, func() {
		op.ApplyTo(v, nil, 0.5, u)
		op.AddMixedTo(v, 0.5, u)
		op.AddAxisTo(2, v, 0.5, u)
		lu.SolveTo(fields)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
