package fit

import (
	"fmt"
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/process"
)

// FitEtas is the number of smallest certified learning rates that an order is
// fitted to.
const FitEtas = 4

// Orders fits the order of the gap in eta for every observable and model and
// sets the local orders of the rows.
func Orders(p *compare.Problem, rows []compare.GapRow, curves []compare.Curve) []compare.OrderRow {
	var out []compare.OrderRow
	places := &orderPlaces{p: p, curves: curves}
	for _, o := range p.Observables {
		for _, m := range p.Models {
			var series []*compare.GapRow
			for i := range rows {
				if rows[i].Observable == o.Name() && rows[i].Model == m.Name {
					series = append(series, &rows[i])
				}
			}
			for i, r := range series {
				r.LocalOrder = compare.Number(math.NaN())
				if i > 0 {
					a := series[i-1]
					r.LocalOrder = compare.Number(math.Log(float64(a.Gap/r.Gap)) / math.Log(a.Eta/r.Eta))
				}
			}
			row := fitOrderAt(o.Name(), m, series, places)
			if len(row.Etas) > 0 && slices.ContainsFunc(series, func(r *compare.GapRow) bool { return r.Horizon != nil }) {
				row.Verdict = gapVerdict(row, "", "for t <= horizon") // of which Theorem 1 does not speak
			}
			out = append(out, row)
		}
	}
	return out
}

// MostFitError is the largest relative error of a row that is fitted: a gap of
// zero is certified by its size alone and has no order.
const MostFitError = 0.2

// FewRates multiplies the last correction where no further rate shows whether it is small by
// chance: orders take up three rates with their first correction, and constants two. Of
// C eta^p (1 + a eta + b eta^2) with a and b between -1 and 1 three rates hold p in 97 of 100.
const FewRates = 3

// FitOrder fits the order to the last certified rows, of values without a place. Values with a
// sign count from where it last changes: what crosses zero follows no power there.
func FitOrder(observable string, m *process.Diffusion, series []*compare.GapRow) compare.OrderRow {
	return fitOrderAt(observable, m, series, nil)
}

// fitOrderAt fits the order to the last certified rows.
func fitOrderAt(observable string, m *process.Diffusion, series []*compare.GapRow, places *orderPlaces) compare.OrderRow {
	nan := compare.Number(math.NaN())
	row := compare.OrderRow{Observable: observable, Model: m.Name, Slope: nan, Low: nan, High: nan, Etas: []float64{}, Expected: m.Order, Extrapolated: nan, ExtrapolatedError: nan}
	var used []*compare.GapRow
	for _, r := range series {
		if r.Certified && float64(r.Error) < MostFitError*math.Abs(float64(r.Gap)) {
			used = append(used, r)
		}
	}
	if len(used) < 2 {
		row.Verdict = fmt.Sprintf("no order: %s certified with a value well above its error, and two are needed", []string{"no learning rate is", "one learning rate is"}[len(used)])
		return row
	}
	side := lastSide(used)
	if side > 0 && len(used)-side < LeastVerdictEtas {
		row.Verdict = compare.Say("no order: the sign changes between eta = %.4g and %.4g, and %d learning rate(s) from there on are too few, want %d or more", used[side-1].Eta, used[side].Eta, len(used)-side, LeastVerdictEtas)
	}
	used = used[max(side, len(used)-FitEtas):]
	var eta, value, err []float64
	for _, r := range used {
		row.Etas = append(row.Etas, r.Eta)
		eta, value, err = append(eta, r.Eta), append(value, math.Abs(float64(r.Gap))), append(err, float64(r.Error))
	}
	if row.Verdict != "" {
		return row
	}
	slope, half := PowerFit(eta, value, err)
	row.Slope, row.Low, row.High = compare.Number(slope), compare.Number(slope-half), compare.Number(slope+half)
	if k := len(eta); k >= 3 {
		order, bar, weights := ExtrapolatedOrder([3]float64(eta[k-3:]), [3]float64(value[k-3:]), [3]float64(err[k-3:]))
		for i, w := range weights {
			bar += math.Abs(w) * places.change(used[k-3+i], used[k-2+i])
		}
		// What the extrapolation leaves is less than its last correction and than its change from
		// the larger rates: either may vanish by chance. Without a fourth rate there is only the one.
		last := math.Log(value[k-2]/value[k-1]) / math.Log(eta[k-2]/eta[k-1])
		left := math.Abs(order - last)
		if k == 3 {
			left *= FewRates
		} else {
			before, _, _ := ExtrapolatedOrder([3]float64(eta[k-4:]), [3]float64(value[k-4:]), [3]float64(err[k-4:]))
			left = max(left, math.Abs(order-before))
		}
		row.Extrapolated, row.ExtrapolatedError = compare.Number(order), compare.Number(bar+left)
	}
	row.Verdict = gapVerdict(row, m.Claim, "uniformly in time")
	return row
}

