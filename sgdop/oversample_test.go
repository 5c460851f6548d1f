package sgdop

import (
	"math"
	"math/rand/v2"
	"testing"

	"kolmo/grid"
)

// Through a finer field S^n of a smooth field is that by whole axes to what is said to be
// missed in every step, constants stay, and nothing depends on the workers.
func TestOversampled(t *testing.T) {
	t.Parallel()
	g := cube(t, grid.KindChebyshev, 3, 1.5, 15, 15, 15)
	o := curved(3)
	const eta, steps = 0.1, 12
	phi := [][]float64{
		sample(g, func(x []float64) float64 { return math.Exp(-(x[0]*x[0] + x[1]*x[1] + x[2]*x[2]) / 2) }),
		sample(g, func(x []float64) float64 { return x[0]*x[0] - x[1]*x[2] }),
	}
	whole := kept(t, g, o, eta, Config{})
	s := kept(t, g, o, eta, Config{Smooth: phi})
	if whole.over != nil || s.over == nil {
		t.Fatalf("whole axes through finer fields: %v and %v, want the second alone", whole.over != nil, s.over != nil)
	}
	if n := s.Note(); n != "" || s.Stored() != 0 || s.Choice().Bytes > FullBytes(g.Len())/2 {
		t.Errorf("note %q, %d weights, %v", n, s.Stored(), s.Choice())
	}
	if s.Leakage() != whole.Leakage() || math.Abs(s.Lebesgue()-whole.Lebesgue()) > 1e-12*whole.Lebesgue() {
		t.Errorf("leakage %+v, factor %v; by whole axes %+v, %v", s.Leakage(), s.Lebesgue(), whole.Leakage(), whole.Lebesgue())
	}
	u, v := [][]float64{phi[0], phi[1]}, [][]float64{phi[0], phi[1]}
	for n := 1; n <= steps; n++ {
		a, b := make([][]float64, 2), make([][]float64, 2)
		for f := range a {
			a[f], b[f] = make([]float64, g.Len()), make([]float64, g.Len())
		}
		s.ApplyAllTo(2, a, u)
		whole.ApplyAllTo(2, b, v)
		if n == 1 {
			one := make([]float64, g.Len())
			s.ApplyTo(one, phi[0])
			if maxDiff(one, a[0]) != 0 {
				t.Error("workers change S")
			}
		}
		u, v = a, b
		for f := range u {
			if !(s.Miss(f) <= oversamplings[3].most) {
				t.Fatalf("field %d misses %.3g", f, s.Miss(f))
			}
			most := (2*float64(n)*s.Miss(f) + 1e-13*whole.Lebesgue()) * maxAbs(phi[f])
			if d := maxDiff(u[f], v[f]); d > most {
				t.Errorf("step %d, field %d: %.3g from whole axes, at most %.3g", n, f, d, most)
			}
		}
	}
	checkAdjoint(t, s)
	ones := make([]float64, g.Len())
	for i := range ones {
		ones[i] = 1
	}
	got := make([]float64, g.Len())
	s.ApplyTo(got, ones)
	if d := maxDiff(got, ones); d > 1e-12 {
		t.Errorf("S 1 misses 1 by %.3g", d)
	}
	// A field with features that windows miss is left to whole axes.
	steep := sample(g, func(x []float64) float64 { return math.Tanh(20 * x[0]) })
	if s := kept(t, g, o, eta, Config{Smooth: [][]float64{steep}}); s.over != nil {
		t.Errorf("a steep field through a finer one, which misses %.3g", s.Miss(0))
	}
}

