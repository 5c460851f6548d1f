package fit

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/sgd"
)

// rowsOf are certified rows of values that have hardly an error, at halved learning rates.
func rowsOf(eta float64, values ...float64) []*compare.GapRow {
	var series []*compare.GapRow
	for _, v := range values {
		series = append(series, &compare.GapRow{Key: compare.Key{Eta: eta}, Gap: compare.Number(v), Error: compare.Number(1e-12 * math.Abs(v)), Certified: true})
		eta /= 2
	}
	return series
}

// Values on the other side of a change of sign count for no order: stationary differences of
// x^2 - 2.96 x^4 for a loss x^2/2 with noise, of order 2, cross zero between 1/4 and 1/8.
func TestOrderWhereTheSignChanges(t *testing.T) {
	t.Parallel()
	m := trial.Diffusion(sgd.SecondOrder)
	o := FitOrder("phi", m, rowsOf(0.25, -0.006028, 0.002595, 0.001266))
	if o.Slope == o.Slope || o.Extrapolated == o.Extrapolated || len(o.Etas) != 2 {
		t.Errorf("order %.3f, extrapolated %.3f +- %.3f from %v", o.Slope, o.Extrapolated, o.ExtrapolatedError, o.Etas)
	}
	if v := OrderVerdict(o, "claim", "the difference"); v != "no order: the sign changes between eta = 0.25 and 0.125, and 2 learning rate(s) from there on are too few, want 3 or more" {
		t.Error(v)
	}
	if o := FitOrder("phi", m, rowsOf(0.25, 3, 2, -1)); o.Slope == o.Slope || !strings.Contains(o.Verdict, "between eta = 0.125 and 0.0625") {
		t.Errorf("order %.3f: %s", o.Slope, o.Verdict)
	}
	// eta^2 (1 - 5 eta) with both signs, from where it changes.
	var values []float64
	for k := 2; k <= 7; k++ {
		eta := math.Pow(2, -float64(k))
		values = append(values, eta*eta*(1-5*eta))
	}
	for n := 4; n <= len(values); n++ {
		for _, sign := range []float64{1, -1} {
			var signed []float64
			for _, v := range values[:n] {
				signed = append(signed, sign*v)
			}
			all, late := FitOrder("phi", m, rowsOf(0.25, signed...)), FitOrder("phi", m, rowsOf(0.125, values[1:n]...))
			if all.Slope != late.Slope || all.Extrapolated != late.Extrapolated || all.ExtrapolatedError != late.ExtrapolatedError {
				t.Errorf("%d rates: %v, from the last sign's %v", n, all, late)
			}
			if !(math.Abs(float64(all.Extrapolated)-2) <= float64(all.ExtrapolatedError)) {
				t.Errorf("%d rates: %.3f +- %.3f does not hold 2", n, all.Extrapolated, all.ExtrapolatedError)
			}
		}
	}
}

// Three rates hold the order of C eta^p (1 + a eta + b eta^2) in 95 of 100 random cases.
func TestOrdersOfThreeRatesHoldThePower(t *testing.T) {
	t.Parallel()
	const draws = 20000
	random := rand.New(rand.NewPCG(26, 4))
	held := 0
	for range draws {
		eta, p := math.Pow(2, -2-3*random.Float64()), 1+float64(random.IntN(3))
		a, b := 2*random.Float64()-1, 2*random.Float64()-1
		var values []float64
		for k := range 3 {
			e := math.Ldexp(eta, -k)
			values = append(values, math.Pow(e, p)*(1+a*e+b*e*e))
		}
		o := FitOrder("phi", trial.Diffusion(sgd.SecondOrder), rowsOf(eta, values...))
		if math.Abs(float64(o.Extrapolated)-p) <= float64(o.ExtrapolatedError) {
			held++
		}
	}
	if share := float64(held) / draws; share < 0.95 {
		t.Errorf("holds in %.3f", share)
	}
}
