package custom

import (
	"math"
	"testing"

	"kolmo/derived"
	"kolmo/momentum"
	"kolmo/process"
)

// Heavy ball by formulas has the models of constant noise that the kind itself has, which are
// first-order and second-order where the drift rests.
func TestConstantNoise(t *testing.T) {
	t.Parallel()
	// The mean of xi is 0.06, so that f = (x - 1/2)^2/2.
	o := lossOf(t, "(x - 1/2)^2/2 + (xi - 0.06)*x*sin(x)", "x")
	n := Names{State: []string{"x", "v"}, Loss: o}
	const v = "v - eta*(1.5*v + grad(x))"
	of := of(t, o, n, "x + eta*("+v+")", v)
	var by [2]*derived.Dynamics
	for i, a := range []derived.Algorithm{of, momentum.New(momentum.Name, []string{"x"}, o, 1.5)} {
		var err error
		if by[i], err = derived.New(a, []float64{0, 0}, []float64{1.5, 0.5, 0.5, 1}, 2, [2]float64{2, 3}); err != nil {
			t.Fatal(err)
		}
	}
	states := [][]float64{{0.5, 0}, {0, 0}, {1, -0.5}, {-0.7, 1}}
	var x [][]float64
	for _, z := range states {
		q := make([]float64, 2)
		by[0].FromUser(q, z)
		x = append(x, q)
	}
	const eta = 0.125
	for frozen, varies := range map[string]string{derived.ConstantNoise: derived.FirstOrder, derived.SecondConstantNoise: derived.SecondOrder} {
		m, err := process.Named(by[0], frozen, varies)
		if err != nil {
			t.Fatal(err)
		}
		kind, err := process.Named(by[1], frozen)
		if err != nil {
			t.Fatal(err)
		}
		if why := m[0].Lacks(); why != "" {
			t.Fatal(why)
		}
		got, other := m[0].Coefficients(by[0].At(x, 1), eta), m[1].Coefficients(by[0].At(x, 1), eta)
		want := kind[0].Coefficients(by[1].At(x, 1), eta)
		most := 0.0
		for i, z := range states {
			for k := range 2 {
				if off := math.Abs(got.B[k][i] - want.B[k][i]); !(off <= 1e-11) {
					t.Errorf("%s: b%d is off by %g at %v", frozen, k+1, off, z)
				}
				for l := k; l < 2; l++ {
					if off := math.Abs(got.A[k][l][i] - want.A[k][l][i]); !(off <= 1e-11) {
						t.Errorf("%s: a%d%d is off by %g at %v", frozen, k+1, l+1, off, z)
					}
					off := math.Abs(got.A[k][l][i] - other.A[k][l][i])
					if most = max(most, off); i == 0 && !(off <= 1e-11) {
						t.Errorf("%s: a%d%d is off by %g from %s at rest", frozen, k+1, l+1, off, varies)
					}
				}
			}
		}
		if !(most > 0.01) {
			t.Errorf("%s and %s differ by %g", frozen, varies, most)
		}
	}
}
