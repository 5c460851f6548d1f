package jacobi

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestEigen: the eigenvectors are orthonormal, bring the matrix to its eigenvalues, and
// these increase; what stands outside the leading block does not count.
func TestEigen(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	for n := range 300 {
		d := 1 + n%3
		var s [3][3]float64
		for i := range 3 {
			for j := range i + 1 {
				s[i][j] = r.NormFloat64() * math.Exp(3*r.NormFloat64())
				s[j][i] = s[i][j]
			}
		}
		if n%5 == 0 {
			s[0][1], s[1][0] = 0, 0
		}
		values, v := Eigen(s, d)
		var scale float64
		for i := range d {
			for j := range d {
				scale = max(scale, math.Abs(s[i][j]))
			}
		}
		for k := range d {
			if k > 0 && values[k] < values[k-1] {
				t.Errorf("eigenvalues %v", values)
			}
			for l := range d {
				var inner, form float64
				for i := range d {
					inner += v[i][k] * v[i][l]
					for j := range d {
						form += v[i][k] * s[i][j] * v[j][l]
					}
				}
				one, value := 0.0, 0.0
				if k == l {
					one, value = 1, values[k]
				}
				if math.Abs(inner-one) > 1e-14 || math.Abs(form-value) > 1e-14*scale {
					t.Errorf("d = %d, %d, %d: inner product %g, form %g, want %g and %g", d, k, l, inner, form, one, value)
				}
			}
		}
	}
}

func TestRootTo(t *testing.T) {
	s := [3][3]float64{{5, 1, 9}, {1, 2, 9}, {9, 9, 9}}
	r := make([]float64, 4)
	RootTo(r, s, 2)
	for i := range 2 {
		for j := range 2 {
			got := r[i]*r[j] + r[2+i]*r[2+j]
			if math.Abs(got-s[i][j]) > 1e-14 || r[i*2+j] != r[j*2+i] || r[i*2+i] <= 0 {
				t.Errorf("root %v: its square has %g at (%d, %d), want %g", r, got, i, j, s[i][j])
			}
		}
	}
}
