package gap

import (
	"kolmo/compare"
	"kolmo/export/results"
	"kolmo/export/table"
)

// Table is the table of the gaps of a group, with why rows are not certified.
func Table(g *results.Group) table.Table {
	t := table.Of(g.Rows)
	t.Caption = g.Observable + ", " + g.Model
	if same := results.SameReason(g.Rows); same != "" {
		t.Note = "no row is certified: " + same
		return t
	}
	t.Notes = make([]string, len(g.Rows))
	for i := range g.Rows {
		if !g.Rows[i].Certified {
			t.Notes[i] = "not certified: " + results.ReasonOf(&g.Rows[i])
		}
	}
	return t
}

// Errors is the table of where the errors of a group come from.
func Errors(g *results.Group) table.Table {
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
		rows[i] = row{v.Eta, v.EtaText, v.Errors, v.Nodes, v.Growth, results.ClosedBy(v.ClosedBy)}
	}
	t := table.Of(rows)
	t.Caption = g.Observable + ", " + g.Model
	return t
}
