package grid_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kolmo/grid"
)

// sinhAxis returns the axis or ends the test.
func sinhAxis(t testing.TB, n int, lo, hi, at, strength float64) *grid.Axis {
	t.Helper()
	a, err := grid.Sinh("x", n, lo, hi, at, strength)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// The defining property: asinh((x - at)/strength) is equidistant, with the point
// inside the axis, at its end, and outside.
func TestSinhNodesAreEquidistantInTheMap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 80).Draw(t, "n")
		lo := rapid.Float64Range(-5, 5).Draw(t, "lo")
		hi := lo + rapid.Float64Range(0.1, 10).Draw(t, "length")
		at := rapid.SampledFrom([]float64{lo, hi, (lo + hi) / 2, lo - 1, hi + 0.3, lo + 0.1*(hi-lo)}).Draw(t, "at")
		strength := (hi - lo) * math.Pow(10, rapid.Float64Range(-3, 3).Draw(t, "log strength"))
		a, err := grid.Sinh("x", n, lo, hi, at, strength)
		if err != nil {
			t.Fatal(err)
		}
		if a.Kind() != grid.KindSinh || a.Name() != "x" || a.Len() != n || a.Lo() != lo || a.Hi() != hi || a.Differentiation() != nil {
			t.Fatalf("%v %q %d [%v,%v]", a.Kind(), a.Name(), a.Len(), a.Lo(), a.Hi())
		}
		from, to := math.Asinh((lo-at)/strength), math.Asinh((hi-at)/strength)
		for i := range n {
			s := from + (to-from)*float64(i)/float64(n-1)
			// An error of x is one of s times the slope of the map.
			slope := strength * math.Cosh(s)
			size := math.Abs(lo) + math.Abs(hi) + math.Abs(at)
			if want := at + strength*math.Sinh(s); !(math.Abs(a.Node(i)-want) <= 8e-16*(size+8*slope)) {
				t.Fatalf("node %d of [%v,%v] about %v with %v: %v, want %v", i, lo, hi, at, strength, a.Node(i), want)
			}
		}
	})
}

// The spacing is finest at the point, and grows with the distance as the formula
// of the doc comment says.
func TestSinhSpacing(t *testing.T) {
	t.Parallel()
	const at, strength, n = 0.25, 0.05, 401
	a := sinhAxis(t, n, -1, 2, at, strength)
	h := (math.Asinh((2-at)/strength) - math.Asinh((-1-at)/strength)) / (n - 1)
	for i := 1; i < n; i++ {
		mid := (a.Node(i-1) + a.Node(i)) / 2
		want := h * math.Hypot(strength, mid-at)
		if got := a.Node(i) - a.Node(i-1); !(math.Abs(got-want) <= h*h*want) {
			t.Errorf("spacing %v at %v, want %v", got, mid, want)
		}
	}
}

// As the strength grows the nodes tend to equidistant ones, as its square.
func TestSinhTendsToUniform(t *testing.T) {
	t.Parallel()
	u := newAxis(t, grid.KindUniform, 30, -1, 2)
	last := math.Inf(1)
	for _, strength := range []float64{10, 100, 1000, 1e4, 1e12} {
		a := sinhAxis(t, 30, -1, 2, 0.7, strength)
		d := maxDiff(a.Nodes(), u.Nodes())
		if !(d <= last*0.0102 || d <= 4e-15) {
			t.Errorf("strength %v: off by %g after %g", strength, d, last)
		}
		last = d
	}
	if !(last <= 1e-15) {
		t.Errorf("the limit is off by %g", last)
	}
}

