package kinds

import (
	"math"
	"sort"
	"testing"

	"pgregory.net/rapid"

	"kolmo/compare"
	"kolmo/compare/constant"
	"kolmo/compare/fit"
	"kolmo/compare/trial"
	"kolmo/process"
	"kolmo/sgd"
)

// The extrapolated order is exact for value = c eta^k e^{a eta}, at any three rates,
// and no errors within the bars move it by more than its own bar says.
func TestExtrapolatedOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k, a := rapid.Float64Range(0.5, 4).Draw(t, "k"), rapid.Float64Range(-2, 2).Draw(t, "a")
		eta := [3]float64{rapid.Float64Range(0.05, 0.5).Draw(t, "eta")}
		eta[1] = eta[0] * rapid.Float64Range(0.2, 0.8).Draw(t, "ratio")
		eta[2] = eta[1] * rapid.Float64Range(0.2, 0.8).Draw(t, "ratio")
		var value, off, err [3]float64
		for i := range eta {
			value[i] = 3.7 * math.Pow(eta[i], k) * math.Exp(a*eta[i])
			err[i] = 1e-4 * value[i]
			off[i] = value[i] + err[i]*rapid.Float64Range(-1, 1).Draw(t, "off")
		}
		if got, _, _ := fit.ExtrapolatedOrder(eta, value, [3]float64{}); math.Abs(got-k) > 1e-9 {
			t.Fatalf("order %.12g, want %.12g", got, k)
		}
		if got, bar, _ := fit.ExtrapolatedOrder(eta, off, err); math.Abs(got-k) > bar*1.001 {
			t.Fatalf("order %.9g +- %.2g, want %.9g", got, bar, k)
		}
	})
	// Halved rates: 2 p(eta) - p(2 eta), for a gap with a second term.
	gap := func(e float64) float64 { return e * e * (1 + 0.4*e) }
	got, _, _ := fit.ExtrapolatedOrder([3]float64{0.04, 0.02, 0.01}, [3]float64{gap(0.04), gap(0.02), gap(0.01)}, [3]float64{})
	want := 2*math.Log2(gap(0.02)/gap(0.01)) - math.Log2(gap(0.04)/gap(0.02))
	if math.Abs(got-want) > 1e-12 || math.Abs(got-2) > 1e-4 {
		t.Errorf("order %.9f, want %.9f and close to 2", got, want)
	}
}

// The orders of a study are stated with that number; fewer than three rates have none.
func TestOrdersAreExtrapolated(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Observables, s.Etas = s.Observables[:1], []int{32, 64, 128}
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.SecondOrder, sgd.FirstOrder)
	for _, o := range gapOf(t, p, nil).Order {
		if d := math.Abs(float64(o.Extrapolated) - float64(o.Expected)); !(d <= 0.005) || !(o.ExtrapolatedError > 0) {
			t.Errorf("%s: extrapolated order %.6f +- %.1e, want %d", o.Model, float64(o.Extrapolated), float64(o.ExtrapolatedError), o.Expected)
		}
	}
	p.Etas = p.Etas[:2]
	for _, o := range gapOf(t, p, nil).Order {
		if o.Extrapolated == o.Extrapolated || o.ExtrapolatedError == o.ExtrapolatedError {
			t.Errorf("%s: extrapolated order %v from two rates", o.Model, o.Extrapolated)
		}
	}
}

