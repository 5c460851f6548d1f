package kolmogorov

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov/scheme"
)

// smoothOperator returns L with trigonometric coefficients and mixed terms; the
// drift points inward.
func smoothOperator(t testing.TB, g *grid.Grid, order int, noise float64) *Operator {
	c := new(Coefficients)
	for k := range g.Dim() {
		c.B[k] = sample(g, func(x []float64) float64 { return -x[k] - 0.3*math.Sin(x[(k+1)%len(x)]) })
		for l := k; l < g.Dim(); l++ {
			c.A[k][l] = sample(g, func(x []float64) float64 {
				// v v^T + w w^T, v = (1, cos x1, ..), w = (sin x1, 1, ..).
				v := [3]float64{1, math.Cos(x[0]), 0.5}
				w := [3]float64{math.Sin(x[0]), 1, math.Cos(x[0] / 2)}
				return noise * (v[k]*v[l] + w[k]*w[l])
			})
		}
	}
	return newOperator(t, g, c, order)
}

// wave is a smooth observable.
func wave(x []float64) float64 {
	s := 0.3
	for k, v := range x {
		s += v * (1 - 0.4*float64(k))
	}
	return math.Cos(s)
}

// exponentials returns e^{eta L} u, .., e^{steps eta L} u by the dense exponential.
func exponentials(op *Operator, eta float64, steps int, u []float64) [][]float64 {
	m := denseOf(op)
	m.Scale(eta, m)
	var exp mat.Dense
	exp.Exp(m)
	out := make([][]float64, steps)
	for j := range out {
		out[j] = make([]float64, len(u))
		mat.NewVecDense(len(u), out[j]).MulVec(&exp, mat.NewVecDense(len(u), u))
		u = out[j]
	}
	return out
}

// The propagator agrees with the dense exponential of the same matrix: with a
// step so small that several SGD steps share a polynomial, with one that takes
// one polynomial, and with one that is cut in parts.
func TestPolynomialAgainstDenseExponential(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		g     *grid.Grid
		order int
	}{
		{"chebyshev-1d", box(t, grid.KindChebyshev, 1, 1.5, 16), fd.FullWidth},
		{"uniform-1d", box(t, grid.KindUniform, 1, 1.5, 40), 6},
		{"chebyshev-2d", box(t, grid.KindChebyshev, 2, 1.5, 10, 11), fd.FullWidth},
		{"uniform-2d", box(t, grid.KindUniform, 2, 1.5, 13, 12), 4},
	} {
		op := smoothOperator(t, c.g, c.order, 0.05)
		suggested := stepRadius / op.SpectralRadius()
		for _, s := range []struct {
			name  string
			eta   float64
			parts bool
			chunk bool
		}{
			{"chunk", suggested / 10, false, true},
			{"single", 0.8 * suggested, false, false},
			{"parts", 5 * suggested, true, false},
		} {
			t.Run(c.name+"/"+s.name, func(t *testing.T) {
				t.Parallel()
				op := smoothOperator(t, c.g, c.order, 0.05)
				p := NewPolynomial(op, s.eta)
				if (p.parts > 1) != s.parts || (p.chunk > 1) != s.chunk {
					t.Fatalf("%d parts, %d steps per polynomial: not the case that was meant", p.parts, p.chunk)
				}
				phi := sample(c.g, wave)
				const steps = 11
				out := block(steps, 1, op.Len())
				if err := advance(p, out, [][]float64{phi}); err != nil {
					t.Fatal(err)
				}
				for j, want := range exponentials(op, s.eta, steps, phi) {
					if diff := maxDiff(out[j][0], want); diff > 1e-12 {
						t.Errorf("step %d is off by %.3g", j+1, diff)
					}
				}
				if e := p.TimeError(); !(e >= 0 && e < 1e-13) {
					t.Errorf("TimeError %v", e)
				}
			})
		}
	}
}

