// Package crossing shows when means cross a level.
package crossing

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/results"
	"kolmo/export/table"
	"kolmo/export/view"
)

// Kind is this kind of study.
var Kind = view.Kind{
	Name: string(compare.StudyCrossing), Task: "find when means cross a level, against ln(1/eta) (section 4.2)",
	Answer: crossingAnswer, Section: crossingSection,
	Files: []view.File{
		{Name: "crossing.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.Crossing) }},
		{Name: "crossing-slope.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.CrossingSlope) }},
	},
}

// crossingSection shows the crossing times and their slopes; nil if they were not studied.
func crossingSection(r *compare.Result) *view.Section {
	if len(r.Crossing) == 0 {
		return nil
	}
	first := &r.Crossing[0]
	s := &view.Section{
		Short: "crossing times",
		Title: compare.Say("crossing: when means from x = %s reach the level %g (section 4.2)", pointText(first.X), first.Level),
		Intro: "The time at which U^n(x) crosses a level, on the line between its values at two steps, and the time at which u(x,t) of every model does. From a point where the limit η → 0 rests and one direction grows like e^(λt), noise of size η takes the time ln(1/η)/(2λ) to reach a size that does not depend on η. The difference is a model's time less the chain's, both on the line between steps: near that time the weak error of order η² has grown to a share η of the mean, so that it is of order η, and no order of a model is claimed for it. Times are from two grids, of models on two boxes.",
	}
	s.Caption = "The crossing time against ln(1/η), and what the models' times differ by from the chain's."
	t := table.Of(r.Crossing)
	var all view.Reasons
	for i := range r.Crossing {
		if v := &r.Crossing[i]; !v.Certified {
			all.Add(v.Reason, fmt.Sprintf("%s, %s, eta = %s", v.Observable, v.Model, v.EtaText))
		}
	}
	observables, _ := crossers(r)
	if len(observables) == 1 && !slices.ContainsFunc(r.Crossing, func(v compare.CrossingRow) bool { return v.Observable != observables[0] }) {
		t.DropColumn("observable")
	}
	slopes := table.Of(r.CrossingSlope)
	slopes.Caption = "Slopes of the time against ln(1/eta)"
	for _, v := range r.CrossingSlope {
		s.Verdicts = append(s.Verdicts, fmt.Sprintf("%s, %s: %s", v.Observable, v.Model, v.Verdict))
	}
	s.Tables = append(s.Tables, t, slopes)
	s.Verdicts = append(s.Verdicts, all.Lines("does not count")...)
	s.Findings = view.Sentences(crossingAnswer(r))
	s.Figure = crossingFigure(r)
	return s
}

// pointText returns "(0, 0.5)", and a number on the line.
func pointText(x []float64) string {
	text := ""
	for i, v := range x {
		if i > 0 {
			text += ", "
		}
		text += compare.Say("%g", v)
	}
	if len(x) == 1 {
		return text
	}
	return "(" + text + ")"
}

// certified returns by observable and process the certified rows, the largest learning rate first.
func certified(r *compare.Result) map[results.Key][]*compare.CrossingRow {
	return results.Series(r.Crossing, func(v *compare.CrossingRow) (results.Key, float64, bool) {
		return results.Key{Observable: v.Observable, Model: v.Model}, v.Eta, v.Certified
	})
}

// crossers returns the observables that cross anywhere, or the first, and the names of the rows,
// that of the chain first.
func crossers(r *compare.Result) (observables, names []string) {
	for _, v := range r.Crossing {
		names = results.AppendNew(names, v.Model)
		if v.Certified {
			observables = results.AppendNew(observables, v.Observable)
		}
	}
	return observables, names
}

// crossingFigure draws times and differences of the first observable that crosses; nil if there
// is nothing to draw.
func crossingFigure(r *compare.Result) *figure.Figure {
	rows := certified(r)
	observables, names := crossers(r)
	if len(observables) == 0 {
		return nil
	}
	look := figure.Styles(r, names)
	times := figure.Lines{Title: "time at which " + observables[0] + " crosses", XLabel: "ln(1/η)", YLabel: "t"}
	off := figure.Lines{Title: "a model's time less the chain's", XLabel: "learning rate η", YLabel: "difference", LogX: true}
	text := map[float64]string{}
	for _, name := range names {
		l := look[name].Line(name)
		apart := look[name].Line(name)
		for _, v := range rows[results.Key{Observable: observables[0], Model: name}] {
			l.X, l.Y, l.YErr = append(l.X, math.Log(1/v.Eta)), append(l.Y, float64(v.T)), append(l.YErr, float64(v.Error))
			if v.Difference == v.Difference {
				apart.X, apart.Y, apart.YErr = append(apart.X, v.Eta), append(apart.Y, float64(v.Difference)), append(apart.YErr, float64(v.DifferenceError))
				text[v.Eta] = table.Eta(v.Eta, v.EtaText)
			}
		}
		if len(l.X) > 0 {
			times.Lines = append(times.Lines, l)
		}
		if len(apart.X) > 0 {
			off.Lines = append(off.Lines, apart)
		}
	}
	for i := range r.CrossingSlope {
		// Theory's slope through the smallest learning rate of the chain.
		v, l := &r.CrossingSlope[i], times.Lines[0]
		if n := len(l.X) - 1; v.Observable == observables[0] && v.Theory == v.Theory && n > 0 {
			w := float64(v.Theory)
			times.Lines = append([]figure.Line{{Label: "theory's slope", X: []float64{l.X[0], l.X[n]}, Y: []float64{l.Y[n] - w*(l.X[n]-l.X[0]), l.Y[n]}, Color: figure.SoftInk, Dashes: []vg.Length{2, 2}}}, times.Lines...)
			break
		}
	}
	panels := []figure.Lines{times}
	if len(off.Lines) > 0 {
		off.SetEtas(text)
		off.AddLevel("", 0)
		panels = append(panels, off)
	}
	return figure.OfLines("crossing times, "+results.TitleOf(r), panels, 2, false)
}

// plainTimes says when the first observable crosses that does, at the smallest learning rate of the first process known to, and
// of the next one known there; "" where there is none.
func plainTimes(r *compare.Result) string {
	rows, text := certified(r), ""
	observables, names := crossers(r)
	var first *compare.CrossingRow
	for _, o := range observables {
		for _, name := range names {
			known := rows[results.Key{Observable: o, Model: name}]
			k := len(known) - 1
			if first != nil {
				k = slices.IndexFunc(known, func(v *compare.CrossingRow) bool { return v.Observable == first.Observable && v.Eta == first.Eta })
			}
			if k < 0 {
				continue
			}
			v := known[k]
			at := fmt.Sprintf("%s of %s", table.Measured(float64(v.T), float64(v.Error)), results.ProcessName(r, name))
			if first != nil {
				return text + " and " + at
			}
			first = v
			text = compare.Say("from x = %s, %s reaches %g, eta = %s: at t = %s", table.Clean(pointText(v.X)), table.Clean(o), v.Level, table.Eta(v.Eta, v.EtaText), at)
		}
	}
	return text
}

// commonReason returns why no row is certified, where all have the same reason; else "".
func commonReason(r *compare.Result) string {
	first := r.Crossing[0].Reason
	if first == nil || slices.ContainsFunc(r.Crossing, func(v compare.CrossingRow) bool { return v.Reason == nil || *v.Reason != *first }) {
		return ""
	}
	return *first
}

// slopesText says how the times of the first observable with a slope rise, of all processes, and what theory has for
// it; "" where there is no slope.
func slopesText(r *compare.Result) string {
	text, of, theory := "", "", compare.Number(math.NaN())
	for i := range r.CrossingSlope {
		v := &r.CrossingSlope[i]
		switch {
		case v.Slope != v.Slope || text != "" && v.Observable != of:
			continue
		case text == "":
			of = v.Observable
			text = compare.Say("from x = %s, %s reaches %g at a time that rises with ln(1/eta) by", table.Clean(pointText(r.Crossing[0].X)), table.Clean(of), r.Crossing[0].Level)
		default:
			text += ","
		}
		theory = v.Theory
		text += fmt.Sprintf(" %s (%s to %s) for %s", table.Fixed(float64(v.Slope), 3), table.Fixed(float64(v.Low), 3), table.Fixed(float64(v.High), 3), results.ProcessName(r, v.Model))
	}
	if theory == theory {
		text += fmt.Sprintf("; theory says %s", table.Fixed(float64(theory), 3))
	}
	return text
}

// crossingAnswer says how times rise, where theory knows how, else when the chain and a model cross.
func crossingAnswer(r *compare.Result) []string {
	if len(r.Crossing) == 0 {
		return nil
	}
	texts := []string{slopesText(r), plainTimes(r)}
	if !slices.ContainsFunc(r.CrossingSlope, func(v compare.CrossingSlope) bool { return v.Theory == v.Theory }) {
		slices.Reverse(texts)
	}
	for _, text := range texts {
		if text != "" {
			return []string{text}
		}
	}
	if why := commonReason(r); why != "" {
		return []string{compare.Say("crossing times: none is certified at the level %g: %s", r.Crossing[0].Level, why)}
	}
	return []string{fmt.Sprintf("crossing times: none of %d is certified", len(r.Crossing))}
}
