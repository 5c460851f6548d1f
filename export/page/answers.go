package page

import (
	"fmt"
	"slices"

	"kolmo/compare"
	"kolmo/export/kinds"
	"kolmo/export/kinds/gap"
	"kolmo/export/table"
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
	Table  *table.Table
}

// kindViews returns the views of the kinds that a result was asked for. Figures that they show
// are taken out of p.
func kindViews(r *compare.Result, p *pictures, number func(pic *picture, caption string) *figureView) []kindView {
	var out []kindView
	for _, k := range r.Kinds() {
		v := kindView{ID: string(k), Lines: kinds.Answer(r, k)}
		v.Badge, v.Good = badge(r, k)
		if count := kinds.Count(r, k); count != "" {
			v.Badge += ", " + count
		}
		if k == compare.StudyGap {
			if len(r.Gap) == 0 {
				v.Title = "Gap"
				out = append(out, v)
				continue
			}
			v.Title = "The gap"
			v.Figure = number(&p.Gap, gap.Caption(r))
			t := gap.Summary(r)
			t.Note = "scatter: the slopes that the points' distances from the fitted line allow; no error of the order"
			v.Table = &t
			out = append(out, v)
			continue
		}
		i := slices.IndexFunc(p.Sections, func(d DrawnSection) bool { return d.Name == string(k) })
		if i < 0 {
			v.Title = table.Capital(string(k))
			out = append(out, v)
			continue
		}
		s := &p.Sections[i]
		v.Title = table.Capital(s.Short)
		v.Figure = number(&s.picture, s.Caption)
		if len(s.Tables) > 0 {
			t := s.Tables[0].AtSmallestEta()
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
	case k == compare.StudyGap && r.Until != nil && answered == rows:
		return fmt.Sprintf("all %d gaps are certified, over t <= %s", rows, table.Time(*r.Until)), true
	case k == compare.StudyGap && answered == rows:
		return fmt.Sprintf("all %d gaps are certified", rows), true
	case k == compare.StudyGap:
		return fmt.Sprintf("%d of %d gaps are not certified", rows-answered, rows), false
	case answered == rows:
		return fmt.Sprintf("all %d rows are answered", rows), true
	}
	return fmt.Sprintf("%d of %d rows are answered", answered, rows), answered > 0
}
