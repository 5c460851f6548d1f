package krylov

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/internal/kernel"
)

// A V = V H + h v e^T with V orthonormal, also where the vectors of the power method are
// parallel to rounding.
func TestArnoldiRelation(t *testing.T) {
	t.Parallel()
	for _, n := range []int{7, 64, 65, 200} {
		q := drifting(n, 1, 2)
		for name, a := range map[string]*mat.Dense{"generator": q, "chain": chain(q)} {
			for _, cfg := range []*Config{nil, modulo(n)} {
				m := min(40, n-2)
				b := newBasis(t, a, smooth(n), m, cfg)
				if b.Dim() != m {
					t.Fatalf("%s n=%d: %d vectors, want %d", name, n, b.Dim(), m)
				}
				size, w := 0.0, make([]float64, n)
				for j := range m {
					size = max(size, norm2(b.h[j]))
				}
				for j := range m + 1 {
					for i := range j + 1 {
						want := 0.0
						if i == j {
							want = 1
						}
						sum := 0.0
						for k, v := range b.vector(i)[:n] {
							sum += v * b.vector(j)[k]
						}
						if math.Abs(sum-want) > 1e-14 {
							t.Fatalf("%s n=%d: v%d.v%d = %v", name, n, i, j, sum)
						}
					}
					if j == m {
						continue
					}
					applyOf(a)(w, b.vector(j))
					for i, h := range b.h[j] {
						for k, v := range b.vector(i)[:n] {
							w[k] -= h * v
						}
					}
					for k := range b.cfg.Modulo {
						for i, one := range b.ones[k][:n] {
							w[i] -= b.c[j][k] * one
						}
					}
					if d := kernel.MaxAbs(w); d > 1e-14*size {
						t.Fatalf("%s n=%d: the relation errs by %v in column %d", name, n, d, j)
					}
				}
			}
		}
	}
}

