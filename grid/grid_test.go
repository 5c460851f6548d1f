package grid_test

import (
	"testing"

	"pgregory.net/rapid"

	"kolmo/grid"
)

func TestPointIndexStrideRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, grid.MaxDim).Draw(t, "dim")
		axes := make([]*grid.Axis, dim)
		size := 1
		for k := range axes {
			var err error
			n := rapid.IntRange(2, 7).Draw(t, "n")
			if axes[k], err = grid.Uniform("x", n, float64(-k), float64(10*k+1)); err != nil {
				t.Fatal(err)
			}
			size *= n
		}
		g, err := grid.New(axes...)
		if err != nil {
			t.Fatal(err)
		}
		if g.Dim() != dim || g.Len() != size || g.Stride(0) != 1 {
			t.Fatalf("dim %d, len %d, first stride %d", g.Dim(), g.Len(), g.Stride(0))
		}
		x, seen := make([]float64, dim), 0
		for i := range g.Len() {
			g.PointTo(x, i)
			back := 0
			for k := range dim {
				j := g.Index(i, k)
				if x[k] != g.Axis(k).Node(j) {
					t.Fatalf("node %d: x%d = %v, want node %d of the axis, %v", i, k+1, x[k], j, g.Axis(k).Node(j))
				}
				back += j * g.Stride(k)
				if j > 0 && g.Index(i-g.Stride(k), k) != j-1 {
					t.Fatalf("node %d: one stride back along axis %d is not its neighbour", i, k)
				}
			}
			if back != i {
				t.Fatalf("node %d comes back as %d", i, back)
			}
			seen++
		}
		if seen != size {
			t.Fatalf("%d nodes, want %d", seen, size)
		}
	})
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	a := newAxis(t, grid.KindUniform, 3, 0, 1)
	for name, axes := range map[string][]*grid.Axis{"none": nil, "four": {a, a, a, a}, "nil": {a, nil}} {
		if _, err := grid.New(axes...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestBox(t *testing.T) {
	t.Parallel()
	for _, kind := range []grid.Kind{grid.KindUniform, grid.KindChebyshev} {
		g, err := grid.Box(kind, []int{5, 4}, []float64{1, -2, 0.5}, 1.5)
		if err != nil {
			t.Fatal(err)
		}
		for k, want := range []struct {
			name   string
			n      int
			lo, hi float64
		}{{"x1", 5, -0.5, 2.5}, {"x2", 4, -3.5, -0.5}, {"x3", 4, -1, 2}} {
			a := g.Axis(k)
			if a.Name() != want.name || a.Kind() != kind || a.Len() != want.n || a.Lo() != want.lo || a.Hi() != want.hi {
				t.Errorf("axis %d: %s %v %d [%v,%v], want %v", k, a.Name(), a.Kind(), a.Len(), a.Lo(), a.Hi(), want)
			}
		}
	}
}

func TestBoxRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		nodes  []int
		center []float64
		half   float64
	}{
		{"no axis", []int{5}, nil, 1},
		{"four axes", []int{5}, make([]float64, 4), 1},
		{"no numbers of nodes", nil, []float64{0}, 1},
		{"one node", []int{5, 1}, []float64{0, 0}, 1},
		{"half-width 0", []int{5}, []float64{0}, 0},
	} {
		if _, err := grid.Box(grid.KindChebyshev, c.nodes, c.center, c.half); err == nil {
			t.Errorf("%s: no error", c.name)
		}
	}
	for _, kind := range []grid.Kind{grid.KindSinh, grid.KindGiven, -1} {
		if _, err := grid.Box(kind, []int{5}, []float64{0}, 1); err == nil {
			t.Errorf("kind %v: no error", kind)
		}
	}
}

func TestSame(t *testing.T) {
	t.Parallel()
	g := newGrid(t, grid.KindUniform, 5, 4)
	shifted, err := grid.Box(grid.KindUniform, []int{5, 4}, []float64{0, 0}, 1)
	if err != nil {
		t.Fatal(err)
	}
	sinh := func(strength float64) *grid.Grid {
		a, err := grid.Sinh("x", 5, -1, 1, 0.3, strength)
		if err != nil {
			t.Fatal(err)
		}
		g, err := grid.New(a)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	if !sinh(0.2).Same(sinh(0.2)) || sinh(0.2).Same(sinh(0.21)) {
		t.Error("axes of the sinh map: want the same for the same strength only")
	}
	for name, c := range map[string]struct {
		h    *grid.Grid
		want bool
	}{
		"itself":  {g, true},
		"twin":    {newGrid(t, grid.KindUniform, 5, 4), true},
		"kind":    {newGrid(t, grid.KindChebyshev, 5, 4), false},
		"nodes":   {newGrid(t, grid.KindUniform, 5, 5), false},
		"dim":     {newGrid(t, grid.KindUniform, 5), false},
		"shifted": {shifted, false},
	} {
		if g.Same(c.h) != c.want || c.h.Same(g) != c.want {
			t.Errorf("%s: want %t", name, c.want)
		}
	}
	// Three nodes of both kinds lie in the same places.
	if newGrid(t, grid.KindUniform, 3).Same(newGrid(t, grid.KindChebyshev, 3)) {
		t.Error("grids of different kinds are the same")
	}
}
