// Package decay shows how the derivatives of u decay.
package decay

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/results"
	"kolmo/export/table"
	"kolmo/export/view"
)

// Kind is this kind of study.
var Kind = view.Kind{
	Name: string(compare.StudyDecay), Task: "measure how derivatives of u and moments decay (Proposition 1)",
	Answer: decayAnswer, Section: decaySection,
	Files: []view.File{
		{Name: "decay.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.Decay) }},
		{Name: "decay-eta0.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.DecayLimits) }},
		{Name: "decay-time.csv", Table: decayCurves},
		{Name: "moments.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.Moments) }},
	},
}

// decaySection shows how the derivatives of u decay; nil if that was not studied.
func decaySection(r *compare.Result) *view.Section {
	if len(r.Decay) == 0 {
		return nil
	}
	s := &view.Section{
		Short:   "decay of the derivatives",
		Title:   "decay of the derivatives of u (Proposition 1)",
		Intro:   "For every derivative ∂ᴶu up to the fourth order: the rate γ and the constant C in sup |∂ᴶu(·,t)| ≤ C e^(−γt) over the ball, fitted late in the time in which the derivative stands above its error, with an interval that holds what is still to come of the rate's drift, beside the spectral gap of L, to which γ tends over long times unless the observable misses the slowest mode. Proposition 1 claims decay for learning rates up to some η₀(J).",
		Caption: "sup |∂ᴶu| over the ball against time at the smallest and the largest learning rate, a colour per order |J|, with the fitted lines over the times they were fitted to (dotted) and the slope of the spectral gap (dashed).",
	}
	s.Tables = append(s.Tables, table.Of(r.Decay))
	if len(r.Moments) > 0 {
		m := table.Of(r.Moments)
		m.Caption = "moments (2.10): E|X|^2m <= C (1 + |x|^2m e^(-gamma t)), |.| from the centre"
		s.Tables = append(s.Tables, m)
	}
	s.Verdicts = append(s.Verdicts, unresolved(r)...)
	var always, never []string
	for _, l := range r.DecayLimits {
		switch {
		case l.Eta0 == nil:
			never = append(never, table.Index(l.J))
		case *l.Eta0 == largestEta(r):
			always = append(always, table.Index(l.J))
		default:
			s.Verdicts = append(s.Verdicts, fmt.Sprintf("J = %s decays from eta = %s on, not above", table.Index(l.J), l.EtaText))
		}
	}
	if len(always) > 0 {
		s.Verdicts = append(s.Verdicts, "at every learning rate decays J = "+strings.Join(always, ", "))
	}
	if len(never) > 0 {
		s.Verdicts = append(s.Verdicts, "at no learning rate, or not down to the smallest, is decay seen for J = "+strings.Join(never, ", "))
	}
	s.Findings = decayFindings(r)
	s.Figure = decayFigure(r)
	return s
}

// unresolved says why rows have no verdict, a sentence per observable and eta.
func unresolved(r *compare.Result) []string {
	var all []string
	last := ""
	for _, d := range r.Decay {
		if d.Verdict != compare.DecayNotResolved {
			continue
		}
		head := fmt.Sprintf("%s, eta = %s, not resolved: ", d.Observable, d.EtaText)
		why := fmt.Sprintf("J = %s: %s", table.Index(d.J), d.Reason)
		if head == last {
			all[len(all)-1] += "; " + why
			continue
		}
		all, last = append(all, head+why), head
	}
	for i := range r.Moments {
		if m := &r.Moments[i]; m.Verdict == compare.DecayNotResolved {
			all = append(all, fmt.Sprintf("m = %d, eta = %s, not resolved: %s", m.M, m.EtaText, m.Reason))
		}
	}
	return all
}

// largestEta returns the largest learning rate of the decay rows.
func largestEta(r *compare.Result) float64 {
	most := 0.0
	for i := range r.Decay {
		most = max(most, r.Decay[i].Eta)
	}
	return most
}

// decayFigure draws the suprema of the derivatives at the smallest learning rate and, where
// growth is most likely, at the largest, a row of panels each with one per observable.
func decayFigure(r *compare.Result) *figure.Figure {
	var observables []string
	var smallest, largest *compare.DecayCurve
	for i := range r.DecayCurves {
		c := &r.DecayCurves[i]
		if smallest == nil || c.Eta < smallest.Eta {
			smallest = c
		}
		if largest == nil || c.Eta > largest.Eta {
			largest = c
		}
		observables = results.AppendNew(observables, c.Observable)
	}
	if smallest == nil {
		return nil
	}
	var panels []figure.Lines
	for _, at := range []*compare.DecayCurve{smallest, largest} {
		if at == largest && largest.Eta == smallest.Eta {
			break
		}
		for _, o := range observables {
			panels = append(panels, decayPanel(r, o, at))
		}
	}
	return figure.OfLines("decay of the derivatives of u, "+results.TitleOf(r), panels, min(len(observables), 3), false)
}

// decayPanel draws the derivatives of one observable at the learning rate of a curve.
// Those that are zero are left out: what there is of them is noise.
func decayPanel(r *compare.Result, observable string, of *compare.DecayCurve) figure.Lines {
	p := figure.Lines{Title: observable, Note: "η = " + table.Eta(of.Eta, of.EtaText), XLabel: "t", YLabel: "sup |∂ᴶu| over the ball", LogY: true, FromZero: true, Decades: 12}
	top, last := 0.0, 0.0
	var fits []figure.Line // on top of the curves
	gap := math.NaN()
	// The derivative stands in place of a model.
	rows := results.Index(r.Decay, func(d *compare.DecayRow) results.Key {
		return results.Key{Observable: d.Observable, Model: table.Index(d.J), Eta: d.Eta}
	})
	for _, c := range r.DecayCurves {
		if c.Observable != observable || c.Eta != of.Eta {
			continue
		}
		d := rows[results.Key{Observable: observable, Model: table.Index(c.J), Eta: of.Eta}]
		if d != nil && d.Verdict == compare.DecayZero {
			continue
		}
		order := 0
		for _, m := range c.J {
			order += m
		}
		p.Lines = append(p.Lines, figure.Line{Label: "|J| = " + table.Int(order), X: c.T, Y: c.Sup, Color: figure.OkabeIto[(order-1)%len(figure.OkabeIto)]})
		top = max(top, c.Sup[0])
		last = max(last, c.T[len(c.T)-1])
		if d == nil {
			continue
		}
		if d.SpectralGap == d.SpectralGap {
			gap = float64(d.SpectralGap)
		}
		if d.C != d.C {
			continue
		}
		fit := figure.Line{Label: "fitted", Color: figure.Ink, Width: figure.DataWidth, Dashes: []vg.Length{1.5, 2.5}}
		for _, t := range []float64{float64(d.Window[0]), float64(d.Window[1])} {
			// Through the curve at the window's start.
			at := sampleAt(c.T, c.Sup, float64(d.Window[0]))
			fit.X = append(fit.X, t)
			fit.Y = append(fit.Y, at*math.Exp(-float64(d.Gamma)*(t-float64(d.Window[0]))))
		}
		fits = append(fits, fit)
	}
	p.Lines = append(p.Lines, fits...)
	if gap == gap {
		p.Note += ", spectral gap " + compare.Say("%.4g", gap)
		p.Lines = append(p.Lines, figure.Line{Label: "slope of the spectral gap", X: []float64{0, last}, Y: []float64{top, top * math.Exp(-gap*last)}, Color: figure.SoftInk, Dashes: []vg.Length{6, 3}})
	}
	return p
}

// sampleAt returns the value at the sample nearest to t.
func sampleAt(ts, vs []float64, t float64) float64 {
	best := 0
	for i := range ts {
		if math.Abs(ts[i]-t) < math.Abs(ts[best]-t) {
			best = i
		}
	}
	return vs[best]
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

// decayFindings says, for the smallest learning rate, how each derivative decays.
func decayFindings(r *compare.Result) []string {
	smallest, text := math.Inf(1), ""
	for i := range r.Decay {
		if d := &r.Decay[i]; d.Eta < smallest {
			smallest, text = d.Eta, table.Eta(d.Eta, d.EtaText)
		}
	}
	var out []string
	for _, d := range r.Decay {
		if d.Eta != smallest {
			continue
		}
		s := fmt.Sprintf("%s, J = %s, eta = %s: ", d.Observable, table.Index(d.J), text)
		rate := fmt.Sprintf("e^(-%s t), between %s and %s", table.Fixed(float64(d.Gamma), 3), table.Fixed(float64(d.Low), 3), table.Fixed(float64(d.High), 3))
		switch d.Verdict {
		case compare.DecayPass:
			s += "the derivative decays like " + rate
		case compare.DecayFail:
			s += fmt.Sprintf("the derivative grows, its rate is %s", table.Fixed(float64(d.Gamma), 3))
		case compare.DecayZero:
			s += "the derivative is zero to its error"
		default:
			s += "neither decay nor growth is seen above the error"
		}
		if d.SpectralGap == d.SpectralGap && d.Verdict == compare.DecayPass {
			s += compare.Say("; the spectral gap is %.4g", float64(d.SpectralGap))
		}
		out = append(out, s+".")
	}
	return out
}

// decayCurves has the suprema of all derivatives.
func decayCurves(r *compare.Result) *table.CSV {
	type point struct {
		J   []int   `json:"J"`
		T   float64 `json:"t"`
		Sup float64 `json:"sup"`
	}
	return table.Parts(r.DecayCurves, func(c *compare.DecayCurve) (compare.Key, []point) {
		points := make([]point, len(c.T))
		for n := range points {
			points[n] = point{c.J, c.T[n], c.Sup[n]}
		}
		return compare.Key{Observable: c.Observable, Model: c.Model, Eta: c.Eta, EtaText: c.EtaText}, points
	})
}
