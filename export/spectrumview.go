package export

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"kolmo/compare"
)

// spectrumSection shows the slowest eigenvalues of S and of the models; nil if they were not
// studied.
func spectrumSection(r *compare.Result) *section {
	if len(r.Spectrum) == 0 {
		return nil
	}
	s := &section{
		Name:    "spectrum",
		Short:   "slowest rates",
		Title:   "spectrum: the slowest rates of S and of the models' L (section 4.1)",
		Intro:   "An eigenfunction of S with the eigenvalue λ falls like e^(−rate t), t = nη, with the rate −ln|λ|/η; one of a model's L with the rate −Re λ. Shown are the slowest rates after the constant's, k = 1 the slowest. With two wells that is the rate of leaving them, which is exponentially small in 1/η: the weak error of a model is of order η² or η, and yet its rate of leaving may be off by any factor. Every rate is from three grids, and for models from two boxes; a rate that rounding does not tell from zero is no number but below the floor.",
		Caption: "The slowest rate against the learning rate, and the models' over that of the chain; the eigenfunctions at the smallest learning rate at which the chain's rate is certified.",
	}
	t := sectionTable{Head: []string{"process", "eta", "k", "rate", "+- error", "turning", "ratio", "certified"}}
	var all reasons
	for i := range r.Spectrum {
		v := &r.Spectrum[i]
		t.Rows = append(t.Rows, []tableCell{
			textCell(v.Model), etaCell(v.Eta, v.EtaText), numberCell(compare.Number(v.K), intText(v.K)), valueCell(v.Rate, v.Error), errorCell(v.Error),
			shiftCell(v.Imag, v.Error), significantCell(v.Ratio, 5), textCell(map[bool]string{true: "yes", false: "no"}[v.Certified]),
		})
		if at := fmt.Sprintf("%s, eta = %s, k = %d", v.Model, v.EtaText, v.K); !v.Certified {
			all.add(v.Reason, at)
		} else if v.Reason != nil {
			s.Verdicts = append(s.Verdicts, at+": the rate is zero: "+*v.Reason)
		}
	}
	if !slices.ContainsFunc(r.Spectrum, func(v compare.SpectrumRow) bool { return v.Imag != 0 && v.Imag == v.Imag }) {
		t.dropColumn("turning")
	}
	s.Tables = append(s.Tables, t)
	s.Verdicts = append(s.Verdicts, all.lines("does not count")...)
	for i := range r.SpectrumOrder {
		if o := &r.SpectrumOrder[i]; len(o.Etas) > 0 {
			s.Verdicts = append(s.Verdicts, fmt.Sprintf("%s, %s: order of the difference from the chain's %s; %s", o.Observable, o.Model, orderText(o), o.Verdict))
		}
	}
	s.Verdicts = append(s.Verdicts, barriers(r)...)
	addEscapes(s, r)
	s.Verdicts = append(s.Verdicts, eigenReasons(r)...)
	s.Figure = spectrumFigure(r)
	return s
}

// dropColumn removes a column.
func (t *sectionTable) dropColumn(head string) {
	k := slices.Index(t.Head, head)
	t.Head = slices.Delete(t.Head, k, k+1)
	for i := range t.Rows {
		t.Rows[i] = slices.Delete(t.Rows[i], k, k+1)
	}
}

// slowest returns the certified slowest rates of a process that are not zero, the largest
// learning rate first.
func slowest(r *compare.Result, process string) []*compare.SpectrumRow {
	var list []*compare.SpectrumRow
	for i := range r.Spectrum {
		if v := &r.Spectrum[i]; v.Model == process && v.K == 1 && v.Certified && v.Rate > 0 {
			list = append(list, v)
		}
	}
	slices.SortStableFunc(list, func(a, b *compare.SpectrumRow) int { return cmp.Compare(b.Eta, a.Eta) })
	return list
}

// processes returns the names of the rows, that of the chain first.
func processes(r *compare.Result) []string {
	var names []string
	for i := range r.Spectrum {
		names = appendNew(names, r.Spectrum[i].Model)
	}
	return names
}

// barrierFall is the factor by which the slowest rate must fall between two learning rates
// to be one over a barrier.
const barrierFall = 2

// barriers says how the slowest rates fall over a barrier: like e^{-B/eta}, with B from the two
// smallest learning rates.
func barriers(r *compare.Result) []string {
	var parts []string
	from, to := "", ""
	for _, name := range processes(r) {
		list := slowest(r, name)
		if len(list) < 2 {
			continue
		}
		a, b := list[len(list)-2], list[len(list)-1]
		if float64(a.Rate) < barrierFall*float64(b.Rate) {
			continue
		}
		if from == "" {
			from, to = formatEta(a.Eta, a.EtaText), formatEta(b.Eta, b.EtaText)
		}
		if from != formatEta(a.Eta, a.EtaText) || to != formatEta(b.Eta, b.EtaText) {
			continue
		}
		over := 1/b.Eta - 1/a.Eta
		parts = append(parts, fmt.Sprintf("%.4f for %s", math.Log(float64(a.Rate/b.Rate))/over, name))
	}
	if parts == nil {
		return nil
	}
	return []string{fmt.Sprintf("from eta = %s to %s the slowest rate falls like e^(-B/eta), B = %s", from, to, strings.Join(parts, ", "))}
}

