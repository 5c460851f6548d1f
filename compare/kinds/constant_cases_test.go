package kinds

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/constant"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/process"
	"kolmo/sgd"
)

// Where f is not convex e grows like e^{2t} with a feature of the size e^{-t}: what is
// predicted is right up to every time at which it is said to be resolved, and over the
// times at which the learning rates show a constant the measured one agrees.
func TestPredictedConstantOfADoubleWell(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	w := doubleWell
	w.Etas = []int{64, 128}
	p := trial.Build(t, w)
	p.Models, p.Horizon = trial.ModelsOf(p, sgd.SecondOrder), 3
	s, err := computeUnits(t.Context(), p, nil, compare.Shard{K: 1, Of: 1})
	if err != nil {
		t.Fatal(err)
	}
	res := new(compare.Result)
	if err := s.list[0].Collect(res); err != nil {
		t.Fatal(err)
	}
	path := s.constant.Predicted[[2]int{}].Path
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
	if !c.Certified || c.Eta != 1./128 || math.Abs(float64(c.Measured/c.Predicted)-1) > 0.1 || math.Abs(float64(c.Richardson/c.Predicted)-1) > 0.03 {
		t.Errorf("%+v", c)
	}
}

// A hilltop, from which every path leaves the grid, in closed form: phi = x^2 and
// f = -x^2/2 + xi x give e = (2/3) t x^2 e^{2t} - (e^{2t} - 1)/2. Collocation amplifies
// what rounding leaves; what is predicted is right or nothing.
func TestPredictedConstantOfAHilltop(t *testing.T) {
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "hilltop", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}},
		Loss: "-x^2/2 + xi*x", Observables: [][2]string{{"square", "x^2"}}, R: 2, Etas: []int{4, 8}})
	p.Models, p.Horizon = trial.ModelsOf(p, sgd.SecondOrder), 2
	s, err := computeUnits(t.Context(), p, nil, compare.Shard{K: 1, Of: 1})
	if err != nil {
		t.Fatal(err)
	}
	path := s.constant.Predicted[[2]int{}].Path
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
	row := func(eta float64, certified bool) constant.MeasuredGap {
		return constant.MeasuredGap{Row: compare.GapRow{Key: compare.Key{Eta: eta}, Gap: compare.Number(eta * eta * (3 + eta)), Error: 1e-9, Certified: certified}}
	}
	c := compare.ConstantRow{Order: 2}
	constant.Measure(new(compare.Problem), &c, []constant.MeasuredGap{row(0.25, true), row(0.125, true), row(0.0625, false)})
	if c.Eta != 0.0625 || c.Certified || math.Abs(float64(c.Measured)-3.0625) > 1e-12 {
		t.Errorf("%+v, want gap/eta^2 at 1/16", c)
	}
	if math.Abs(float64(c.Richardson)-3) > 1e-12 || len(c.RichardsonEtas) != 2 || c.RichardsonEtas[1] != 0.125 {
		t.Errorf("%+v, want the extrapolation from 1/4 and 1/8", c)
	}
	constant.Measure(new(compare.Problem), &c, []constant.MeasuredGap{row(0.25, true), {Row: compare.GapRow{Key: compare.Key{Eta: 0.125}, Gap: compare.Number(math.NaN()), Error: compare.Number(math.NaN())}}})
	if c.Eta != 0.125 || c.Measured == c.Measured || c.Richardson == c.Richardson {
		t.Errorf("%+v, want nothing where the smallest rate has no gap", c)
	}
}

// Least squares in the plane with an outlier, second-order-constant-noise and a quartic, exact by moments: gap/eta tends to
// 1498.76. The top of the gap is between two steps of 1/8, which two rates cannot know as a correction.
func TestStepsBesideTheTopWidenConstants(t *testing.T) {
	t.Parallel()
	p := &compare.Problem{Dynamics: struct{ process.Dynamics }{}}
	p.Ball.Center, p.Ball.R = []float64{0.45, -0.67}, 6
	measured := func(eta float64, gap []float64, x ...compare.Number) constant.MeasuredGap {
		c := &compare.Curve{T: []float64{0.125 - eta, 0.125, 0.125 + eta}, Gap: gap, Images: []float64{gap[1], 0, 0, 0}}
		return constant.MeasuredGap{Curve: c, Row: compare.GapRow{Key: compare.Key{Eta: eta}, Gap: compare.Number(gap[1]), Error: 1e-9, Certified: true, GapPlace: compare.GapPlace{T: 0.125, X: x}}}
	}
	c := compare.ConstantRow{Order: 1}
	constant.Measure(p, &c, []constant.MeasuredGap{
		measured(1./8, []float64{0, 211.54092955, 144.14252458}, 6.1309, 1.2605),
		measured(1./16, []float64{90.630097753, 103.80743756, 89.285671149}, 6.1912, 1.0730),
	})
	if off := math.Abs(float64(c.Richardson) - 1498.76); off > float64(c.RichardsonError) || c.RichardsonError > 300 {
		t.Errorf("%.2f +- %.2f does not hold 1498.76, or says nothing", c.Richardson, c.RichardsonError)
	}
}

// Steps are kept evenly at first, and ever more sparsely.
func TestKeptSteps(t *testing.T) {
	t.Parallel()
	count := 0
	for n := 1; n <= 1<<20; n++ {
		if constant.Keeps(n) {
			count++
		}
		if n == constant.KeptSteps && count != n {
			t.Fatalf("%d of the first %d steps", count, n)
		}
	}
	if count > 12*constant.KeptSteps {
		t.Errorf("%d of %d steps", count, 1<<20)
	}
}

// Over t <= horizon the measured constant has the error of the gap up to then, as the horizon
// study knows it, not that of later times.
func TestMeasuredConstantOverAHorizonHasItsError(t *testing.T) {
	t.Parallel()
	horizon := 0.4
	var gaps []constant.MeasuredGap
	for _, eta := range []float64{0.25, 0.125} {
		h := compare.HorizonRow{Key: compare.Key{Eta: eta}}
		for n := range int(4/eta) + 1 {
			t := float64(n) * eta
			h.Times, h.Gap, h.Error = append(h.Times, compare.Number(t)), append(h.Gap, compare.Number(3*eta*t)), append(h.Error, compare.Number(1e-6*math.Exp(4*t)))
		}
		g := constant.MeasuredGap{Row: compare.GapRow{Key: compare.Key{Eta: eta}, Gap: compare.Number(12 * eta), Error: 10, GapPlace: compare.GapPlace{T: 4}}}
		g.OverHorizon(&h)
		gaps = append(gaps, g)
	}
	c := compare.ConstantRow{Order: 1, Horizon: &horizon}
	constant.Measure(new(compare.Problem), &c, gaps)
	if math.Abs(float64(c.Measured)-1.2) > 1e-12 || !(c.MeasuredError >= 1e-6*8 && c.MeasuredError < 1e-4) {
		t.Errorf("measured %.6f +- %.1e, want 1.2 with the error up to t = 0.5", c.Measured, c.MeasuredError)
	}
	if math.Abs(float64(c.Richardson)-1.2) > float64(c.RichardsonError) || c.RichardsonError > 1e-3 {
		t.Errorf("extrapolated %.6f +- %.1e", c.Richardson, c.RichardsonError)
	}
	gaps[1].Errs = nil
	if constant.Measure(new(compare.Problem), &c, gaps); c.MeasuredError != 10/0.125 {
		t.Errorf("without a horizon study: +- %.3g, want the row's", c.MeasuredError)
	}
}
