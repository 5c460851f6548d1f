package fd_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
)

// kinds are the kinds of axes that the tests of derivatives run on.
var kinds = []grid.Kind{grid.KindUniform, grid.KindChebyshev, grid.KindSinh, grid.KindGiven}

// newAxis returns an axis of the kind or ends the test: one of the sinh map is
// clustered about its middle; the given nodes are shifted by up to a quarter of
// their distance, irregularly.
func newAxis(t testing.TB, kind grid.Kind, n int, lo, hi float64) *grid.Axis {
	t.Helper()
	var a *grid.Axis
	var err error
	switch kind {
	case grid.KindChebyshev:
		a, err = grid.Chebyshev("x", n, lo, hi)
	case grid.KindSinh:
		a, err = grid.Sinh("x", n, lo, hi, (lo+hi)/2, (hi-lo)/4)
	case grid.KindGiven:
		nodes := newAxis(t, grid.KindUniform, n, lo, hi).Nodes()
		h := nodes[1] - lo
		for i := 1; i+1 < n; i++ {
			nodes[i] += 0.25 * math.Sin(float64(i*i)) * h
		}
		a, err = grid.Given("x", nodes)
	default:
		a, err = grid.Uniform("x", n, lo, hi)
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// derivative returns the matrix of fd.Derivative or ends the test.
func derivative(t testing.TB, a *grid.Axis, m, order int) *grid.AxisMatrix {
	t.Helper()
	d, err := fd.Derivative(a, m, order)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// rowOf returns row i of the matrix.
func rowOf(m *grid.AxisMatrix, i int) []float64 {
	_, cols := m.Dims()
	row := make([]float64, cols)
	for j := range row {
		row[j] = m.At(i, j)
	}
	return row
}

// noise returns n standard normal numbers.
func noise(rnd *rand.Rand, n int) []float64 {
	u := make([]float64, n)
	for i := range u {
		u[i] = rnd.NormFloat64()
	}
	return u
}

// absSum returns the sum of |w|: the factor by which weights can magnify errors.
func absSum(w []float64) float64 {
	sum := 0.0
	for _, v := range w {
		sum += math.Abs(v)
	}
	return sum
}

// maxDiff returns the largest |a_i - b_i|, NaN if there is one.
func maxDiff(a, b []float64) float64 {
	d := 0.0
	for i := range a {
		d = max(d, math.Abs(a[i]-b[i]))
	}
	return d
}

// slope returns the least-squares slope of y over x.
func slope(x, y []float64) float64 {
	n := float64(len(x))
	var sx, sy, sxx, sxy float64
	for i := range x {
		sx, sy, sxx, sxy = sx+x[i], sy+y[i], sxx+x[i]*x[i], sxy+x[i]*y[i]
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

// vandermonde is the independent generator of the tests: it returns, rounded
// once, the weights w of derivative m at x, the solution in rational numbers of
//
//	sum_j w_j (x_j - x)^k = m! if k = m, else 0,   k = 0 .. len(nodes)-1,
//
// by Gauss-Jordan elimination.
func vandermonde(m int, x float64, nodes []float64) []float64 {
	n := len(nodes)
	a := make([][]*big.Rat, n)
	at := new(big.Rat).SetFloat64(x)
	for k := range a {
		a[k] = make([]*big.Rat, n+1)
		for j, xj := range nodes {
			if k == 0 {
				a[k][j] = big.NewRat(1, 1)
				continue
			}
			d := new(big.Rat).SetFloat64(xj)
			a[k][j] = d.Mul(d.Sub(d, at), a[k-1][j])
		}
		a[k][n] = new(big.Rat)
	}
	a[m][n].SetInt64(1)
	for f := 2; f <= m; f++ {
		a[m][n].Mul(a[m][n], big.NewRat(int64(f), 1))
	}
	for p := range n {
		for q := p; ; q++ { // distinct nodes: a pivot exists
			if a[q][p].Sign() != 0 {
				a[p], a[q] = a[q], a[p]
				break
			}
		}
		inv := new(big.Rat).Inv(a[p][p])
		for j := p; j <= n; j++ {
			a[p][j].Mul(a[p][j], inv)
		}
		for k := range n {
			if k == p || a[k][p].Sign() == 0 {
				continue
			}
			f := new(big.Rat).Set(a[k][p])
			for j := p; j <= n; j++ {
				a[k][j].Sub(a[k][j], new(big.Rat).Mul(f, a[p][j]))
			}
		}
	}
	w := make([]float64, n)
	for j := range w {
		w[j], _ = a[j][n].Float64()
	}
	return w
}

func TestVandermondeOfATextbookFormula(t *testing.T) {
	t.Parallel()
	// The oracle itself: the one-sided second derivative, h = 1/2.
	got := vandermonde(2, 1, []float64{1, 1.5, 2, 2.5})
	if want := []float64{8, -20, 16, -4}; maxDiff(got, want) != 0 {
		t.Errorf("%v, want %v", got, want)
	}
}

// mustPanic runs f and demands a panic with a message that starts so.
func mustPanic(t *testing.T, start string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		got := fmt.Sprint(recover())
		if len(got) < len(start) || got[:len(start)] != start {
			t.Errorf("panic %q, want %q", got, start)
		}
	}()
	f()
}
