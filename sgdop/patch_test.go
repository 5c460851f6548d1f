package sgdop

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/internal/slow"
	"kolmo/process"
	"kolmo/sgd"
)

// crowd is a law of n samples with gradients of a smooth loss; spread says how far apart
// images lie.
func crowd(d, n int, spread float64) *gradients {
	r := rand.New(rand.NewPCG(uint64(d), uint64(n)))
	xi := make([]float64, n*d)
	weights := make([]float64, n)
	total := 0.0
	for k := range weights {
		weights[k] = r.Float64()
		total += weights[k]
	}
	for k := range weights {
		weights[k] /= total
	}
	for i := range xi {
		xi[i] = r.NormFloat64()
	}
	return &gradients{d: d, weights: weights, grad: func(dst, x []float64, k int) {
		for i := range dst {
			dst[i] = math.Sin(x[i]) + spread*math.Tanh(xi[k*d+i])*(1+x[(i+1)%d]/8)
		}
	}}
}

// Rows summed over patches are those of the outer products to rounding, for patches of all
// sizes, beyond the box too, and for samples in one place.
func TestPatchesAreTheSumOverSamples(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, c := range []struct {
		d, n        int
		spread, eta float64
	}{{1, 24, 1, 0.1}, {2, 20, 1, 1. / 16}, {2, 20, 1, 0.6}, {2, 16, 0, 0.25}, {3, 10, 1, 0.1}, {2, 17, 1, 1e-9}} {
		t.Run(fmt.Sprintf("d=%d spread=%g eta=%g", c.d, c.spread, c.eta), func(t *testing.T) {
			t.Parallel()
			g, err := grid.Box(grid.KindChebyshev, []int{c.n}, make([]float64, c.d), 2)
			if err != nil {
				t.Fatal(err)
			}
			o := crowd(c.d, manySamples+77, c.spread)
			s := &Operator{rows: rows{frame: frame{g: g, chain: sgd.NewChain(o, c.eta), full: true}}}
			fast, slow := newPatchedLocator(g, s.chain.(process.Affine)), newLocator(g, s.chain, 0)
			p, f := newPatch(g), &filler{s: s}
			got, want := make([]float64, g.Len()), make([]float64, g.Len())
			for i := 0; i < g.Len(); i += 1 + g.Len()/40 {
				if err := fast.locate(i); err != nil {
					t.Fatal(err)
				}
				if err := slow.locate(i); err != nil {
					t.Fatal(err)
				}
				p.rowTo(got, fast)
				f.whole(want, slow)
				// Beyond the box the weights of an axis lose as many digits as they grow by.
				scale := max(1, kernel.MaxAbs(want))
				scale *= math.Pow(scale, 1/float64(c.d))
				for j := range got {
					if math.Abs(got[j]-want[j]) > 4e-14*scale {
						t.Fatalf("row %d, node %d: %.17g, want %.17g", i, j, got[j], want[j])
					}
				}
				fast.measure()
				slow.measure()
			}
			a, b := fast.reach, slow.reach
			if a.rows != b.rows || a.outside != b.outside || a.distance != b.distance || a.weight != b.weight || a.factor > b.factor*(1+1e-12) || a.factor < b.factor*(1-1e-12) {
				t.Errorf("images %+v, want %+v", a, b)
			}
			if math.Abs(a.lebesgue-b.lebesgue) > 0.05*b.lebesgue {
				t.Errorf("Lebesgue factor %v, want %v", a.lebesgue, b.lebesgue)
			}
		})
	}
}

// S of many samples does not depend on the workers.
func TestPatchesDoNotDependOnWorkers(t *testing.T) {
	t.Parallel()
	g, err := grid.Box(grid.KindChebyshev, []int{12}, make([]float64, 2), 2)
	if err != nil {
		t.Fatal(err)
	}
	o := crowd(2, manySamples+5, 1)
	one, err := Assemble(t.Context(), g, sgd.NewChain(o, 0.125), &Config{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	many, err := Assemble(t.Context(), g, sgd.NewChain(o, 0.125), &Config{Workers: 4})
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range one.weights {
		if many.weights[i] != w {
			t.Fatalf("weight %d: %v and %v", i, w, many.weights[i])
		}
	}
}
