package kolmogorov

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"kolmo/fd"
	"kolmo/grid"
)

// The block elimination solves the system of the dense matrix, to its backward error, with mixed derivatives, axes
// of different lengths, and noise or drift that is missing.
func TestResolventAgainstDenseMatrices(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 9))
	for _, c := range []struct {
		kind     grid.Kind
		n, order int
	}{{grid.KindUniform, 17, 4}, {grid.KindUniform, 14, 8}, {grid.KindChebyshev, 9, fd.FullWidth}} {
		full := smoothOperator(t, box(t, c.kind, 2, 1.8, c.n), c.order, 0.03)
		still, pure := full.c, full.c
		still.A[0][0], still.A[0][1], still.B[1] = nil, nil, nil
		pure.B = [grid.MaxDim][]float64{}
		for name, k := range map[string]*Coefficients{"all": &full.c, "some": &still, "noise": &pure} {
			op := newOperator(t, full.g, k, c.order)
			const s = 0.7
			tr := op.Transpose()
			r := newResolvent(op, tr, s)
			if r == nil {
				t.Fatalf("%v %s: no factors", c, name)
			}
			n := op.Len()
			m := denseMatrix(tr)
			m.Scale(-1/s, m)
			for i := range n {
				m.Set(i, i, 1+m.At(i, i))
			}
			y, x := make([]float64, n), make([]float64, n)
			for i := range y {
				y[i] = rnd.NormFloat64()
			}
			r.applyTo(x, y)
			var image mat.VecDense
			image.MulVec(m, mat.NewVecDense(n, x))
			off := floats.Distance(image.RawVector().Data, y, math.Inf(1)) / (mat.Norm(m, math.Inf(1)) * floats.Norm(x, math.Inf(1)))
			t.Logf("%v %s: misses %.2g of |M| |x|, a solve %.2g of |x|", c, name, off, r.miss)
			if !(off < 1e-12) {
				t.Errorf("%v %s: misses %.3g of |M| |x|", c, name, off)
			}
		}
	}
}

// Where the factors do not serve there are none: other dimensions, too many blocks, a matrix
// that is singular.
func TestResolventThatDoesNotServe(t *testing.T) {
	t.Parallel()
	for name, op := range map[string]*Operator{
		"one axis":   nonlinearOperator(t, grid.KindUniform, 40, 4),
		"three axes": smoothOperator(t, box(t, grid.KindChebyshev, 3, 1.8, 6), fd.FullWidth, 0.03),
		"large":      smoothOperator(t, box(t, grid.KindUniform, 2, 1.8, 160), 10, 0.03),
	} {
		if newResolvent(op, op.Transpose(), 1) != nil {
			t.Errorf("%s: factors", name)
		}
	}
	g := box(t, grid.KindUniform, 2, 1, 9)
	c := new(Coefficients)
	// Its first line is x u_x alone, whose eigenvalue 1 is that of s.
	c.B[0] = sample(g, func(x []float64) float64 { return x[0] })
	op := newOperator(t, g, c, 4)
	if r := newResolvent(op, op.Transpose(), 1); r != nil {
		t.Errorf("singular: factors that miss %.3g", r.miss)
	}
}
