package kolmogorov

import (
	"kolmo/kolmogorov/parity"
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
)

// mixedGrid has axes that mirror themselves, with a node in the middle and without, and one
// that does not.
func mixedGrid(t *testing.T) *grid.Grid {
	t.Helper()
	x, err := grid.Chebyshev("x", 9, -1, 1.5)
	if err != nil {
		t.Fatal(err)
	}
	y, err := grid.Given("y", []float64{-1, -0.7, 0.1, 0.3, 0.8, 1.2})
	if err != nil {
		t.Fatal(err)
	}
	z, err := grid.Chebyshev("z", 8, 2, 4)
	if err != nil {
		t.Fatal(err)
	}
	g, err := grid.New(x, y, z)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Fields by parities are the same fields, with the same Euclidean norm.
func TestReflectionsKeepFields(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(21, 1))
	for _, g := range []*grid.Grid{mixedGrid(t), box(t, grid.KindChebyshev, 1, 2, 5), box(t, grid.KindChebyshev, 2, 1, 6, 7)} {
		r := parity.NewReflections(g)
		u := randomField(rnd, g.Len())
		v, back := make([]float64, r.Blocks*r.Size), make([]float64, g.Len())
		r.FoldTo(v, u, math.Sqrt2)
		r.UnfoldTo(back, v, 1<<r.Blocks-1)
		if d := maxDiff(u, back); d > 1e-15*8 {
			t.Errorf("%d axes: a field comes back with %v", g.Dim(), d)
		}
		nu, nv := 0.0, 0.0
		for _, a := range u {
			nu += a * a
		}
		for _, a := range v {
			nv += a * a
		}
		if math.Abs(nu-nv) > 1e-13*nu {
			t.Errorf("%d axes: squared norm %v by parities, %v", g.Dim(), nv, nu)
		}
	}
}

// L by parities is L, for any coefficients and on any axes of collocation.
func TestReflectedOperatorIsTheOperator(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(21, 2))
	for _, g := range []*grid.Grid{mixedGrid(t), box(t, grid.KindChebyshev, 1, 2, 11), box(t, grid.KindChebyshev, 2, 1, 8, 9), box(t, grid.KindChebyshev, 3, 1, 5, 6, 4)} {
		for _, op := range []*Operator{smoothOperator(t, g, fd.FullWidth, 0.3), withoutSquares(t, g)} {
			checkReflected(t, rnd, op)
		}
	}
}

// withoutSquares is an L with mixed second derivatives alone.
func withoutSquares(t *testing.T, g *grid.Grid) *Operator {
	op := smoothOperator(t, g, fd.FullWidth, 0.3)
	c := op.c
	for k := range g.Dim() {
		c.A[k][k] = nil
	}
	return newOperator(t, g, &c, fd.FullWidth)
}

func checkReflected(t *testing.T, rnd *rand.Rand, op *Operator) {
	t.Helper()
	g := op.g
	r := parity.NewReflections(g)
	u, want, got := randomField(rnd, g.Len()), make([]float64, g.Len()), make([]float64, g.Len())
	op.ApplyTo(want, nil, 1, u)
	parts := make([]float64, r.Blocks*r.Size)
	r.FoldTo(parts, u, math.Sqrt2)
	l := newReflectedOperator(op, r, r.Present(parts))
	v, lv := make([]float64, l.Len()), make([]float64, l.Len())
	l.packTo(v, parts)
	l.apply(lv, v)
	l.UnfoldTo(got, lv, l.set)
	// What stands for no node stays zero.
	r.FoldTo(parts, got, math.Sqrt2)
	l.packTo(v, parts)
	for i, want := range v {
		if math.Abs(lv[i]-want) > 1e-13*maxAbs(lv) || want == 0 && lv[i] != 0 {
			t.Fatalf("%d axes: entry %d is %v, of the field it stands for %v", g.Dim(), i, lv[i], want)
		}
	}
	if d := maxDiff(got, want); d > 1e-12*maxAbs(want) {
		t.Errorf("%d axes: L u differs by %v of %v", g.Dim(), d, maxAbs(want))
	}
}

// Where the problem mirrors itself only the parities of the field are kept, and what
// breaks the symmetry brings the others in.
func TestReflectedOperatorKeepsParities(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindChebyshev, 2, 3, 12)
	problem := func(shift float64) *Operator {
		c := new(Coefficients)
		for k := range 2 {
			c.B[k] = sample(g, func(x []float64) float64 { return -x[k] - 0.3*x[1-k] + shift })
			for l := k; l < 2; l++ {
				c.A[k][l] = sample(g, func([]float64) float64 { return 0.1 + 0.1*float64(l-k) })
			}
		}
		return newOperator(t, g, c, fd.FullWidth)
	}
	for _, c := range []struct {
		name  string
		shift float64
		phi   func(x []float64) float64
		want  int
	}{
		{"even", 0, func(x []float64) float64 { return math.Cos(2*x[0] + x[1]) }, 2},
		{"odd", 0, func(x []float64) float64 { return math.Sin(2*x[0] + x[1]) }, 2},
		{"neither", 0, wave, 4},
		{"shifted drift", 0.01, func(x []float64) float64 { return math.Cos(2*x[0] + x[1]) }, 4},
	} {
		r := parity.NewReflections(g)
		parts := make([]float64, r.Blocks*r.Size)
		r.FoldTo(parts, sample(g, c.phi), math.Sqrt2)
		l := newReflectedOperator(problem(c.shift), r, r.Present(parts))
		if got := bits.OnesCount(uint(l.set)); got != c.want || l.Len() != got*r.Size {
			t.Errorf("%s: %d blocks, length %d; want %d", c.name, got, l.Len(), c.want)
		}
	}
}
