package export

import "kolmo/compare"

// gapTable is the table of the gaps of a group, with why rows are not certified.
func gapTable(g *group) sectionTable {
	t := tableOf(g.Rows)
	t.Caption = g.Observable + ", " + g.Model
	if same := sameReason(g.Rows); same != "" {
		t.Note = "no row is certified: " + same
		return t
	}
	t.Notes = make([]string, len(g.Rows))
	for i := range g.Rows {
		if !g.Rows[i].Certified {
			t.Notes[i] = "not certified: " + reasonOf(&g.Rows[i])
		}
	}
	return t
}

// gapErrors is the table of where the errors of a group come from.
func gapErrors(g *group) sectionTable {
	type row struct {
		Eta     float64 `col:"eta"`
		EtaText string
		compare.Errors
		Nodes    int            `col:"nodes"`
		Growth   compare.Number `col:"growth; .2"`
		ClosedBy string         `col:"closed by"`
	}
	rows := make([]row, len(g.Rows))
	for i := range g.Rows {
		v := &g.Rows[i]
		rows[i] = row{v.Eta, v.EtaText, v.Errors, v.Nodes, v.Growth, closedBy(v.ClosedBy)}
	}
	t := tableOf(rows)
	t.Caption = g.Observable + ", " + g.Model
	return t
}