// spectrumFigure draws the slowest rates and the ratios; nil if there is nothing to draw.
func spectrumFigure(r *compare.Result) *Figure {
	names := processes(r)
	look := styles(r, names)
	rates := linePanel{Title: "slowest rate", XLabel: "learning rate η", YLabel: "rate", LogX: true, LogY: true, Decades: 12}
	ratios := linePanel{Title: "slowest rate over the chain's", XLabel: "learning rate η", YLabel: "ratio", LogX: true}
	var etas []float64
	text := map[float64]string{}
	for _, name := range names {
		l := line{Label: name, Color: look[name].Color, Dashes: look[name].Dashes, Marker: true, Shape: look[name].Shape, Radius: look[name].Radius}
		over := l
		for _, v := range slowest(r, name) {
			l.X, l.Y, l.YErr = append(l.X, v.Eta), append(l.Y, float64(v.Rate)), append(l.YErr, float64(v.Error))
			if v.Ratio == v.Ratio {
				over.X, over.Y, over.YErr = append(over.X, v.Eta), append(over.Y, float64(v.Ratio)), append(over.YErr, float64(v.RatioError))
			}
			if !slices.Contains(etas, v.Eta) {
				etas = append(etas, v.Eta)
				text[v.Eta] = formatEta(v.Eta, v.EtaText)
			}
		}
		if len(l.X) > 0 {
			rates.Lines = append(rates.Lines, l)
		}
		if len(over.X) > 0 {
			ratios.Lines = append(ratios.Lines, over)
		}
	}
	if len(rates.Lines) == 0 {
		return nil
	}
	slices.Sort(etas)
	panels := []linePanel{rates}
	if len(ratios.Lines) > 0 {
		one := line{X: []float64{etas[0], etas[len(etas)-1]}, Y: []float64{1, 1}, Color: softInk, Dashes: []vg.Length{2, 2}}
		ratios.Lines = append([]line{one}, ratios.Lines...)
		panels = append(panels, ratios)
	}
	for i := range panels {
		panels[i].Etas = etas
		for _, e := range etas {
			panels[i].Texts = append(panels[i].Texts, text[e])
		}
	}
	panels = append(append(panels, escapePanels(r, look)...), eigenPanels(r, look)...)
	return withMaps(lineFigure("slowest rates, "+titleOf(r), panels, 2, false), eigenMaps(r))
}

// spectrumAnswer says how fast the chain and the first model forget, at the smallest learning
// rate at which both are known, and what is not.
func spectrumAnswer(r *compare.Result) []string {
	if len(r.Spectrum) == 0 {
		return nil
	}
	names := processes(r)
	chain := names[0]
	var out []string
	for i := range r.Spectrum {
		if v := &r.Spectrum[i]; v.Model == chain && v.K == 1 && v.Certified && v.Rate == 0 && v.Reason != nil {
			out = append(out, fmt.Sprintf("eta = %s: %s", clean(formatEta(v.Eta, v.EtaText)), clean(*v.Reason)))
			break
		}
	}
	for _, name := range names[1:] {
		list := slowest(r, name)
		k := len(list) - 1
		for k >= 0 && list[k].Ratio != list[k].Ratio {
			k--
		}
		if k < 0 {
			continue
		}
		v := list[k]
		own := v.Rate / v.Ratio
		out = append(out, fmt.Sprintf("slowest rate, eta = %s: %s of %s, %s of the %s diffusion, %s times as fast",
			clean(formatEta(v.Eta, v.EtaText)), shortRate(own), clean(chain), shortRate(v.Rate), clean(name), formatFixed(float64(v.Ratio), 3)))
		return append(out, escapeAnswer(r)...)
	}
	if out == nil {
		answered, rows := r.Answered(compare.StudySpectrum)
		out = []string{fmt.Sprintf("slowest rates: %d of %d eigenvalues are certified, and none of both the chain and a diffusion", answered, rows)}
	}
	return out
}

// spectrumFindings are the answers as sentences.
func spectrumFindings(r *compare.Result) []string {
	out := spectrumAnswer(r)
	for i := range out {
		out[i] += "."
	}
	return out
}

// shortRate returns a rate with four digits.
func shortRate(v compare.Number) string { return fmt.Sprintf("%.4g", float64(v)) }
