package fit

import (
	"fmt"
	"math"

	"kolmo/compare"
)

// Constants of verdicts on orders.
const (
	// LeastVerdictEtas is the fewest learning rates that a verdict is given on.
	LeastVerdictEtas = 3
	// ConfirmWithin is how far an order may be from the theory's and still confirm it.
	ConfirmWithin = 0.1
	// widestOrder is the width of an order's interval beyond which it says nothing.
	widestOrder = 1
)

// OrderVerdict says what an order in eta shows of a claim about a quantity, "the gap".
// It is the one rule for gaps, one-step errors, stationary values and mean shifts. A claim is
// confirmed by the fitted order or, where that still drifts, by the one extrapolated to
// eta = 0; it is not refuted where the interval of either holds the claimed order, and says
// something. Where no order is claimed, it says so, and whether the quantity falls at all.
func OrderVerdict(o compare.OrderRow, claim, quantity string) string {
	want := compare.Number(o.Expected)
	near := func(v compare.Number) bool { return math.Abs(float64(v-want)) <= ConfirmWithin }
	wide := !(o.High-o.Low <= widestOrder)
	off := compare.Number(math.Abs(float64(o.Extrapolated - want)))
	switch {
	case len(o.Etas) > 0 && o.Slope != o.Slope:
		return o.Verdict // why there is none
	case len(o.Etas) < LeastVerdictEtas:
		return fmt.Sprintf("%d learning rates with a value above its error are too few for a verdict", len(o.Etas))
	case o.Expected == 0 && o.Slope <= ConfirmWithin:
		return "no order is claimed; " + quantity + " does not fall with eta at these learning rates"
	case o.Expected == 0 && !wide:
		return "no order is claimed"
	case near(o.Slope) && !wide:
		return claim + ": confirmed"
	case o.Expected > 0 && near(o.Extrapolated) && o.ExtrapolatedError <= ConfirmWithin:
		return fmt.Sprintf("%s: confirmed by the order %.3f extrapolated to eta = 0", claim, float64(o.Extrapolated))
	case o.Expected > 0 && off <= o.ExtrapolatedError && o.ExtrapolatedError <= widestOrder/2.:
		return fmt.Sprintf("%s: not refuted, the order %.2f +- %.2g extrapolated to eta = 0 holds %d", claim, float64(o.Extrapolated), float64(o.ExtrapolatedError), o.Expected)
	case wide:
		return "no power law at these learning rates: the values do not lie on a line, as where they change sign"
	case o.Low <= want && want <= o.High:
		return fmt.Sprintf("%s: not refuted, the interval of the order holds %d", claim, o.Expected)
	case o.Slope > want:
		return claim + ": holds, " + quantity + " falls faster than that here"
	}
	return claim + ": not seen at these learning rates"
}
