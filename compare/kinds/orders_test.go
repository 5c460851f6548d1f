package kinds

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"kolmo/compare"
	"kolmo/compare/constant"
	"kolmo/compare/fit"
	"kolmo/compare/trial"
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
// constant c. Three rates cannot tell whether terms cancel.
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