// With a coarser tolerance the truncation dominates: TimeError bounds it and is
// not lavish. Dense exponentials are the truth.
func TestPolynomialTimeErrorBoundsTheError(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind  grid.Kind
		d, n  int
		order int
	}{{grid.KindChebyshev, 1, 14, fd.FullWidth}, {grid.KindUniform, 1, 40, 4}, {grid.KindChebyshev, 2, 10, fd.FullWidth}} {
		g := box(t, c.kind, c.d, 1.5, c.n)
		op := smoothOperator(t, g, c.order, 0.05)
		phi := sample(g, wave)
		for _, share := range []float64{0.1, 0.8, 5} {
			eta := share * stepRadius / op.SpectralRadius()
			want := exponentials(op, eta, 5, phi)
			for _, tol := range []float64{1e-4, 1e-6, 1e-8, 1e-10} {
				p := NewPolynomial(op, eta)
				p.taylor.tol = tol
				out := block(5, 1, op.Len())
				// Two calls: the bound is summed over calls.
				if err := errors.Join(advance(p, out[:2], [][]float64{phi}), p.Advance(out[2:])); err != nil {
					t.Fatal(err)
				}
				worst := 0.0
				for j := range out {
					worst = max(worst, maxDiff(out[j][0], want[j]))
				}
				if e := p.TimeError(); worst > e+1e-13 || e > 100*tol {
					t.Errorf("%v d=%d eta=%.3g tol %g: error %.3g, TimeError %.3g", c.kind, c.d, eta, tol, worst, e)
				}
			}
		}
	}
}

// Fields of very different size keep their own relative accuracy, the zero field
// stays zero, and each is what it is alone.
func TestPolynomialFieldsOfDifferentSize(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindChebyshev, 2, 1.5, 10)
	op := smoothOperator(t, g, fd.FullWidth, 0.05)
	phi := sample(g, wave)
	sizes := []float64{1, 1e-9, 0, 1e9, 1e-150}
	for _, eta := range []float64{0.01, 0.2} {
		fields := make([][]float64, len(sizes))
		for f, s := range sizes {
			fields[f] = make([]float64, len(phi))
			for i, v := range phi {
				fields[f][i] = s * v
			}
		}
		const steps = 6
		out := block(steps, len(sizes), op.Len())
		if err := advance(NewPolynomial(op, eta), out, fields); err != nil {
			t.Fatal(err)
		}
		want := exponentials(op, eta, steps, phi)
		for j := range out {
			for f, s := range sizes {
				for i, v := range want[j] {
					if diff := math.Abs(out[j][f][i] - s*v); !(diff <= 1e-12*s) {
						t.Fatalf("eta=%v step %d, field of size %g: off by %.3g", eta, j+1, s, diff)
					}
				}
			}
		}
	}
}

// How steps are grouped in calls does not matter beyond rounding.
func TestPolynomialGroupingOfSteps(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindChebyshev, 2, 1.5, 12)
	op := smoothOperator(t, g, fd.FullWidth, 0.05)
	phi := [][]float64{sample(g, wave), sample(g, func(x []float64) float64 { return x[0] * x[1] })}
	const steps = 23
	for _, eta := range []float64{0.002, 0.03, 0.5} {
		want := block(steps, len(phi), op.Len())
		if err := advance(NewPolynomial(op, eta), want, phi); err != nil {
			t.Fatal(err)
		}
		for _, group := range []int{1, 2, 5, 16} {
			p := NewPolynomial(op, eta)
			got := block(steps, len(phi), op.Len())
			p.Start(phi)
			for lo := 0; lo < steps; lo += group {
				if err := p.Advance(got[lo:min(lo+group, steps)]); err != nil {
					t.Fatal(err)
				}
			}
			for j := range want {
				for f := range phi {
					if diff := maxDiff(got[j][f], want[j][f]); diff > 1e-12 {
						t.Fatalf("eta=%v, %d steps at a time: field %d at step %d differs by %.3g", eta, group, f, j+1, diff)
					}
				}
			}
		}
	}
}

