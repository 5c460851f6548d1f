package sgdop

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"kolmo/grid"
)

// <S^T p, u> = <p, S u>, bitwise the same for any number of workers.
func TestAdjointIsTheTranspose(t *testing.T) {
	t.Parallel()
	forMethods(t, func(t *testing.T, g *grid.Grid, width int) {
		s := assemble(t, g, outliers(g.Dim()), 0.5, width)
		rnd := rand.New(rand.NewPCG(1, 2))
		p, u := randomField(rnd, g.Len()), randomField(rnd, g.Len())
		q, v := make([]float64, g.Len()), make([]float64, g.Len())
		s.ApplyTo(v, u)
		s.AdjointTo(1, q, p)
		if a, b := floats.Dot(q, u), floats.Dot(p, v); math.Abs(a-b) > 1e-12*float64(g.Len())*s.Norm() {
			t.Errorf("<S^T p, u> = %v, <p, S u> = %v", a, b)
		}
		for _, workers := range []int{2, 0, 5} {
			other := randomField(rnd, g.Len())
			s.AdjointTo(workers, other, p)
			if maxDiff(other, q) != 0 {
				t.Errorf("%d workers give another law", workers)
			}
		}
	})
}

// U^n phi integrated against an initial law is phi integrated against the law pushed
// forward n times; for a point law it is U^n phi there.
func TestBothWaysOfTheSemigroup(t *testing.T) {
	t.Parallel()
	forMethods(t, func(t *testing.T, g *grid.Grid, width int) {
		d := g.Dim()
		s := assemble(t, g, curved(d), 0.25, width)
		phi := sample(g, func(x []float64) float64 {
			sum := 0.3
			for k, v := range x {
				sum += v / float64(k+2)
			}
			return math.Cos(sum)
		})
		x := []float64{0.37, -0.81, 0.55}[:d]
		y := []float64{-1.2, 0.1, 0.9}[:d]
		a, b := s.PointLaw(x), s.PointLaw(y)
		p := make([]float64, g.Len())
		for i := range p {
			p[i] = 0.25*a[i] + 0.75*b[i]
		}
		const n = 9
		u, q := append([]float64(nil), phi...), append([]float64(nil), p...)
		next := make([]float64, g.Len())
		for range n {
			s.ApplyTo(next, u)
			u, next = next, u
		}
		for range n {
			s.AdjointTo(1, next, q)
			q, next = next, q
		}
		if math.Abs(floats.Sum(q)-1) > 1e-12 {
			t.Errorf("the law sums to %v", floats.Sum(q))
		}
		back, forth := floats.Dot(p, u), floats.Dot(q, phi)
		if math.Abs(back-forth) > 1e-12 {
			t.Errorf("%v backward, %v forward", back, forth)
		}
		in := grid.NewInterpolator(g, width)
		in.Locate(x)
		want := 0.25 * in.Value(u)
		in.Locate(y)
		if want += 0.75 * in.Value(u); math.Abs(back-want) > 1e-13 {
			t.Errorf("integrated against the point laws %v, interpolated %v", back, want)
		}
	})
}

// With windows of two nodes in an invariant box a law stays a law.
func TestAdjointOfDegreeOneKeepsLaws(t *testing.T) {
	t.Parallel()
	g := cube(t, grid.KindUniform, 2, 2, 11, 12)
	s := assemble(t, g, curved(2), 0.25, 2)
	if s.Leakage().Rows != 0 || math.Abs(s.Lebesgue()-1) > 1e-12 {
		t.Fatalf("leakage %+v, factor %v", s.Leakage(), s.Lebesgue())
	}
	field := rapid.SliceOfN(rapid.Float64Range(0, 1), g.Len(), g.Len())
	rapid.Check(t, func(t *rapid.T) {
		p := field.Draw(t, "p")
		q := make([]float64, g.Len())
		s.AdjointTo(1, q, p)
		if floats.Min(q) < 0 || math.Abs(floats.Sum(q)-floats.Sum(p)) > 1e-12*float64(g.Len()) {
			t.Fatalf("least weight %v, sum %v of %v", floats.Min(q), floats.Sum(q), floats.Sum(p))
		}
	})
}

