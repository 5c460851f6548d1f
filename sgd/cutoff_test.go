package sgd

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
)

// chi is 1 in the ball, 0 outside R2, falls monotonically between and is 1/2
// half-way, in every direction from the centre.
func TestCutoffShape(t *testing.T) {
	t.Parallel()
	c := Cutoff{Ball: grid.Ball{Center: []float64{1, -2, 0.5}, R: 2}, R2: 3}
	for _, dir := range [][3]float64{{1, 0, 0}, {0, -1, 0}, {0.6, 0, -0.8}} {
		x := make([]float64, 3)
		at := func(r float64) float64 {
			for k := range x {
				x[k] = c.Ball.Center[k] + r*dir[k]
			}
			return c.At(x)
		}
		last := 1.0
		for i := range 4001 {
			r := float64(i) / 1000
			chi := at(r)
			switch {
			case r < 2 && chi != 1:
				t.Fatalf("chi(%v) = %v, want 1", r, chi)
			case r > 3 && chi != 0:
				t.Fatalf("chi(%v) = %v, want 0", r, chi)
			case !(chi <= last && chi >= 0):
				t.Fatalf("chi(%v) = %v after %v", r, chi, last)
			}
			last = chi
		}
		if got := at(2.5); math.Abs(got-0.5) > 1e-14 {
			t.Errorf("half-way chi = %v", got)
		}
		if got := at(2.3) + at(2.7); math.Abs(got-1) > 1e-13 {
			t.Errorf("chi(s) + chi(1-s) = %v", got)
		}
	}
}

// The k-th difference quotients stay the same when the step is halved, across
// both ends of the layer: no derivative jumps. A jump of the k-th derivative
// would double the quotient of order k+1.
func TestCutoffIsSmooth(t *testing.T) {
	t.Parallel()
	c := Cutoff{Ball: grid.Ball{Center: []float64{0}, R: 1}, R2: 2}
	largest := func(order int, h float64) float64 {
		var v []float64
		for x := 0.75; x < 2.25; x += h {
			v = append(v, c.At([]float64{x}))
		}
		for range order {
			for i := range len(v) - 1 {
				v[i] = (v[i+1] - v[i]) / h
			}
			v = v[:len(v)-1]
		}
		return maxAbs(v)
	}
	for order := 1; order <= 6; order++ {
		coarse, fine := largest(order, 1.0/256), largest(order, 1.0/512)
		if ratio := fine / coarse; ratio > 1.05 || ratio < 0.95 {
			t.Errorf("difference quotients of order %d: %.4g and %.4g with half the step", order, coarse, fine)
		}
	}
}

// Lambda = chi^2 Sigma is positive semidefinite to rounding, also where Sigma has
// rank one or two.
func TestLambdaIsPositiveSemidefinite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		d, nodes int
		formula  string
		xi       []float64
	}{
		{2, 61, "x1^4 + x2^2 + xi*(sin(3*x1) + x1*x2 + x2^3)", []float64{-1, 1}},
		{3, 25, "x1^4 + x2^2 + x3^2 + xi*sin(3*x1)*x2 + xi^2*x3*x1", []float64{-1, 0.3, 2}},
	} {
		loss := lossOf(t, c.d, c.formula, c.xi, nil)
		g := box(t, grid.KindUniform, c.d, 1.5, c.nodes)
		at, err := FieldsOn(g, loss, 0)
		if err != nil {
			t.Fatal(err)
		}
		cut := Cutoff{Ball: grid.Ball{Center: make([]float64, c.d), R: 1}, R2: 1.5}
		lambda := modified.coefficients(at, 1, cut)
		inside := 0
		values := make([]float64, c.d)
		for i := range g.Len() {
			size, sigma := 0.0, 0.0
			for k := range c.d {
				size = max(size, math.Abs(lambda.A[k][k][i]))
				sigma = max(sigma, math.Abs(at.at[i].Sigma[k][k]))
			}
			if size == 0 {
				continue
			}
			// Scaled to size 1, since gonum panics on tiny matrices.
			sym := mat.NewSymDense(c.d, nil)
			for k := range c.d {
				for l := k; l < c.d; l++ {
					sym.SetSym(k, l, lambda.A[k][l][i]/size)
				}
			}
			var eig mat.EigenSym
			if !eig.Factorize(sym, false) {
				t.Fatalf("d=%d: no eigenvalues at node %d", c.d, i)
			}
			eig.Values(values)
			if low := size * floats.Min(values); low < -1e-14*sigma {
				t.Fatalf("d=%d: eigenvalue %.3g of Lambda at node %d, |Sigma| = %.3g", c.d, low, i, sigma)
			}
			inside++
		}
		if inside < g.Len()/8 {
			t.Errorf("d=%d: Lambda vanishes but for %d of %d nodes", c.d, inside, g.Len())
		}
	}
}
