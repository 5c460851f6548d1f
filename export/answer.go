package export

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"kolmo/compare"
)

// Answer returns what a result says, in a line or two for each kind of study that it was asked
// for.
func Answer(r *compare.Result) []string {
	var out []string
	for _, k := range r.Kinds() {
		out = append(out, answerOf(r, k)...)
	}
	return out
}

// answers are what each kind of study says.
var answers = map[compare.Study]func(r *compare.Result) []string{
	compare.StudyGap: gapAnswer, compare.StudyLocalError: localAnswer, compare.StudyDecay: decayAnswer,
	compare.StudyHorizon: horizonAnswer, compare.StudyStationary: stationaryAnswer, compare.StudySpectrum: spectrumAnswer,
	compare.StudyCrossing: crossingAnswer, compare.StudyVariation: variationAnswer,
}

// answerOf returns the answer of one kind.
func answerOf(r *compare.Result, k compare.Study) []string {
	if answer := answers[k]; answer != nil {
		return answer(r)
	}
	return nil
}

// WriteAnswer writes the answers in lines of at most 80 columns, and nothing if there are none.
func WriteAnswer(w io.Writer, r *compare.Result) error {
	b := bufio.NewWriter(w)
	for _, line := range Answer(r) {
		wrap(b, "", "  ", line)
	}
	return b.Flush()
}

// RunBall is the key of a result's run under which the ball stands in words, "|x| <= 4".
const RunBall = "ball"

// gapAnswer says how the gap of the first observable and model falls, and what the eta/4 term is
// worth.
func gapAnswer(r *compare.Result) []string {
	if len(r.Gap) == 0 {
		return nil
	}
	certified, rows := r.Answered(compare.StudyGap)
	first := r.Gap[0]
	line := chainName(r) + " against the " + clean(first.Model) + " diffusion"
	if slices.ContainsFunc(r.Gap, func(g compare.GapRow) bool { return g.Observable != first.Observable }) {
		line += " (" + clean(first.Observable) + ")"
	}
	order := findOrder(r.Order, first.Observable, first.Model)
	if last := lastCertified(r, first.Observable, first.Model); last != nil && order != nil && order.Expected > 0 {
		c := float64(last.Gap) / math.Pow(last.Eta, float64(order.Expected))
		line += fmt.Sprintf(": gap = %s %s, %s", strconv.FormatFloat(c, 'g', 3, 64), etaPower(order.Expected), orderDigits(order))
	} else if order != nil && order.Expected == 0 {
		line += ": " + orderDigits(order)
	}
	times := ", all times"
	if r.Until != nil {
		times = ", t <= " + formatTime(float64(*r.Until))
	}
	if ball, ok := r.Run[RunBall].(string); ok {
		ball, _, _ = strings.Cut(ball, ";") // behind it, where a noise ends
		times += ", " + clean(ball)
	}
	what := fmt.Sprintf("%d of %d rows certified", certified, rows)
	if r.Until != nil && !overHorizon(r) {
		what = "nothing is claimed for all times"
	}
	out := []string{line + times + ", " + what}
	for _, m := range r.Models {
		// A negative control says what a term is worth beside a model that has it.
		if o := findOrder(r.Order, first.Observable, m.Name); m.Control != "" && m.Name != first.Model && o != nil && o.Slope == o.Slope {
			out = append(out, "without "+clean(m.TermName)+": "+orderDigits(o))
		}
	}
	return out
}

// overHorizon reports that all suprema are over t <= Until by definition, so that their rows answer
// what was asked.
func overHorizon(r *compare.Result) bool {
	return r.Until != nil && len(r.Gap) > 0 && !slices.ContainsFunc(r.Gap, func(g compare.GapRow) bool { return g.Horizon == nil })
}

// findOrder returns the order of an observable and a model, nil if there is none.
func findOrder(orders []compare.OrderRow, observable, model string) *compare.OrderRow {
	for i := range orders {
		if o := &orders[i]; o.Observable == observable && o.Model == model {
			return o
		}
	}
	return nil
}

// lastCertified returns the certified row of the smallest learning rate, nil if there is none.
func lastCertified(r *compare.Result, observable, model string) (last *compare.GapRow) {
	for i := range r.Gap {
		g := &r.Gap[i]
		if g.Observable == observable && g.Model == model && g.Certified && (last == nil || g.Eta < last.Eta) {
			last = g
		}
	}
	return last
}

