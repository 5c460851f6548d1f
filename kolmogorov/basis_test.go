package kolmogorov

import (
	"errors"
	"math"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
)

// reference returns the fields at n eta by the polynomial, whose error in t is rounding.
func reference(t *testing.T, op *Operator, eta float64, n int, phi [][]float64) [][][]float64 {
	t.Helper()
	out := block(n, len(phi), op.Len())
	if err := advance(NewPolynomial(op, eta), out, phi); err != nil {
		t.Fatal(err)
	}
	return out
}

// The basis against the polynomial, in one to three dimensions and with noise at the faces:
// within its own bound, which is within the tolerance.
func TestBasisWithinItsBound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		d, n  int
		noise float64
		eta   float64
		steps int
	}{{1, 24, 0.02, 0.1, 20}, {1, 31, 0.02, 0.5, 4}, {2, 16, 0.05, 0.05, 10}, {2, 17, 0.02, 1, 1}, {3, 8, 0.02, 0.125, 8}} {
		for _, tolerance := range []float64{1e-3, 1e-6, 1e-9} {
			g := box(t, grid.KindChebyshev, c.d, 1.5, c.n)
			op := smoothOperator(t, g, fd.FullWidth, c.noise)
			phi := [][]float64{sample(g, wave), sample(g, func(x []float64) float64 { return math.Exp(-3*x[0]*x[0]) + 2 })}
			want := reference(t, op, c.eta, c.steps, phi)
			p := NewBasis(op, c.eta, &BasisConfig{Tolerance: tolerance})
			out := block(c.steps, 2, g.Len())
			if err := advance(p, out, phi); err != nil {
				t.Fatalf("d=%d n=%d tolerance %g: %v", c.d, c.n, tolerance, err)
			}
			const rounding = 1e-12
			for j := range out {
				for f := range phi {
					if d := maxDiff(out[j][f], want[j][f]); d > p.TimeErrorAt(j+1)+rounding {
						t.Errorf("d=%d n=%d tolerance %g: field %d, step %d: error %.3g, bound %.3g", c.d, c.n, tolerance, f, j+1, d, p.TimeErrorAt(j+1))
					}
				}
			}
			if p.TimeError() > 3*tolerance || p.TimeErrorAt(1) > p.TimeError() {
				t.Errorf("d=%d n=%d: bound %.3g for the tolerance %g of a field of size 3", c.d, c.n, p.TimeError(), tolerance)
			}
		}
	}
}

// Residuals that closures at noisy faces amplify: what the basis sees of it, or the growth
// that is given, is in the bound, and without it the bound would be too small.
func TestBasisBoundHasGrowth(t *testing.T) {
	t.Parallel()
	const eta, steps = 0.5, 4
	for _, c := range []struct {
		n         int
		noise     float64
		tolerance float64
		given     bool
	}{{24, 0.1, 1e-6, false}, {24, 0.2, 1e-4, false}, {16, 0.2, 1e-5, true}, {24, 0.1, 1e-6, true}} {
		g := box(t, grid.KindChebyshev, 1, 1.5, c.n)
		op := smoothOperator(t, g, fd.FullWidth, c.noise)
		phi := [][]float64{sample(g, wave)}
		want := reference(t, op, eta, steps, phi)
		errorAndBound := func(growth float64) (err, bound float64) {
			p := NewBasis(op, eta, &BasisConfig{Tolerance: c.tolerance, Growth: growth})
			out := block(steps, 1, g.Len())
			if err := advance(p, out, phi); err != nil {
				t.Fatal(err)
			}
			return maxDiff(out[steps-1][0], want[steps-1][0]), p.TimeError()
		}
		growth := 0.0
		if c.given {
			// An estimate from below, by a factor of about ten.
			growth = 10 * op.Growth(eta*steps, 2)
		}
		if err, bound := errorAndBound(growth); err > bound {
			t.Errorf("n=%d noise=%g given=%v: error %.3g, bound %.3g", c.n, c.noise, c.given, err, bound)
		}
		if err, bound := errorAndBound(1); err < bound {
			t.Errorf("n=%d noise=%g: error %.3g, bound %.3g with growth 1: this grid tests nothing", c.n, c.noise, err, bound)
		}
	}
}

