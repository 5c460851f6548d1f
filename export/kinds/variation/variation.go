// Package variation shows how first variations fall.
package variation

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/results"
	"kolmo/export/table"
	"kolmo/export/view"
)

// Kind is this kind of study.
var Kind = view.Kind{
	Name: string(compare.StudyVariation), Task: "measure how moments of first variations decay (2.14 to 2.20)",
	Answer: variationAnswer, Section: variationSection,
	Files: []view.File{
		{Name: "variation.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.Variation) }},
		{Name: "variation-time.csv", Table: variationCurves},
	},
}

// variationSection shows the moments of first variations; nil if they were not studied.
func variationSection(r *compare.Result) *view.Section {
	if len(r.Variation) == 0 {
		return nil
	}
	s := &view.Section{
		Short:   "first variations",
		Title:   "variation: how E|d_i X|^p falls ((2.14) to (2.16))",
		Intro:   "The first variation ∂ᵢX(t;x) says how paths from neighbouring starts part: the proof of Proposition 1 rests on E|∂ᵢX|^p ≤ C e^(−pγt), p ≥ 2. Shown are the rates of the largest moment over the ball for the chain, whose first variation is multiplied by the Jacobian of a step, and for the models, beside pμ, μ the rate at which the drift contracts the ball. They are largest eigenvalues of a step on the matrices E ∂X ∂Xᵀ, so that no slower mode hides. Noise that depends on x makes high moments fall slower, by O(η). Moments of a diffusion's first variation depend on the root of its noise, which is told below. Errors are from two grids.",
		Caption: "The rates against the learning rate, and p μ.",
	}
	t := table.Of(r.Variation)
	var all view.Reasons
	var roots []string
	of := map[string][]string{}
	for i := range r.Variation {
		v := &r.Variation[i]
		if v.Verdict == compare.DecayNotResolved {
			all.Add(&v.Reason, fmt.Sprintf("%s, eta = %s, i = %d, p = %d", v.Model, v.EtaText, v.Direction, v.P))
		}
		if own := of[v.Root]; v.Root != "" && !slices.Contains(own, v.Model) {
			if own == nil {
				roots = append(roots, v.Root)
			}
			of[v.Root] = append(own, v.Model)
		}
	}
	if !slices.ContainsFunc(r.Variation, func(v compare.VariationRow) bool { return v.Direction > 1 }) {
		t.DropColumn("i")
	}
	s.Tables = append(s.Tables, t)
	s.Verdicts = append(s.Verdicts, all.Lines("does not count")...)
	for _, root := range roots {
		s.Verdicts = append(s.Verdicts, fmt.Sprintf("the root of the noise of %s is %s", strings.Join(of[root], ", "), root))
	}
	s.Findings = view.Sentences(variationAnswer(r))
	s.Figure = variationFigure(r)
	return s
}

// moment names the moments of a process.
type moment struct {
	model        string
	direction, p int
}

// resolved returns the resolved rows of all moments, the largest learning rate first.
func resolved(r *compare.Result) map[moment][]*compare.VariationRow {
	return results.Series(r.Variation, func(v *compare.VariationRow) (moment, float64, bool) {
		return moment{v.Model, v.Direction, v.P}, v.Eta, v.Verdict != compare.DecayNotResolved
	})
}

// variationKinds returns the processes, the directions and the powers of the rows.
func variationKinds(r *compare.Result) (names []string, directions, powers []int) {
	names = results.Distinct(r.Variation, func(v *compare.VariationRow) string { return v.Model })
	directions = results.Distinct(r.Variation, func(v *compare.VariationRow) int { return v.Direction })
	return names, directions, results.Distinct(r.Variation, func(v *compare.VariationRow) int { return v.P })
}

// variationFigure draws a panel of rates for each power and direction; nil if there is nothing to
// draw.
func variationFigure(r *compare.Result) *figure.Figure {
	names, directions, powers := variationKinds(r)
	rows := resolved(r)
	look := figure.Styles(r, names)
	var panels []figure.Lines
	for _, p := range powers {
		for _, i := range directions {
			panel := figure.Lines{Title: fmt.Sprintf("rate of E|∂X|^%d", p), XLabel: "learning rate η", YLabel: "rate", LogX: true}
			if len(directions) > 1 {
				panel.Title = fmt.Sprintf("rate of E|∂%dX|^%d", i, p)
			}
			bound := math.NaN()
			text := map[float64]string{}
			for _, name := range names {
				l := look[name].Line(name)
				for _, v := range rows[moment{name, i, p}] {
					l.X, l.Y, l.YErr = append(l.X, v.Eta), append(l.Y, float64(v.Rate)), append(l.YErr, max(float64(v.High-v.Rate), float64(v.Rate-v.Low)))
					text[v.Eta] = table.Eta(v.Eta, v.EtaText)
					bound = float64(v.PMu)
				}
				if len(l.X) > 0 {
					panel.Lines = append(panel.Lines, l)
				}
			}
			if len(panel.Lines) == 0 {
				continue
			}
			panel.SetEtas(text)
			if bound == bound {
				panel.AddLevel("p μ", bound)
			}
			panels = append(panels, panel)
		}
	}
	if len(panels) == 0 {
		return nil
	}
	return figure.OfLines("first variations, "+results.TitleOf(r), panels, min(len(panels), 3), false)
}

// variationAnswer says how the moments of the chain and of the first model fall at the largest learning
// rate at which both are known.
func variationAnswer(r *compare.Result) []string {
	if len(r.Variation) == 0 {
		return nil
	}
	names, directions, powers := variationKinds(r)
	var out []string
	for _, i := range directions {
		for _, first := range resolved(r)[moment{names[0], i, powers[0]}] {
			parts := variationParts(r, names, i, powers, first.Eta)
			if parts == nil {
				continue
			}
			where := ""
			if len(directions) > 1 {
				where = fmt.Sprintf(" in direction %d", i)
			}
			out = append(out, fmt.Sprintf("first variation%s, eta = %s: %s", where, table.Clean(table.Eta(first.Eta, first.EtaText)), strings.Join(parts, "; ")))
			break
		}
	}
	if out == nil {
		answered, rows := r.Answered(compare.StudyVariation)
		out = []string{fmt.Sprintf("first variations: the rates of %d of %d moments are known, and none of both the chain and a diffusion", answered, rows)}
	}
	return out
}

// rate returns a rate with what it may be off by.
func rate(v *compare.VariationRow) string {
	return table.Measured(float64(v.Rate), float64(max(v.High-v.Rate, v.Rate-v.Low)))
}

// variationParts says for every power how the moment falls at a learning rate for the chain and the
// first model; nil where one is not known.
func variationParts(r *compare.Result, names []string, direction int, powers []int, eta float64) []string {
	at := func(name string, p int) *compare.VariationRow {
		for _, v := range resolved(r)[moment{name, direction, p}] {
			if v.Eta == eta {
				return v
			}
		}
		return nil
	}
	var parts []string
	for _, p := range powers {
		own, model := at(names[0], p), at(names[min(1, len(names)-1)], p)
		if own == nil || model == nil {
			return nil
		}
		one := fmt.Sprintf("E|dX|^%d falls at the rate %s for %s", p, rate(own), results.ProcessName(r, own.Model))
		if model != own {
			one += fmt.Sprintf(" and %s for %s", rate(model), results.DiffusionName(r, model.Model))
		}
		if own.PMu == own.PMu {
			one += fmt.Sprintf(" (p mu = %s)", table.Short(float64(own.PMu)))
		}
		parts = append(parts, one)
	}
	return parts
}

// variationCurves has the suprema of the moments of all rows.
func variationCurves(r *compare.Result) *table.CSV {
	type point struct {
		Direction int     `json:"direction"`
		P         int     `json:"p"`
		T         float64 `json:"t"`
		Sup       float64 `json:"sup"`
	}
	t := table.Parts(r.VariationCurves, func(c *compare.VariationCurve) (compare.Key, []point) {
		points := make([]point, len(c.T))
		for n := range points {
			points[n] = point{c.Direction, c.P, c.T[n], c.Sup[n]}
		}
		return compare.Key{Model: c.Model, Eta: c.Eta, EtaText: c.EtaText}, points
	})
	return t
}
