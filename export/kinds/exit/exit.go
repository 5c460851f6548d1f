// Package exit shows how long processes take to leave an interval or a box.
package exit

import (
	"fmt"
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
	Name: string(compare.StudyExit), Task: "find mean times of leaving an interval or a box (section 4.1)",
	Answer: exitAnswer, Section: exitSection,
	Files: []view.File{
		{Name: "exit.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.Exit) }},
		{Name: "exit-order.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.ExitOrder) }},
		{Name: "exit-limit.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.ExitLimit) }},
	},
}

// exitSection shows the exit times, their orders and limits; nil if they were not studied.
func exitSection(r *compare.Result) *view.Section {
	if len(r.Exit) == 0 {
		return nil
	}
	at := r.Exit[0].ExitPlace
	s := &view.Section{
		Short: "exit times",
		Title: "exit: mean times in which " + placeOf(&at, "the interval from %g to %g", "the box") + " is left, from x = " + pointOf(at.X) + " (section 4.1)",
		Intro: "The mean of nη, n the first step that ends outside the interval, solves T = η + S T there and T = 0 outside. The mean time in which a diffusion reaches an end solves LT = −1 with T = 0 at the ends; of a box these are the faces, along axes without noise only where paths are carried out. The chain is seen at its steps only and jumps over an end by a length of order η: for it the ends lie a little farther out. Where paths drift freely to the ends, times of models are therefore off by a share of order η and not η²; against a drift of order one they are off by a factor. No order of a model is claimed. Times of the chain jump where images cross an end, and their errors are ",
	}
	if at.Interval != nil {
		s.Intro += "three times what the finest grid is away from the four before."
	} else {
		s.Intro += "those of a line in h² through the times on five grids: three times how far these are apart from it, and all that it adds to the finest grid's. Times of a model have twice what two extrapolations from doubled grids are apart."
	}
	t := table.Of(r.Exit)
	var all, infinite view.Reasons
	if arrhenius(r) {
		s.Intro += " Over a barrier mean times grow like a power of η times e^(B/η) (Arrhenius' law). Hence η ln T tends to B, which is another number for the chain than for a diffusion."
		s.Caption = "η ln T with the limits that it extrapolates to, and the models' times over the chain's."
	} else {
		t.DropColumn("eta ln t")
		t.DropColumn("barrier")
		s.Caption = "Mean times, and the models' over the chain's."
	}
	s.Tables = append(s.Tables, t)
	for _, v := range r.Exit {
		who := fmt.Sprintf("%s, eta = %s", v.Model, v.EtaText)
		if v.Reason != nil && v.T != v.T {
			infinite.Add(v.Reason, who)
		} else if !v.Certified {
			all.Add(v.Reason, who)
		}
	}
	s.Verdicts = append(append(s.Verdicts, infinite.Lines("no time")...), all.Lines("does not count")...)
	for i := range r.ExitOrder {
		if o := &r.ExitOrder[i]; len(o.Etas) > 0 {
			s.Verdicts = append(s.Verdicts, fmt.Sprintf("|T/T_chain - 1|, %s: %s; %s", o.Model, view.OrderText(o), o.Verdict))
		}
	}
	s.Verdicts = append(s.Verdicts, limits(r)...)
	s.Findings = view.Sentences(exitAnswer(r))
	s.Figure = exitFigure(r)
	return s
}

// arrhenius reports that some row has what Arrhenius' law speaks of.
func arrhenius(r *compare.Result) bool {
	return slices.ContainsFunc(r.Exit, func(v compare.ExitRow) bool { return v.Action == v.Action || v.Barrier == v.Barrier })
}

// placeOf names what is left: an interval by a format of its ends, or a box as a product of its sides after a word.
func placeOf(at *compare.ExitPlace, interval, box string) string {
	if at.Interval != nil {
		return compare.Say(interval, float64(at.Interval[0]), float64(at.Interval[1]))
	}
	var sides []string
	for _, s := range at.Box {
		sides = append(sides, compare.Say("(%g, %g)", float64(s[0]), float64(s[1])))
	}
	return strings.TrimSpace(box + " " + strings.Join(sides, " x "))
}

// pointOf writes a point of the line as a number.
func pointOf(x compare.Point) string {
	var parts []string
	for _, v := range x {
		parts = append(parts, compare.Say("%.5g", float64(v)))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// limits says what eta ln T extrapolates to and what small noise says, or why times that are certified have no limit.
func limits(r *compare.Result) []string {
	var out []string
	var none view.Reasons
	rows := timesOf(r)
	for _, v := range r.ExitLimit {
		if v.Barrier != v.Barrier {
			if rows[v.Model] != nil {
				none.Add(v.Reason, v.Model)
			}
			continue
		}
		text := fmt.Sprintf("eta ln T of %s extrapolates to %s", v.Model, table.Measured(float64(v.Barrier), float64(v.Error)))
		if v.Theory == v.Theory {
			text += compare.Say("; small noise says %.4f", float64(v.Theory))
		}
		out = append(out, text)
	}
	return append(out, none.Lines("no limit of eta ln T")...)
}

// timesOf returns by the names of processes their certified rows, the largest learning rate first.
func timesOf(r *compare.Result) map[string][]*compare.ExitRow {
	return results.Series(r.Exit, func(v *compare.ExitRow) (string, float64, bool) { return v.Model, v.Eta, v.Certified })
}

// processes returns the names of the rows, that of the chain first.
func processes(r *compare.Result) []string {
	return results.Distinct(r.Exit, func(v *compare.ExitRow) string { return v.Model })
}

// exitFigure draws actions and ratios; nil if there is nothing to draw.
func exitFigure(r *compare.Result) *figure.Figure {
	rows, names := timesOf(r), processes(r)
	numbers, acts := figure.Lines{Title: "η ln T, T the mean exit time", XLabel: "learning rate η", YLabel: "η ln T", LogX: true}, arrhenius(r)
	if !acts {
		numbers.Title, numbers.YLabel = "mean exit time", "T"
	}
	panels := figure.OverChain(r, names, func(name string) (list []figure.AtRate) {
		for _, v := range rows[name] {
			at := figure.AtRate{Eta: v.Eta, Text: table.Eta(v.Eta, v.EtaText), Y: float64(v.Action), Err: float64(v.ActionError), Ratio: float64(v.Ratio), RatioErr: float64(v.RatioError)}
			if !acts {
				at.Y, at.Err = float64(v.T), float64(v.Error)
			}
			list = append(list, at)
		}
		return list
	}, numbers, figure.Lines{Title: "mean exit time over the chain's", XLabel: "learning rate η", YLabel: "ratio", LogX: true})
	if panels == nil {
		return nil
	}
	look := figure.Styles(r, names)
	for i := range r.ExitLimit {
		if v := &r.ExitLimit[i]; v.Theory == v.Theory && i < 2 { // models share theirs
			panels[0].AddLevel("barrier of "+v.Model, float64(v.Theory))
			panels[0].Lines[0].Color = look[v.Model].Color
		}
	}
	return figure.OfLines("mean exit times, "+results.TitleOf(r), panels, 2, false)
}

// exitAnswer says how long the chain and the models take at the smallest learning rate at which the
// chain's time is known; if none is, how long models take at theirs.
func exitAnswer(r *compare.Result) []string {
	if len(r.Exit) == 0 {
		return nil
	}
	rows, names := timesOf(r), processes(r)
	own := rows[names[0]]
	if len(own) == 0 {
		parts := []string{fmt.Sprintf("no mean exit time of %s is certified", results.ProcessName(r, names[0]))}
		for i := len(r.Exit) - 1; i >= 0; i-- { // from the smallest learning rate
			if v := &r.Exit[i]; v.Model == names[0] && v.Reason != nil {
				parts[0] += fmt.Sprintf(", at eta = %s since %s", table.Clean(table.Eta(v.Eta, v.EtaText)), *v.Reason)
				break
			}
		}
		for _, name := range names[1:] {
			if list := rows[name]; len(list) > 0 {
				parts = append(parts, leaves(r, list[len(list)-1]))
			}
		}
		return []string{strings.Join(parts, "; ")}
	}
	c := own[len(own)-1]
	var parts []string
	for _, name := range names[1:] {
		for _, v := range rows[name] {
			if v.Eta == c.Eta && v.Ratio == v.Ratio {
				parts = append(parts, fmt.Sprintf("%s takes %s times as long", results.ProcessName(r, name), table.Measured(float64(v.Ratio), float64(v.RatioError))))
			}
		}
	}
	return []string{strings.Join(append([]string{leaves(r, c)}, parts...), ", ")}
}

// leaves says how long a process takes.
func leaves(r *compare.Result, v *compare.ExitRow) string {
	return fmt.Sprintf("%s leaves %s from x = %s after %s on average at eta = %s", results.ProcessName(r, v.Model), placeOf(&v.ExitPlace, "(%g, %g)", ""), pointOf(v.X), table.Measured(float64(v.T), float64(v.Error)), table.Clean(table.Eta(v.Eta, v.EtaText)))
}