// Calls that go on are one call, other fields begin anew.
func TestBasisGoesOn(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindChebyshev, 2, 1.5, 14)
	op := smoothOperator(t, g, fd.FullWidth, 0.05)
	const eta, steps = 0.1, 12
	phi := [][]float64{sample(g, wave)}
	want := reference(t, op, eta, steps, phi)
	p := NewBasis(op, eta, nil)
	p.Start(phi)
	for done := 0; done < steps; done += 4 {
		out := block(4, 1, g.Len())
		if done == 8 { // other bases from the same field
			p.Set([][]float64{want[done-1][0]})
		}
		if err := p.Advance(out); err != nil {
			t.Fatal(err)
		}
		for j := range out {
			if d := maxDiff(out[j][0], want[done+j][0]); d > 1e-9 {
				t.Errorf("step %d: error %.3g", done+j+1, d)
			}
		}
		if e := p.TimeErrorAt(done + 4); e > 2e-9 {
			t.Errorf("step %d: bound %.3g", done+4, e)
		}
	}
	half := sample(g, func(x []float64) float64 { return wave(x) / 2 })
	out := block(1, 1, g.Len())
	if err := advance(p, out, [][]float64{half}); err != nil {
		t.Fatal(err)
	}
	for i, v := range out[0][0] {
		if math.Abs(2*v-want[0][0][i]) > 2e-9 {
			t.Fatalf("node %d: %v begun anew, want half of %v", i, v, want[0][0][i])
		}
	}
}

