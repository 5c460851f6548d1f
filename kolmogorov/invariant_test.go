package kolmogorov

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/integrate/quad"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/slow"
)

// Moments of the Gaussian invariant law of Ornstein-Uhlenbeck processes: mean zero,
// the covariance of B S + S B^T = C, fourth moments and a cosine, by both methods, on
// both kinds of axes; the estimate is above the error, but for cosines, whose error is
// that of the grid.
func TestInvariantOfLinearDrift(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		p        linearProblem
		kind     grid.Kind
		n, order int
	}{
		{"1d chebyshev", linear1D, grid.KindChebyshev, 16, fd.FullWidth},
		{"1d uniform", linear1D, grid.KindUniform, 40, 8},
		{"2d chebyshev", linear2D, grid.KindChebyshev, 14, fd.FullWidth},
		{"2d uniform", linear2D, grid.KindUniform, 20, 8},
		{"2d turning chebyshev", turning2D, grid.KindChebyshev, 14, fd.FullWidth},
		{"2d turning uniform", turning2D, grid.KindUniform, 20, 8},
	} {
		for name, dense := range methods {
			t.Run(c.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				d := c.p.dim()
				g := box(t, c.kind, d, 2.5, c.n)
				v, err := newOperator(t, g, c.p.on(g), c.order).Invariant(&SpectrumConfig{Dense: dense})
				if err != nil {
					t.Fatal(err)
				}
				if sum := floats.Sum(v.Weights); math.Abs(sum-1) > 1e-12 {
					t.Errorf("the weights sum to %.15g", sum)
				}
				s := c.p.stationary()
				check := func(what string, phi func(x []float64) float64, want, tol float64, polynomial bool) {
					got, estimate := v.Mean(sample(g, phi))
					t.Logf("%s: off by %.2g, estimate %.2g", what, got-want, estimate)
					if off := math.Abs(got - want); off > tol || polynomial && off > estimate+1e-14 || estimate > 1e-8 {
						t.Errorf("%s: %.12g, want %.12g; the estimate is %.3g", what, got, want, estimate)
					}
				}
				check("1", func([]float64) float64 { return 1 }, 1, 1e-12, true)
				for k := range d {
					check("mean", func(x []float64) float64 { return x[k] }, 0, 1e-10, true)
					for l := range k + 1 {
						check("covariance", func(x []float64) float64 { return x[k] * x[l] }, s.At(k, l), 1e-10, true)
					}
				}
				fourth := 3 * s.At(0, 0) * s.At(d-1, d-1)
				if d > 1 {
					fourth = s.At(0, 0)*s.At(1, 1) + 2*s.At(0, 1)*s.At(0, 1)
				}
				check("fourth moment", func(x []float64) float64 { return x[0] * x[0] * x[d-1] * x[d-1] }, fourth, 1e-9, true)
				check("cosine", func(x []float64) float64 { return math.Cos(2 * x[0]) }, math.Exp(-2*s.At(0, 0)), 2e-5, false)
			})
		}
	}
}

// nonlinear1D has the drift -(x + x^3/2) and the diffusion 0.2 + 0.05 cos 2x.
func nonlinear1D(x []float64) (b, a float64) {
	return -(x[0] + x[0]*x[0]*x[0]/2), 0.2 + 0.05*math.Cos(2*x[0])
}

func nonlinearOperator(t testing.TB, kind grid.Kind, n, order int) *Operator {
	g := box(t, kind, 1, 2, n)
	c := new(Coefficients)
	c.B[0] = sample(g, func(x []float64) float64 { b, _ := nonlinear1D(x); return b })
	c.A[0][0] = sample(g, func(x []float64) float64 { _, a := nonlinear1D(x); return a })
	return newOperator(t, g, c, order)
}

