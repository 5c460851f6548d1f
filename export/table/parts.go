package table

// PartOf tells which row of the results a part of it belongs to.
type PartOf struct {
	Observable string  `json:"observable"`
	Model      string  `json:"model"`
	Eta        float64 `json:"eta"`
	EtaText    string  `json:"eta_text"`
}

// Parts returns the table of the parts of all rows, a row per part: which row it is
// of, and the part's own columns.
func Parts[R, P any](rows []R, parts func(r *R) (PartOf, []P)) *CSV {
	var of []PartOf
	var all []P
	for i := range rows {
		row, list := parts(&rows[i])
		for _, p := range list {
			of, all = append(of, row), append(all, p)
		}
	}
	t, more := CSVOf(of), CSVOf(all)
	t.Head = append(t.Head, more.Head...)
	for i := range t.Rows {
		t.Rows[i] = append(t.Rows[i], more.Rows[i]...)
	}
	return t
}
