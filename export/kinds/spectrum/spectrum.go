// Package spectrum shows the slowest rates of the chain and of the models.
package spectrum

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
	Name: string(compare.StudySpectrum), Task: "find the slowest rates of S and of the models (section 4.1)",
	Answer: spectrumAnswer, Section: spectrumSection,
	Files: []view.File{
		{Name: "spectrum.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.Spectrum) }},
		{Name: "eigenfunction.csv", Table: eigenTable},
		{Name: "escape.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.Escape) }},
		{Name: "escape-limit.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.EscapeLimit) }},
	},
	Written: []view.Written{eigenFile},
}

// spectrumSection shows the slowest eigenvalues of S and of the models; nil if they were not
// studied.
func spectrumSection(r *compare.Result) *view.Section {
	if len(r.Spectrum) == 0 {
		return nil
	}
	s := &view.Section{
		Short:   "slowest rates",
		Title:   "spectrum: the slowest rates of S and of the models' L (section 4.1)",
		Intro:   "An eigenfunction of S with the eigenvalue λ falls like e^(−rate t), t = nη, with the rate −ln|λ|/η; one of a model's L with the rate −Re λ. Shown are the slowest rates after the constant's, k = 1 the slowest. With two wells that is the rate of leaving them. Every rate is from three grids, and for models from two boxes; a rate that rounding does not tell from zero is no number but below the floor.",
		Caption: "The slowest rate against the learning rate, and the models' over that of the chain.",
	}
	var all view.Reasons
	for _, v := range r.Spectrum {
		if at := fmt.Sprintf("%s, eta = %s, k = %d", v.Model, v.EtaText, v.K); !v.Certified {
			all.Add(v.Reason, at)
		} else if v.Reason != nil {
			s.Verdicts = append(s.Verdicts, at+": the rate is zero: "+*v.Reason)
		}
	}
	s.Tables = append(s.Tables, table.Of(r.Spectrum))
	s.Verdicts = append(s.Verdicts, all.Lines("does not count")...)
	for i := range r.SpectrumOrder {
		if o := &r.SpectrumOrder[i]; len(o.Etas) > 0 {
			s.Verdicts = append(s.Verdicts, fmt.Sprintf("%s, %s: order of the difference from the chain's %s; %s", o.Observable, o.Model, view.OrderText(o), o.Verdict))
		}
	}
	s.Verdicts = append(s.Verdicts, barriers(r)...)
	addEscapes(s, r)
	s.Verdicts = append(s.Verdicts, eigenReasons(r)...)
	s.Findings = view.Sentences(spectrumAnswer(r))
	s.Figure = spectrumFigure(r)
	if shown := slices.Concat(eigenShown(r, 1), eigenShown(r, 2)); s.Figure != nil && shown != nil {
		s.Caption += " The slowest eigenfunctions, at the smallest learning rate at which the chain's is known"
		if shown[0].X3 != nil {
			s.Caption += ", k = 1, on planes through the center"
		}
		s.Caption += "."
	}
	return s
}

// slowest returns by the names of processes their certified slowest rates that are not zero, the
// largest learning rate first.
func slowest(r *compare.Result) map[string][]*compare.SpectrumRow {
	return results.Series(r.Spectrum, func(v *compare.SpectrumRow) (string, float64, bool) {
		return v.Model, v.Eta, v.K == 1 && v.Certified && v.Rate > 0
	})
}

// processes returns the names of the rows, that of the chain first.
func processes(r *compare.Result) []string {
	return results.Distinct(r.Spectrum, func(v *compare.SpectrumRow) string { return v.Model })
}

// barrierFall is the factor by which the slowest rate must fall between two learning rates
// to be one over a barrier.
const barrierFall = 2

// overBarrier reports that the slowest rate of some process falls from one learning rate to the next as over a barrier.
func overBarrier(slow map[string][]*compare.SpectrumRow) bool {
	for _, list := range slow {
		for i := 1; i < len(list); i++ {
			if float64(list[i-1].Rate) >= barrierFall*float64(list[i].Rate) {
				return true
			}
		}
	}
	return false
}

// barriers says how the slowest rates fall over a barrier: like e^{-B/eta}, with B from the two
// smallest learning rates.
func barriers(r *compare.Result) []string {
	slow := slowest(r)
	var parts []string
	from, to := "", ""
	for _, name := range processes(r) {
		list := slow[name]
		if len(list) < 2 {
			continue
		}
		a, b := list[len(list)-2], list[len(list)-1]
		if float64(a.Rate) < barrierFall*float64(b.Rate) {
			continue
		}
		if from == "" {
			from, to = table.Eta(a.Eta, a.EtaText), table.Eta(b.Eta, b.EtaText)
		}
		if from != table.Eta(a.Eta, a.EtaText) || to != table.Eta(b.Eta, b.EtaText) {
			continue
		}
		over := 1/b.Eta - 1/a.Eta
		parts = append(parts, compare.Say("%.4f for %s", math.Log(float64(a.Rate/b.Rate))/over, name))
	}
	if parts == nil {
		return nil
	}
	return []string{fmt.Sprintf("from eta = %s to %s the slowest rate falls like e^(-B/eta), B = %s", from, to, strings.Join(parts, ", "))}
}

// spectrumFigure draws the slowest rates and the ratios; nil if there is nothing to draw.
func spectrumFigure(r *compare.Result) *figure.Figure {
	slow := slowest(r)
	names := processes(r)
	panels := figure.OverChain(r, names, func(name string) (list []figure.AtRate) {
		for _, v := range slow[name] {
			list = append(list, figure.AtRate{Eta: v.Eta, Text: table.Eta(v.Eta, v.EtaText), Y: float64(v.Rate), Err: float64(v.Error), Ratio: float64(v.Ratio), RatioErr: float64(v.RatioError)})
		}
		return list
	}, figure.Lines{Title: "slowest rate", XLabel: "learning rate η", YLabel: "rate", LogX: true, LogY: overBarrier(slow), Decades: 12},
		figure.Lines{Title: "slowest rate over the chain's", XLabel: "learning rate η", YLabel: "ratio", LogX: true})
	if panels == nil {
		return nil
	}
	look := figure.Styles(r, names)
	panels = append(append(panels, escapePanels(r, look)...), eigenPanels(r, look)...)
	return figure.WithMaps(figure.OfLines("slowest rates, "+results.TitleOf(r), panels, 2, false), eigenMaps(r))
}

// rate returns a rate with its error.
func rate(v *compare.SpectrumRow) string { return table.Measured(float64(v.Rate), float64(v.Error)) }

// spectrumAnswer says how fast the chain and the first model forget, at the smallest learning
// rate at which both are known, and what is not.
func spectrumAnswer(r *compare.Result) []string {
	slow := slowest(r)
	if len(r.Spectrum) == 0 {
		return nil
	}
	names := processes(r)
	chain := names[0]
	var out []string
	for i := range r.Spectrum {
		if v := &r.Spectrum[i]; v.Model == chain && v.K == 1 && v.Certified && v.Rate == 0 && v.Reason != nil {
			out = append(out, fmt.Sprintf("eta = %s: %s", table.Clean(table.Eta(v.Eta, v.EtaText)), table.Clean(*v.Reason)))
			break
		}
	}
	for _, name := range names[1:] {
		list := slow[name]
		k := len(list) - 1
		for k >= 0 && list[k].Ratio != list[k].Ratio {
			k--
		}
		if k < 0 {
			continue
		}
		v := list[k]
		own := slow[chain][slices.IndexFunc(slow[chain], func(c *compare.SpectrumRow) bool { return c.Eta == v.Eta })]
		out = append(out, fmt.Sprintf("slowest rate, eta = %s: %s of %s, %s of %s, %s times as fast",
			table.Clean(table.Eta(v.Eta, v.EtaText)), rate(own), results.ProcessName(r, chain), rate(v), results.DiffusionName(r, name), table.Measured(float64(v.Ratio), float64(v.RatioError))))
		return append(out, escapeAnswer(r)...)
	}
	if out == nil {
		var alone []string // those of the chain or of diffusions
		for _, name := range names {
			if list := slow[name]; len(list) > 0 {
				v := list[len(list)-1]
				alone = append(alone, fmt.Sprintf("%s of %s at eta = %s", rate(v), results.ProcessName(r, name), table.Clean(table.Eta(v.Eta, v.EtaText))))
			}
		}
		answered, rows := r.Answered(compare.StudySpectrum)
		out = []string{fmt.Sprintf("slowest rates: %d of %d eigenvalues are certified, and none of both the chain and a diffusion", answered, rows)}
		if alone != nil {
			out = []string{"slowest rate: " + strings.Join(alone, ", ") + "; none is certified of both the chain and a diffusion"}
		}
	}
	return out
}
