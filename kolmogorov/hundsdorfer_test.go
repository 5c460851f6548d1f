package kolmogorov

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov/scheme"
)

// Order 2 in dt with a mixed term, and 3 in one dimension, where there is none
// and the scheme is the rational function of order 3 of its theta. The solution is a polynomial of degree 3, on
// which both space orders are exact, so that nothing but the error in time is
// seen.
func TestHundsdorferVerwerTimeOrder2And3In1D(t *testing.T) {
	t.Parallel()
	for d := 1; d <= 3; d++ {
		for _, order := range []int{4, 8} {
			t.Run(fmt.Sprintf("%dd/order-%d", d, order), func(t *testing.T) {
				t.Parallel()
				n, noise := order+5, 0.5
				if d == 3 {
					n, noise = order+2, 0.2 // more the closures of order 8 do not bear
				}
				g := box(t, grid.KindUniform, d, 1.5, n)
				p := newClosedProblem(d, noise)
				op := newOperator(t, g, p.on(g), order)
				phi := poly{{3}: 1}.plus(1, monomial(0).times(monomial(d-1))).plus(0.5, monomial(d-1))
				const eta, steps = 0.25, 2
				want := sample(g, p.solution(phi, eta*steps).at)
				var dt, errs []float64
				for _, sub := range []int{4, 8, 16, 32, 64} {
					out := block(steps, 1, g.Len())
					if err := advance(hundsdorfer(t, op, eta, sub), out, [][]float64{sample(g, phi.at)}); err != nil {
						t.Fatal(err)
					}
					dt = append(dt, eta/float64(sub))
					errs = append(errs, maxDiff(out[steps-1][0], want))
				}
				p2 := slope(dt, errs)
				t.Logf("order %.3f, errors %.3g", p2, errs)
				theory := 2.0
				if d == 1 {
					theory = 3
				}
				if math.Abs(p2-theory) > 0.15 {
					t.Errorf("order %.3f, want %v; errors %.3g", p2, theory, errs)
				}
			})
		}
	}
}

// As dt -> 0 the scheme tends, at order 2 (3 in one dimension), to the polynomial
// propagator on the same grid, for coefficients and an observable that are no polynomials.
func TestHundsdorferVerwerTendsToPolynomial(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind        grid.Kind
		d, n, order int
	}{
		{grid.KindUniform, 1, 30, 6}, {grid.KindUniform, 2, 14, 4}, {grid.KindUniform, 2, 14, 8},
		{grid.KindUniform, 3, 8, 4}, {grid.KindChebyshev, 2, 12, fd.FullWidth},
	} {
		g := box(t, c.kind, c.d, 1.5, c.n)
		op := smoothOperator(t, g, c.order, 0.05)
		phi := [][]float64{sample(g, wave), sample(g, func(x []float64) float64 { return 1e-6 * math.Exp(x[0]) })}
		const eta, steps = 0.25, 2
		want := block(steps, 2, g.Len())
		if err := advance(NewPolynomial(op, eta), want, phi); err != nil {
			t.Fatal(err)
		}
		var dt, errs []float64
		for _, sub := range []int{4, 8, 16, 32} {
			out := block(steps, 2, g.Len())
			s := hundsdorfer(t, op, eta, sub)
			if err := advance(s, out, phi); err != nil {
				t.Fatal(err)
			}
			if e := s.TimeError(); !math.IsNaN(e) {
				t.Errorf("TimeError %v, want NaN", e)
			}
			dt = append(dt, eta/float64(sub))
			errs = append(errs, maxDiff(out[steps-1][0], want[steps-1][0]))
			if f := maxDiff(out[steps-1][1], want[steps-1][1]); f > 2e-6*10*errs[len(errs)-1] {
				t.Errorf("%v d=%d: the small field is off by %.3g", c.kind, c.d, f)
			}
		}
		p := slope(dt, errs)
		t.Logf("%v d=%d order %d: time order %.3f, errors %.3g", c.kind, c.d, c.order, p, errs)
		theory := 2.0
		if c.d == 1 {
			theory = 3
		}
		if math.Abs(p-theory) > 0.15 || errs[3] > 1e-5 {
			t.Errorf("%v d=%d order %d: time order %.3f, errors %.3g", c.kind, c.d, c.order, p, errs)
		}
	}
}

