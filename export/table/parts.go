package table

import "kolmo/compare"

// Parts returns the table of the parts of all rows, a row per part: which row it is
// of, and the part's own columns.
func Parts[R, P any](rows []R, parts func(r *R) (compare.Key, []P)) *CSV {
	var of []compare.Key
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