// A kink, and L of differences: the bound is not met, which is an error and no result.
func TestBasisNotMet(t *testing.T) {
	t.Parallel()
	for name, g := range map[string]*grid.Grid{"kink": box(t, grid.KindChebyshev, 1, 1.5, 260), "differences": box(t, grid.KindUniform, 1, 1.5, 900)} {
		c := new(Coefficients)
		c.B[0] = sample(g, func(x []float64) float64 { return -x[0] })
		c.A[0][0] = sample(g, func(x []float64) float64 { return 1e-1 * (2.25 - x[0]*x[0]) })
		order := fd.FullWidth
		if name == "differences" {
			order = 4
		}
		op := newOperator(t, g, c, order)
		phi := [][]float64{sample(g, func(x []float64) float64 { return math.Abs(x[0] - 0.3) })}
		var e *BasisError
		err := advance(NewBasis(op, 1, &BasisConfig{Vectors: 100}), block(1, 1, g.Len()), phi)
		if !errors.As(err, &e) || e.Vectors != 100 || e.Bound <= e.Tolerance || e.Tolerance != 1e-9 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Constants and zero stay.
func TestBasisOfConstants(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindChebyshev, 2, 1.5, 9)
	op := smoothOperator(t, g, fd.FullWidth, 0.05)
	for _, c := range []float64{0, -3} {
		out := block(2, 1, g.Len())
		p := NewBasis(op, 0.5, nil)
		if err := advance(p, out, [][]float64{sample(g, func([]float64) float64 { return c })}); err != nil {
			t.Fatal(err)
		}
		for _, v := range out[1][0] {
			if math.Abs(v-c) > 1e-14 {
				t.Fatalf("%v became %v with %d vectors", c, v, p.Vectors())
			}
		}
	}
}

// nil means the defaults.
func TestBasisDefaults(t *testing.T) {
	t.Parallel()
	var c *BasisConfig
	if got, want := c.withDefaults(), (BasisConfig{Tolerance: 1e-9, Vectors: 200}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := new(BasisConfig).withDefaults(); got != c.withDefaults() {
		t.Errorf("zero value: %+v", got)
	}
}

// OU2D by its own bound: the accuracy that was asked for, against the closed form.
func TestBasisOU2D(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		k         [2]float64
		nodes     int
		tolerance float64
		want      float64
	}{{ouEasy, 16, 5e-9, 1e-8}, {[2]float64{8, 4}, 40, 5e-7, 1e-6}} {
		g := box(t, grid.KindChebyshev, 2, ouHalf, c.nodes)
		exact := ouExact(c.k, 1)
		b, coefficients := ouDrift(), new(Coefficients)
		for k := range 2 {
			coefficients.B[k] = sample(g, func(x []float64) float64 { return -b.At(k, 0)*x[0] - b.At(k, 1)*x[1] })
			for l := k; l < 2; l++ {
				coefficients.A[k][l] = sample(g, func([]float64) float64 { return ouEta * ouSigma.At(k, l) })
			}
		}
		op := newOperator(t, g, coefficients, fd.FullWidth)
		p := NewBasis(op, 1, &BasisConfig{Tolerance: c.tolerance})
		phi := sample(g, func(x []float64) float64 { return math.Cos(c.k[0]*x[0] + c.k[1]*x[1]) })
		out := block(1, 1, g.Len())
		if err := advance(p, out, [][]float64{phi}); err != nil {
			t.Fatal(err)
		}
		x, worst := make([]float64, 2), 0.0
		for i, v := range out[0][0] {
			if g.PointTo(x, i); math.Hypot(x[0], x[1]) <= ouRadius {
				worst = max(worst, math.Abs(v-exact(x)))
			}
		}
		if worst > c.want || p.TimeError() > c.tolerance {
			t.Errorf("%d nodes: error %.3g, want %g; bound %.3g, want %g", c.nodes, worst, c.want, p.TimeError(), c.tolerance)
		}
	}
}

// A basis as far as it serves, and polynomials from there, where kinks leave too few vectors,
// give what polynomials alone do, within the errors in t that are given.
func TestBasisThenPolynomial(t *testing.T) {
	t.Parallel()
	const eta, blocks, steps = 0.05, 12, 16
	for _, vectors := range []int{12, 40, 200} {
		g := box(t, grid.KindChebyshev, 1, 1.5, 20)
		op := smoothOperator(t, g, fd.FullWidth, 0.05)
		phi := [][]float64{sample(g, wave), sample(g, func(x []float64) float64 { return math.Abs(x[0] - 0.1) })}
		p, want := NewBasisThenPolynomial(op, eta, &BasisConfig{Tolerance: 1e-11, Vectors: vectors}), NewPolynomial(op, eta)
		p.Start(phi)
		want.Start(phi)
		got, exact := block(steps, 2, g.Len()), block(steps, 2, g.Len())
		for k := range blocks {
			if err := errors.Join(p.Advance(got), want.Advance(exact)); err != nil {
				t.Fatal(err)
			}
			for j := range steps {
				n := k*steps + j + 1
				for f := range phi {
					if d, most := maxDiff(got[j][f], exact[j][f]), p.TimeErrorAt(n)+want.TimeErrorAt(n)+1e-11; d > most {
						t.Errorf("%d vectors, step %d, field %d: %.3g from polynomials, at most %.3g", vectors, n, f, d, most)
					}
				}
			}
		}
		if by := p.(*basisThenPolynomial); (by.poly != nil) != (vectors == 12) {
			t.Errorf("%d vectors: by polynomials in the end: %v", vectors, by.poly != nil)
		}
	}
}

// With a coarse tolerance the basis' residual is all of the error in t, and stays booked when
// polynomials go on from what it left.
func TestBasisThenPolynomialBooksTheBasis(t *testing.T) {
	t.Parallel()
	const eta, steps, rounding = 0.05, 96, 1e-12
	g := box(t, grid.KindChebyshev, 1, 1.5, 20)
	op := smoothOperator(t, g, fd.FullWidth, 0.05)
	growth := 2 * op.Growth(eta*steps, 4) // an estimate from below
	for _, vectors := range []int{9, 40} {
		phi := [][]float64{sample(g, func(x []float64) float64 { return math.Abs(x[0] - 0.1) })}
		p, want := NewBasisThenPolynomial(op, eta, &BasisConfig{Tolerance: 1e-2, Vectors: vectors, Growth: growth}), reference(t, op, eta, steps, phi)
		p.Start(phi)
		out, inBasis, later := block(1, 1, g.Len()), 0.0, 0.0
		for n := range steps {
			if err := p.Advance(out); err != nil {
				t.Fatal(err)
			}
			d := maxDiff(out[0][0], want[n][0])
			if d > p.TimeErrorAt(n+1)+rounding {
				t.Fatalf("%d vectors, step %d: error %.3g, booked %.3g", vectors, n+1, d, p.TimeErrorAt(n+1))
			}
			if p.TimeError() < p.TimeErrorAt(n+1) {
				t.Fatalf("%d vectors: %.3g booked at step %d, %.3g in all", vectors, p.TimeErrorAt(n+1), n+1, p.TimeError())
			}
			if p.(*basisThenPolynomial).poly == nil {
				inBasis = max(inBasis, d)
			} else {
				later = max(later, d)
			}
		}
		if vectors == 9 && later < 1e3*rounding || inBasis < 1e3*rounding {
			t.Errorf("%d vectors: errors %.3g and %.3g are rounding: nothing is tested", vectors, inBasis, later)
		}
	}
}
