package fit

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/process"
	"kolmo/sgd"
)

// placedRow is a certified row with a gap that has hardly an error.
func placedRow(eta, gap, t float64, x ...compare.Number) *compare.GapRow {
	return &compare.GapRow{Key: compare.Key{Observable: "phi", Model: "m", Eta: eta}, Gap: compare.Number(gap), Error: compare.Number(1e-9 * gap), GapPlace: compare.GapPlace{T: t, X: x}, Certified: true}
}

// Where the largest gap jumps from one place to another between two rates, local orders are
// no longer those of one power series: the heavy ball of friction 4 on a quadratic loss, from
// its closed form, has local orders 1.9059 and 1.8814, then 1.9392, 1.9692 and 1.9845. Places are
// in the coordinates in which its region is a ball of radius 4.
func TestOrderOfAGapThatJumps(t *testing.T) {
	t.Parallel()
	series := []*compare.GapRow{
		placedRow(1./16, 0.14402182, 0.6875, 2.55, -3.08),
		placedRow(1./32, 0.038431584, 0.875, -2.90, -2.756),
		placedRow(1./64, 0.010431193, 0.90625, 2.81, 2.845),
	}
	places := &orderPlaces{p: planeOf(4)}
	for _, r := range series { // as large at (-x, -y) as at (x, y)
		g := float64(r.Gap)
		places.curves = append(places.curves, compare.Curve{Observable: "phi", Model: "m", Eta: r.Eta, Images: []float64{g, g / 2, g / 2, g}})
	}
	alone := FitOrder("phi", trial.Diffusion(sgd.SecondOrder), series)
	if off := math.Abs(float64(alone.Extrapolated) - 2); off < float64(alone.ExtrapolatedError) {
		t.Errorf("%.4f +- %.4f without places: nothing is tested", alone.Extrapolated, alone.ExtrapolatedError)
	}
	o := fitOrderAt("phi", trial.Diffusion(sgd.SecondOrder), series, places)
	if off := math.Abs(float64(o.Extrapolated) - 2); !(off <= float64(o.ExtrapolatedError)) || o.ExtrapolatedError > 0.5 {
		t.Errorf("%.4f +- %.4f does not hold 2, or says nothing", o.Extrapolated, o.ExtrapolatedError)
	}
}

// A mirror image is the same place where the larger rate's gap is as large there, and another
// where that is less or not known.
func TestOrderAtMirrorImages(t *testing.T) {
	t.Parallel()
	series := []*compare.GapRow{
		placedRow(1./32, 0.038431584, 0.875, -2.90, -2.756),
		placedRow(1./64, 0.010431193, 0.90625, 2.81, 2.845),
		placedRow(1./128, 0.0027199589, 0.92, -2.77, -2.88),
	}
	fitted := func(share float64) compare.OrderRow {
		places := &orderPlaces{p: planeOf(4)}
		for _, r := range series {
			g := float64(r.Gap)
			if share > 0 {
				places.curves = append(places.curves, compare.Curve{Observable: "phi", Model: "m", Eta: r.Eta, Images: []float64{g, g / 2, g / 2, share * g}})
			}
		}
		return fitOrderAt("phi", trial.Diffusion(sgd.SecondOrder), series, places)
	}
	alone := FitOrder("phi", trial.Diffusion(sgd.SecondOrder), series).ExtrapolatedError
	if even := fitted(1).ExtrapolatedError; even > alone+0.01 {
		t.Errorf("images as large widen %.4f to %.4f", alone, even)
	}
	// The local orders, of weights -1 and 2, may be too large by -log2 of the share.
	if less := fitted(0.9).ExtrapolatedError; math.Abs(float64(less-alone)+3*math.Log2(0.9)) > 0.01 {
		t.Errorf("images nine tenths as large widen %.4f to %.4f", alone, less)
	}
	if unknown := fitted(0).ExtrapolatedError; unknown < alone+1 {
		t.Errorf("images of which nothing is known widen %.4f to %.4f", alone, unknown)
	}
}

// A time at which the larger rate has less counts as what it has less; a place that moves with
// eta counts by the square of eta, and a time alone beyond a flat curve's end not at all.
func TestPlacesWidenOrders(t *testing.T) {
	t.Parallel()
	curves := []compare.Curve{{Observable: "phi", Model: "m", Eta: 0.5, T: []float64{0, 1, 2, 3}, Gap: []float64{3, 4, 3, 0}, Images: []float64{4, 4, 3.8, 3.8}}}
	places := &orderPlaces{p: planeOf(2), curves: curves}
	for _, c := range []struct {
		t    float64
		x    []compare.Number
		want float64
	}{
		{1, []compare.Number{0, 1}, 0},
		{1, []compare.Number{0, 1.1}, 0.0003125},
		{1, []compare.Number{0, -1}, 0.05},
		{1, []compare.Number{0, -1.9}, 0.05 + 0.0253125},
		{2.5, []compare.Number{0, 1}, 1 - 1.5/4},
		{2.5, []compare.Number{1, 0}, 1 - 1.5/4 + 1./16},
		{7, []compare.Number{0, 1}, farthestPlace},
		{1, []compare.Number{9, 9}, farthestPlace},
	} {
		got := places.change(placedRow(0.5, 4, 1, 0, 1), placedRow(0.25, 1, c.t, c.x...))
		if want := -math.Log2(1 - c.want); math.Abs(got-want) > 1e-12 {
			t.Errorf("t = %g, x = %v: %.6g, want %.6g", c.t, c.x, got, want)
		}
	}
}

