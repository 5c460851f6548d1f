package grid_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kolmo/grid"
)

func TestUniformNodes(t *testing.T) {
	t.Parallel()
	a := newAxis(t, grid.KindUniform, 5, -1, 3)
	if want := []float64{-1, 0, 1, 2, 3}; !slices.Equal(a.Nodes(), want) {
		t.Errorf("nodes %v, want %v", a.Nodes(), want)
	}
	if a.Name() != "x" || a.Kind() != grid.KindUniform || a.Len() != 5 || a.Lo() != -1 || a.Hi() != 3 || a.Node(1) != 0 {
		t.Errorf("accessors: %q %v %d %v %v %v", a.Name(), a.Kind(), a.Len(), a.Lo(), a.Hi(), a.Node(1))
	}
	if a.Differentiation() != nil {
		t.Error("a uniform axis has no differentiation matrix")
	}
}

func TestChebyshevNodesAgainstCosine(t *testing.T) {
	t.Parallel()
	for _, n := range []int{2, 3, 4, 17, 64} {
		a := newAxis(t, grid.KindChebyshev, n, 1, 4)
		for i := range n {
			want := 2.5 - 1.5*math.Cos(math.Pi*float64(i)/float64(n-1))
			if math.Abs(a.Node(i)-want) > 1e-15*4 {
				t.Errorf("n=%d node %d: %v, want %v", n, i, a.Node(i), want)
			}
		}
	}
}

// Symmetric fields must stay symmetric to the last bit, so nodes must be.
func TestAxesSymmetricToTheLastBit(t *testing.T) {
	t.Parallel()
	sinh := func(name string, n int, lo, hi float64) (*grid.Axis, error) {
		return grid.Sinh(name, n, lo, hi, 0, 0.17)
	}
	for name, make1 := range map[string]func(name string, n int, lo, hi float64) (*grid.Axis, error){"uniform": grid.Uniform, "chebyshev": grid.Chebyshev, "sinh": sinh} {
		for n := 2; n <= 130; n++ {
			for _, half := range []float64{1, 0.3, 2 * math.Pi, 1e-3} {
				a, err := make1("x", n, -half, half)
				if err != nil {
					t.Fatal(err)
				}
				for i := range n {
					if a.Node(i) != -a.Node(n-1-i) {
						t.Fatalf("%v n=%d half=%v: nodes %v and %v", name, n, half, a.Node(i), a.Node(n-1-i))
					}
				}
			}
		}
	}
}

func TestAxisEndsExactAndNodesIncrease(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		n := rapid.IntRange(2, 60).Draw(t, "n")
		lo := rapid.Float64().Draw(t, "lo")
		hi := rapid.Float64().Draw(t, "hi")
		a, err := tryAxis(kind, n, lo, hi)
		if err != nil {
			return
		}
		if a.Lo() != lo || a.Hi() != hi {
			t.Fatalf("ends %v and %v, want %v and %v", a.Lo(), a.Hi(), lo, hi)
		}
		for i := 1; i < n; i++ {
			if !(a.Node(i-1) < a.Node(i)) {
				t.Fatalf("nodes %d and %d: %v and %v do not increase", i-1, i, a.Node(i-1), a.Node(i))
			}
		}
	})
}

func TestAxisRefusesBadInput(t *testing.T) {
	t.Parallel()
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name   string
		n      int
		lo, hi float64
	}{
		{"one node", 1, 0, 1},
		{"negative", -3, 0, 1},
		{"empty interval", 5, 1, 1},
		{"reversed", 5, 1, 0},
		{"lo infinite", 5, -inf, 0},
		{"hi infinite", 5, 0, inf},
		{"lo NaN", 5, nan, 0},
		{"hi NaN", 5, 0, nan},
		{"too narrow for its nodes", 5, 1, math.Nextafter(1, 2)},
		{"too far away for its nodes", 40, 1e16, 1e16 + 16},
	} {
		if _, err := grid.Uniform("x", c.n, c.lo, c.hi); err == nil {
			t.Errorf("%s: Uniform gave no error", c.name)
		}
		if _, err := grid.Chebyshev("x", c.n, c.lo, c.hi); err == nil {
			t.Errorf("%s: Chebyshev gave no error", c.name)
		}
		if _, err := grid.Sinh("x", c.n, c.lo, c.hi, 0.5, 1); err == nil {
			t.Errorf("%s: Sinh gave no error", c.name)
		}
	}
}

func TestAxisIsImmutable(t *testing.T) {
	t.Parallel()
	a := newAxis(t, grid.KindChebyshev, 6, -1, 1)
	a.Nodes()[2], a.Differentiation()[3] = 7, 7
	if a.Node(2) == 7 || a.Differentiation()[3] == 7 {
		t.Error("a caller changed the axis")
	}
}

func TestKindNames(t *testing.T) {
	t.Parallel()
	for kind, want := range map[grid.Kind]string{
		grid.KindUniform: "uniform", grid.KindChebyshev: "chebyshev", grid.KindSinh: "sinh", grid.KindGiven: "given", -1: "kind(-1)", 4: "kind(4)",
	} {
		if got := kind.String(); got != want {
			t.Errorf("kind %d is %q, want %q", int(kind), got, want)
		}
	}
}

func TestWidthIsClipped(t *testing.T) {
	t.Parallel()
	a := newAxis(t, grid.KindUniform, 9, 0, 1)
	for _, c := range [][2]int{{0, 9}, {-2, 9}, {1, 1}, {8, 8}, {9, 9}, {10, 9}} {
		if got := a.Width(c[0]); got != c[1] {
			t.Errorf("Width(%d) = %d, want %d", c[0], got, c[1])
		}
	}
}