// Against the density (1/a) exp(int 2 b/a) by quadrature, which knows no grid; and the
// order in space is that of the derivatives.
func TestInvariantAgainstDensityOrder4And6(t *testing.T) {
	t.Parallel()
	potential := func(x float64) float64 { // even
		return quad.Fixed(func(s float64) float64 { b, a := nonlinear1D([]float64{s}); return 2 * b / a }, 0, math.Abs(x), 60, nil, 0)
	}
	integral := func(f func(x float64) float64) float64 {
		return quad.Fixed(func(x float64) float64 {
			_, a := nonlinear1D([]float64{x})
			return f(x) / a * math.Exp(potential(x))
		}, -2, 2, 200, nil, 0)
	}
	phi := func(x []float64) float64 { return math.Cos(3*x[0]) + x[0]*x[0] }
	want := integral(func(x float64) float64 { return phi([]float64{x}) }) / integral(func(float64) float64 { return 1 })
	for _, n := range []int{24, 32} {
		op := nonlinearOperator(t, grid.KindChebyshev, n, fd.FullWidth)
		for name, dense := range methods {
			v, err := op.Invariant(&SpectrumConfig{Dense: dense})
			if err != nil {
				t.Fatal(err)
			}
			got, estimate := v.Mean(sample(op.Grid(), phi))
			t.Logf("%d nodes, %s: off by %.3g, estimate %.2g", n, name, got-want, estimate)
			if math.Abs(got-want) > 1e-5 {
				t.Errorf("%d nodes, %s: %.10g, want %.10g", n, name, got, want)
			}
		}
	}
	for _, c := range []struct {
		order int
		nodes []int
	}{{4, []int{81, 97, 121, 145, 161}}, {6, []int{81, 89, 97, 113, 129}}} {
		var h, off []float64
		for _, n := range c.nodes {
			op := nonlinearOperator(t, grid.KindUniform, n, c.order)
			v, err := op.Invariant(nil)
			if err != nil {
				t.Fatal(err)
			}
			got, _ := v.Mean(sample(op.Grid(), phi))
			h, off = append(h, 4/float64(n-1)), append(off, math.Abs(got-want))
		}
		p := slope(h, off)
		t.Logf("order %.3f, errors %.3g", p, off)
		if math.Abs(p-float64(c.order)) > 0.15 {
			t.Errorf("order %.3f, want %d; errors %.3g", p, c.order, off)
		}
	}
}

// The long-time limit of u is pi(phi) at every node.
func TestInvariantIsTheLongTimeLimit(t *testing.T) {
	t.Parallel()
	for name, op := range map[string]*Operator{
		"trigonometric 2d": smoothOperator(t, box(t, grid.KindChebyshev, 2, 1.8, 12), fd.FullWidth, 0.03),
		"uniform 2d":       smoothOperator(t, box(t, grid.KindUniform, 2, 1.8, 15), 4, 0.03),
		"nonlinear 1d":     nonlinearOperator(t, grid.KindUniform, 60, 6),
	} {
		phi := sample(op.Grid(), wave)
		u := [][]float64{phi}
		p := NewPolynomial(op, 0.5)
		p.Start(u)
		for range 20 { // to t = 40
			out := block(4, 1, op.Len())
			if err := p.Advance(out); err != nil {
				t.Fatal(err)
			}
			u = out[3]
		}
		low, high := floats.Min(u[0]), floats.Max(u[0])
		if high-low > 1e-10 {
			t.Fatalf("%s: u(40) is not constant: %.12g to %.12g", name, low, high)
		}
		for method, dense := range methods {
			v, err := op.Invariant(&SpectrumConfig{Dense: dense})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got, estimate := v.Mean(phi)
			t.Logf("%s %s: %.12g, u %.12g, estimate %.2g", name, method, got, u[0][0], estimate)
			if math.Abs(got-u[0][0]) > 1e-10 || estimate > 1e-8 {
				t.Errorf("%s %s: pi(phi) = %.12g, u = %.12g; estimate %.3g", name, method, got, u[0][0], estimate)
			}
		}
	}
}

// Without noise pi is the point mass at the minimiser x* = 0.3: a unit vector where x*
// is a node and a functional that interpolates where it is none; of two minimisers
// there is no single one.
func TestInvariantWithoutNoiseIsAPointMass(t *testing.T) {
	t.Parallel()
	gradient := func(g *grid.Grid) *Coefficients {
		c := new(Coefficients)
		c.B[0] = sample(g, func(x []float64) float64 { y := x[0] - 0.3; return -(y + y*y*y/3) })
		return c
	}
	phi := func(x []float64) float64 { return math.Exp(x[0]) * math.Sin(2*x[0]) }
	want := phi([]float64{0.3})
	for _, c := range []struct {
		name          string
		kind          grid.Kind
		n, order, hit int // the node x* is at, or -1
		tol           float64
	}{
		{"a node", grid.KindUniform, 41, 4, 23, 1e-12}, // spacing 0.1 from -2
		{"between nodes", grid.KindUniform, 80, 6, -1, 1e-6},
		{"collocation", grid.KindChebyshev, 40, fd.FullWidth, -1, 1e-9},
	} {
		g := box(t, c.kind, 1, 2, c.n)
		op := newOperator(t, g, gradient(g), c.order)
		for name, dense := range methods {
			v, err := op.Invariant(&SpectrumConfig{Dense: dense})
			if err != nil {
				t.Errorf("%s, %s: %v", c.name, name, err)
				continue
			}
			got, estimate := v.Mean(sample(g, phi))
			t.Logf("%s, %s: off by %.3g, estimate %.2g", c.name, name, got-want, estimate)
			if math.Abs(got-want) > c.tol+estimate || estimate > 1e-9 {
				t.Errorf("%s, %s: %.12g, want %.12g", c.name, name, got, want)
			}
			for i, p := range v.Weights {
				unit := 0.0
				if i == c.hit {
					unit = 1
				}
				if c.hit >= 0 && math.Abs(p-unit) > 1e-10 {
					t.Errorf("%s, %s: weight %d is %g", c.name, name, i, p)
				}
			}
		}
	}
	g := box(t, grid.KindUniform, 1, 2, 41) // the minimisers -1 and 1 are nodes
	c := new(Coefficients)
	c.B[0] = sample(g, func(x []float64) float64 { return x[0] - x[0]*x[0]*x[0] })
	for name, dense := range methods {
		if _, err := newOperator(t, g, c, 4).Invariant(&SpectrumConfig{Dense: dense}); err == nil {
			t.Errorf("%s: a double well without noise has an invariant measure", name)
		} else if !errors.Is(err, ErrNotUnique) && !(dense < 0 && errors.Is(err, ErrNoGap)) {
			t.Errorf("%s: %v", name, err)
		} else {
			t.Logf("%s: %v", name, err)
		}
	}
}