// orderDigits returns "order 2.00 +- 0.03 (theory 2)": the extrapolated order, or else the fitted
// one with its scatter.
func orderDigits(o *compare.OrderRow) string {
	v, err := o.Extrapolated, o.ExtrapolatedError
	if v-v != 0 || err-err != 0 {
		v, err = o.Slope, (o.High-o.Low)/2
	}
	if v-v != 0 {
		return "no order was fitted"
	}
	text := "order " + honest(float64(v), float64(err))
	if len(o.Etas) == 2 {
		// A slope through two points: what their errors do to it is no measure of how far it is from the order.
		text = "order " + formatFixed(float64(v), 2) + " between two learning rates"
	}
	if o.Expected > 0 {
		text += " (theory " + strconv.Itoa(o.Expected) + ")"
	}
	return text
}

// honest returns "2.00 +- 0.03", with the digits that the error leaves.
func honest(v, err float64) string {
	if err-err != 0 || err <= 0 {
		return formatFixed(v, 2)
	}
	const most = 6
	d := min(max(-decimalExponent(err), 0), most)
	scale := math.Pow(10, float64(d))
	return formatFixed(v, d) + " +- " + formatFixed(math.Ceil(err*scale*(1-1e-12))/scale, d)
}

// localAnswer says how the one-step error falls, and whether its sum bounds the gap.
func localAnswer(r *compare.Result) []string {
	line := "one-step error"
	if len(r.LocalOrder) > 0 {
		o := &r.LocalOrder[0]
		line += fmt.Sprintf(" of %s, %s: %s", clean(o.Observable), clean(o.Model), orderDigits(o))
	}
	holds, known := 0, 0
	for i := range r.LocalError {
		if h := r.LocalError[i].Holds; h != nil {
			known++
			if *h {
				holds++
			}
		}
	}
	return []string{fmt.Sprintf("%s; the bound summed from it holds in %d of %d rows", line, holds, known)}
}

// decayAnswer says whether the derivatives decay.
func decayAnswer(r *compare.Result) []string {
	verdicts := map[string]int{}
	for i := range r.Decay {
		verdicts[r.Decay[i].Verdict]++
	}
	least := math.Inf(1)
	for i := range r.Decay {
		if g := float64(r.Decay[i].Gamma); r.Decay[i].Verdict == compare.DecayPass && g == g {
			least = min(least, g)
		}
	}
	parts := []string{fmt.Sprintf("%d of %d derivatives of u decay", verdicts[compare.DecayPass], len(r.Decay))}
	if !math.IsInf(least, 1) {
		parts[0] += ", the slowest at the rate " + strconv.FormatFloat(least, 'g', 3, 64)
	}
	for _, v := range []struct{ verdict, words string }{{compare.DecayZero, "vanish"}, {compare.DecayFail, "do not"}, {compare.DecayNotResolved, "are not resolved"}} {
		if n := verdicts[v.verdict]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v.words))
		}
	}
	return []string{strings.Join(parts, ", ")}
}

// horizonAnswer says how large the gap is at the horizon, and how long it takes to get there.
func horizonAnswer(r *compare.Result) []string {
	var last *compare.HorizonRow
	for i := range r.Horizon {
		h := &r.Horizon[i]
		if h.Observable == r.Horizon[0].Observable && h.Model == r.Horizon[0].Model && len(h.Gap) > 0 {
			last = h
		}
	}
	if last == nil {
		return nil
	}
	line := fmt.Sprintf("up to t = %s, %s, %s, eta = %s: the gap is %s at the end", formatTime(last.Horizon), clean(last.Observable), clean(last.Model),
		clean(formatEta(last.Eta, last.EtaText)), formatValue(float64(last.Plateau), float64(last.PlateauError)))
	if last.T == last.T {
		line += ", and half of that at t = " + formatTime(float64(last.T))
	}
	return []string{line}
}

// stationaryAnswer says how far the limits are apart at the smallest learning rate.
func stationaryAnswer(r *compare.Result) []string {
	var last *compare.StationaryRow
	for i := range r.Stationary {
		s := &r.Stationary[i]
		if s.Observable == r.Stationary[0].Observable && s.Model == r.Stationary[0].Model && s.Reason == nil {
			last = s
		}
	}
	if last == nil {
		return nil
	}
	line := fmt.Sprintf("as t grows, %s, %s, eta = %s: %s and diffusion differ by %s +- %s", clean(last.Observable), clean(last.Model),
		clean(formatEta(last.Eta, last.EtaText)), chainName(r), formatValue(float64(last.Difference), float64(last.Error)), formatError(float64(last.Error)))
	if o := findOrder(r.StationaryOrder, last.Observable, last.Model); o != nil && o.Slope == o.Slope {
		line += ", " + orderDigits(o)
	}
	return []string{line}
}
