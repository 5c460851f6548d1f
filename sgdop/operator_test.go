package sgdop

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/james-bowman/sparse"
	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
	"kolmo/sgd"
)

// forMethods runs a test for every method in one to three dimensions; the axes
// have different numbers of nodes.
func forMethods(t *testing.T, test func(t *testing.T, g *grid.Grid, width int)) {
	for _, m := range methods {
		for d := 1; d <= 3; d++ {
			t.Run(fmt.Sprintf("%s/%dd", m.name, d), func(t *testing.T) {
				t.Parallel()
				n := m.nodes[d-1]
				test(t, cube(t, m.kind, d, 2, n, n+1, n-1), m.width)
			})
		}
	}
}

// Against S written out: every image interpolated by itself.
func TestApplyToAgainstInterpolatedImages(t *testing.T) {
	t.Parallel()
	forMethods(t, func(t *testing.T, g *grid.Grid, width int) {
		o := curved(g.Dim())
		const eta = 0.3
		u := sample(g, func(x []float64) float64 {
			s := 0.4
			for k, v := range x {
				s += v * float64(k+1) / 2
			}
			return math.Exp(s / 2)
		})
		in := grid.NewInterpolator(g, width)
		grads, y := make([]float64, len(o.weights)*o.d), make([]float64, o.d)
		want := sample(g, func(x []float64) float64 {
			o.GradsTo(grads, x)
			sum := 0.0
			for k, p := range o.weights {
				for i := range y {
					y[i] = x[i] - eta*grads[k*o.d+i]
				}
				in.Locate(y)
				sum += p * in.Value(u)
			}
			return sum
		})
		s := assemble(t, g, o, eta, width)
		got := make([]float64, g.Len())
		s.ApplyTo(got, u)
		if diff := maxDiff(got, want); diff > 1e-13*maxAbs(u) {
			t.Errorf("S u is off by %.3g", diff)
		}
	})
}

// S 1 = 1.
func TestApplyToKeepsConstants(t *testing.T) {
	t.Parallel()
	forMethods(t, func(t *testing.T, g *grid.Grid, width int) {
		s := assemble(t, g, curved(g.Dim()), 0.25, width)
		u := sample(g, func([]float64) float64 { return 1 })
		v := make([]float64, g.Len())
		for range 5 {
			s.ApplyTo(v, u)
			if diff := maxDiff(u, v); diff > 1e-12 {
				t.Fatalf("S 1 differs from 1 by %.3g", diff)
			}
			u, v = v, u
		}
	})
}

// Several fields at once are each what ApplyTo gives, for every number of fields
// and workers; bitwise the same for any number of workers.
func TestApplyAllToAgainstApplyTo(t *testing.T) {
	t.Parallel()
	forMethods(t, func(t *testing.T, g *grid.Grid, width int) {
		s := assemble(t, g, curved(g.Dim()), 0.25, width)
		rnd := rand.New(rand.NewPCG(1, 1))
		const most = 11
		u, want := make([][]float64, most), make([][]float64, most)
		for f := range u {
			u[f], want[f] = randomField(rnd, g.Len()), make([]float64, g.Len())
			s.ApplyTo(want[f], u[f])
		}
		for fields := 0; fields <= most; fields++ {
			var one [][]float64
			for _, workers := range []int{1, 2, 0, 3, 9} {
				got := make([][]float64, fields)
				for f := range got {
					got[f] = randomField(rnd, g.Len()) // must be overwritten
				}
				s.ApplyAllTo(workers, got, u[:fields])
				if one == nil {
					one = got
				}
				for f := range got {
					if diff := maxDiff(got[f], one[f]); diff != 0 {
						t.Fatalf("%d fields: field %d with %d workers differs from one worker by %g", fields, f, workers, diff)
					}
					if diff := maxDiff(got[f], want[f]); diff > 1e-13*maxAbs(u[f])*float64(g.Dim()) || diff != 0 && (!s.full || fields < leastBlock) {
						t.Fatalf("%d fields, %d workers: field %d differs from ApplyTo by %g", fields, workers, f, diff)
					}
				}
			}
		}
	})
}

