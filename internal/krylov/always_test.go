package krylov

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// stationary returns pi.phi with pi of a generator.
func stationary(t *testing.T, q *mat.Dense, phi []float64) float64 {
	n, _ := q.Dims()
	a := mat.DenseCopyOf(q.T())
	rhs := mat.NewVecDense(n, nil)
	for j := range n {
		a.Set(n-1, j, 1)
	}
	rhs.SetVec(n-1, 1)
	var pi mat.VecDense
	if err := pi.SolveVec(a, rhs); err != nil {
		t.Fatal(err)
	}
	return mat.Dot(&pi, mat.NewVecDense(n, phi))
}

// limitOf returns the limit's field as what a step's is without its departure.
func limitOf(t *testing.T, b *Basis, p *Trajectory, n int) []float64 {
	t.Helper()
	d, err := NewDeparture(b, p)
	if err != nil {
		t.Fatal(err)
	}
	u, v := field(b, p.At(n)), make([]float64, b.n)
	for j, y := range d.Start(n) {
		d.FieldTo(v, j)
		for i := range u {
			u[i] -= y * v[i]
		}
	}
	return u
}

// One number bounds the error at all times and of the limit, which a solve finds.
func TestBoundAlwaysAndLimit(t *testing.T) {
	t.Parallel()
	const n = 90
	for _, noise := range []float64{2, 30} {
		q := drifting(n, 1, noise)
		s := chain(q)
		want := stationary(t, q, smooth(n))
		for _, m := range []int{3, 8, 16, 30, 45} {
			powers, exponential := newBasis(t, s, smooth(n), m, modulo(n)), newBasis(t, q, smooth(n), m, modulo(n))
			for name, c := range map[string]struct {
				b *Basis
				p *Trajectory
				a *mat.Dense
			}{
				"powers":      {powers, powers.Powers(1), s},
				"exponential": {exponential, exponential.Exponential(0.02, 10, 1), expOf(q, 0.02)},
			} {
				name := fmt.Sprintf("%s noise=%g m=%d", name, noise, m)
				all := c.p.BoundAlways()
				u, worst := smooth(n), 0.0
				const steps = 1500
				for k := range steps {
					if k < 300 || k%50 == 0 {
						worst = max(worst, distance(u, field(c.b, c.p.At(k))))
					}
					v := make([]float64, n)
					applyOf(c.a)(v, u)
					u = v
				}
				miss := 0.0
				for _, v := range limitOf(t, c.b, c.p, 7) {
					miss = max(miss, math.Abs(v-want))
				}
				if !(max(worst, miss) <= all) {
					t.Errorf("%s: error %.3g, of the limit %.3g, bound %.3g", name, worst, miss, all)
				}
				if all < c.p.Bound(steps) {
					t.Errorf("%s: bound %.3g for all steps, %.3g for %d", name, all, c.p.Bound(steps), steps)
				}
				if worst > 1e-11 && all < 2 && all > most*worst {
					t.Errorf("%s: bound %.3g, %.0f times the error %.3g", name, all, all/worst, worst)
				}
			}
		}
	}
}

// The tail is part of the bound: what comes after the steps that are summed.
func TestTailIsBounded(t *testing.T) {
	t.Parallel()
	// A slow mode: e_m.y decays as slowly as 0.999^k.
	const n, m = 40, 5
	a := mat.NewDense(n, n, nil)
	for i := range n {
		a.Set(i, i, 0.999-0.02*float64(i))
	}
	b := newBasis(t, a, smooth(n), m, nil)
	p := b.Powers(1)
	all := p.BoundAlways()
	if far := p.Bound(40000); far > all || all > 1.2*far {
		t.Errorf("bound %v for all steps, %v for 40000", all, far)
	}
}

// Without Modulo the constant stays, once the basis has found it, and the sum has no bound.
func TestNoBoundAlwaysWithConstants(t *testing.T) {
	t.Parallel()
	const n = 60
	q := drifting(n, 1, 4)
	if all := newBasis(t, chain(q), smooth(n), 45, nil).Powers(1).BoundAlways(); !math.IsInf(all, 1) {
		t.Errorf("powers: %v", all)
	}
	if all := newBasis(t, q, smooth(n), 45, nil).Exponential(0.1, 5, 1).BoundAlways(); !math.IsInf(all, 1) {
		t.Errorf("exponential: %v", all)
	}
}

// Leaps are steps, and no later coefficients are longer than Later says.
func TestLeapsAreSteps(t *testing.T) {
	t.Parallel()
	const n, from = 60, 5
	q := drifting(n, 1, 6)
	powers, exponential := newBasis(t, chain(q), smooth(n), 17, modulo(n)), newBasis(t, q, smooth(n), 18, modulo(n))
	for name, c := range map[string]struct {
		b *Basis
		p *Trajectory
	}{
		"powers":            {powers, powers.Powers(1)},
		"exponential":       {exponential, exponential.Exponential(0.02, 100, 1)},
		"exponential, fine": {exponential, exponential.Exponential(0.3, 4, 1)},
	} {
		d, err := NewDeparture(c.b, c.p)
		if err != nil {
			t.Fatal(err)
		}
		y := d.Start(from)
		for i := range d.Leaps() + 1 {
			next, off := d.Leap(y, i), 0.0
			for k, v := range d.At(from + 1<<i)[:d.Dim()] {
				off = max(off, math.Abs(next[k]-v))
			}
			if off > 1e-13*norm2(y) {
				t.Errorf("%s: 2^%d steps differ by %.3g of %.3g", name, i, off, norm2(y))
			}
		}
		if twice := d.Leap(y, d.Leaps()); norm2(twice) > contraction*norm2(y) {
			t.Errorf("%s: the longest leap takes %v to %v", name, norm2(y), norm2(twice))
		}
		worst := 0.0
		for k := range 3000 {
			worst = max(worst, c.p.Spread(from+k))
		}
		if all := d.Later(y); !(worst <= all*(1+1e-12)) {
			t.Errorf("%s: coefficients of length %.3g, want at most %.3g", name, worst, all)
		}
	}
}

// A basis that is truncated is one of its first vectors, to the last bit, and grows again without
// an application.
func TestTruncate(t *testing.T) {
	t.Parallel()
	const n = 60
	a, applied := applyOf(chain(drifting(n, 1, 6))), 0
	b, err := New(func(dst, src []float64) { applied++; a(dst, src) }, smooth(n), modulo(n))
	if err != nil {
		t.Fatal(err)
	}
	extend := func(b *Basis, by int) {
		if _, err := b.Extend(by); err != nil {
			t.Fatal(err)
		}
	}
	extend(b, 25)
	for _, m := range []int{9, 14} {
		b.Truncate(9)
		extend(b, m-9)
		fresh := newBasis(t, chain(drifting(n, 1, 6)), smooth(n), m, modulo(n))
		p, want := b.Powers(1), fresh.Powers(1)
		if u, v := field(b, p.At(40)), field(fresh, want.At(40)); !slices.Equal(u, v) || p.Bound(40) != want.Bound(40) || p.BoundAlways() != want.BoundAlways() {
			t.Errorf("%d vectors differ from a basis of as many", m)
		}
	}
	if applied != 25 || b.Closed() {
		t.Errorf("%d applications, closed %v", applied, b.Closed())
	}
}
