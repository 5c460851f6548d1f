package export

import (
	"fmt"
	"math"
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

// orderLine is a line of the table of orders.
type orderLine struct {
	Observable string         `col:"observable"`
	Model      string         `col:"model"`
	Order      string         `col:"order; num"`
	Slope      compare.Number `col:"fitted; .3"`
	Low        compare.Number `col:"scatter; ..High .3"`
	High       compare.Number
	Theory     int            `col:"theory; some"`
	Gap        compare.Number `col:"gap; ~Error"`
	Error      compare.Number
	Certified  string `col:"certified"`
}

// orderSummary is the table of the orders in eta: the extrapolated one first, then the fitted one
// with its scatter.
func orderSummary(r *compare.Result) sectionTable {
	var lines []orderLine
	caption := "orders of the gap in eta"
	none := compare.Number(math.NaN())
	for _, g := range groups(r) {
		if len(g.Rows) == 0 {
			continue
		}
		last := &g.Rows[len(g.Rows)-1]
		line := orderLine{Observable: g.Observable, Model: g.Model, Order: absent, Slope: none, Low: none, High: none, Gap: last.Gap, Error: last.Error}
		if o := g.Order; o != nil {
			if o.Extrapolated-o.Extrapolated == 0 && o.ExtrapolatedError > 0 {
				line.Order = honest(float64(o.Extrapolated), float64(o.ExtrapolatedError))
			}
			line.Slope, line.Low, line.High, line.Theory = o.Slope, o.Low, o.High, o.Expected
		}
		line.Certified = fmt.Sprintf("%d of %d", len(g.Rows)-g.open(), len(g.Rows))
		if r.Until != nil && !overHorizon(r) {
			line.Certified = "t <= " + formatTime(*r.Until)
		}
		lines = append(lines, line)
		caption = "orders of the gap in eta, extrapolated to eta = 0, and the gap at eta = " + clean(formatEta(last.Eta, last.EtaText))
	}
	t := tableOf(lines)
	t.Caption = caption
	return t
}
