package grid_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"kolmo/grid"
)

// eachPoint calls f with every point of the tensor product, first coordinate
// fastest.
func eachPoint(points [][]float64, f func(i int, x []float64)) {
	n := 1
	for _, p := range points {
		n *= len(p)
	}
	x := make([]float64, len(points))
	for i := range n {
		rest := i
		for k, p := range points {
			x[k] = p[rest%len(p)]
			rest /= len(p)
		}
		f(i, x)
	}
}

func TestTransferIsTheInterpolantAtEachPoint(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		for _, width := range []int{0, 3, 6} {
			for dim := 1; dim <= grid.MaxDim; dim++ {
				for _, sizes := range [][]int{{5, 4, 6}, {13, 2, 17}, {1, 15, 3}} {
					t.Run(fmt.Sprintf("%v-%d-%dD-%d", kind, width, dim, sizes[0]), func(t *testing.T) {
						t.Parallel()
						rnd := rand.New(rand.NewPCG(4, uint64(width)))
						g := newGrid(t, kind, nodesFor(dim, 8)...)
						u := noise(rnd, g.Len())
						points := make([][]float64, dim)
						for k := range points {
							for range sizes[k] { // some of them a little outside
								points[k] = append(points[k], randomPoint(rnd, g, 1.05)[k])
							}
						}
						tr := grid.NewTransfer(g, points, width)
						dst := make([]float64, tr.Len())
						tr.ApplyTo(dst, u)
						in := grid.NewInterpolator(g, width)
						eachPoint(points, func(i int, x []float64) {
							in.Locate(x)
							if want := in.Value(u); !(math.Abs(dst[i]-want) <= 1e-11*(1+math.Abs(want))) {
								t.Errorf("at %v: %v, want %v", x, dst[i], want)
							}
						})
					})
				}
			}
		}
	}
}

func TestGridTransferBetweenKinds(t *testing.T) {
	t.Parallel()
	k := wave{1.1, 0.7, -0.9}
	for dim := 1; dim <= grid.MaxDim; dim++ {
		from := newGrid(t, grid.KindChebyshev, nodesFor(dim, 18)...)
		to := newGrid(t, grid.KindUniform, nodesFor(dim, 10)...)
		tr := grid.NewGridTransfer(from, to, 0)
		dst := make([]float64, to.Len())
		tr.ApplyTo(dst, field(from, k.value))
		if d := maxDiff(dst, field(to, k.value)); !(d <= 1e-12) {
			t.Errorf("%d-D: off by %g", dim, d)
		}
	}
}

func TestGridTransferToTheSameGridCopies(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(6, 1))
	from, to := newGrid(t, grid.KindUniform, 6, 5), newGrid(t, grid.KindUniform, 6, 5)
	u := noise(rnd, from.Len())
	u[3] = math.Inf(1) // a copy keeps it where it is
	tr := grid.NewGridTransfer(from, to, 4)
	dst := make([]float64, tr.Len())
	tr.ApplyTo(dst, u)
	if !slices.Equal(dst, u) {
		t.Error("not a copy")
	}
	if &dst[0] == &u[0] {
		t.Error("the field itself")
	}
}

func TestTransferPanics(t *testing.T) {
	t.Parallel()
	g := newGrid(t, grid.KindUniform, 6, 5)
	h := newGrid(t, grid.KindUniform, 3, 4)
	line := newGrid(t, grid.KindUniform, 6)
	for _, tr := range []*grid.Transfer{grid.NewGridTransfer(g, g, 0), grid.NewGridTransfer(g, h, 0)} {
		mustPanic(t, "grid: ApplyTo", func() { tr.ApplyTo(make([]float64, tr.Len()-1), make([]float64, 30)) })
		mustPanic(t, "grid: ApplyTo", func() { tr.ApplyTo(make([]float64, tr.Len()), make([]float64, 29)) })
	}
	mustPanic(t, "grid: want points", func() { grid.NewTransfer(g, [][]float64{{0}}, 0) })
	mustPanic(t, "grid: want points", func() { grid.NewTransfer(g, [][]float64{{0}, {}}, 0) })
	mustPanic(t, "grid: want points", func() { grid.NewGridTransfer(g, line, 0) })
}