// doubleWell has the drift x - x^3 and the constant diffusion a, on [-2, 2].
func doubleWell(t testing.TB, a float64) *Operator {
	g := box(t, grid.KindUniform, 1, 2, 201)
	c := new(Coefficients)
	c.B[0] = sample(g, func(x []float64) float64 { return x[0] - x[0]*x[0]*x[0] })
	c.A[0][0] = sample(g, func([]float64) float64 { return a })
	return newOperator(t, g, c, 4)
}

// Two wells: with noise that takes paths across them the measure is that of the density
// exp((x^2 - x^4/2)/a); where it takes longer than the digits can tell from never,
// exp(1/(2a)) and more, the measure counts as not unique.
func TestInvariantOfADoubleWell(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const a = 0.2
	weight := func(x float64) float64 { return math.Exp((x*x - x*x*x*x/2) / a) }
	want := quad.Fixed(func(x float64) float64 { return x * x * weight(x) }, -2, 2, 200, nil, 0) / quad.Fixed(weight, -2, 2, 200, nil, 0)
	for name, dense := range methods {
		op := doubleWell(t, a)
		v, err := op.Invariant(&SpectrumConfig{Dense: dense})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		square, estimate := v.Mean(sample(op.Grid(), func(x []float64) float64 { return x[0] * x[0] }))
		mean, _ := v.Mean(sample(op.Grid(), func(x []float64) float64 { return x[0] }))
		t.Logf("%s: off by %.3g, mean %.2g, estimate %.2g", name, square-want, mean, estimate)
		if math.Abs(square-want) > 1e-5 || math.Abs(mean) > 1e-10 || estimate > 1e-9 {
			t.Errorf("%s: E x^2 = %.9g, want %.9g; E x = %.3g, estimate %.3g", name, square, want, mean, estimate)
		}
		// Crossings are rare: digits of the mean, zero, are lost and the estimate says so.
		rare := doubleWell(t, 0.035)
		if v, err = rare.Invariant(&SpectrumConfig{Dense: dense}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		mean, estimate = v.Mean(sample(rare.Grid(), func(x []float64) float64 { return x[0] }))
		t.Logf("%s, rare crossings: mean %.2g, estimate %.2g", name, mean, estimate)
		if math.Abs(mean) > estimate || estimate > 1e-3 {
			t.Errorf("%s, rare crossings: mean %.3g, want 0, the estimate is %.3g", name, mean, estimate)
		}
		for _, little := range []float64{0.019, 0.014} {
			_, err := doubleWell(t, little).Invariant(&SpectrumConfig{Dense: dense})
			t.Logf("%s, a = %g: %v", name, little, err)
			if little == 0.019 && dense < 0 {
				continue // the gap is of the size of its error
			}
			if !errors.Is(err, ErrNotUnique) {
				t.Errorf("%s, a = %g: error %v, want ErrNotUnique", name, little, err)
			}
		}
	}
}

// The residual's estimate sees weights that are wrong: against a perturbed solution.
func TestInvariantEstimateSeesResiduals(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindChebyshev, 1, 2, 14)
	op := newOperator(t, g, linear1D.on(g), fd.FullWidth)
	v, err := op.Invariant(nil)
	if err != nil {
		t.Fatal(err)
	}
	phi := sample(g, func(x []float64) float64 { return x[0] * x[0] })
	want, _ := v.Mean(phi)
	n := g.Len()
	v.Weights[3] += 1e-6
	v.Weights[9] -= 1e-6
	image := make([]float64, n)
	op.Transpose().ApplyTo(image, nil, 1, v.Weights)
	v.rest = append(image, 0)
	got, estimate := v.Mean(phi)
	if off := math.Abs(got - want); off < 1e-8 || estimate < off/2 || estimate > 1e3*off {
		t.Errorf("off by %.3g, the estimate is %.3g", off, estimate)
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic at a field of the wrong length")
		}
	}()
	v.Mean(phi[:3])
}