// The assembly does not depend on the workers, bit by bit.
func TestAssembleWorkers(t *testing.T) {
	t.Parallel()
	forMethods(t, func(t *testing.T, g *grid.Grid, width int) {
		var one *Operator
		for _, workers := range []int{1, 2, 7} {
			s, err := Assemble(t.Context(), g, sgd.NewChain(curved(g.Dim()), 0.25), &Config{Width: width, Workers: workers})
			if err != nil {
				t.Fatal(err)
			}
			if one == nil {
				one = s
			}
			if s.Stored() != one.Stored() || s.Leakage().Distance != one.Leakage().Distance || maxDiff(s.weights, one.weights) != 0 {
				t.Errorf("%d workers give another operator", workers)
			}
		}
	})
}

// nil and the zero Config are the defaults: whole axes.
func TestConfigDefaults(t *testing.T) {
	t.Parallel()
	g := cube(t, grid.KindChebyshev, 2, 2, 8, 9)
	null, err := Assemble(t.Context(), g, sgd.NewChain(curved(2), 0.25), nil)
	if err != nil {
		t.Fatal(err)
	}
	zero, err := Assemble(t.Context(), g, sgd.NewChain(curved(2), 0.25), &Config{})
	if err != nil {
		t.Fatal(err)
	}
	if null.Stored() != zero.Stored() || maxDiff(null.weights, zero.weights) != 0 {
		t.Error("nil and the zero Config differ")
	}
	if null.Stored() != g.Len()*g.Len() || int64(8*null.Stored()) != FullBytes(g.Len()) {
		t.Errorf("%d weights, FullBytes %d for %d nodes", null.Stored(), FullBytes(g.Len()), g.Len())
	}
	if null.Grid() != g {
		t.Error("Grid is another")
	}
}

// The CSR copy is the same matrix, by sparse's own product, which adds to what is
// in y.
func TestCSRAgainstApplyTo(t *testing.T) {
	t.Parallel()
	forMethods(t, func(t *testing.T, g *grid.Grid, width int) {
		s := assemble(t, g, curved(g.Dim()), 0.25, width)
		m := s.CSR()
		if r, c := m.Dims(); r != g.Len() || c != g.Len() {
			t.Fatalf("%d x %d for %d nodes", r, c, g.Len())
		}
		if m.NNZ() != s.NNZ() || m.NNZ() > s.Stored() {
			t.Errorf("CSR holds %d of %d weights, NNZ says %d", m.NNZ(), s.Stored(), s.NNZ())
		}
		u := randomField(rand.New(rand.NewPCG(2, 1)), g.Len())
		want, got := make([]float64, g.Len()), make([]float64, g.Len())
		s.ApplyTo(want, u)
		sparse.MulMatVec(false, 1, m, mat.NewVecDense(len(u), u), mat.NewVecDense(len(got), got))
		if diff := maxDiff(got, want); diff > 1e-13*maxAbs(u)*float64(g.Dim()) {
			t.Errorf("CSR differs by %.3g", diff)
		}
		for i := 0; i < g.Len(); i += 7 { // it is sorted, so that At works
			row := 0.0
			for j := range g.Len() {
				row += m.At(i, j)
			}
			if math.Abs(row-1) > 1e-12 {
				t.Fatalf("row %d sums to %v", i, row)
			}
		}
	})
}

// A window per row holds the windows of all samples and no more, where these are
// near each other.
func TestStored(t *testing.T) {
	t.Parallel()
	// f = x^2/2 with one sample and eta tiny: every window is that of its node.
	still := &gradients{d: 1, weights: []float64{1}, grad: func(dst, x []float64, _ int) { dst[0] = x[0] }}
	g := cube(t, grid.KindUniform, 1, 1, 41)
	if n := assemble(t, g, still, 1e-6, 6).Stored(); n != 41*6 {
		t.Errorf("one sample: stored %d, want %d", n, 41*6)
	}
	// Two samples 5 nodes apart: windows longer by 5, but for those at the ends.
	h := 2.0 / 40
	pair := &gradients{d: 1, weights: []float64{0.5, 0.5}, grad: func(dst, _ []float64, k int) { dst[0] = float64(5*k) * -h }}
	want := 0
	first := func(i int) int { return min(max(i-2, 0), 41-6) }
	for i := range 41 {
		want += first(i+5) - first(i) + 6
	}
	// eta slightly over 1, so that images are inside the intervals.
	if n := assemble(t, g, shifted(pair, -0.1*h), 1, 6).Stored(); n != want {
		t.Errorf("two samples: stored %d, want %d", n, want)
	}
}

