package kolmogorov

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kolmo/fd"
	"kolmo/grid"
)

// The multi-indices and their names.
func TestMultiIndices(t *testing.T) {
	t.Parallel()
	for d, want := range map[int]int{1: 4, 2: 14, 3: 34} { // binom(4+d, d) - 1
		all := MultiIndices(d, MaxDerivative)
		if len(all) != want {
			t.Errorf("d=%d: %d multi-indices, want %d", d, len(all), want)
		}
		seen := map[string]bool{}
		for i, j := range all {
			sum := 0
			for _, m := range j {
				sum += m
			}
			before := 0
			if i > 0 {
				for _, m := range all[i-1] {
					before += m
				}
			}
			if len(j) != d || sum < 1 || sum > 4 || sum < before || seen[DerivativeName(j)] {
				t.Errorf("d=%d: %v after %v", d, j, all[max(i-1, 0)])
			}
			seen[DerivativeName(j)] = true
		}
	}
	want := [][]int{{1, 0}, {0, 1}, {2, 0}, {1, 1}, {0, 2}}
	if got := MultiIndices(2, 2); !slices.EqualFunc(got, want, slices.Equal[[]int]) {
		t.Errorf("%v, want %v", got, want)
	}
	for name, j := range map[string][]int{"d(4)u": {4}, "d(1,0)u": {1, 0}, "d(0,2,1)u": {0, 2, 1}} {
		if got := DerivativeName(j); got != name {
			t.Errorf("%q, want %q", got, name)
		}
	}
}

// wider returns the spaces with nodes enough for fourth derivatives.
func wider() []space {
	w := append([]space(nil), spaces...)
	for i := range w {
		w[i].nodes = max(w[i].nodes, w[i].order+MaxDerivative)
	}
	return w
}

// Polynomials within reach of a row are differentiated exactly, by all of the spaces
// and multi-indices in one to three dimensions.
func TestDerivativeIsExactOnPolynomials(t *testing.T) {
	t.Parallel()
	for _, s := range wider() {
		for d := 1; d <= 3; d++ {
			g, rnd := box(t, s.kind, d, 1.3, s.nodes, s.nodes+2, s.nodes+1), rand.New(rand.NewPCG(31, 1))
			degree := s.order // rows reach this degree at least, and any here of full width
			if s.order == fd.FullWidth || s.order > 6 {
				degree = 6
			}
			p := poly{}
			for range 6 {
				var e [3]int
				for k := range d {
					e[k] = rnd.IntN(degree + 1)
				}
				p[e] += 2*rnd.Float64() - 1
			}
			u, got := sample(g, p.at), make([]float64, g.Len())
			for _, j := range MultiIndices(d, MaxDerivative) {
				dj, err := NewDerivative(g, j, s.order)
				if err != nil {
					t.Fatal(err)
				}
				dj.ApplyTo(got, u)
				q := p
				for k, m := range j {
					for range m {
						q = q.diff(k)
					}
				}
				want := sample(g, q.at)
				if diff := maxDiff(got, want); diff > 1e-8*(1+maxAbs(want)) {
					t.Errorf("%s %s of degree %d is off by %.3g of %.3g", s.name, dj.Name(), degree, diff, maxAbs(want))
				}
			}
		}
	}
}

// Derivatives along different axes commute, and are linear.
func TestDerivativeProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(2, 3).Draw(t, "d")
		s := rapid.SampledFrom(wider()).Draw(t, "space")
		g, err := gridOn(s.kind, []int{s.nodes + 1, s.nodes, s.nodes + 2}, d, 1)
		if err != nil {
			t.Fatal(err)
		}
		j := rapid.SampledFrom(MultiIndices(d, MaxDerivative)).Draw(t, "J")
		dj, err := NewDerivative(g, j, s.order)
		if err != nil {
			t.Fatal(err)
		}
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		u := randomField(rnd, g.Len())
		got, want := make([]float64, g.Len()), append([]float64(nil), u...)
		dj.ApplyTo(got, u)
		next := make([]float64, g.Len())
		for k := d - 1; k >= 0; k-- { // the last axis first, one at a time
			if j[k] == 0 {
				continue
			}
			alone := make([]int, d)
			alone[k] = j[k]
			dk, err := NewDerivative(g, alone, s.order)
			if err != nil {
				t.Fatal(err)
			}
			dk.ApplyTo(next, want)
			copy(want, next)
		}
		if diff := maxDiff(got, want); diff > 1e-11*maxAbs(got) {
			t.Fatalf("%s: the order of the axes makes %.3g of %.3g", dj.Name(), diff, maxAbs(got))
		}
	})
}

