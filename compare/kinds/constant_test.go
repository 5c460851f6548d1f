package kinds

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/constant"
	"kolmo/compare/survey"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/sgd"
)

// Closed forms of the suprema for f = (x-xi)^2/2 on |x| <= 2: at t = 1/2 for x^2 and
// the first-order model, as t tends to infinity for the others.
func TestPredictedConstantsOfQuad1D(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Quad1d
	s.Etas = []int{64, 128}
	r := gapOf(t, trial.Build(t, s), nil)
	want := map[string]float64{
		"square modified": 0.5, "square second-order": 0.5, "square first-order": 2 / math.E, "square gradient-flow": 0.5,
		"cosine modified": 0.25, "cosine second-order": 0.25, "cosine gradient-flow": 0.25,
	}
	seen := 0
	for _, c := range r.Constant {
		checkConstant(t, &c)
		v, ok := want[c.Observable+" "+c.Model]
		if !ok {
			continue
		}
		seen++
		if d := math.Abs(float64(c.Predicted) - v); d > 1e-8 {
			t.Errorf("%s, %s: %s, want %.8g", c.Observable, c.Model, &c, v)
		}
		finite := c.Model == sgd.FirstOrder
		if (c.T != nil) != finite || finite && math.Abs(*c.T-0.5) > 1e-4 {
			t.Errorf("%s, %s: %s", c.Observable, c.Model, &c)
		}
	}
	if seen != len(want) {
		t.Errorf("%d of %d constants", seen, len(want))
	}
}

// checkConstant holds a prediction to the measurement: within 2 % at the smallest
// learning rate and 0.5 % of the extrapolated value.
func checkConstant(t *testing.T, c *compare.ConstantRow) {
	t.Helper()
	t.Log(c.Observable, c.Model, c)
	p := float64(c.Predicted)
	if c.Reason != nil || !(math.Abs(float64(c.Measured)-p) <= 0.02*p) {
		t.Errorf("%s, %s: %s; want the measured within 2 %%", c.Observable, c.Model, c)
	}
	if !(math.Abs(float64(c.Richardson)-p) <= 0.005*p) {
		t.Errorf("%s, %s: %s; want the extrapolated within 0.5 %%", c.Observable, c.Model, c)
	}
	if !(float64(c.Error) <= 1e-3*p) {
		t.Errorf("%s, %s: predicted with error %.3g", c.Observable, c.Model, float64(c.Error))
	}
}

// A loss that is not convex in every sample, with noise that depends on x: no closed
// form, the gaps are the judge.
func TestPredictedConstantsOfTrig1D(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "trig1d", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}},
		Loss: "x^2/2 + 2*xi*cos(x)", Observables: [][2]string{{"square", "x^2/2"}, {"gauss", "exp(-x^2/2)"}}, R: 5, Etas: []int{64, 128}})
	for _, c := range gapOf(t, p, nil).Constant {
		checkConstant(t, &c)
	}
}

// The errors of predictions hold what a much finer grid says, also where collocation
// converges slowly and unevenly, so that the suprema of neighbouring grids agree by chance.
func TestPredictedConstantsOnAFinerGrid(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	data := [][]float64{{1, -0.15}, {-0.5, 0.85}, {2, -1.65}, {0.3, -0.45}, {1.4, 1.35}, {-1.1, 0.05}}
	var pairs [][]float64
	for i := range data {
		for k := range i {
			pairs = append(pairs, []float64{data[i][0], data[i][1], data[k][0], data[k][1]})
		}
	}
	for _, sp := range []trial.Spec{
		{Name: "pairs", Parameters: []string{"w"}, Variables: []string{"a", "y", "c", "z"}, Values: pairs,
			Loss:        "(sqrt(1 + ((w+0.3)*a - y)^2) + sqrt(1 + ((w+0.3)*c - z)^2))/2 + 0.25*(w+0.3)^2",
			Observables: [][2]string{{"loss", "f"}, {"x", "w"}}, R: 1.7, Etas: []int{2}},
		{Name: "near poles", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{-1}, {0.3}, {1.5}}, Loss: "sqrt(0.3+(x - xi)^2) + 0.2*x^2",
			Observables: [][2]string{{"x", "x"}}, R: 2, Etas: []int{4}},
	} {
		p := trial.Build(t, sp)
		s := &constant.Kind{Setup: newTestSetup(t, p, &compare.Config{Workers: 1})}
		if err := s.Run(t.Context(), s.Pairs()); err != nil {
			t.Fatal(err)
		}
		for _, pair := range s.Pairs() {
			row := s.Predicted[pair].Row.V
			fine, err := s.LargestCorrection(t.Context(), s.Cache, survey.Level{Method: survey.Chebyshev(), Nodes: []int{88}}, pair[0], p.Models[pair[1]], nil)
			if err != nil {
				t.Fatal(err)
			}
			if off := math.Abs(float64(row.Predicted) - fine.Value); off > float64(row.Error) || float64(row.Error) > 1e-3*fine.Value {
				t.Errorf("%s, %s, %s: %.8f +- %.1e, on 88 nodes %.8f", sp.Name, row.Observable, row.Model, float64(row.Predicted), float64(row.Error), fine.Value)
			}
		}
	}
}
