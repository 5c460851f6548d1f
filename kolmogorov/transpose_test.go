package kolmogorov

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"kolmo/fd"
	"kolmo/grid"
)

// <L u, p> = <u, L^T p> to rounding, for all kinds of axes, orders and dimensions,
// and the base is added with the factor.
func TestTransposeIsTheAdjoint(t *testing.T) {
	t.Parallel()
	adjoint := func(t *testing.T, g *grid.Grid, order int) {
		rnd := rand.New(rand.NewPCG(5, 1))
		op := newOperator(t, g, randomCoefficients(rnd, g), order)
		tr := op.Transpose()
		n := g.Len()
		lu, ltp := make([]float64, n), make([]float64, n)
		for range 3 {
			u, p := randomField(rnd, n), randomField(rnd, n)
			op.ApplyTo(lu, nil, 1, u)
			tr.ApplyTo(ltp, nil, 1, p)
			left, right := floats.Dot(lu, p), floats.Dot(u, ltp)
			// The sums are of random sign: their rounding is that of the terms.
			size := floats.Norm(lu, 2)*floats.Norm(p, 2) + floats.Norm(u, 2)*floats.Norm(ltp, 2)
			if math.Abs(left-right) > 1e-13*size {
				t.Fatalf("<L u, p> = %.17g, <u, L^T p> = %.17g, terms %.3g", left, right, size)
			}
			base := append([]float64(nil), u...)
			tr.ApplyTo(base, base, -0.3, p)
			for i := range base {
				if want := u[i] - 0.3*ltp[i]; math.Abs(base[i]-want) > 1e-12*(1+math.Abs(ltp[i])) {
					t.Fatalf("u - 0.3 L^T p at node %d is %v, want %v", i, base[i], want)
				}
			}
		}
	}
	forSpaces(t, adjoint)
	for d := 1; d <= 3; d++ {
		adjoint(t, cube(t, grid.KindSinh, d, 12, 1.3), 6)
	}
}

// Any coefficients may be nil; sums to zero along columns: L 1 = 0, so 1.L^T p = 0.
func TestTransposeProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 3).Draw(t, "d")
		s := rapid.SampledFrom(spaces).Draw(t, "space")
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		g, err := gridOn(s.kind, []int{s.nodes, s.nodes + 1, s.nodes}, d, 1)
		if err != nil {
			t.Fatal(err)
		}
		c := randomCoefficients(rnd, g)
		for k := range d {
			if rapid.Bool().Draw(t, "no drift") {
				c.B[k] = nil
			}
			for l := k; l < d; l++ {
				if rapid.Bool().Draw(t, "no diffusion") {
					c.A[k][l] = nil
				}
			}
		}
		op, err := NewOperator(g, c, s.order)
		if err != nil {
			t.Fatal(err)
		}
		u, p := randomField(rnd, g.Len()), randomField(rnd, g.Len())
		lu, ltp := make([]float64, g.Len()), make([]float64, g.Len())
		op.ApplyTo(lu, nil, 1, u)
		op.Transpose().ApplyTo(ltp, nil, 1, p)
		size := floats.Norm(lu, 2)*floats.Norm(p, 2) + floats.Norm(u, 2)*floats.Norm(ltp, 2)
		if diff := math.Abs(floats.Dot(lu, p) - floats.Dot(u, ltp)); diff > 1e-13*size {
			t.Fatalf("<L u, p> and <u, L^T p> differ by %.3g of %.3g", diff, size)
		}
		if sum := floats.Sum(ltp); math.Abs(sum) > 1e-12*floats.Norm(ltp, 1) {
			t.Fatalf("L^T p sums to %.3g of %.3g", sum, floats.Norm(ltp, 1))
		}
	})
}

// The Taylor propagator runs on the transpose: e^{tau L^T} against the transpose of
// the dense exponential.
func TestTransposePropagates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind        grid.Kind
		d, n, order int
	}{{grid.KindChebyshev, 1, 20, fd.FullWidth}, {grid.KindUniform, 2, 12, 4}, {grid.KindChebyshev, 2, 9, fd.FullWidth}} {
		op := smoothOperator(t, box(t, c.kind, c.d, 1.5, c.n), c.order, 0.05)
		const tau = 0.7
		m := denseOf(op)
		m.Scale(tau, m)
		var exp mat.Dense
		exp.Exp(m)
		p := randomField(rand.New(rand.NewPCG(6, 1)), op.Len())
		var want mat.VecDense
		want.MulVec(exp.T(), mat.NewVecDense(len(p), p))
		got, ok := newTaylor(op.Transpose(), taylorTolerance).expTo(tau, 1, p)
		if !ok {
			t.Fatalf("%v %dd: the polynomial failed", c.kind, c.d)
		}
		size := maxAbs(want.RawVector().Data)
		if diff := maxDiff(got, want.RawVector().Data); diff > 1e-11*size {
			t.Errorf("%v %dd: off by %.3g of %.3g", c.kind, c.d, diff, size)
		}
	}
}

// Bitwise the same with any number of workers.
func TestTransposeWorkers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind        grid.Kind
		d, n, order int
	}{{grid.KindUniform, 1, 60, 4}, {grid.KindChebyshev, 2, 21, fd.FullWidth}, {grid.KindUniform, 3, 18, 6}} {
		op := smoothOperator(t, box(t, c.kind, c.d, 1.5, c.n), c.order, 0.05)
		rnd := rand.New(rand.NewPCG(7, 1))
		u, p := randomField(rnd, op.Len()), randomField(rnd, op.Len())
		one, many := make([]float64, op.Len()), make([]float64, op.Len())
		op.Transpose().ApplyTo(one, u, 0.3, p)
		for _, workers := range []int{2, 3, 5} {
			tr := op.WithWorkers(workers).Transpose()
			for range 3 {
				tr.ApplyTo(many, u, 0.3, p)
				for i := range one {
					if one[i] != many[i] {
						t.Fatalf("%v %dd, %d workers: node %d is %v, alone %v", c.kind, c.d, workers, i, many[i], one[i])
					}
				}
			}
		}
	}
}

// It does not allocate, and shapes that do not fit panic. (AllocsPerRun forbids
// t.Parallel.)
func TestTransposeDoesNotAllocate(t *testing.T) {
	op := smoothOperator(t, box(t, grid.KindUniform, 3, 1, 10), 4, 0.1)
	tr := op.Transpose()
	u, v := sample(op.Grid(), wave), make([]float64, op.Len())
	if n := testing.AllocsPerRun(3, func() { tr.ApplyTo(v, nil, 0.5, u) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	for name, f := range map[string]func(){
		"result": func() { tr.ApplyTo(v[:3], nil, 1, u) },
		"base":   func() { tr.ApplyTo(v, u[:3], 1, u) },
		"field":  func() { tr.ApplyTo(v, nil, 1, u[:3]) },
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