// What does not exist is refused; shapes that do not fit panic.
func TestDerivativeArguments(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindUniform, 2, 1, 9)
	for _, c := range []struct {
		j     []int
		order int
	}{{[]int{0, 0}, 4}, {[]int{3, 2}, 4}, {[]int{5, 0}, 4}, {[]int{2, -1}, 4}, {[]int{1}, 4}, {[]int{1, 0, 0}, 4}, {[]int{1, 0}, 3}, {[]int{0, 4}, 8}} {
		if _, err := NewDerivative(g, c.j, c.order); err == nil {
			t.Errorf("J = %v of order %d: no error", c.j, c.order)
		}
	}
	j := []int{1, 1}
	dj, err := NewDerivative(g, j, 4)
	if err != nil {
		t.Fatal(err)
	}
	j[0] = 2
	if dj.Name() != "d(1,1)u" {
		t.Errorf("the multi-index has become that of %s", dj.Name())
	}
	u := make([]float64, g.Len())
	for name, f := range map[string]func(){
		"result": func() { dj.ApplyTo(u[:3], u) },
		"field":  func() { dj.ApplyTo(u, u[:3]) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

// ApplyTo does not allocate. (AllocsPerRun forbids t.Parallel.)
func TestDerivativeDoesNotAllocate(t *testing.T) {
	g := box(t, grid.KindUniform, 3, 1, 10)
	dj, err := NewDerivative(g, []int{1, 2, 1}, 4)
	if err != nil {
		t.Fatal(err)
	}
	u, v := sample(g, wave), make([]float64, g.Len())
	if n := testing.AllocsPerRun(3, func() { dj.ApplyTo(v, u) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// cube returns a grid on [-half, half]^d with axes of the given kind; those of the sinh
// map cluster about the origin.
func cube(t testing.TB, kind grid.Kind, d, n int, half float64) *grid.Grid {
	t.Helper()
	if kind != grid.KindSinh {
		return box(t, kind, d, half, n)
	}
	axes := make([]*grid.Axis, d)
	for k := range axes {
		var err error
		if axes[k], err = grid.Sinh(fmt.Sprintf("x%d", k+1), n, -half, half, 0, half); err != nil {
			t.Fatal(err)
		}
	}
	g, err := grid.New(axes...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// worstDerivative returns, for each |J| = 0 .. 4, the largest error of d^J of a field
// over |x| <= radius, relative to the largest |d^J| there, and over all J of it.
func worstDerivative(t testing.TB, g *grid.Grid, order int, radius float64, u []float64, exact func(j []int) func(x []float64) float64) [MaxDerivative + 1]float64 {
	t.Helper()
	var worst [MaxDerivative + 1]float64
	x, got := make([]float64, g.Dim()), make([]float64, g.Len())
	ball := grid.Ball{Center: make([]float64, g.Dim()), R: radius}
	for _, j := range append([][]int{make([]int, g.Dim())}, MultiIndices(g.Dim(), MaxDerivative)...) {
		sum := 0
		for _, m := range j {
			sum += m
		}
		if copy(got, u); sum > 0 {
			dj, err := NewDerivative(g, j, order)
			if err != nil {
				t.Fatal(err)
			}
			dj.ApplyTo(got, u)
		}
		f := exact(j)
		off, size := 0.0, 0.0
		for i, v := range got {
			if g.PointTo(x, i); ball.Contains(x) {
				w := f(x)
				off, size = max(off, math.Abs(v-w)), max(size, math.Abs(w))
			}
		}
		worst[sum] = max(worst[sum], off/size)
	}
	return worst
}

// ouField returns u(., time) of an Ornstein-Uhlenbeck process with phi = cos(k.x).
func ouField(t testing.TB, p linearProblem, g *grid.Grid, order int, k []float64, time float64) []float64 {
	t.Helper()
	phi := sample(g, func(x []float64) float64 {
		angle := 0.0
		for a, v := range x {
			angle += k[a] * v
		}
		return math.Cos(angle)
	})
	out := block(1, 1, g.Len())
	if err := advance(NewPolynomial(newOperator(t, g, p.on(g), order), time), out, [][]float64{phi}); err != nil {
		t.Fatal(err)
	}
	return out[0][0]
}
