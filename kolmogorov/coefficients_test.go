package kolmogorov

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kolmo/grid"
)

// What is no coefficient is refused with the node, the first in order whatever the
// workers do, and nil is zero.
func TestNewCoefficientsErrors(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindUniform, 2, 1, 17) // spacing 1/8
	set := func(a11, a12, a21, a22 float64) func(a [][]float64, x []float64) {
		return func(a [][]float64, x []float64) {
			if a[0][0] != 0 || a[1][0] != 0 {
				t.Error("a is not zero before the call")
			}
			a[0][0], a[1][1] = 1, 1
			if x[0] >= 0.5 && x[1] >= -0.25 {
				a[0][0], a[0][1], a[1][0], a[1][1] = a11, a12, a21, a22
			}
		}
	}
	for _, c := range []struct {
		name          string
		drift         func(b, x []float64)
		diffusion     func(a [][]float64, x []float64)
		entry, reason string
		value         float64
		x             []float64
	}{
		{"NaN drift", func(b, x []float64) { b[1] = math.Sqrt(0.875 - x[0]) }, nil, "b_2", notFinite, math.NaN(), []float64{1, -1}},
		{"infinite drift", func(b, x []float64) { b[0] = 1 / x[1] }, nil, "b_1", notFinite, math.Inf(1), []float64{-1, 0}},
		{"NaN diffusion", nil, set(1, math.NaN(), 0, 1), "a_12", notFinite, math.NaN(), []float64{0.5, -0.25}},
		{"infinite diffusion", nil, set(1, 0, 0, math.Inf(-1)), "a_22", notFinite, math.Inf(-1), []float64{0.5, -0.25}},
		{"upper triangle alone", nil, set(1, 0.5, 0, 1), "a_12", notSymmetric, 0.5, []float64{0.5, -0.25}},
		{"indefinite", nil, set(1, 2, 2, 1), "a", notPositive, -1, []float64{0.5, -0.25}},
		{"negative", nil, set(0, 0, 0, -1e-3), "a", notPositive, -1e-3, []float64{0.5, -0.25}},
		{"tiny and indefinite", nil, set(1e-300, 2e-300, 2e-300, 1e-300), "a", notPositive, -1e-300, []float64{0.5, -0.25}},
		{"rank one", nil, set(1, 1, 1, 1), "", "", 0, nil},
		{"rank one, tiny", nil, set(1e-300, -2e-300, -2e-300, 4e-300), "", "", 0, nil},
		{"rounding", nil, set(1, 1+4e-15, 1, 1), "", "", 0, nil},
	} {
		for _, workers := range []int{1, 4} {
			coef, err := NewCoefficients(g, c.drift, c.diffusion, workers)
			if c.entry == "" {
				if err != nil || coef.B[0] != nil || coef.A[1][1] == nil {
					t.Errorf("%s: %v", c.name, err)
				}
				continue
			}
			var e *CoefficientError
			if !errors.As(err, &e) {
				t.Errorf("%s: error %v, want a *CoefficientError", c.name, err)
				continue
			}
			same := math.IsNaN(c.value) && math.IsNaN(e.Value) || e.Value == c.value || math.Abs(e.Value-c.value) < 1e-12*math.Abs(c.value)
			if e.Entry != c.entry || e.Reason != c.reason || !same || len(e.X) != 2 || e.X[0] != c.x[0] || e.X[1] != c.x[1] {
				t.Errorf("%s: %+v, want %s %s %v at %v", c.name, *e, c.entry, c.reason, c.value, c.x)
			}
			if !strings.Contains(e.Error(), point(c.x)) || !strings.Contains(e.Error(), c.entry) {
				t.Errorf("%s: the message %q lacks the point or the entry", c.name, e.Error())
			}
		}
	}
	if c, err := NewCoefficients(g, nil, nil, 0); err != nil || c.B[0] != nil || c.A[0][0] != nil {
		t.Errorf("nil functions: %v", err)
	}
}

// Products sigma sigma^T are accepted and the same less 1e-12 of its size is not, in
// all dimensions and of all ranks.
func TestNewCoefficientsSemidefinite(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 3).Draw(t, "d")
		rank := rapid.IntRange(0, d-1).Draw(t, "rank")
		scale := math.Pow(10, rapid.Float64Range(-12, 12).Draw(t, "scale"))
		sigma := rapid.SliceOfN(rapid.Float64Range(-1, 1), d*rank, d*rank).Draw(t, "sigma")
		shift := 0.0
		diffusion := func(a [][]float64, _ []float64) {
			size := 0.0
			for k := range d {
				for l := range d {
					for m := range rank {
						a[k][l] += scale * sigma[k*rank+m] * sigma[l*rank+m]
					}
					size = max(size, math.Abs(a[k][l]))
				}
			}
			for k := range d {
				a[k][k] -= shift * size
			}
		}
		axes := make([]*grid.Axis, d)
		for k := range axes {
			var err error
			if axes[k], err = grid.Uniform("x", 2, 0, 1); err != nil {
				t.Fatal(err)
			}
		}
		g, err := grid.New(axes...)
		if err != nil {
			t.Fatal(err)
		}
		c, err := NewCoefficients(g, nil, diffusion, 1)
		if err != nil {
			t.Fatalf("sigma sigma^T: %v", err)
		}
		if maxAbs(c.A[0][0])+maxAbs(c.A[d-1][d-1]) < 1e-290 {
			return // the shift would underflow
		}
		shift = 1e-12
		if _, err := NewCoefficients(g, nil, diffusion, 1); err == nil {
			t.Fatal("a matrix with an eigenvalue of -1e-12 is accepted")
		}
	})
}