// In two dimensions few merged weights give the powers of S by whole axes, within what is said
// to be missed, also where images leave the box; the norm, that of rough fields, nearly is that of
// whole axes.
func TestOversampledPlane(t *testing.T) {
	t.Parallel()
	const steps = 40
	for _, c := range []struct {
		eta    float64
		leaves bool
	}{{1. / 64, false}, {0.02, true}} {
		g := cube(t, grid.KindChebyshev, 2, 1.5, 36, 36)
		o := curved(2)
		if c.leaves {
			o = linear{a: [][]float64{{0.1, 0}, {0, 0.2}}, xi: [][]float64{{0.6, 0.3}, {-0.6, -0.3}}, w: []float64{0.5, 0.5}}.objective()
		}
		phi := [][]float64{
			sample(g, func(x []float64) float64 { return math.Exp(-(x[0]*x[0] + x[1]*x[1]) / 2) }),
			sample(g, func(x []float64) float64 { return x[0]*x[0] - x[1] }),
			sample(g, func(x []float64) float64 { return math.Sin(x[0] - x[1]) }),
		}
		whole := kept(t, g, o, c.eta, Config{})
		s := kept(t, g, o, c.eta, Config{Smooth: phi})
		if whole.Oversampled() || !s.Oversampled() {
			t.Fatalf("eta = %g: whole axes through finer fields: %v and %v, want the second alone", c.eta, whole.Oversampled(), s.Oversampled())
		}
		if s.Choice().MatrixFree() || s.Choice().Bytes > int64(mostMerged*float64(FullBytes(g.Len()))) {
			t.Errorf("eta = %g: %v", c.eta, s.Choice())
		}
		if n := int64(s.Stored()); n == 0 || 8*n > s.Choice().Bytes || s.Windows() < g.Len() {
			t.Errorf("eta = %g: %d weights in %d windows, %d bytes", c.eta, n, s.Windows(), s.Choice().Bytes)
		}
		if leaves := s.Leakage().Rows > 0; leaves != c.leaves || s.Leakage() != whole.Leakage() || len(s.over.whole.weights) != s.Leakage().Rows*g.Len() {
			t.Errorf("eta = %g: leakage %+v, by whole axes %+v, %d weights of rows that leave", c.eta, s.Leakage(), whole.Leakage(), len(s.over.whole.weights))
		}
		if a, b := s.Norm(), whole.Norm(); math.Abs(a-b) > 1e-3*b {
			t.Errorf("eta = %g: norm %.12g, by whole axes %.12g", c.eta, a, b)
		}
		u, v := phi, phi
		for n := 1; n <= steps; n++ {
			a, b := make([][]float64, len(phi)), make([][]float64, len(phi))
			for f := range a {
				a[f], b[f] = make([]float64, g.Len()), make([]float64, g.Len())
			}
			s.ApplyAllTo(2, a, u)
			whole.ApplyAllTo(2, b, v)
			for f := range u {
				one := make([]float64, g.Len())
				s.ApplyTo(one, u[f])
				if maxDiff(one, a[f]) != 0 {
					t.Fatalf("eta = %g: workers or other fields change S", c.eta)
				}
				most := (2*float64(n)*s.Miss(f) + 1e-14*float64(n)*whole.Lebesgue()) * maxAbs(phi[f])
				if d := maxDiff(a[f], b[f]); d > most {
					t.Errorf("eta = %g, step %d, field %d: %.3g from whole axes, at most %.3g", c.eta, n, f, d, most)
				}
			}
			u, v = a, b
		}
		checkAdjoint(t, s)
	}
}

// checkAdjoint holds the adjoint of an operator to the operator: p.(S u) = (S^T p).u.
func checkAdjoint(t *testing.T, s *Operator) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(7, 1))
	u, p := randomField(rnd, s.g.Len()), randomField(rnd, s.g.Len())
	su, sp, again := make([]float64, len(u)), make([]float64, len(u)), make([]float64, len(u))
	s.ApplyTo(su, u)
	s.AdjointTo(1, sp, p)
	s.AdjointTo(2, again, p)
	if maxDiff(sp, again) != 0 {
		t.Error("workers change the adjoint")
	}
	a, b := 0.0, 0.0
	for i := range u {
		a += p[i] * su[i]
		b += sp[i] * u[i]
	}
	if math.Abs(a-b) > 1e-11*float64(len(u)) {
		t.Errorf("p.(S u) = %.15g, (S^T p).u = %.15g", a, b)
	}
}

