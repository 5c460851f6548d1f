// Package localerror shows one-step errors and the bound that is telescoped from them.
package localerror

import (
	"fmt"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/results"
	"kolmo/export/table"
	"kolmo/export/view"
)

// Kind is this kind of study.
var Kind = view.Kind{
	Name: string(compare.StudyLocalError), Task: "measure one-step errors and the bound summed from them (Lemma 3)",
	Answer: localAnswer, Section: localSection,
	Files: []view.File{
		{Name: "local-error.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.LocalError) }},
		{Name: "local-error-time.csv", Table: localCurves},
	},
}

// localSection shows the one-step errors and the telescoped bound; nil if there are
// none.
func localSection(r *compare.Result) *view.Section {
	if len(r.LocalError) == 0 {
		return nil
	}
	s := &view.Section{
		Short:   "the one-step error",
		Title:   "the one-step error (Lemma 3) and the bound that is telescoped from it",
		Intro:   "ρⱼ is the largest difference over the ball between one step of the chain applied to the diffusion's mean at step j − 1 and that mean at step j. It is small of one order more than the gap and decays like e^(−βt); since a step does not enlarge differences on an invariant ball, the gap is at most the sum of all ρⱼ. That is the proof of Theorem 1, in numbers.",
		Caption: "ρⱼ, its running sum and the gap against time for the smallest learning rate; the line of the gap ends where no later step can matter. The level line is the bound, the sum with the part extrapolated beyond the last step.",
	}
	var rows []compare.LocalErrorRow
	for _, l := range r.LocalError {
		if l.Reason != nil {
			s.Verdicts = append(s.Verdicts, fmt.Sprintf("%s, %s, eta = %s: not computed: %s", l.Observable, l.Model, l.EtaText, *l.Reason))
			continue
		}
		rows = append(rows, l)
	}
	s.Tables = append(s.Tables, table.Of(rows))
	for _, o := range r.LocalOrder {
		s.Verdicts = append(s.Verdicts, fmt.Sprintf("%s, %s: order of rho %s; %s", o.Observable, o.Model, view.OrderText(&o), o.Verdict))
	}
	s.Findings, s.Said = localFindings(r), "order of rho"
	s.Figure = localFigure(r)
	return s
}

// localFigure draws rho_j, its sum, the bound and the gap at the smallest learning
// rate, a row per observable and a column per model (at most four).
func localFigure(r *compare.Result) *figure.Figure {
	var observables, models []string
	smallest := map[string]float64{}
	for _, c := range r.LocalCurves {
		observables, models = results.AppendNew(observables, c.Observable), results.AppendNew(models, c.Model)
		if e, ok := smallest[c.Observable]; !ok || c.Eta < e {
			smallest[c.Observable] = c.Eta
		}
	}
	if len(observables) == 0 {
		return nil
	}
	models = models[:min(len(models), figure.MostModels)]
	rows := results.Index(r.LocalError, func(l *compare.LocalErrorRow) results.Key {
		return results.Key{Observable: l.Observable, Model: l.Model, Eta: l.Eta}
	})
	text := ""
	var panels []figure.Lines
	for _, o := range observables {
		for k, m := range models {
			p := figure.Lines{Title: m, XLabel: "t = jη", LogY: true, FromZero: true}
			if k == 0 {
				p.YLabel = figure.Shorten(table.Clean(o), figure.TextStyle(figure.LabelSize, draw.XCenter), 130, false)
			}
			for _, c := range r.LocalCurves {
				if c.Observable != o || c.Model != m || c.Eta != smallest[o] {
					continue
				}
				text = table.Eta(c.Eta, c.EtaText)
				p.Lines = append(p.Lines,
					figure.Line{Label: "one-step error ρⱼ", X: c.T, Y: c.Rho, Color: figure.OkabeIto[0]},
					figure.Line{Label: "running sum of ρ", X: c.T, Y: c.Sum, Color: figure.OkabeIto[1], Dashes: []vg.Length{6, 3}},
					figure.Line{Label: "gap", X: c.T, Y: c.Gap, Color: figure.Ink, Dashes: []vg.Length{1.5, 2.5}})
				if row := rows[results.Key{Observable: o, Model: m, Eta: c.Eta}]; row != nil && len(c.T) > 0 {
					n := len(c.T)
					p.Lines = append(p.Lines, figure.Line{Label: "bound: the sum with its tail", X: []float64{0, c.T[n-1]}, Y: []float64{float64(row.Sum), float64(row.Sum)}, Color: figure.SoftInk, Width: 0.8})
				}
			}
			panels = append(panels, p)
		}
	}
	return figure.OfLines("one-step errors and the bound at η = "+text+", "+results.TitleOf(r), panels, len(models), true)
}

// localAnswer says how the one-step error falls, and whether its sum bounds the gap.
func localAnswer(r *compare.Result) []string {
	line := "one-step error"
	if len(r.LocalOrder) > 0 {
		o := &r.LocalOrder[0]
		line += fmt.Sprintf(" of %s, %s: %s", table.Clean(o.Observable), results.ProcessName(r, o.Model), view.OrderDigits(o))
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

// localFindings says how the one-step errors fall, and whether their sums hold the gaps.
func localFindings(r *compare.Result) []string {
	var out []string
	for _, o := range r.LocalOrder {
		name := o.Observable + ", " + o.Model + ": "
		if o.Slope == o.Slope {
			out = append(out, name+view.OrderWords("the one-step error", &o)+"; "+o.Verdict+".")
		} else {
			out = append(out, name+o.Verdict+".")
		}
	}
	holds, all := 0, 0
	for i := range r.LocalError {
		if l := &r.LocalError[i]; l.Reason == nil {
			all++
			if l.Holds != nil && *l.Holds {
				holds++
			}
		}
	}
	if all > 0 {
		out = append(out, fmt.Sprintf("The gap is within the sum of the one-step errors for %d of %d rows.", holds, all))
	}
	return out
}

// localCurves has the one-step errors, their running sum and the gap of every step.
func localCurves(r *compare.Result) *table.CSV {
	type point struct {
		T   float64 `json:"t"`
		Rho float64 `json:"rho"`
		Sum float64 `json:"sum"`
		Gap float64 `json:"gap"`
	}
	return table.Parts(r.LocalCurves, func(c *compare.LocalCurve) (compare.Key, []point) {
		points := make([]point, len(c.T))
		for n := range points {
			points[n] = point{c.T[n], c.Rho[n], c.Sum[n], c.Gap[n]}
		}
		return compare.Key{Observable: c.Observable, Model: c.Model, Eta: c.Eta, EtaText: c.EtaText}, points
	})
}
