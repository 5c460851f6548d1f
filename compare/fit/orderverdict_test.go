package fit

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/sgd"
)

// The verdict asks for the fitted order or the extrapolated one, and for what their intervals
// hold.
func TestOrderVerdict(t *testing.T) {
	t.Parallel()
	etas := []float64{0.25, 0.125, 0.0625, 0.03125}
	nan := compare.Number(math.NaN())
	for _, c := range []struct {
		row  compare.OrderRow
		want string
	}{
		{compare.OrderRow{Slope: 2.95, Low: 2.9, High: 3, Extrapolated: 3.2, Etas: etas, Expected: 3}, "claim: confirmed"},
		{compare.OrderRow{Slope: 2.95, Low: 2.9, High: 3, Extrapolated: nan, ExtrapolatedError: nan, Etas: etas, Expected: 3}, "claim: confirmed"},
		{compare.OrderRow{Slope: 2.83, Low: 2.66, High: 3.001, Extrapolated: 3.007, ExtrapolatedError: 0.01, Etas: etas, Expected: 3}, "claim: confirmed by the order 3.007 extrapolated to eta = 0"},
		{compare.OrderRow{Slope: 0.88, Low: 0.73, High: 0.99, Extrapolated: 1.015, ExtrapolatedError: 0.065, Etas: etas, Expected: 1}, "claim: confirmed by the order 1.015 extrapolated to eta = 0"},
		{compare.OrderRow{Slope: 2.31, Low: 1.66, High: 2.955, Extrapolated: 3.017, ExtrapolatedError: 0.307, Etas: etas, Expected: 3}, "claim: not refuted, the order 3.02 +- 0.31 extrapolated to eta = 0 holds 3"},
		{compare.OrderRow{Slope: 1.75, Low: 0.93, High: 2.58, Extrapolated: 2.09, ExtrapolatedError: 0.23, Etas: etas, Expected: 2}, "claim: not refuted, the order 2.09 +- 0.23 extrapolated to eta = 0 holds 2"},
		{compare.OrderRow{Slope: 2.83, Low: 2.66, High: 3.001, Extrapolated: 3.007, ExtrapolatedError: 2, Etas: etas, Expected: 3}, "claim: not decided, the order extrapolated to eta = 0 is 3.01 +- 2.00; more and smaller learning rates may tell"},
		{compare.OrderRow{Slope: 2.83, Low: 2.66, High: 3.001, Extrapolated: nan, ExtrapolatedError: nan, Etas: etas, Expected: 3}, "claim: not refuted, the interval of the order holds 3"},
		{compare.OrderRow{Slope: 2.06, Low: -0.66, High: 4.78, Extrapolated: 3.6, ExtrapolatedError: 1.7, Etas: etas, Expected: 2}, "no power law at these learning rates: the values do not lie on a line, as where terms of two powers of eta are about as large"},
		{compare.OrderRow{Slope: 2.1, Low: 2, High: 2.2, Extrapolated: 2, Etas: etas, Expected: 3}, "claim: not seen at these learning rates"},
		{compare.OrderRow{Slope: 4, Low: 3.9, High: 4.1, Extrapolated: 4, Etas: etas, Expected: 3}, "claim: holds, the difference falls faster than that here"},
		{compare.OrderRow{Slope: 1.97, Low: 1.9, High: 2.05, Extrapolated: 1.89, ExtrapolatedError: 1.89, Etas: etas, Expected: 2}, "claim: not decided, the order extrapolated to eta = 0 is 1.89 +- 1.89; more and smaller learning rates may tell"},
		// Without a claim.
		{compare.OrderRow{Slope: 2.01, Low: 1.99, High: 2.03, Extrapolated: 2, ExtrapolatedError: 0.01, Etas: etas}, "no order is claimed"},
		{compare.OrderRow{Slope: 0.4, Low: 0.2, High: 0.6, Extrapolated: 0.01, ExtrapolatedError: 0.01, Etas: etas}, "no order is claimed"},
		{compare.OrderRow{Slope: 0.02, Low: -0.1, High: 0.14, Extrapolated: 0, ExtrapolatedError: 0.01, Etas: etas}, "no order is claimed; the difference does not fall with eta at these learning rates"},
		{compare.OrderRow{Slope: -0.6, Low: -1.5, High: 0.3, Extrapolated: 0.1, ExtrapolatedError: 0.7, Etas: etas}, "no order is claimed; the difference does not fall with eta at these learning rates"},
		{compare.OrderRow{Slope: 2, Low: 0.5, High: 3.5, Extrapolated: 0.1, ExtrapolatedError: 0.1, Etas: etas}, "no power law at these learning rates: the values do not lie on a line, as where terms of two powers of eta are about as large"},
		{compare.OrderRow{Slope: 0, Etas: etas[:2]}, "2 learning rates with a value above its error are too few for a verdict"},
		{compare.OrderRow{Slope: 3, Etas: etas[:2], Expected: 3}, "2 learning rates with a value above its error are too few for a verdict"},
	} {
		if got := OrderVerdict(c.row, "claim", "the difference"); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// Gaps, one-step errors, stationary values and mean shifts are judged by the same rule: an
// order that drifts, and is extrapolated to the claimed one, is confirmed for all of them.
func TestOrderVerdictOfAGap(t *testing.T) {
	t.Parallel()
	var series []*compare.GapRow
	for i := range 4 {
		eta := math.Pow(2, -float64(i+2))
		gap := eta * math.Exp(1.2*eta)
		series = append(series, &compare.GapRow{Key: compare.Key{Eta: eta}, Gap: compare.Number(gap), Error: compare.Number(1e-9 * gap), Certified: true})
	}
	o := FitOrder("phi", trial.Diffusion(sgd.FirstOrder), series)
	if math.Abs(float64(o.Slope)-1) <= ConfirmWithin || !strings.HasPrefix(o.Verdict, "gap <= C eta uniformly in time: confirmed by the order 1.000") {
		t.Errorf("order %.4f, extrapolated %.4f +- %.1e: %s", o.Slope, o.Extrapolated, o.ExtrapolatedError, o.Verdict)
	}
}