// A polynomial whose terms rise too high is redone with a smaller step: what the
// spectral radius suggests is no more than a start.
func TestPolynomialHalvesTooLargeSteps(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindChebyshev, 1, 1.5, 16)
	op := smoothOperator(t, g, fd.FullWidth, 0.05)
	phi := sample(g, wave)
	eta := 0.02
	want := exponentials(op, eta, 32, phi)
	for _, c := range []struct{ chunk, parts int }{{32, 1}, {1, 1}, {1, 16}} {
		p := NewPolynomial(op, eta*100)
		p.eta, p.chunk, p.parts = eta, c.chunk, c.parts
		out := block(32, 1, op.Len())
		if err := advance(p, out, [][]float64{phi}); err != nil {
			t.Fatal(err)
		}
		if diff := maxDiff(out[31][0], want[31]); diff > 1e-12 {
			t.Errorf("from %d steps and %d parts: off by %.3g (ended with %d, %d)", c.chunk, c.parts, diff, p.chunk, p.parts)
		}
	}
	// Far too large at first.
	p := NewPolynomial(op, 3)
	p.parts = 1
	out := block(2, 1, op.Len())
	if err := advance(p, out, [][]float64{phi}); err != nil {
		t.Fatal(err)
	}
	if p.parts == 1 {
		t.Error("a step of 3 was taken in one part")
	}
	if diff := maxDiff(out[1][0], exponentials(op, 3, 2, phi)[1]); diff > 1e-12 {
		t.Errorf("a step of 3 is off by %.3g after it was cut", diff)
	}
	// Somewhat too large: a high hump would pass the limit of the degree and
	// cost digits to cancellation. A rough field feels all of L.
	rough := randomField(rand.New(rand.NewPCG(9, 1)), op.Len())
	eta = 2.3 * stepRadius / op.SpectralRadius()
	p = NewPolynomial(op, eta)
	p.parts = 1
	if err := advance(p, out, [][]float64{rough}); err != nil {
		t.Fatal(err)
	}
	if diff := maxDiff(out[1][0], exponentials(op, eta, 2, rough)[1]); diff > 3e-12 || p.parts == 1 {
		t.Errorf("a step of %.3g is off by %.3g, with %d parts", eta, diff, p.parts)
	}
}

// A propagator without coefficients is the identity.
func TestPolynomialOfZeroIsTheIdentity(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindUniform, 2, 1, 8)
	op := newOperator(t, g, new(Coefficients), 4)
	u := randomField(rand.New(rand.NewPCG(6, 1)), op.Len())
	out := block(3, 1, op.Len())
	p := NewPolynomial(op, 0.25)
	if err := advance(p, out, [][]float64{u}); err != nil {
		t.Fatal(err)
	}
	for j := range out {
		if diff := maxDiff(out[j][0], u); diff != 0 {
			t.Errorf("step %d differs by %g", j+1, diff)
		}
	}
	if e := p.TimeError(); e != 0 {
		t.Errorf("TimeError %v", e)
	}
}

// Non-finite data end in an UnstableError and in no endless loop.
func TestPolynomialNonFiniteField(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindUniform, 1, 1, 8)
	op := smoothOperator(t, g, 4, 0.1)
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		u := make([]float64, op.Len())
		u[3] = bad
		for name, p := range map[string]Propagator{"polynomial": NewPolynomial(op, 0.1), "hundsdorfer-verwer": hundsdorfer(t, op, 0.1, 1)} {
			err := advance(p, block(2, 1, op.Len()), [][]float64{u})
			var e *UnstableError
			if !errors.As(err, &e) || !errors.Is(err, ErrUnstable) {
				t.Errorf("%s: a field with %v gives the error %v", name, bad, err)
			}
		}
	}
}

func hundsdorfer(t testing.TB, op *Operator, eta float64, sub int) *Stepping {
	t.Helper()
	s, err := NewStepping(op, scheme.HundsdorferVerwer{}, eta, sub, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
