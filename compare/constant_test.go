package compare

import (
	"math"
	"testing"

	"kolmo/sgd"
)

// Closed forms of the suprema for f = (x-xi)^2/2 on |x| <= 2: at t = 1/2 for x^2 and
// the first-order model, as t tends to infinity for the others.
func TestPredictedConstantsOfQuad1D(t *testing.T) {
	t.Parallel()
	s := quad1d
	s.etas = []int{64, 128}
	r := gap(t, build(t, s), nil)
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
func checkConstant(t *testing.T, c *ConstantRow) {
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

// Where f is not convex e grows like e^{2t} with a feature of the size e^{-t}: what is
// predicted is right up to every time at which it is said to be resolved, and over the
// times at which the learning rates show a constant the measured one agrees.
func TestPredictedConstantOfADoubleWell(t *testing.T) {
	t.Parallel()
	w := doubleWell
	w.etas = []int{64, 128}
	p := build(t, w)
	p.Models, p.Horizon = modelsOf(p, sgd.SecondOrder), 3
	s, err := compute(t.Context(), p, nil, Shard{1, 1})
	if err != nil {
		t.Fatal(err)
	}
	res := new(Result)
	s.gapResults(res)
	s.constantResults(res)
	path := s.predicted[[2]int{}].Path
	// The closed form is sampled at points, to 1e-4 of its supremum.
	for k := 0; k < len(path); k += 3 {
		if v := wellCoefficient(path[k].Time); math.Abs(path[k].Value-v) > path[k].Error+1e-4*v {
			t.Errorf("t <= %.3f: %.6f +- %.1e, want %.6f", path[k].Time, path[k].Value, path[k].Error, v)
		}
	}
	if last := path[len(path)-1].Time; last < 1.94 || last == 3 {
		t.Errorf("resolved up to t = %.3f", last)
	}
	c := res.Constant[0]
	t.Log(&c, *c.Horizon)
	if c.Reason != nil || c.Horizon == nil || *c.Horizon < 0.5 || *c.Horizon > 3 || *c.T > *c.Horizon {
		t.Fatalf("%+v", c)
	}
	if v := wellCoefficient(*c.Horizon); math.Abs(float64(c.Predicted)-v) > float64(c.Error)+1e-4*v {
		t.Errorf("t <= %.3f: %.6f +- %.1e, want %.6f", *c.Horizon, c.Predicted, c.Error, v)
	}
	if c.Certified || c.Eta != 1./128 || math.Abs(float64(c.Measured/c.Predicted)-1) > 0.1 || math.Abs(float64(c.Richardson/c.Predicted)-1) > 0.03 {
		t.Errorf("%+v", c)
	}
}

// A hilltop, from which every path leaves the grid, in closed form: phi = x^2 and
// f = -x^2/2 + xi x give e = (2/3) t x^2 e^{2t} - (e^{2t} - 1)/2. Collocation amplifies
// what rounding leaves; what is predicted is right or nothing.
func TestPredictedConstantOfAHilltop(t *testing.T) {
	t.Parallel()
	p := build(t, spec{name: "hilltop", parameters: []string{"x"}, variables: []string{"xi"}, values: [][]float64{{1}, {-1}},
		loss: "-x^2/2 + xi*x", observables: [][2]string{{"square", "x^2"}}, r: 2, etas: []int{4, 8}})
	p.Models, p.Horizon = modelsOf(p, sgd.SecondOrder), 2
	s, err := compute(t.Context(), p, nil, Shard{1, 1})
	if err != nil {
		t.Fatal(err)
	}
	path := s.predicted[[2]int{}].Path
	if len(path) == 0 {
		t.Fatal("nothing is predicted")
	}
	for _, q := range path {
		e2 := math.Exp(2 * q.Time)
		want := max((e2-1)/2, math.Abs(8./3*q.Time*e2-(e2-1)/2))
		if math.Abs(q.Value-want) > q.Error+1e-7*want {
			t.Errorf("t <= %.3f: %.6f +- %.1e, want %.6f", q.Time, q.Value, q.Error, want)
		}
	}
	t.Logf("resolved up to t = %.3f", path[len(path)-1].Time)
}

// The measured constant is that of the smallest learning rate, certified or not; the
// extrapolated one rests on certified rows.
func TestMeasuredConstantIsAtTheSmallestRate(t *testing.T) {
	t.Parallel()
	row := func(eta float64, certified bool) measuredGap {
		return measuredGap{row: GapRow{Eta: eta, Gap: Number(eta * eta * (3 + eta)), Error: 1e-9, Certified: certified}}
	}
	c := ConstantRow{Order: 2}
	c.measure([]measuredGap{row(0.25, true), row(0.125, true), row(0.0625, false)})
	if c.Eta != 0.0625 || c.Certified || math.Abs(float64(c.Measured)-3.0625) > 1e-12 {
		t.Errorf("%+v, want gap/eta^2 at 1/16", c)
	}
	if math.Abs(float64(c.Richardson)-3) > 1e-12 || len(c.RichardsonEtas) != 2 || c.RichardsonEtas[1] != 0.125 {
		t.Errorf("%+v, want the extrapolation from 1/4 and 1/8", c)
	}
	c.measure([]measuredGap{row(0.25, true), {row: GapRow{Eta: 0.125, Gap: Number(math.NaN()), Error: Number(math.NaN())}}})
	if c.Eta != 0.125 || c.Measured == c.Measured || c.Richardson == c.Richardson {
		t.Errorf("%+v, want nothing where the smallest rate has no gap", c)
	}
}

// A loss that is not convex in every sample, with noise that depends on x: no closed
// form, the gaps are the judge.
func TestPredictedConstantsOfTrig1D(t *testing.T) {
	t.Parallel()
	p := build(t, spec{name: "trig1d", parameters: []string{"x"}, variables: []string{"xi"}, values: [][]float64{{1}, {-1}},
		loss: "x^2/2 + 2*xi*cos(x)", observables: [][2]string{{"square", "x^2/2"}, {"gauss", "exp(-x^2/2)"}}, r: 5, etas: []int{64, 128}})
	for _, c := range gap(t, p, nil).Constant {
		checkConstant(t, &c)
	}
}

// The errors of predictions hold what a much finer grid says, also where collocation
// converges slowly and unevenly, so that the suprema of neighbouring grids agree by chance.
func TestPredictedConstantsOnAFinerGrid(t *testing.T) {
	t.Parallel()
	data := [][]float64{{1, -0.15}, {-0.5, 0.85}, {2, -1.65}, {0.3, -0.45}, {1.4, 1.35}, {-1.1, 0.05}}
	var pairs [][]float64
	for i := range data {
		for k := range i {
			pairs = append(pairs, []float64{data[i][0], data[i][1], data[k][0], data[k][1]})
		}
	}
	for _, sp := range []spec{
		{name: "pairs", parameters: []string{"w"}, variables: []string{"a", "y", "c", "z"}, values: pairs,
			loss:        "(sqrt(1 + ((w+0.3)*a - y)^2) + sqrt(1 + ((w+0.3)*c - z)^2))/2 + 0.25*(w+0.3)^2",
			observables: [][2]string{{"loss", "f"}, {"x", "w"}}, r: 1.7, etas: []int{2}},
		{name: "near poles", parameters: []string{"x"}, variables: []string{"xi"}, values: [][]float64{{-1}, {0.3}, {1.5}}, loss: "sqrt(0.3+(x - xi)^2) + 0.2*x^2",
			observables: [][2]string{{"x", "x"}}, r: 2, etas: []int{4}},
	} {
		p := build(t, sp)
		s := newGapStudy(p, &Config{Workers: 1})
		if err := s.prepare(); err != nil {
			t.Fatal(err)
		}
		if err := s.constants(t.Context(), s.constantPairs()); err != nil {
			t.Fatal(err)
		}
		for _, pair := range s.constantPairs() {
			row := s.predicted[pair].Row.V
			fine, err := s.largestCorrection(t.Context(), s.cache, level{method: chebyshev(), nodes: []int{88}}, pair[0], p.Models[pair[1]], nil)
			if err != nil {
				t.Fatal(err)
			}
			if off := math.Abs(float64(row.Predicted) - fine.value); off > float64(row.Error) || float64(row.Error) > 1e-3*fine.value {
				t.Errorf("%s, %s, %s: %.8f +- %.1e, on 88 nodes %.8f", sp.name, row.Observable, row.Model, float64(row.Predicted), float64(row.Error), fine.value)
			}
		}
	}
}

// Steps are kept evenly at first, and ever more sparsely.
func TestKeptSteps(t *testing.T) {
	t.Parallel()
	count := 0
	for n := 1; n <= 1<<20; n++ {
		if keeps(n) {
			count++
		}
		if n == keptSteps && count != n {
			t.Fatalf("%d of the first %d steps", count, n)
		}
	}
	if count > 12*keptSteps {
		t.Errorf("%d of %d steps", count, 1<<20)
	}
}

// Over t <= horizon the measured constant has the error of the gap up to then, as the horizon
// study knows it, not that of later times.
func TestMeasuredConstantOverAHorizonHasItsError(t *testing.T) {
	t.Parallel()
	horizon := 0.4
	var gaps []measuredGap
	for _, eta := range []float64{0.25, 0.125} {
		h := HorizonRow{Eta: eta}
		for n := range int(4/eta) + 1 {
			t := float64(n) * eta
			h.Times, h.Gap, h.Error = append(h.Times, Number(t)), append(h.Gap, Number(3*eta*t)), append(h.Error, Number(1e-6*math.Exp(4*t)))
		}
		g := measuredGap{row: GapRow{Eta: eta, Gap: Number(12 * eta), Error: 10}}
		g.overHorizon(&horizonUnit{Rows: []asJSON[HorizonRow]{{h}}}, 0)
		gaps = append(gaps, g)
	}
	c := ConstantRow{Order: 1, Horizon: &horizon}
	c.measure(gaps)
	if math.Abs(float64(c.Measured)-1.2) > 1e-12 || !(c.MeasuredError >= 1e-6*8 && c.MeasuredError < 1e-4) {
		t.Errorf("measured %.6f +- %.1e, want 1.2 with the error up to t = 0.5", c.Measured, c.MeasuredError)
	}
	if math.Abs(float64(c.Richardson)-1.2) > float64(c.RichardsonError) || c.RichardsonError > 1e-3 {
		t.Errorf("extrapolated %.6f +- %.1e", c.Richardson, c.RichardsonError)
	}
	gaps[1].errs = nil
	if c.measure(gaps); c.MeasuredError != 10/0.125 {
		t.Errorf("without a horizon study: +- %.3g, want the row's", c.MeasuredError)
	}
}
