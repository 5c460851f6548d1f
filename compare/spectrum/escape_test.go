package spectrum

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/process"
)

// The limit of actions has in its error what each of theirs does to the parabola through three.
func TestLimitHasTheActionsErrors(t *testing.T) {
	t.Parallel()
	etas := []float64{0.4, 0.2, 0.1}
	limit := func(errs ...float64) compare.EscapeLimit {
		var rows []compare.EscapeRow
		for i, eta := range etas {
			v := compare.EscapeRow{Model: "sgd", Eta: eta, EscapeWell: compare.EscapeWell{Well: compare.WellLeft}, Rate: 1, Certified: true}
			v.Action, v.ActionError = compare.Number(0.5+eta), compare.Number(errs[i])
			rows = append(rows, v)
		}
		return extrapolate(rows, "sgd", compare.WellLeft)
	}
	exact := limit(0, 0, 0)
	if math.Abs(float64(exact.Barrier)-0.5) > 1e-14 {
		t.Errorf("the limit of a line is %g", exact.Barrier)
	}
	// Weights at zero: (0.2)(0.1)/((0.2)(0.3)), -(0.4)(0.1)/((0.2)(0.1)), (0.4)(0.2)/((0.3)(0.1)).
	for i, want := range []float64{1. / 3, 2, 8. / 3} {
		errs := make([]float64, 3)
		errs[i] = 1e-3
		if more := float64(limit(errs...).Error - exact.Error); math.Abs(more-1e-3*want) > 1e-12 {
			t.Errorf("an error of 1e-3 of action %d adds %g, want %g", i, more, 1e-3*want)
		}
	}
}

// The order of a rate's difference has the errors of both rates: it is the same whichever has them.
func TestRateOrderHasBothErrors(t *testing.T) {
	t.Parallel()
	order := func(ofChain, ofModel compare.Number) compare.OrderRow {
		var rows []compare.SpectrumRow
		for _, eta := range []float64{0.25, 0.125, 0.0625} {
			rows = append(rows,
				compare.SpectrumRow{Model: "sgd", Eta: eta, K: 1, Rate: 1, Error: ofChain, Certified: true},
				compare.SpectrumRow{Model: "second-order", Eta: eta, K: 1, Rate: compare.Number(1 + eta*eta), Error: ofModel, Certified: true})
		}
		return orderOf(rows, "sgd", &process.Diffusion{Name: "second-order", Order: 2}, 1)
	}
	exact, chain, model := order(0, 0), order(1e-4, 0), order(0, 1e-4)
	if !(math.Abs(float64(exact.Slope)-2) < 1e-12) {
		t.Fatalf("order %g, want 2", exact.Slope)
	}
	if !(chain.High-chain.Low > 1e-3) || chain.Low != model.Low || chain.High != model.High || chain.ExtrapolatedError != model.ExtrapolatedError {
		t.Errorf("errors of the chain: %g to %g, extrapolated +- %g; of the model: %g to %g, +- %g", chain.Low, chain.High, chain.ExtrapolatedError, model.Low, model.High, model.ExtrapolatedError)
	}
}