// Of many images those that reach farthest are looked at: what one of them misses is seen.
func TestMissOfManyImages(t *testing.T) {
	t.Parallel()
	g := cube(t, grid.KindChebyshev, 2, 1.5, 8, 8)
	const n = 5*missImages + 3
	a := &locator{g: g, x: make([]float64, 2), prob: make([]float64, n), images: make([]float64, 2*n)}
	for m := range n {
		a.images[2*m], a.images[2*m+1] = math.Sin(float64(m)), math.Cos(float64(m))
	}
	even := missOfRow(a, func(int) float64 { return 1e-3 })
	if want := 1e-3 * n; even < want || even > 1.1*want {
		t.Errorf("%d equal misses of 1e-3 are %g", n, even)
	}
	const far = 2 // between those that are looked at anyway
	for k := range 2 {
		for _, side := range []float64{-1, 1} {
			keep := a.images[2*far+k]
			a.images[2*far+k] = 1.2 * side
			miss := func(m int) float64 {
				if m == far {
					return -1
				}
				return 0
			}
			if d := missOfRow(a, miss); d != 1 {
				t.Errorf("axis %d, end %g: a miss of 1 there is seen as %g", k, side, d)
			}
			a.images[2*far+k] = keep
		}
	}
}

// Windows that take whole lines of the fine grid count in the norm as others do, and the share
// of an assembly that is told rises to 1, also where another way is taken in the end.
func TestOversampledLines(t *testing.T) {
	t.Parallel()
	xi := []float64{-1, -0.3, 0.3, 1}
	o := &gradients{d: 2, weights: []float64{0.25, 0.25, 0.25, 0.25}, grad: func(dst, x []float64, k int) {
		dst[0], dst[1] = x[0]+4*xi[k]*(1-x[0]*x[0]/2.25), x[1]
	}}
	for _, c := range []struct {
		nodes [2]int
		over  bool // merged windows are few enough
	}{{[2]int{5, 240}, true}, {[2]int{30, 30}, false}} {
		g := cube(t, grid.KindChebyshev, 2, 1.5, c.nodes[0], c.nodes[1])
		phi := [][]float64{sample(g, func(x []float64) float64 { return x[0] + x[1]*x[1] })}
		last := 0.0
		s := kept(t, g, o, 0.2, Config{Smooth: phi, Progress: func(share float64) {
			if !(share >= last) || share > 1 {
				t.Errorf("%v nodes: the share %g after %g", c.nodes, share, last)
			}
			last = share
		}})
		if s.Oversampled() != c.over || last != 1 {
			t.Fatalf("%v nodes: through finer fields %v, want %v; the last share is %g", c.nodes, s.Oversampled(), c.over, last)
		}
		if whole := kept(t, g, o, 0.2, Config{}); math.Abs(s.Norm()-whole.Norm()) > 1e-3*whole.Norm() {
			t.Errorf("%v nodes: norm %.12g, by whole axes %.12g", c.nodes, s.Norm(), whole.Norm())
		}
	}
}

// Rows whose miss is measured are spread over every axis, whatever the numbers of nodes.
func TestSpreadNodes(t *testing.T) {
	t.Parallel()
	for n := 12; n <= 256; n++ {
		for d := 2; d <= 3; d++ {
			nodes := []int{n, n, n}[:d]
			g := cube(t, grid.KindChebyshev, d, 1, nodes...)
			seen := [grid.MaxDim]map[int]bool{}
			for k := range d {
				seen[k] = map[int]bool{}
			}
			for r := range missRows {
				i := spreadNode(g, r)
				for k := range d {
					seen[k][i%n] = true
					i /= n
				}
			}
			for k := range d {
				if len(seen[k]) < min(2*n/3, 60) {
					t.Errorf("%d nodes, axis %d of %d: %d of them are seen", n, k, d, len(seen[k]))
				}
			}
		}
	}
	// A narrow field at a few nodes of an axis is not overlooked.
	for _, n := range []int{97, 98} {
		g := cube(t, grid.KindChebyshev, 2, 1.5, n, n)
		phi := [][]float64{sample(g, func(x []float64) float64 { return math.Exp(-math.Pow((x[0]-0.9)/0.08, 2) / 2) })}
		s := kept(t, g, curved(2), 1./64, Config{Smooth: phi})
		if s.Oversampled() && s.over.near.width == 12 {
			t.Errorf("%d nodes: 12 are thought to do, which miss 1e-10", n)
		}
	}
}