// One step is the formula of the scheme, with dense matrices for L_0, .., L_d.
func TestHundsdorferVerwerAgainstDenseFormula(t *testing.T) {
	t.Parallel()
	for d := 1; d <= 3; d++ {
		g := box(t, grid.KindUniform, d, 1.5, 7, 6, 6)
		op := smoothOperator(t, g, 4, 0.05)
		n := op.Len()
		part := make([]*mat.Dense, d+1) // dt L_0, .., dt L_d
		const dt = 0.1
		e := make([]float64, n)
		for k := range part {
			part[k] = mat.NewDense(n, n, nil)
			for j := range n {
				col := make([]float64, n)
				e[j] = 1
				if k == 0 {
					op.AddMixedTo(col, dt, e)
				} else {
					op.AddAxisTo(k-1, col, dt, e)
				}
				e[j] = 0
				part[k].SetCol(j, col)
			}
		}
		theta := (3 + math.Sqrt(3)) / 6
		apply := func(k int, u *mat.VecDense) *mat.VecDense {
			var v mat.VecDense
			v.MulVec(part[k], u)
			return &v
		}
		all := func(u *mat.VecDense) *mat.VecDense {
			sum := mat.NewVecDense(n, nil)
			for k := range part {
				sum.AddVec(sum, apply(k, u))
			}
			return sum
		}
		// sweep solves Y_k - theta dt L_k Y_k = Y_{k-1} - theta dt L_k w.
		sweep := func(y, w *mat.VecDense) *mat.VecDense {
			for k := 1; k <= d; k++ {
				m := mat.NewDense(n, n, nil)
				m.Scale(-theta, part[k])
				for i := range n {
					m.Set(i, i, m.At(i, i)+1)
				}
				var rhs, next mat.VecDense
				rhs.AddScaledVec(y, -theta, apply(k, w))
				if err := next.SolveVec(m, &rhs); err != nil {
					t.Fatal(err)
				}
				y = &next
			}
			return y
		}
		phi := sample(g, wave)
		u := mat.NewVecDense(n, append([]float64(nil), phi...))
		var y0, z0 mat.VecDense
		y0.AddVec(u, all(u))
		y := sweep(&y0, u)
		z0.AddScaledVec(&y0, 0.5, all(y))
		z0.AddScaledVec(&z0, -0.5, all(u))
		z := sweep(&z0, y)
		out := block(1, 1, n)
		if err := advance(hundsdorfer(t, op, dt, 1), out, [][]float64{phi}); err != nil {
			t.Fatal(err)
		}
		if diff := maxDiff(out[0][0], z.RawVector().Data); diff > 1e-12 {
			t.Errorf("d=%d: a step differs from the formula by %.3g", d, diff)
		}
	}
}

// How an SGD step is split into calls does not matter, nor do other fields.
func TestHundsdorferVerwerGroupingOfSteps(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindUniform, 2, 1.5, 14)
	op := smoothOperator(t, g, 4, 0.05)
	phi := [][]float64{sample(g, wave), sample(g, func(x []float64) float64 { return x[0] })}
	want := block(7, 2, g.Len())
	if err := advance(hundsdorfer(t, op, 0.1, 2), want, phi); err != nil {
		t.Fatal(err)
	}
	s := hundsdorfer(t, op, 0.1, 2)
	s.Start(phi)
	for j := range want {
		got := block(1, 2, g.Len())
		if err := s.Advance(got); err != nil {
			t.Fatal(err)
		}
		for f := range phi {
			if diff := maxDiff(got[0][f], want[j][f]); diff != 0 {
				t.Fatalf("field %d at step %d differs by %g", f, j+1, diff)
			}
		}
	}
}

// Stiff diffusion, a dt/h^2 in the hundreds and thousands where explicit steps
// allow less than one: rough fields come down and smooth ones stay bounded. The
// noise vanishes at the faces, steeply; with a mixed term there is a limit, and
// beyond it the run is given up.
func TestHundsdorferVerwerStiffDiffusion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		order       int
		correlation float64
		number      float64 // a dt/h^2
		stable      bool
	}{
		{4, 0, 4000, true}, {4, 0.9, 400, true}, {8, 0.9, 100, true},
		{4, 0.9, 4000, false},
	} {
		const n, noise = 41, 40.0
		g := box(t, grid.KindUniform, 2, 1, n)
		taper := func(x []float64) float64 {
			q := (1 - x[0]*x[0]) * (1 - x[1]*x[1])
			return noise * q * q
		}
		co := &Coefficients{}
		for k := range 2 {
			co.B[k] = sample(g, func(x []float64) float64 { return -x[k] })
			co.A[k][k] = sample(g, taper)
		}
		co.A[0][1] = sample(g, func(x []float64) float64 { return c.correlation * taper(x) })
		op := newOperator(t, g, co, c.order)
		const h = 2.0 / (n - 1)
		rnd := rand.New(rand.NewPCG(7, 1))
		rough := make([]float64, g.Len())
		for i := range rough {
			rough[i] = float64(2*rnd.IntN(2) - 1)
		}
		const steps = 50
		out := block(steps, 2, g.Len())
		err := advance(hundsdorfer(t, op, c.number*h*h/noise, 1), out, [][]float64{rough, sample(g, wave)})
		if !c.stable {
			if !errors.Is(err, ErrUnstable) {
				t.Errorf("order %d, a dt/h^2 = %g: error %v, want ErrUnstable", c.order, c.number, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("order %d, a dt/h^2 = %g: %v", c.order, c.number, err)
			continue
		}
		worst := [2]float64{}
		for j := range out {
			for f := range worst {
				worst[f] = max(worst[f], maxAbs(out[j][f]))
			}
		}
		end := maxAbs(out[steps-1][0])
		t.Logf("order %d, a dt/h^2 = %g: largest %.3g, rough at the end %.3g", c.order, c.number, worst, end)
		if worst[0] > 100 || end > 5 || worst[1] > 2 {
			t.Errorf("order %d, a dt/h^2 = %g: fields grew to %.3g, rough at the end %.3g", c.order, c.number, worst, end)
		}
	}
}

// A number of steps below one is an error.
func TestNewHundsdorferVerwerRefusesNoSteps(t *testing.T) {
	t.Parallel()
	op := smoothOperator(t, box(t, grid.KindUniform, 1, 1, 8), 4, 0.1)
	if _, err := NewStepping(op, scheme.HundsdorferVerwer{}, 0.1, 0, nil); err == nil {
		t.Error("no error for 0 steps")
	}
}
