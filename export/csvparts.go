package export

// partOf tells which row of the results a part of it belongs to.
type partOf struct {
	Observable string  `json:"observable"`
	Model      string  `json:"model"`
	Eta        float64 `json:"eta"`
	EtaText    string  `json:"eta_text"`
}

// partTable returns the table of the parts of all rows, a row per part: which row it is
// of, and the part's own columns.
func partTable[R, P any](rows []R, parts func(r *R) (partOf, []P)) *csvTable {
	var of []partOf
	var all []P
	for i := range rows {
		row, list := parts(&rows[i])
		for _, p := range list {
			of, all = append(of, row), append(all, p)
		}
	}
	t, more := csvTableOf(of), csvTableOf(all)
	t.head = append(t.head, more.head...)
	for i := range t.rows {
		t.rows[i] = append(t.rows[i], more.rows[i]...)
	}
	return t
}