// Least squares in the plane by batches of three, first-order and a cubic, exact by moments: local orders are 1.0182,
// 1.0182, then 1.0091 and 1.0045. Steps of 1/8 miss the top of the gap, at t = 0.3, by more than those of 1/16.
func TestStepsBesideTheTopWidenOrders(t *testing.T) {
	t.Parallel()
	places := &orderPlaces{p: planeOf(3)}
	var series []*compare.GapRow
	for _, c := range []struct {
		eta, t float64
		gap    [3]float64
	}{
		{1. / 8, 0.25, [3]float64{1.1807744645, 1.5387560547, 1.5196313981}},
		{1. / 16, 0.3125, [3]float64{0.7479008507, 0.7597230892, 0.7427083700}},
		{1. / 32, 0.3125, [3]float64{0.3741701527, 0.3750992881, 0.3725283568}},
	} {
		g := c.gap[1]
		series = append(series, placedRow(c.eta, g, c.t, 2.4, -1.8))
		places.curves = append(places.curves, compare.Curve{Observable: "phi", Model: "m", Eta: c.eta, T: []float64{c.t - c.eta, c.t, c.t + c.eta}, Gap: c.gap[:], Images: []float64{g, 0, 0, 0}})
	}
	beside := []float64{BetweenSteps(&places.curves[0], series[0]), BetweenSteps(&places.curves[1], series[1]), BetweenSteps(&places.curves[2], series[2])}
	if !(beside[0] > 0.01 && beside[0] < 0.05 && beside[1] < 0.001 && beside[2] < 0.001) {
		t.Errorf("%.4g between the steps", beside)
	}
	o := fitOrderAt("phi", trial.Diffusion(sgd.FirstOrder), series, places)
	if off := math.Abs(float64(o.Extrapolated) - 1); !(off <= float64(o.ExtrapolatedError)) || o.ExtrapolatedError > 0.1 {
		t.Errorf("%.4f +- %.4f does not hold 1, or says nothing", o.Extrapolated, o.ExtrapolatedError)
	}
	places.curves[0].Gap[0] = float64(series[0].Gap * (series[0].Gap / compare.Number(places.curves[0].Gap[2]))) // the top at the step
	if b := BetweenSteps(&places.curves[0], series[0]); b > 1e-4 {
		t.Errorf("a step at the top: %g between the steps", b)
	}
	if b := BetweenSteps(&places.curves[0], placedRow(1./8, 1.5, 0.375)) + BetweenSteps(&places.curves[0], placedRow(1./8, 1.5, 0.3)) + BetweenSteps(nil, series[0]); b != 0 {
		t.Errorf("at an end, at no step and without a curve: %g", b)
	}
}

// The tops of t^p e^{-t}, from the second step on and wherever the steps lie, are as high as is said, up to a twentieth of what is
// missed or a thousandth of the gap. The parabola through three steps misses a half.
func TestTopsBetweenFewSteps(t *testing.T) {
	t.Parallel()
	for _, p := range []float64{1, 2, 3} {
		at := func(t float64) float64 { return math.Pow(t, p) * math.Exp(-t) }
		for h := p / 6; h < p/1.5; h += p / 200 {
			c := &compare.Curve{}
			best := 0
			for n := range 30 {
				c.T, c.Gap = append(c.T, float64(n)*h), append(c.Gap, at(float64(n)*h))
				if c.Gap[n] > c.Gap[best] {
					best = n
				}
			}
			if best < 2 {
				continue
			}
			row := placedRow(h, c.Gap[best], c.T[best])
			missed, said := at(p)/c.Gap[best]-1, BetweenSteps(c, row)
			if missed > 1.05*said+1e-3 || best > 3 && said > 3*missed+0.01 {
				t.Errorf("t^%g e^-t by steps of %.3f: %.5f is missed, %.5f said", p, h, missed, said)
			}
		}
	}
}

// Steps beside the top count at either of two rates.
func TestStepsBesideTheTopCountAtBothRates(t *testing.T) {
	t.Parallel()
	for beside := range 2 { // which of the two
		places := &orderPlaces{p: planeOf(3)}
		var rows []*compare.GapRow
		for i, eta := range []float64{1. / 4, 1. / 8} {
			gap := []float64{0.99, 1, 0.99}
			if i == beside {
				gap = []float64{0.8, 1, 0.99}
			}
			rows = append(rows, placedRow(eta, 1, 0.25, 2.4, -1.8))
			places.curves = append(places.curves, compare.Curve{Observable: "phi", Model: "m", Eta: eta, T: []float64{0.25 - eta, 0.25, 0.25 + eta}, Gap: gap, Images: []float64{1, 0, 0, 0}})
		}
		b := BetweenSteps(&places.curves[beside], rows[beside])
		if got := places.change(rows[0], rows[1]); !(b > 0.01) || !(got >= math.Log1p(b)/math.Ln2) {
			t.Errorf("rate %d: the local order may be off by %.4g, between steps by %.4g", beside, got, b)
		}
	}
}

// planeOf is a problem of a ball around the origin of the plane whose chain has no chart.
func planeOf(R float64) *compare.Problem {
	p := &compare.Problem{Dynamics: struct{ process.Dynamics }{}}
	p.Ball.Center, p.Ball.R = []float64{0, 0}, R
	return p
}
