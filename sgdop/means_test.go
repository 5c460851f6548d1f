package sgdop

import (
	"slices"
	"sync/atomic"
	"testing"

	"kolmo/grid"
	"kolmo/sgd"
)

// Assemblies that share means give the same rows as those that do not, to the last bit, in
// whatever order the learning rates come; the first evaluates the samples at every node,
// later ones of smaller learning rates only where images leave the box, or touch its sides.
func TestMeansAreShared(t *testing.T) {
	t.Parallel()
	for _, d := range []int{1, 2, 3} {
		g, err := grid.Box(grid.KindChebyshev, slices.Repeat([]int{[]int{0, 24, 13, 6}[d]}, d), make([]float64, d), 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, etas := range [][]float64{{1. / 4, 1. / 16}, {1. / 16, 1. / 4}} {
			o := crowd(d, manySamples+5, 1)
			var calls atomic.Int64
			grad := o.grad
			o.grad = func(dst, x []float64, k int) {
				if k == 0 {
					calls.Add(1)
				}
				grad(dst, x, k)
			}
			means := NewMeans(g, sgd.NewChain(o, 1))
			if means == nil {
				t.Fatal("nothing is shared")
			}
			for i, eta := range etas {
				before := calls.Load()
				shared, err := Assemble(t.Context(), g, sgd.NewChain(o, eta), &Config{Workers: 2, Means: means})
				if err != nil {
					t.Fatal(err)
				}
				n := calls.Load() - before
				alone, err := Assemble(t.Context(), g, sgd.NewChain(o, eta), &Config{Workers: 2})
				if err != nil {
					t.Fatal(err)
				}
				if i == 0 && n != int64(g.Len()) || i == 1 && eta < etas[0] && 4*n > 5*int64(shared.Leakage().Rows)+8 {
					t.Errorf("d = %d, eta = %g after %v: samples at %d of %d nodes, images leave from %d", d, eta, etas[:i], n, g.Len(), shared.Leakage().Rows)
				}
				if !slices.Equal(shared.weights, alone.weights) || shared.Leakage() != alone.Leakage() || shared.Norm() != alone.Norm() {
					t.Errorf("d = %d, eta = %g after %v: other rows than without sharing", d, eta, etas[:i])
				}
				if a, b := shared.Lebesgue(), alone.Lebesgue(); a > b*(1+1e-12) || a < b*(1-1e-12) {
					t.Errorf("d = %d, eta = %g after %v: Lebesgue factor %v, want %v", d, eta, etas[:i], a, b)
				}
			}
		}
	}
}

// Means of another grid or objective are left alone, and few samples share nothing.
func TestMeansOfOthers(t *testing.T) {
	t.Parallel()
	box := func(n int) *grid.Grid {
		g, err := grid.Box(grid.KindChebyshev, []int{n, n}, make([]float64, 2), 2)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	o, other := crowd(2, manySamples, 1), crowd(2, manySamples, 2)
	if NewMeans(box(8), sgd.NewChain(crowd(2, manySamples-1, 1), 1)) != nil || NewMeans(box(100), sgd.NewChain(o, 1)) != nil {
		t.Error("means of few samples or of a large grid")
	}
	for _, m := range []*Means{NewMeans(box(9), sgd.NewChain(o, 1)), NewMeans(box(8), sgd.NewChain(other, 1))} {
		got, err := Assemble(t.Context(), box(8), sgd.NewChain(o, 0.25), &Config{Means: m})
		if err != nil {
			t.Fatal(err)
		}
		want, err := Assemble(t.Context(), box(8), sgd.NewChain(o, 0.25), nil)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.weights, want.weights) || m.rows[0].known {
			t.Error("means of another grid or objective are used")
		}
	}
}
