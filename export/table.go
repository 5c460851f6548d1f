package export

import (
	"bufio"
	"fmt"
	"io"
	"slices"

	"kolmo/compare"
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
	wrap(b, "", "", "study "+r.Study+": "+titleOf(r))
	gaps := slices.Contains(r.Kinds(), compare.StudyGap) || len(sections(r, true)) == 0
	list := sections(r, whole && gaps)
	switch {
	case gaps && whole:
		all := groups(r)
		for i := range all {
			if len(all[i].Rows) > 0 {
				fmt.Fprintln(b)
				t := gapTable(&all[i])
				t.write(b)
			}
		}
		writeVerdicts(b, all)
	case gaps && len(r.Gap) > 0:
		writeOrders(b, r)
	}
	for _, s := range list {
		if whole {
			s.write(b)
		} else {
			s.short().write(b)
		}
	}
	if runs := methodRuns(r); len(runs) > 0 && whole {
		fmt.Fprintln(b, "\nmethods chosen for the least predicted work (results.json says why):")
		for _, m := range runs {
			wrap(b, "  ", "    ", fmt.Sprintf("%s: %s (eta = %s)", m.Model, m.Method, m.Etas()))
		}
	}
	for _, s := range r.Warnings {
		fmt.Fprintln(b)
		wrap(b, "warning: ", "  ", s)
	}
	fmt.Fprintln(b)
	if gaps && whole && slices.ContainsFunc(r.Gap, func(g compare.GapRow) bool { return g.Tail }) {
		fmt.Fprintln(b, "tail: the gap is approached as n grows and not attained at the n shown")
	}
	n := uncertified(r)
	switch {
	case len(r.Gap) == 0 && len(sections(r, true)) == 0:
		fmt.Fprintln(b, "no gap was computed")
	case len(r.Gap) == 0 || !gaps:
	case n == 0:
		fmt.Fprintf(b, "all %d rows are certified\n", len(r.Gap))
	default:
		fmt.Fprintf(b, "%d of %d rows are not certified\n", n, len(r.Gap))
	}
	return b.Flush()
}

// writeOrders writes the orders of the gaps, a line per observable and model, and why rows are not
// certified.
func writeOrders(w io.Writer, r *compare.Result) {
	t := orderSummary(r)
	t.dropColumn("scatter")
	if uncertified(r) == 0 {
		t.dropColumn("certified")
	}
	s := section{Title: t.Caption, Tables: []sectionTable{t}}
	s.Tables[0].Caption = ""
	var all reasons
	for i := range r.Gap {
		if g := &r.Gap[i]; !g.Certified {
			reason := reasonOf(g)
			all.add(&reason, g.Observable+", "+g.Model+", eta = "+formatEta(g.Eta, g.EtaText))
		}
	}
	s.Verdicts = all.lines("not certified")
	s.write(w)
}

// writeVerdicts writes the fitted orders and the one-line verdicts.
func writeVerdicts(w io.Writer, all []group) {
	fmt.Fprint(w, "\norder of the gap in eta, extrapolated to eta = 0\n")
	none := true
	for i := range all {
		if o := all[i].Order; o != nil {
			none = false
			wrap(w, "  ", "    ", o.Observable+", "+o.Model+": "+orderText(o))
			if o.Verdict != "" {
				wrap(w, "    ", "      ", o.Verdict)
			}
		}
	}
	if none {
		fmt.Fprintln(w, "  none was fitted")
	}
}