// lyapunov returns the covariance C = M C M^T + eta^2 Sigma, M = I - eta A, of the
// invariant law for linear gradients, by fixed-point iteration.
func (l linear) lyapunov(eta float64) *mat.Dense {
	d := l.dim()
	m, noise := mat.NewDense(d, d, nil), mat.NewDense(d, d, nil)
	for i := range d {
		for j := range d {
			v := -eta * l.a[i][j]
			if i == j {
				v++
			}
			m.Set(i, j, v)
			for k, w := range l.w {
				noise.Set(i, j, noise.At(i, j)+eta*eta*w*l.xi[k][i]*l.xi[k][j])
			}
		}
	}
	c := mat.NewDense(d, d, nil)
	for range 20_000 {
		var next mat.Dense
		next.Mul(m, c)
		next.Mul(&next, m.T())
		next.Add(&next, noise)
		c.Copy(&next)
	}
	return c
}

// For quadratic losses mean and covariance of the invariant law solve linear
// equations; any interpolation of degree 2 and more has them exactly. The gap is the least
// eigenvalue of eta A.
func TestInvariantMomentsOfQuadratics(t *testing.T) {
	t.Parallel()
	for _, m := range []method{{"chebyshev", grid.KindChebyshev, 0, []int{12, 10, 7}}, {"uniform", grid.KindUniform, 6, []int{40, 24, 12}}} {
		for d := 1; d <= 3; d++ {
			l := linears[d-1]
			for _, eta := range []float64{0.25, 1.0 / 16} {
				g := cube(t, m.kind, d, 2, m.nodes[d-1])
				s := assemble(t, g, l.objective(), eta, m.width)
				v, err := s.Invariant(t.Context(), &InvariantConfig{Tolerance: 1e-11})
				if err != nil {
					t.Fatalf("%s d=%d eta=%v: %v", m.name, d, eta, err)
				}
				mean, cov, bound := v.Moments()
				want := l.lyapunov(eta)
				worst := maxAbs(mean)
				for i := range d {
					for j := range d {
						worst = max(worst, math.Abs(cov.At(i, j)-want.At(i, j)))
					}
				}
				var eig mat.EigenSym
				sym := mat.NewSymDense(d, nil)
				for i := range d {
					for j := i; j < d; j++ {
						sym.SetSym(i, j, eta*l.a[i][j])
					}
				}
				eig.Factorize(sym, false)
				gap := eig.Values(nil)[0]
				t.Logf("%s d=%d eta=%v: moments off by %.2g, bound %.2g, residual %.2g, gap %.6g, negative %.2g, %d applications", m.name, d, eta, worst, bound, v.Residual, v.Gap, v.Negative, v.Steps)
				if worst > 1e-10 || worst > 10*bound+1e-13 {
					t.Errorf("%s d=%d eta=%v: moments off by %.3g, estimated %.3g", m.name, d, eta, worst, bound)
				}
				if math.Abs(v.Gap-gap) > 1e-3*gap {
					t.Errorf("%s d=%d eta=%v: gap %v, want %v", m.name, d, eta, v.Gap, gap)
				}
			}
		}
	}
}

// The invariant mean of an observable is the limit of U^n phi from anywhere, and not
// the minimizer's value.
func TestInvariantAgainstLongRuns(t *testing.T) {
	t.Parallel()
	for _, d := range []int{1, 2} {
		g := cube(t, grid.KindChebyshev, d, 2, []int{0, 40, 22}[d])
		s := assemble(t, g, curved(d), 0.25, 0)
		v, err := s.Invariant(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		phi := sample(g, func(x []float64) float64 { return math.Exp(x[0]/2) + x[d-1] })
		u := [][]float64{make([]float64, g.Len())}
		if err := s.PowerTo(t.Context(), 1, 400, u, [][]float64{phi}); err != nil {
			t.Fatal(err)
		}
		mean, bound := v.Mean(phi)
		for i, got := range u[0] {
			if math.Abs(got-mean) > 1e-9+bound {
				t.Fatalf("d=%d: U^400 is %v at node %d, the invariant mean %v +- %.2g", d, got, i, mean, bound)
			}
		}
	}
}

// What cannot be reached is said, with the best law there is.
func TestInvariantReportsFailure(t *testing.T) {
	t.Parallel()
	g := cube(t, grid.KindUniform, 1, 2, 40)
	s := assemble(t, g, curved(1), 1.0/64, 6)
	v, err := s.Invariant(t.Context(), &InvariantConfig{Tolerance: 1e-30})
	var e *ConvergenceError
	if !errors.As(err, &e) || v == nil || e.Residual != v.Residual || !(v.Residual < 1e-9) || math.Abs(floats.Sum(v.Law)-1) > 1e-12 {
		t.Errorf("error %v, law %+v", err, v)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Invariant(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v under an ended context", err)
	}
}
