package kolmogorov

import (
	"errors"
	"math"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov/scheme"
)

// In three dimensions with strong mixed terms modified Craig-Sneyd needs a larger theta
// than in two, whatever the step: the default has it, and 1/3 is seen to fail.
func TestModifiedCraigSneydIn3DNeedsALargerTheta(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindUniform, 3, 1, 12)
	c := new(Coefficients)
	for k := range 3 {
		c.B[k] = sample(g, func(x []float64) float64 { return -x[k] })
		for l := k; l < 3; l++ {
			rho := 0.95
			if k == l {
				rho = 1
			}
			c.A[k][l] = sample(g, func(x []float64) float64 { return rho * (1 - x[k]*x[k]) * (1 - x[l]*x[l]) })
		}
	}
	op := newOperator(t, g, c, 4)
	phi := sample(g, func(x []float64) float64 { return math.Cos(x[0] + x[1] - x[2]) })
	run := func(theta float64) error {
		p, err := NewStepping(op, scheme.ModifiedCraigSneyd{Theta: theta}, 0.25, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		u := [][]float64{phi}
		p.Start(u)
		for range 100 {
			out := block(1, 1, g.Len())
			if err := p.Advance(out); err != nil {
				return err
			}
			u = out[0]
		}
		if maxAbs(u[0]) > 1.1 {
			return errors.New("it grew")
		}
		return nil
	}
	if err := run(0); err != nil {
		t.Errorf("the default theta: %v", err)
	}
	if err := run(scheme.ThetaMCS); err == nil {
		t.Error("theta = 1/3 is stable here: the default for three dimensions rests on nothing")
	}
}

// Growth is looked for without drift, too.
func TestCheckGrowthWithoutDrift(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindUniform, 1, 2, 160)
	c := new(Coefficients)
	c.A[0][0] = sample(g, func([]float64) float64 { return 0.25 })
	var unstable *UnstableError
	if growth, err := newOperator(t, g, c, 8).CheckGrowth(); !errors.As(err, &unstable) {
		t.Errorf("growth %.3g, error %v", growth, err)
	}
	if growth, err := newOperator(t, g, c, 2).CheckGrowth(); err != nil || !(growth <= MaxGrowth) {
		t.Errorf("order 2: growth %.3g, error %v", growth, err)
	}
	if growth, err := newOperator(t, g, new(Coefficients), fd.FullWidth).CheckGrowth(); err != nil || growth != 1 {
		t.Errorf("no coefficients: growth %.3g, error %v", growth, err)
	}
}

// A stepping that is given other fields begins anew, sizes and all.
func TestSteppingBeginsAnew(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindUniform, 1, 1.5, 24)
	s := hundsdorfer(t, smoothOperator(t, g, 4, 0.05), 0.1, 2)
	phi := sample(g, wave)
	small := make([]float64, len(phi))
	for i, v := range phi {
		small[i] = 1e-6 * v
	}
	out, again := block(2, 1, g.Len()), block(2, 1, g.Len())
	if err := advance(s, out, [][]float64{small}); err != nil {
		t.Fatal(err)
	}
	if err := advance(s, again, [][]float64{phi}); err != nil {
		t.Fatal(err)
	}
	for i, v := range again[1][0] {
		if math.Abs(v-1e6*out[1][0][i]) > 1e-9 {
			t.Fatalf("node %d: %v after %v with a millionth", i, v, out[1][0][i])
		}
	}
}
