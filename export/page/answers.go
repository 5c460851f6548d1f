package page

import (
	"slices"

	"kolmo/compare"
	"kolmo/export/kinds"
	"kolmo/export/kinds/gap"
	"kolmo/export/results"
	"kolmo/export/table"
)

// kindView is what the report opens with for a kind of study: its answer, one picture and one
// table.
type kindView struct {
	ID     string
	Title  string
	Badge  string
	Mood   string // of the badge: good, part, bad
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
		v.Badge, v.Mood = badge(r, k)
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

// badge says in a few words how far a kind of study has its answer, and whether that is good.
func badge(r *compare.Result, k compare.Study) (text, mood string) {
	answered, rows := r.Answered(k)
	text, mood = results.Counted(r, k), "part"
	switch {
	case rows == 0:
		return "nothing was computed", "bad"
	case answered == rows:
		mood = "good"
	case answered == 0 || k == compare.StudyGap:
		mood = "bad"
	}
	if k == compare.StudyGap && r.Until != nil && answered == rows {
		text += ", over t <= " + table.Time(*r.Until)
	}
	return text, mood
}