// The errors of orders and constants that are extrapolated from four rates and more hold
// what the extrapolation leaves where the values themselves have hardly any error, up to
// the third power of the smallest rate: c eta^k (1 + a eta + b eta^2) has the order k and the
// constant c. Three rates cannot tell whether terms cancel (TestOrdersOfThreeRatesHoldThePower).
func TestExtrapolationErrorsHoldTheRemainder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(-1, 1).Draw(t, "a"), rapid.Float64Range(-2, 2).Draw(t, "b")
		rates := rapid.IntRange(4, 6).Draw(t, "rates")
		var series []*compare.GapRow
		var gaps []constant.MeasuredGap
		for i := range rates {
			eta := math.Pow(2, -float64(i+4))
			gap := 3 * eta * eta * (1 + a*eta + b*eta*eta)
			row := compare.GapRow{Key: compare.Key{Eta: eta}, Gap: compare.Number(gap), Error: compare.Number(1e-12 * gap), Certified: true}
			series, gaps = append(series, &row), append(gaps, constant.MeasuredGap{Row: row})
		}
		slack := 30 * math.Pow(series[rates-1].Eta, 3)
		o := fit.FitOrder("phi", trial.Diffusion(sgd.SecondOrder), series)
		if off := math.Abs(float64(o.Extrapolated) - 2); !(off <= float64(o.ExtrapolatedError)+slack) {
			t.Fatalf("order %.9f +- %.1e, off by %.1e", o.Extrapolated, o.ExtrapolatedError, off)
		}
		c := compare.ConstantRow{Order: 2}
		constant.Measure(new(compare.Problem), &c, gaps)
		if off := math.Abs(float64(c.Richardson) - 3); !(off <= float64(c.RichardsonError)+slack) {
			t.Fatalf("constant %.9f +- %.1e, off by %.1e", c.Richardson, c.RichardsonError, off)
		}
	})
}

// A change from the larger rates that vanishes by chance is no error: the local orders 1.0636,
// 1.0296 and 1.0126 lie on a line through 0.9955, but the gap is c eta (1 + ..), and constants
// likewise.
func TestExtrapolationErrorsWhereChangesVanish(t *testing.T) {
	t.Parallel()
	local := []float64{1.0636, 1.0296, 1.0126}
	gap, eta := 1.0, 0.25
	series := []*compare.GapRow{{Key: compare.Key{Eta: eta}, Gap: 1, Error: 1e-9, Certified: true}}
	for _, p := range local {
		gap, eta = gap*math.Pow(2, -p), eta/2
		series = append(series, &compare.GapRow{Key: compare.Key{Eta: eta}, Gap: compare.Number(gap), Error: compare.Number(1e-9 * gap), Certified: true})
	}
	o := fit.FitOrder("phi", trial.Diffusion(sgd.FirstOrder), series)
	if off := math.Abs(float64(o.Extrapolated) - 1); off < 1e-3 || off > float64(o.ExtrapolatedError) || o.ExtrapolatedError > 0.02 {
		t.Errorf("order %.5f +- %.1e: does not hold 1", o.Extrapolated, o.ExtrapolatedError)
	}
	// 1 + 3 eta + b eta^2 + d eta^3 with d such that the last change is zero: three rates,
	// and four, of which the change before says what is left.
	for rates := 3; rates <= 4; rates++ {
		const b = 2.0
		last := math.Pow(2, -float64(rates+1))
		// The change from 2 eta to eta is 6 b eta^2 + 42 d eta^3.
		d := -b / (7 * last)
		var gaps []constant.MeasuredGap
		for i := range rates {
			e := math.Pow(2, -float64(i+2))
			value := 1 + 3*e + b*e*e + d*e*e*e
			gaps = append(gaps, constant.MeasuredGap{Row: compare.GapRow{Key: compare.Key{Eta: e}, Gap: compare.Number(e * value), Error: compare.Number(1e-12 * e), Certified: true}})
		}
		c := compare.ConstantRow{Order: 1}
		constant.Measure(new(compare.Problem), &c, gaps)
		if off := math.Abs(float64(c.Richardson) - 1); off < 1e-3 || off > float64(c.RichardsonError) || float64(c.RichardsonError) > 30*off {
			t.Errorf("%d rates: constant %.6f +- %.1e, off by %.1e", rates, c.Richardson, c.RichardsonError, off)
		}
	}
}