func TestSinhRefuses(t *testing.T) {
	t.Parallel()
	inf, nan := math.Inf(1), math.NaN()
	for name, c := range map[string]struct{ at, strength float64 }{
		"strength 0":                {0, 0},
		"negative strength":         {0, -1},
		"strength NaN":              {0, nan},
		"strength infinite":         {0, inf},
		"strength beyond range":     {0, 5e-324},
		"strength beyond rounding":  {0.5, 1e-300},
		"point NaN":                 {nan, 1},
		"point infinite":            {-inf, 1},
		"point too far for its map": {1e20, 1},
	} {
		if a, err := grid.Sinh("x", 9, -1, 1, c.at, c.strength); err == nil {
			t.Errorf("%s: no error, nodes %v", name, a.Nodes())
		} else if !strings.HasPrefix(err.Error(), "grid: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGivenNodes(t *testing.T) {
	t.Parallel()
	nodes := []float64{-3, -1, 0, 0.5, 4}
	want := slices.Clone(nodes)
	a, err := grid.Given("y", nodes)
	if err != nil {
		t.Fatal(err)
	}
	nodes[2] = 7 // a copy is kept
	if !slices.Equal(a.Nodes(), want) || a.Name() != "y" || a.Kind() != grid.KindGiven || a.Lo() != -3 || a.Hi() != 4 || a.Differentiation() != nil {
		t.Errorf("%q %v %v", a.Name(), a.Kind(), a.Nodes())
	}
	inf, nan := math.Inf(1), math.NaN()
	for name, c := range map[string]struct {
		nodes []float64
		want  string
	}{
		"none":            {nil, "grid: an axis needs at least 2 nodes, got 0"},
		"one":             {[]float64{1}, "grid: an axis needs at least 2 nodes, got 1"},
		"equal":           {[]float64{1, 2, 2}, "grid: nodes 1 and 2 are 2 and 2"},
		"decreasing":      {[]float64{1, 0}, "grid: nodes 0 and 1 are 1 and 0"},
		"NaN":             {[]float64{1, nan, 3}, "grid: node 1 is NaN"},
		"infinite":        {[]float64{1, 2, inf}, "grid: node 2 is +Inf"},
		"infinite before": {[]float64{-inf, 2, 3}, "grid: node 0 is -Inf"},
	} {
		if _, err := grid.Given("y", c.nodes); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", name, err, c.want)
		}
	}
}

// Given the nodes of another axis the same weights follow, and the whole-axis
// formulas of the kinds agree with those for any nodes.
func TestGivenAgreesWithTheKinds(t *testing.T) {
	t.Parallel()
	const n = 12
	for _, kind := range kinds {
		a := newAxis(t, kind, n, -0.7, 1.9)
		b, err := grid.Given("x", a.Nodes())
		if err != nil {
			t.Fatal(err)
		}
		v, w := make([]float64, n), make([]float64, n)
		for width := range n + 1 {
			for _, x := range positions(a) {
				v, w := v[:a.Width(width)], w[:b.Width(width)]
				p, q := a.WindowTo(v, x, width), b.WindowTo(w, x, width)
				if p != q { // on a node or midway between two, either is as good
					continue
				}
				if d := maxDiff(v, w); !(d <= 1e-13*absSum(w)) {
					t.Errorf("%v width %d at %v: weights differ by %g", kind, width, x, d)
				}
			}
		}
	}
}

// The weights for any nodes lose nothing on many of them, if these are good ones:
// a resolved cosine is interpolated to rounding through the whole axis.
func TestGivenWholeAxisOfManyNodes(t *testing.T) {
	t.Parallel()
	for _, n := range []int{32, 64, 128, 300} {
		a, err := grid.Given("x", newAxis(t, grid.KindChebyshev, n, -1, 1).Nodes())
		if err != nil {
			t.Fatal(err)
		}
		if sup, _ := interpolationError(a, 0, 0, func(x float64) float64 { return math.Cos(3 * x) }); !(sup <= 1e-13) {
			t.Errorf("%d nodes: error %g", n, sup)
		}
	}
}

// A layer at the point is interpolated a hundred times better than on as many
// equidistant nodes.
func TestSinhResolvesALayer(t *testing.T) {
	t.Parallel()
	f := func(x float64) float64 { return math.Tanh((x - 0.3) / 0.01) }
	a, u := sinhAxis(t, 81, -1, 1, 0.3, 0.02), newAxis(t, grid.KindUniform, 81, -1, 1)
	fine, _ := interpolationError(a, 4, 0, f)
	coarse, _ := interpolationError(u, 4, 0, f)
	t.Logf("clustered %.2e, uniform %.2e", fine, coarse)
	if !(fine <= 1e-2*coarse) {
		t.Errorf("error %g, on equidistant nodes %g", fine, coarse)
	}
}