// lastSide returns the index of the first of the last rows of one sign.
func lastSide(rows []*compare.GapRow) int {
	k := max(0, len(rows)-1)
	for k > 0 && math.Signbit(float64(rows[k-1].Gap)) == math.Signbit(float64(rows[k].Gap)) {
		k--
	}
	return k
}

// gapVerdict says what the order of the gap shows of the theory, over all times or others.
func gapVerdict(row compare.OrderRow, theorem, when string) string {
	claim := "gap <= C eta " + when
	if row.Expected == 2 {
		claim = "gap <= C eta^2 " + when
	}
	if theorem != "" {
		claim += " (" + theorem + ")"
	}
	return OrderVerdict(row, claim, "the gap")
}

// Constants of verdicts on orders.
const (
	// LeastVerdictEtas is the fewest learning rates that a verdict is given on.
	LeastVerdictEtas = 3
	// ConfirmWithin is how far an order may be from the theory's and still confirm it.
	ConfirmWithin = compare.OrderWithin
)

// OrderVerdict says what an order in eta shows of a claim about a quantity, "the gap".
// It is the one rule for gaps, one-step errors, stationary values and mean shifts. A claim is
// not decided where the order extrapolated to eta = 0 may be any. It is confirmed by the fitted order or, where that
// still drifts, by the extrapolated one; it is not refuted where the interval of either holds the claimed order, and says
// something. Where no order is claimed, it says so, and whether the quantity falls at all.
func OrderVerdict(o compare.OrderRow, claim, quantity string) string {
	want := compare.Number(o.Expected)
	near := func(v compare.Number) bool { return math.Abs(float64(v-want)) <= ConfirmWithin }
	wide := !(o.High-o.Low <= 2*compare.WidestOrder)
	off := compare.Number(math.Abs(float64(o.Extrapolated - want)))
	switch {
	case len(o.Etas) > 0 && o.Slope != o.Slope:
		return o.Verdict // why there is none
	case len(o.Etas) < LeastVerdictEtas:
		return fmt.Sprintf("%d learning rates with a value above its error are too few for a verdict", len(o.Etas))
	case o.Expected == 0 && !o.Falls():
		return "no order is claimed; " + quantity + " does not fall with eta at these learning rates"
	case o.Expected == 0 && !wide:
		return "no order is claimed"
	case o.Expected > 0 && !wide && o.ExtrapolatedError > compare.WidestOrder:
		return compare.Say("%s: not decided, the order extrapolated to eta = 0 is %.2f +- %.2f; more and smaller learning rates may tell", claim, float64(o.Extrapolated), float64(o.ExtrapolatedError))
	case near(o.Slope) && !wide:
		return claim + ": confirmed"
	case o.Expected > 0 && near(o.Extrapolated) && o.ExtrapolatedError <= ConfirmWithin:
		return compare.Say("%s: confirmed by the order %.3f extrapolated to eta = 0", claim, float64(o.Extrapolated))
	case o.Expected > 0 && off <= o.ExtrapolatedError && o.ExtrapolatedError <= compare.WidestOrder:
		return compare.Say("%s: not refuted, the order %.2f +- %.2f extrapolated to eta = 0 holds %d", claim, float64(o.Extrapolated), float64(o.ExtrapolatedError), o.Expected)
	case wide:
		return "no power law at these learning rates: the values do not lie on a line, as where terms of two powers of eta are about as large"
	case o.Low <= want && want <= o.High:
		return fmt.Sprintf("%s: not refuted, the interval of the order holds %d", claim, o.Expected)
	case o.Slope > want:
		return claim + ": holds, " + quantity + " falls faster than that here"
	}
	return claim + ": not seen at these learning rates"
}