// Constants count that the largest gap is elsewhere: the largest gaps of 0.67 x + 1.5 x^2 - 1.5 x^3
// on a quadratic loss, of the gradient flow, are at x = 2, and e is at x = -2. With the place or the time of the larger rate's another
// than the smaller one's, what it has less there counts.
func TestConstantsOfGapsThatJump(t *testing.T) {
	t.Parallel()
	p := &compare.Problem{Dynamics: struct{ process.Dynamics }{}}
	p.Ball.Center, p.Ball.R = []float64{0}, 2
	const rates = 4
	measure := func(place, time, image [rates]float64, value [rates]float64) compare.ConstantRow {
		var gaps []constant.MeasuredGap
		for i, eta := range []float64{0.5, 0.25, 0.125, 0.0625} {
			row := compare.GapRow{Key: compare.Key{Eta: eta}, Gap: compare.Number(eta * value[i]), Error: 1e-12, Certified: true, GapPlace: compare.GapPlace{T: time[i], X: []compare.Number{compare.Number(place[i])}}}
			curve := &compare.Curve{Eta: eta, T: []float64{0, time[i], 2 * time[i]}, Gap: []float64{0, eta * value[i], 0}, Images: []float64{eta * value[i], eta * image[i]}}
			gaps = append(gaps, constant.MeasuredGap{Row: row, Curve: curve})
		}
		c := compare.ConstantRow{Order: 1}
		constant.Measure(p, &c, gaps)
		return c
	}
	same, still := [rates]float64{2, 2, 2, 2}, [rates]float64{1, 1, 1, 1}
	value := [rates]float64{1.48, 1.24, 1.12, 1.06} // 1 + 0.96 eta
	plain := measure(same, still, value, value)
	if off := math.Abs(float64(plain.Richardson) - 1); off > 1e-9 || plain.RichardsonError > 1e-9 {
		t.Errorf("of an even gap that stays: %.6f +- %.2g", plain.Richardson, plain.RichardsonError)
	}
	if c := measure([rates]float64{2, 2, 2, -2}, still, value, value); c.RichardsonError > 1e-9 {
		t.Errorf("of an even gap that goes to its image: %.6f +- %.2g", c.Richardson, c.RichardsonError)
	}
	// Where it was before, the gap of 1/8 is a quarter less: 2 a - b, b = 3/4 1.12.
	if c := measure([rates]float64{2, 2, 2, -2}, still, [rates]float64{0, 0, 0.84, 0}, value); math.Abs(float64(c.RichardsonError)-0.28) > 1e-9 {
		t.Errorf("of a gap that jumps: %.6f +- %.4f", c.Richardson, c.RichardsonError)
	}
	if c := measure(same, [rates]float64{1, 1, 1, 0.5}, value, value); math.Abs(float64(c.RichardsonError)-0.56) > 1e-9 {
		t.Errorf("of a gap at another time: %.6f +- %.4f", c.Richardson, c.RichardsonError)
	}
	// e at x = -2 is 0.87378, and the gaps at the step of the largest show that they grow there.
	c := measure(same, still, [rates]float64{0, 0, 0.43261581, 0.58552245}, [rates]float64{2.41356, 1.33601, 0.90590514, 0.75337128})
	if off := math.Abs(float64(c.Richardson) - 0.87377699); off > float64(c.RichardsonError) {
		t.Errorf("of a gap that an image overtakes: %.6f +- %.4f, off by %.4f", c.Richardson, c.RichardsonError, off)
	}
}

// Curves have the gap at the mirror images of its place, as the field has it there; it is
// another one where the observable is not even.
func TestGapsAtMirrorImages(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Observables, s.Etas = [][2]string{{"square", "x^2"}, {"cubic", "x^2 - x^3"}}, []int{4}
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.FirstOrder)
	r := gapOf(t, p, nil)
	if len(r.Curves) != 2 || len(r.Rasters) != 2 {
		t.Fatalf("%d curves, %d fields", len(r.Curves), len(r.Rasters))
	}
	for i, c := range r.Curves {
		gap, field := float64(r.Gap[i].Gap), r.Rasters[i]
		if len(c.Images) != 2 || math.Abs(c.Images[0]-gap) > 1e-9*gap {
			t.Fatalf("%s: %v at the place and its image, of a gap %.9g", c.Observable, c.Images, gap)
		}
		k := sort.SearchFloat64s(field.X1, -float64(r.Gap[i].X[0])-1e-9)
		if near := math.Abs(field.Values[k]); math.Abs(c.Images[1]-near) > 0.01*gap {
			t.Errorf("%s: %.6g at the image, the field has %.6g", c.Observable, c.Images[1], near)
		}
		if even := c.Observable == "square"; even != (math.Abs(c.Images[1]-gap) < 1e-6*gap) {
			t.Errorf("%s: %.6g at the image of a gap %.6g", c.Observable, c.Images[1], gap)
		}
	}
}
