package export

import (
	"fmt"
	"slices"

	"kolmo/compare"
)

// kindView is what the report opens with for a kind of study: its answer, one picture and one
// table.
type kindView struct {
	ID     string
	Title  string
	Badge  string
	Good   bool
	Lines  []string
	Figure *figureView
	Table  *sectionTable
}

// kindViews returns the views of the kinds that a result was asked for. Figures that they show
// are taken out of p.
func kindViews(r *compare.Result, p *pictures, number func(pic *picture, caption string) *figureView) []kindView {
	var out []kindView
	for _, k := range r.Kinds() {
		v := kindView{ID: string(k), Lines: answerOf(r, k)}
		v.Badge, v.Good = badge(r, k)
		if k == compare.StudyGap {
			if len(r.Gap) == 0 {
				v.Title = "Gap"
				out = append(out, v)
				continue
			}
			v.Title = "The gap"
			v.Figure = number(&p.gap, gapCaption(r))
			t := orderSummary(r)
			v.Table = &t
			out = append(out, v)
			continue
		}
		i := slices.IndexFunc(p.sections, func(d drawnSection) bool { return d.Name == string(k) })
		if i < 0 {
			v.Title = capital(string(k))
			out = append(out, v)
			continue
		}
		s := &p.sections[i]
		v.Title = capital(s.Short)
		v.Figure = number(&s.picture, s.Caption)
		if len(s.Tables) > 0 {
			t := s.Tables[0].atSmallestEta()
			v.Table = &t
		}
		out = append(out, v)
	}
	return out
}

// badge says in a few words how far a kind of study has its answer.
func badge(r *compare.Result, k compare.Study) (text string, good bool) {
	answered, rows := r.Answered(k)
	switch {
	case rows == 0:
		return "nothing was computed", false
	case k == compare.StudyGap && overHorizon(r) && answered == rows:
		return fmt.Sprintf("all %d gaps are certified, over t <= %s", rows, formatTime(*r.Until)), true
	case k == compare.StudyGap && r.Until != nil && !overHorizon(r):
		return fmt.Sprintf("over t <= %s; nothing is claimed for all times", formatTime(*r.Until)), false
	case k == compare.StudyGap && answered == rows:
		return fmt.Sprintf("all %d gaps are certified", rows), true
	case k == compare.StudyGap:
		return fmt.Sprintf("%d of %d gaps are not certified", rows-answered, rows), false
	case answered == rows:
		return fmt.Sprintf("all %d rows are answered", rows), true
	}
	return fmt.Sprintf("%d of %d rows are answered", answered, rows), answered > 0
}

// gapCaption is the caption of the picture of the gaps.
func gapCaption(r *compare.Result) string {
	text := "The gap against the learning rate, with its error estimate as a bar where that is wide enough to be seen."
	switch {
	case r.Until != nil && !overHorizon(r):
		text += fmt.Sprintf(" Hollow markers: over t <= %s only.", formatTime(*r.Until))
	case uncertified(r) > 0:
		text += " Hollow markers: not certified."
	}
	return text
}

// orderSummary is the table of the orders in eta: the extrapolated one first, then the fitted one
// with its scatter.
func orderSummary(r *compare.Result) sectionTable {
	t := sectionTable{Caption: "orders of the gap in eta", Head: []string{"observable", "model", "order", "fitted", "scatter", "theory", "gap", "certified"}}
	for _, g := range groups(r) {
		if len(g.Rows) == 0 {
			continue
		}
		order, fitted, scatter, theory := textNumber(absent), textNumber(absent), numbersCell(absent), textNumber(absent)
		if o := g.Order; o != nil {
			if o.Extrapolated-o.Extrapolated == 0 && o.ExtrapolatedError > 0 {
				order = textNumber(honest(float64(o.Extrapolated), float64(o.ExtrapolatedError)))
			}
			fitted, scatter = fixedCell(o.Slope, 3), numbersCell(formatInterval(o.Low, o.High, 3))
			if o.Slope != o.Slope {
				scatter = numbersCell(absent)
			}
			if o.Expected > 0 {
				theory = textNumber(intText(o.Expected))
			}
		}
		open := 0
		for i := range g.Rows {
			if !g.Rows[i].Certified {
				open++
			}
		}
		last := &g.Rows[len(g.Rows)-1]
		certified := textCell(fmt.Sprintf("%d of %d", len(g.Rows)-open, len(g.Rows)))
		if r.Until != nil && !overHorizon(r) {
			certified = numbersCell("t <= " + formatTime(*r.Until))
		}
		t.Rows = append(t.Rows, []tableCell{textCell(g.Observable), textCell(g.Model), order, fitted, scatter, theory,
			valueCell(last.Gap, last.Error), certified})
		t.Caption = "orders of the gap in eta, extrapolated to eta = 0, and the gap at eta = " + clean(formatEta(last.Eta, last.EtaText))
	}
	return t
}

// atSmallestEta returns the rows of the smallest learning rate of a table with a column of them,
// and other tables as they are.
func (t *sectionTable) atSmallestEta() sectionTable {
	out := *t
	k := slices.Index(t.Head, "eta")
	if k < 0 || len(t.Rows) == 0 {
		return out
	}
	least := t.Rows[0][k]
	for _, row := range t.Rows {
		if row[k].Value < least.Value {
			least = row[k]
		}
	}
	out.Rows = nil
	for _, row := range t.Rows {
		if row[k].Value == least.Value {
			out.Rows = append(out.Rows, row)
		}
	}
	return out
}
