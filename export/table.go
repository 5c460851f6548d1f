package export

import (
	"bufio"
	"fmt"
	"io"
	"slices"

	"kolmo/compare"
	"kolmo/export/kinds"
	"kolmo/export/kinds/gap"
	"kolmo/export/page"
	"kolmo/export/results"
	"kolmo/export/table"
	"kolmo/export/view"
)

// WriteTable writes r as text, at most 80 columns wide, in ASCII but for names:
// per observable and model a row per eta with the gap, its error estimate, the
// order between neighbouring eta, where the largest value was, and whether the
// row is certified or why not; then the fitted orders, the verdicts and the methods
// that were chosen. The text
// depends on r alone.
func WriteTable(w io.Writer, r *compare.Result) error { return writeResult(w, r, true) }

// WriteShort writes of each kind of study that was asked for one table, which the report opens with
// too, what was found and why rows do not count; WriteTable has the rest.
func WriteShort(w io.Writer, r *compare.Result) error { return writeResult(w, r, false) }

func writeResult(w io.Writer, r *compare.Result, whole bool) error {
	b := bufio.NewWriter(w)
	table.Wrap(b, "", "", "study "+r.Study+": "+results.TitleOf(r))
	gaps := slices.Contains(r.Kinds(), compare.StudyGap) || len(kinds.Sections(r, true)) == 0
	list := kinds.Sections(r, whole && gaps)
	switch {
	case gaps && whole:
		all := results.Groups(r)
		for i := range all {
			if len(all[i].Rows) > 0 {
				fmt.Fprintln(b)
				t := gap.Table(&all[i])
				t.Write(b)
			}
		}
		writeVerdicts(b, results.OrderIn(r), all)
	case gaps && len(r.Gap) > 0:
		writeOrders(b, r)
	}
	for _, s := range list {
		if whole {
			s.Write(b)
		} else {
			s.Shortened().Write(b)
		}
	}
	if runs := page.MethodRuns(r); len(runs) > 0 && whole {
		fmt.Fprintln(b, "\nmethods chosen for the least predicted work (results.json says why):")
		for _, m := range runs {
			table.Wrap(b, "  ", "    ", fmt.Sprintf("%s: %s (eta = %s)", m.Model, m.Method, m.Etas()))
		}
	}
	for _, s := range r.Warnings {
		fmt.Fprintln(b)
		table.Wrap(b, "warning: ", "  ", s)
	}
	fmt.Fprintln(b)
	if gaps && whole && slices.ContainsFunc(r.Gap, func(g compare.GapRow) bool { return g.Tail }) {
		fmt.Fprintln(b, "tail: the gap is approached as n grows and not attained at the n shown")
	}
	switch {
	case len(r.Gap) == 0 && len(kinds.Sections(r, true)) == 0:
		fmt.Fprintln(b, "no gap was computed")
	case len(r.Gap) > 0 && gaps:
		fmt.Fprintln(b, results.Counted(r, compare.StudyGap))
	}
	for _, k := range r.Kinds() {
		if answered, rows := r.Answered(k); k != compare.StudyGap && answered < rows {
			fmt.Fprintf(b, "%s: %s\n", k, results.Counted(r, k))
		}
	}
	return b.Flush()
}

// writeOrders writes the orders of the gaps, a line per observable and model, and why rows are not
// certified.
func writeOrders(w io.Writer, r *compare.Result) {
	t := gap.Summary(r)
	t.DropColumn("scatter")
	if results.Uncertified(r) == 0 {
		t.DropColumn("certified")
	}
	s := view.Section{Title: t.Caption, Tables: []table.Table{t}}
	s.Tables[0].Caption = ""
	var all view.Reasons
	for i := range r.Gap {
		if g := &r.Gap[i]; !g.Certified {
			reason := results.ReasonOf(g)
			all.Add(&reason, g.Observable+", "+g.Model+", eta = "+table.Eta(g.Eta, g.EtaText))
		}
	}
	s.Verdicts = all.Lines("not certified")
	s.Write(w)
}

// writeVerdicts writes the fitted orders, in what they are, and the one-line verdicts.
func writeVerdicts(w io.Writer, in string, all []results.Group) {
	fmt.Fprintln(w)
	table.Wrap(w, "", "  ", fmt.Sprintf("order of the gap in %s, extrapolated to eta = 0", in))
	none := true
	for i := range all {
		if o := all[i].Order; o != nil {
			none = false
			table.Wrap(w, "  ", "    ", o.Observable+", "+o.Model+": "+view.OrderText(o))
			if o.Verdict != "" {
				table.Wrap(w, "    ", "      ", o.Verdict)
			}
		}
	}
	if none {
		fmt.Fprintln(w, "  none was fitted")
	}
}