// shifted adds a constant to all gradients of a law in one dimension.
func shifted(l *gradients, by float64) *gradients {
	return &gradients{d: 1, weights: l.weights, grad: func(dst, x []float64, k int) {
		l.grad(dst, x, k)
		dst[0] += by
	}}
}

// Leakage is what it says on a case worked out by hand: on [-2,2] x [-1,1] one
// sample moves every node by (0.3, -0.1) and another by (0, 0.25).
func TestLeakage(t *testing.T) {
	t.Parallel()
	x1, err := grid.Uniform("x1", 12, -2, 2)
	if err != nil {
		t.Fatal(err)
	}
	x2, err := grid.Chebyshev("x2", 9, -1, 1)
	if err != nil {
		t.Fatal(err)
	}
	g, err := grid.New(x1, x2)
	if err != nil {
		t.Fatal(err)
	}
	moves := [][]float64{{0.3, -0.1}, {0, 0.25}}
	o := &gradients{d: 2, weights: []float64{0.5, 0.5}, grad: func(dst, _ []float64, k int) {
		dst[0], dst[1] = -2*moves[k][0], -2*moves[k][1]
	}}
	for _, width := range []int{0, 4} {
		if got := assemble(t, g, o, 0.5, width).Leakage().Distance; math.Abs(got-0.25/2) > 1e-15 {
			t.Errorf("width %d: leakage %v, want 0.125", width, got)
		}
	}
	inward := &gradients{d: 2, weights: []float64{1}, grad: func(dst, x []float64, _ int) { copy(dst, x) }}
	if got := assemble(t, g, inward, 0.5, 4).Leakage().Distance; got != 0 {
		t.Errorf("leakage %v though all images are inside", got)
	}
}

// Wrong shapes panic with the package's name.
func TestApplyRefusesWrongShapes(t *testing.T) {
	t.Parallel()
	for _, width := range []int{0, 4} {
		g := cube(t, grid.KindUniform, 1, 1, 9)
		s := assemble(t, g, curved(1), 0.1, width)
		good, short, long := make([]float64, 9), make([]float64, 8), make([]float64, 10)
		for name, f := range map[string]func(){
			"short dst":    func() { s.ApplyTo(short, good) },
			"long dst":     func() { s.ApplyTo(long, good) },
			"short u":      func() { s.ApplyTo(good, short) },
			"long u":       func() { s.ApplyTo(good, long) },
			"fields":       func() { s.ApplyAllTo(1, [][]float64{good}, [][]float64{good, good}) },
			"short of all": func() { s.ApplyAllTo(1, [][]float64{good, short}, [][]float64{good, good}) },
			"long of all":  func() { s.ApplyAllTo(1, [][]float64{good}, [][]float64{long}) },
		} {
			func() {
				defer func() {
					if m, ok := recover().(string); !ok || !strings.HasPrefix(m, "sgdop: ") {
						t.Errorf("width %d, %s: no panic of this package (%q)", width, name, m)
					}
				}()
				f()
			}()
		}
	}
}

// ApplyTo does not allocate. (AllocsPerRun forbids t.Parallel.)
func TestApplicationAllocatesNothing(t *testing.T) {
	for _, m := range methods {
		for d := 1; d <= 3; d++ {
			g := cube(t, m.kind, d, 2, m.nodes[d-1])
			s := assemble(t, g, curved(d), 0.25, m.width)
			u, v := sample(g, func(x []float64) float64 { return x[0] }), make([]float64, g.Len())
			if n := testing.AllocsPerRun(3, func() { s.ApplyTo(v, u) }); n != 0 {
				t.Errorf("%s, d=%d: %v allocations", m.name, d, n)
			}
		}
	}
}