// The number of workers changes no bit.
func TestWorkersSameBits(t *testing.T) {
	t.Parallel()
	const n, m = 3*panelRows + 77, 12
	a, phi := noisy(n, 1), noisy(n, 2)
	apply := func(dst, src []float64) {
		for i := range dst {
			dst[i] = a[i]*src[i] + 0.3*src[(i+1)%n]
		}
	}
	run := func(workers int) *Basis {
		b, err := New(apply, phi, &Config{Workers: workers, Modulo: []Constant{At(n, 5)}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Extend(m); err != nil {
			t.Fatal(err)
		}
		return b
	}
	one, two := run(1), run(2)
	for j := range m {
		for i, v := range one.h[j] {
			if v != two.h[j][i] {
				t.Fatalf("H(%d,%d) is %v and %v", i, j, v, two.h[j][i])
			}
		}
		for i, v := range one.vector(j + 1) {
			if v != two.vector(j + 1)[i] {
				t.Fatalf("vector %d, entry %d: %v and %v", j+1, i, v, two.vector(j + 1)[i])
			}
		}
	}
}

// A start within an invariant space: the basis ends there and is exact.
func TestInvariantSpace(t *testing.T) {
	t.Parallel()
	const n, k = 100, 5
	d := mat.NewDense(n, n, nil)
	phi := make([]float64, n)
	for i := range n {
		d.Set(i, i, 1-0.1*float64(i%10))
		if i%2 == 0 {
			phi[i] = 1 + float64(i)
		}
	}
	b, err := New(applyOf(d), phi, nil)
	if err != nil {
		t.Fatal(err)
	}
	more, err := b.Extend(50)
	if err != nil || more || !b.Closed() || b.Dim() != k {
		t.Fatalf("%d vectors, closed %v, more %v, %v; want %d", b.Dim(), b.Closed(), more, err, k)
	}
	p := b.Powers(1)
	for _, n := range []int{0, 1, 7, 300} {
		got, bound := field(b, p.At(n)), p.Bound(n)
		for i, v := range phi {
			want := v * math.Pow(d.At(i, i), float64(n))
			if math.Abs(got[i]-want) > bound {
				t.Errorf("power %d: entry %d is %v, want %v within %v", n, i, got[i], want, bound)
			}
		}
		if bound > 1e-8 {
			t.Errorf("power %d: bound %v of what is exact", n, bound)
		}
	}
	if _, err := b.Extend(3); err != nil || b.Dim() != k {
		t.Errorf("%d vectors after more were asked, %v", b.Dim(), err)
	}
}

// Nothing to follow: a zero start, and a constant modulo constants.
func TestEmptyBasis(t *testing.T) {
	t.Parallel()
	const n = 30
	s := chain(drifting(n, 1, 1))
	ones := make([]float64, n)
	for i := range ones {
		ones[i] = 4
	}
	for name, c := range map[string]struct {
		phi  []float64
		cfg  *Config
		want float64
	}{"zero": {make([]float64, n), nil, 0}, "zero modulo": {make([]float64, n), modulo(n), 0}, "constant": {ones, modulo(n), 4}} {
		b := newBasis(t, s, c.phi, 10, c.cfg)
		for kind, tr := range map[string]*Trajectory{"powers": b.Powers(1), "exponential": b.Exponential(0.1, 5, 1)} {
			if b.Dim() != 0 || !b.Closed() || tr.Bound(5) > 1e-14 || tr.BoundAlways() > 1e-14 {
				t.Errorf("%s, %s: %d vectors, bounds %v and %v", name, kind, b.Dim(), tr.Bound(5), tr.BoundAlways())
			}
			for i, v := range field(b, tr.At(5)) {
				if v != c.want {
					t.Fatalf("%s, %s: entry %d is %v, want %v", name, kind, i, v, c.want)
				}
			}
			for i, v := range limitOf(t, b, tr, 3) {
				if v != c.want {
					t.Fatalf("%s, %s: entry %d of the limit is %v, want %v", name, kind, i, v, c.want)
				}
			}
		}
	}
}

// What is not finite is an error, in the start and in what A returns.
func TestNotFinite(t *testing.T) {
	t.Parallel()
	phi := smooth(20)
	phi[3] = math.NaN()
	if _, err := New(applyOf(drifting(20, 1, 1)), phi, nil); !errors.Is(err, ErrNotFinite) {
		t.Errorf("start: %v", err)
	}
	calls := 0
	b, err := New(func(dst, src []float64) {
		copy(dst, src)
		if dst[0]++; calls == 1 {
			dst[1] = math.Inf(1)
		}
		calls++
	}, smooth(20), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Extend(5); !errors.Is(err, ErrNotFinite) {
		t.Errorf("A: %v", err)
	}
}

// A kink that travels: 200 vectors cannot follow it, which the bound says, and rightly.
func TestNotMet(t *testing.T) {
	t.Parallel()
	const n, steps, most = 900, 400, 200
	shift := func(dst, src []float64) {
		copy(dst[1:], src[:n-1])
		dst[0] = src[n-1]
	}
	phi := make([]float64, n)
	for i := range phi {
		phi[i] = math.Abs(float64(i)/n - 0.3)
	}
	b, err := New(shift, phi, nil)
	if err != nil {
		t.Fatal(err)
	}
	var p *Trajectory
	met, err := b.Until(most, func() float64 { p = b.Powers(1); return p.Bound(steps) / 1e-6 })
	if err != nil || met || b.Dim() != most {
		t.Fatalf("met %v with %d vectors, %v", met, b.Dim(), err)
	}
	u := append([]float64(nil), phi...)
	for range steps {
		v := make([]float64, n)
		shift(v, u)
		u = v
	}
	if d := distance(u, field(b, p.At(steps))); !(d > 1e-6) || d > p.Bound(steps) {
		t.Errorf("error %v, bound %v: want a failure that is seen", d, p.Bound(steps))
	}
}

// Until stops soon after the first number of vectors that meet the bound.
func TestUntilStopsSoon(t *testing.T) {
	t.Parallel()
	const n, steps, tolerance = 150, 200, 1e-8
	s := chain(drifting(n, 1, 20))
	b := newBasis(t, s, smooth(n), 0, modulo(n))
	looks := 0
	met, err := b.Until(100, func() float64 { looks++; return b.Powers(1).Bound(steps) / tolerance })
	if err != nil || !met {
		t.Fatalf("met %v, %v", met, err)
	}
	least := newBasis(t, s, smooth(n), 1, modulo(n))
	for least.Powers(1).Bound(steps) > tolerance {
		if _, err := least.Extend(1); err != nil {
			t.Fatal(err)
		}
	}
	if float64(b.Dim()) > 1.15*float64(least.Dim())+2 || looks > 12 {
		t.Errorf("%d vectors after %d looks, %d do", b.Dim(), looks, least.Dim())
	}
}

func TestLengthsPanic(t *testing.T) {
	t.Parallel()
	b := newBasis(t, chain(drifting(20, 1, 1)), smooth(20), 3, nil)
	for name, call := range map[string]func(){
		"field":    func() { b.FieldTo(make([]float64, 21), make([]float64, 3)) },
		"rows":     func() { b.RowsTo(make([]float64, 5), []int{0, 1}) },
		"part":     func() { Part(10, 2, 5, 5) },
		"constant": func() { _, _ = New(applyOf(chain(drifting(20, 1, 1))), smooth(20), modulo(19)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}
