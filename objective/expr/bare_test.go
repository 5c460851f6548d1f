package expr

import (
	"math"
	"slices"
	"testing"
)

// Gradients alone are those of a full evaluation to the last bit, whatever values are left
// out: those of functions from which nothing but sums leads to the root.
func TestGradientsWithoutValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		loss string
		left int // calls that leave their values out
	}{
		{"softplus(-z*(x + y*z)) + 0.05*(x^2 + y^2)", 1},
		{"logistic(x*z) - y*z", 1},
		{"-(softplus(x*z) - softplus(y - z))", 2},
		{"softplus(x*z)*softplus(y)", 0},
		{"softplus(x*z) + softplus(x*z)^2", 0},
		{"sin(x*z)/(2 + softplus(y*z))", 0},
		{"hypot(softplus(x*z), y)", 0},
	} {
		e, err := Parse(c.loss, Scope{Parameters: []string{"x", "y"}, Variables: []string{"z"}})
		if err != nil {
			t.Fatal(err)
		}
		p, err := Compile(e, Inputs{Parameters: []string{"x", "y"}, Variables: []string{"z"}})
		if err != nil {
			t.Fatal(err)
		}
		z := make([]float64, 67)
		for k := range z {
			z[k] = math.Sin(float64(3*k)) * 4
		}
		b := p.Bind(len(z), [][]float64{z})
		full, alone := b.NewMachine(), b.NewMachine()
		left := 0
		for i := range alone.lanes.code {
			if f := alone.lanes.code[i].lanesFn; f != nil {
				alone.lanes.code[i].lanesFn = func(v, d, dd, u []float64) {
					if v == nil {
						left++
					}
					f(v, d, dd, u)
				}
			}
		}
		x := []float64{0.7, -1.3}
		full.Point(x, nil, 1)
		alone.Gradients(x, nil)
		for k := 0; k < len(z); k += Lanes {
			left = 0
			full.Block(k)
			alone.Block(k)
			for i := range x {
				if !slices.Equal(alone.Grad(i), full.Grad(i)) {
					t.Errorf("%s: derivative %d is %v, want %v", c.loss, i, alone.Grad(i), full.Grad(i))
				}
			}
			if left != c.left {
				t.Errorf("%s: %d values left out, want %d", c.loss, left, c.left)
			}
		}
		// A point after that has its values again.
		alone.Point(x, nil, 1)
		alone.Block(0)
		full.Block(0)
		if !slices.Equal(alone.Value(), full.Value()) {
			t.Errorf("%s: values %v, want %v", c.loss, alone.Value(), full.Value())
		}
	}
}
