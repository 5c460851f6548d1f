package grid_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kolmo/grid"
)

// checkDerivativeWeights compares with the oracle, relative to the magnification
// of each derivative.
func checkDerivativeWeights(t testing.TB, order int, x float64, nodes []float64) {
	got, want := grid.DerivativeWeights(order, x, nodes), exactWeights(order, x, nodes)
	if len(got) != order+1 {
		t.Fatalf("%d rows, want %d", len(got), order+1)
	}
	for m := range want {
		if d := maxDiff(got[m], want[m]); !(d <= 1e-12*absSum(want[m])) {
			t.Fatalf("derivative %d at %v on %v: off by %g:\n%v, want\n%v", m, x, nodes, d, got[m], want[m])
		}
	}
}

// Fornberg (1988), tables 1 and 3: the centred and one-sided textbook formulas.
func TestDerivativeWeightsOfTheTables(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		m     int
		x     float64
		nodes []float64
		want  []float64
	}{
		{1, 0, []float64{-1, 0, 1}, []float64{-0.5, 0, 0.5}},
		{2, 0, []float64{-2, -1, 0, 1, 2}, []float64{-1. / 12, 4. / 3, -5. / 2, 4. / 3, -1. / 12}},
		{4, 0, []float64{-2, -1, 0, 1, 2}, []float64{1, -4, 6, -4, 1}},
		{1, 0, []float64{0, 1, 2}, []float64{-1.5, 2, -0.5}},
		{2, 0, []float64{0, 1, 2, 3}, []float64{2, -5, 4, -1}},
		{0, 0.5, []float64{-1, 0, 1, 2}, []float64{-1. / 16, 9. / 16, 9. / 16, -1. / 16}},
	} {
		got := grid.DerivativeWeights(c.m, c.x, c.nodes)[c.m]
		if !(maxDiff(got, c.want) <= 1e-15*absSum(c.want)) {
			t.Errorf("derivative %d at %v on %v: %v, want %v", c.m, c.x, c.nodes, got, c.want)
		}
	}
}

func TestDerivativeWeightsOnAnyNodes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 10).Draw(t, "n")
		nodes := rapid.SliceOfNDistinct(rapid.IntRange(-40, 40), n, n, rapid.ID[int]).Draw(t, "nodes")
		slices.Sort(nodes)
		at := make([]float64, n)
		for i, v := range nodes {
			at[i] = float64(v) / 16
		}
		x := float64(rapid.IntRange(-80, 80).Draw(t, "x")) / 32
		got, want := grid.DerivativeWeights(4, x, at), exactWeights(4, x, at)
		for m := range want {
			// Clustered nodes far from x lose digits in the recursion: compare
			// with the magnification of the value as well.
			if d := maxDiff(got[m], want[m]); !(d <= 1e-9*(1+absSum(want[m]))) {
				t.Fatalf("derivative %d at %v on %v: %v, want %v", m, x, at, got[m], want[m])
			}
		}
	})
}

// Beyond degree len(nodes)-1 every derivative of the interpolant is zero.
func TestDerivativeWeightsBeyondTheDegree(t *testing.T) {
	t.Parallel()
	c := grid.DerivativeWeights(4, 0.3, []float64{0, 1, 3})
	for m := 3; m <= 4; m++ {
		if absSum(c[m]) != 0 {
			t.Errorf("derivative %d of a parabola: %v", m, c[m])
		}
	}
}

func TestDerivativeWeightsOnAxes(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		a := newAxis(t, kind, 6, -2, 1.25)
		nodes := a.Nodes()
		for _, x := range positions(a) {
			checkDerivativeWeights(t, 2, x, nodes)
			checkDerivativeWeights(t, 3, x, nodes[1:5])
		}
	}
}
